"""Rows that outlive a request: work for later (``portal.tasks``), letters on their way (``portal.outbox``), and how
often what readers see has changed (``portal.public_changes``)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .staff.models import Factor, SecurityEvent, StaffSession

__all__ = ["Factor", "Message", "PublicState", "SecurityEvent", "StaffSession", "Task"]


class Task(models.Model):
    """A function to be called by a worker. All times are the database's: the machines' clocks may differ."""

    name = models.CharField(_("task"), max_length=150)
    arguments = models.JSONField(_("arguments"), default=dict)
    # When it may run next. A worker that takes it moves this on by the lease: if it dies, another takes it then.
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    priority = models.PositiveSmallIntegerField(default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Periodic tasks have one row each, for ever: it is what keeps two workers from running one of them at a time.
    key = models.CharField(max_length=150, unique=True, null=True, editable=False)
    error = models.CharField(_("last error"), max_length=100, blank=True)
    dead_at = models.DateTimeField(_("given up at"), null=True)
    made_at = models.DateTimeField(_("asked for at"), db_default=Now())

    class Meta:
        ordering = ["-id"]
        verbose_name = _("background task")
        verbose_name_plural = _("background tasks")
        default_permissions = ("view", "change")
        indexes = [models.Index(fields=["priority", "due_at", "id"], condition=Q(dead_at=None), name="task_queue")]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Message(models.Model):
    """A letter. Its address and its text are erased when it is sent or when nothing can come of it."""

    kind = models.CharField(_("kind"), max_length=50)
    # Posting a second letter with the same key does nothing.
    key = models.CharField(max_length=100, unique=True, null=True, editable=False)
    to = models.CharField(max_length=254, blank=True, editable=False)
    subject = models.CharField(max_length=400, blank=True, editable=False)
    text = models.TextField(blank=True, editable=False)
    html = models.TextField(blank=True, editable=False)
    headers = models.JSONField(default=dict, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    made_at = models.DateTimeField(_("posted at"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=100, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    failed_at = models.DateTimeField(_("given up at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["made_at"], name="letters_by_time"),
            models.Index(fields=["to"], condition=Q(sent_at=None, failed_at=None), name="letters_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"  # Never the address: this reaches logs.


class PublicState(models.Model):
    """One row."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
