"""Drafts, appeals, their files and their journal. Every change of an appeal is made by ``casework``."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import article21, divisions
from .choices import Applicant, FileRole, Held, Kind, Scan, Verdict


class Draft(models.Model):
    """An appeal not yet sent, encrypted with a key that only the writer's cookie holds (see ``drafts``)."""

    key_id = models.CharField(max_length=64, unique=True)
    box = models.BinaryField()
    sent = models.BooleanField(default=False)
    # What the code "continue later" is found by, and the cookie's secret, readable with that code alone.
    code_id = models.CharField(max_length=64, unique=True, null=True)
    code_box = models.BinaryField(default=bytes)
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
    # Until when it waits. Nothing happens by itself afterwards: an officer decides.
    wait_until = models.DateField(_("waits until"), null=True, db_index=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    satisfied = models.BooleanField(_("the answer helped"), null=True)
    # While it is on hold nothing erases it; the reason is among its messages, encrypted.
    on_hold_since = models.DateTimeField(_("on hold since"), null=True)
    erased_at = models.DateTimeField(_("erased at"), null=True)
    # The data key, sealed to the office's key (which of them) and to the tracking code.
    sealed_key = models.BinaryField()
    office_key_id = models.CharField(max_length=16, blank=True, db_index=True)
    sealed_to_code = models.BinaryField(default=bytes)
    box = models.BinaryField()
    # The hash of the last journal entry: without it nobody would see that the journal's end was cut off.
    journal_head = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        permissions = [
            ("register_appeal", "Can register appeals"),
            ("read_content", "Can read what applicants wrote"),
            ("answer_appeal", "Can ask applicants and answer appeals"),
            ("replace_code", "Can replace a lost tracking code"),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=~models.Q(held=""), name="appeal_held"),
            models.Index(fields=["status", "ended_at"], condition=models.Q(erased_at=None), name="appeals_to_erase"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """The status in words, as the office sees it."""
        return str(_("erased")) if self.erased_at else self.get_status_display()

    @property
    def held_because(self) -> str:
        """In words, why the appeal is held; empty if it is not."""
        return "; ".join(str(Held(reason).label) for reason in self.held.split(",") if reason)

    @property
    def region_name(self) -> str:
        return divisions.name(self.region, get_language()) or str(_("abroad") if self.region else _("not given"))


class AppealFile(models.Model):
    """A file of an appeal, encrypted with the appeal's data key.

    Its name and type are in the box of the message that it came with; those of the files that were sent with the
    appeal itself are in the appeal's box.
    """

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files")
    message = models.ForeignKey("Message", models.CASCADE, null=True, related_name="files")
    role = models.CharField(max_length=12, choices=FileRole)
    scan = models.CharField(max_length=8, choices=Scan, default=Scan.NONE)
    box = models.BinaryField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index("id", condition=models.Q(scan=Scan.HELD), name="held_files")]


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
        HANDED_OVER = "handed_over", _("handed over")
        EXTENDED = "extended", _("the term was extended")
        ASKED = "asked", _("the applicant was asked")
        ADDED = "added", _("the applicant wrote")
        MENDED = "mended", _("the applicant mended what was asked for")
        ANSWERED = "answered", _("answered")
        NOT_EXAMINED = "not_examined", _("left without examination")
        WITHDRAWN = "withdrawn", _("withdrawn")
        RATED = "rated", _("the applicant judged the answer")
        REOPENED = "reopened", _("opened again")
        NEW_CODE = "new_code", _("a new tracking code was given")
        FOLLOWED_UP = "followed_up", _("the applicant was asked whether the answer helped")
        LEGAL_HOLD = "legal_hold", _("put on hold")
        HOLD_LIFTED = "hold_lifted", _("the hold was lifted")
        ERASED = "erased", _("erased")
        CLEARED = "cleared", _("a held file was scanned: no virus found")
        INFECTED = "infected", _("a held file was scanned: a virus was found")
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


class ErasureProposal(models.Model):
    """Appeals whose time is over: one person proposes to erase them, another approves. See ``casework.approval``."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("approved, being erased")
        DONE = "done", _("erased")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("nobody decided in time")

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED, db_index=True)
    until = models.DateField(_("kept until"))  # The last day of keeping of every appeal in it is not later.
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("erased at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("proposal to erase")
        verbose_name_plural = _("proposals to erase")
        default_permissions = ("view",)
        permissions = [
            ("propose_erasure", "Can propose to erase appeals"),
            ("approve_erasure", "Can approve or decline the erasure of appeals"),
            ("hold_appeal", "Can put appeals on hold"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ErasureItem(models.Model):
    """One appeal of a proposal, and what became of it."""

    class Result(models.TextChoices):
        WAITING = "", _("waits")
        ERASED = "erased", _("erased")
        LEFT = "left", _("left as it is")

    proposal = models.ForeignKey(ErasureProposal, models.PROTECT, related_name="items")
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="erasures")
    result = models.CharField(max_length=10, choices=Result, default=Result.WAITING, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["appeal"], condition=models.Q(result=""), name="one_erasure_at_a_time")
        ]
