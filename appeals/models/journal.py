"""The journal: what was done to an appeal, by whom, when."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .. import append_only
from .appeal import Appeal


class AppendOnly(models.Model):
    """A row that is written once. The database refuses the rest to everybody (``append_only``)."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError(append_only.RULE)
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> None:
        raise TypeError(append_only.RULE)


class JournalEntry(AppendOnly):
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
        ENTERED = "entered", _("entered for the applicant")
        CLASSIFIED = "classified", _("topic or kind set")
        ASSIGNED = "assigned", _("assigned")
        FORWARDED = "forwarded", _("forwarded to another authority")
        RETURNED = "returned", _("returned by another authority")
        UNDONE = "undone", _("taken back at once")
        JOINED = "joined", _("joined to another appeal")
        SEPARATED = "separated", _("separated from another appeal")
        LINKED = "linked", _("linked with another appeal")
        PREPARED = "prepared", _("an answer was prepared")
        SENT_BACK = "sent_back", _("the prepared answer was sent back")
        CRIME = "crime", _("crime information confirmed")
        NO_CRIME = "no_crime", _("crime information found unfounded")
        UNTRUE = "untrue", _("data found untrue")
        NOTED = "noted", _("an internal note was written")
        ARCHIVED = "archived", _("archived")
        REVEALED = "revealed", _("identity seen")
        PRINTED = "printed", _("printed")
        EXPORTED = "exported", _("exported")
        REMINDED = "reminded", _("the office was reminded")
        DELAYED = "delayed", _("told that answers are late")
        TERM_MOVED = "term_moved", _("the term was counted anew")

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="journal")
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, verbose_name=_("who")
    )
    action = models.CharField(_("what"), max_length=12, choices=Action)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        constraints = [models.UniqueConstraint(fields=["appeal", "previous_hash"], name="journal_is_a_chain")]
        # The whole journal, the newest first: all of it, of one person, of one kind of step.
        indexes = [
            models.Index(fields=["at", "id"], name="journal_by_time"),
            models.Index(fields=["actor", "at", "id"], name="journal_by_actor"),
            models.Index(fields=["action", "at", "id"], name="journal_by_action"),
        ]

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
        self.hash = self.computed_hash()
        super().save(*args, **kwargs)


class OfficeEntry(AppendOnly):
    """An act of the office that concerns many appeals at once, as an export of a list: who, when, by which filter.

    Not an entry for each appeal: a hundred thousand of them at a press would lock every appeal, bury its own story,
    and still not say what was asked for. Not Django's log either, which the database lets anybody change.
    """

    class Action(models.TextChoices):
        JOURNAL_EXPORTED = "journal", _("the journal was exported")
        LIST_EXPORTED = "list", _("a list of appeals was exported")

    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    action = models.CharField(_("what"), max_length=12, choices=Action)
    # The filter as codes, row numbers and days; no personal data.
    detail = models.JSONField(_("filter"), default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"
