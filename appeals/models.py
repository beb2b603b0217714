"""Drafts, appeals, their files and their journal. Every change of an appeal is made by ``casework``."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import article21, divisions


class Applicant(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    ENTITY = "entity", _("Legal entity")


class Kind(models.TextChoices):
    """The kinds of appeal that the law knows."""

    APPLICATION = "application", _("Application")
    REQUEST = "request", _("Request")
    PROPOSAL = "proposal", _("Proposal")
    COMPLAINT = "complaint", _("Complaint")


class Verdict(models.TextChoices):
    """The verdicts of ``article21``, in the short words of lists."""

    EXAMINED = article21.Verdict.EXAMINED.value, _("examined")
    FOR_OFFICER = article21.Verdict.FOR_OFFICER.value, _("for an officer")
    ANONYMOUS_CRIME = article21.Verdict.ANONYMOUS_CRIME.value, _("anonymous, crime")
    ANONYMOUS = article21.Verdict.ANONYMOUS.value, _("anonymous")


class FileRole(models.TextChoices):
    SIGNATURE = "signature", _("signature")
    ATTACHMENT = "attachment", _("attachment")
    DOCUMENT = "document", _("document that was signed")


class Held(models.TextChoices):
    """What the gate noticed when an appeal was sent."""

    HONEYPOT = "honeypot", _("a field that nobody is shown was filled in")
    HASTE = "haste", _("it was sent a few seconds after it was written")
    MANY = "many", _("its network had sent unusually many appeals")


class Draft(models.Model):
    """An appeal not yet sent, encrypted with a key that only the writer's cookie holds (see ``drafts``)."""

    key_id = models.CharField(max_length=64, unique=True)
    box = models.BinaryField()
    sent = models.BooleanField(default=False)
    expires_at = models.DateTimeField(db_index=True)


class DraftFile(models.Model):
    """A file of a draft, encrypted with the draft's key; its name and type are in the draft's box."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    box = models.BinaryField()


class Series(models.Model):
    """The last number given in a year. Its row is locked while an appeal is taken, so there are no gaps."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Appeal(models.Model):
    """An appeal that was taken. In clear stands only what work needs; who wrote what is in the box."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        REGISTERED = "registered", _("registered")
        WAITING = "waiting", _("waiting for the applicant")
        ANSWERED = "answered", _("answered")
        NOT_EXAMINED = "not_examined", _("not examined")
        WITHDRAWN = "withdrawn", _("withdrawn by the applicant")

    number = models.CharField(_("number"), max_length=11, unique=True)
    tracking_hash = models.CharField(max_length=64, unique=True)
    digest = models.CharField(_("digest"), max_length=64)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    applicant = models.CharField(_("applicant"), max_length=10, choices=Applicant)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    region = models.CharField(_("region"), max_length=40, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED, db_index=True)
    verdict = models.CharField(_("assessment"), max_length=20, choices=Verdict)
    grounds = models.JSONField(_("grounds"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    crime = models.CharField(_("crime information"), max_length=12, default=article21.Crime.NOT_CLAIMED)
    policy_version = models.CharField(max_length=80)
    received_at = models.DateTimeField(_("received at"), db_index=True)
    registered_at = models.DateTimeField(_("registered at"), null=True)
    due_on = models.DateField(_("answer due on"), null=True, db_index=True)
    # Why staff are to look at it before it is registered (see ``gate``), comma-separated; empty: not held.
    held = models.CharField(_("held"), max_length=40, blank=True)
    # While the office waits for the applicant its clock stands still.
    paused_at = models.DateTimeField(_("clock paused at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    satisfied = models.BooleanField(_("the answer helped"), null=True)
    # The data key, sealed to the office's key (which of them) and to the tracking code.
    sealed_key = models.BinaryField()
    office_key_id = models.CharField(max_length=16, blank=True, db_index=True)
    sealed_to_code = models.BinaryField(default=bytes)
    box = models.BinaryField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        indexes = [models.Index(fields=["-id"], condition=~models.Q(held=""), name="appeal_held")]
        permissions = [
            ("register_appeal", "Can register appeals"),
            ("read_content", "Can read what applicants wrote"),
            ("answer_appeal", "Can ask applicants and answer appeals"),
            ("replace_code", "Can replace a lost tracking code"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def held_because(self) -> str:
        """In words, why the appeal is held; empty if it is not."""
        return "; ".join(str(Held(reason).label) for reason in self.held.split(",") if reason)

    @property
    def region_name(self) -> str:
        return divisions.name(self.region, get_language()) or str(_("abroad") if self.region else _("not given"))


class AppealFile(models.Model):
    """A file of an appeal, encrypted with the appeal's data key; its name and type are in the appeal's box."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files")
    role = models.CharField(max_length=12, choices=FileRole)
    box = models.BinaryField()

    class Meta:
        ordering = ["id"]


class Message(models.Model):
    """What the office and the applicant write to each other about an appeal, encrypted with its data key."""

    class Author(models.TextChoices):
        APPLICANT = "applicant", _("applicant")
        OFFICE = "office", _("office")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages")
    author = models.CharField(max_length=10, choices=Author)
    kind = models.CharField(max_length=12)  # The journal's word for the step that it came with.
    at = models.DateTimeField()
    box = models.BinaryField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()


class JournalEntry(models.Model):
    """One step in the life of an appeal. Append-only; each entry's hash covers the one before it."""

    class Action(models.TextChoices):
        RECEIVED = "received", _("received")
        REGISTERED = "registered", _("registered")
        OPENED = "opened", _("opened and read")
        ASKED = "asked", _("the applicant was asked")
        ADDED = "added", _("the applicant wrote")
        MENDED = "mended", _("the applicant mended the address")
        ANSWERED = "answered", _("answered")
        NOT_EXAMINED = "not_examined", _("left without examination")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RATED = "rated", _("the applicant judged the answer")
        REOPENED = "reopened", _("opened again")
        NEW_CODE = "new_code", _("a new tracking code was given")
        RELEASED = "released", _("released to be registered")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="journal")
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("who"))
    action = models.CharField(_("what"), max_length=12, choices=Action)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        constraints = [models.UniqueConstraint(fields=["appeal", "previous_hash"], name="journal_is_a_chain")]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.action}"

    def computed_hash(self) -> str:
        """SHA-256 over the entry's content and the hash of the entry before it."""
        content = [
            self.previous_hash,
            self.appeal_id,
            self.at.timestamp(),
            self.actor_id,
            self.action,
            self.detail,
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("The journal is append-only.")
        self.hash = self.computed_hash()
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> None:
        raise TypeError("The journal is append-only.")
