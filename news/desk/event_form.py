"""The facts of an event as a form that notices when somebody else has changed them meanwhile."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.presence import name_of

from ..models import Event
from .differences import PartDifference
from .photo_files import PhotoFilesForm
from .stale import Conflict, last_entry

SEEN, OVERWRITE = "facts_seen", "facts_overwrite"


def plain(value: Any) -> Any:
    """A fact in a form that can be compared and written down: numbers of rows, times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (list, tuple, models.QuerySet)):
        return sorted(plain(one) for one in value)
    return "" if value is None else value


class EventForm(PhotoFilesForm):
    """The facts; ``working_copy`` holds those that somebody typed before and did not save."""

    facts_seen = forms.Field(required=False, widget=forms.HiddenInput)

    working_copy: dict[str, str] = {}
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for name in self.fields if name != SEEN and name in self._model_fields()]
        self.initial[SEEN] = json.dumps(self._facts_of(self.instance)) if self.instance.pk else ""
        if not self.is_bound:
            self._restore()

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != SEEN]  # It is no fact, and no entry of the journal.

    def _model_fields(self) -> set[str]:
        return {field.name for field in (*Event._meta.fields, *Event._meta.many_to_many)}

    def _facts_of(self, event: Event) -> dict[str, Any]:
        values = forms.model_to_dict(event, fields=self.names)
        return {name: plain(value) for name, value in values.items()}

    def _restore(self) -> None:
        typed = dict(self.working_copy)
        moment = [typed.pop("starts_at_0", ""), typed.pop("starts_at_1", "")]
        if any(moment) and "starts_at" in self.fields:
            field = self.fields["starts_at"]
            stored = field.widget.decompress(self.initial.get("starts_at"))
            try:
                self.initial["starts_at"] = field.clean([new or old for new, old in zip(moment, stored, strict=True)])
            except ValidationError:
                pass  # Half a date is not worth an error on a page that was just opened.
        self.initial.update({name: text for name, text in typed.items() if name in self.fields})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen = self._seen()
        if not self.instance.pk or self.errors:
            return cleaned
        # The row is locked until the save is done: two saves of one event come one after the other.
        stored = Event.objects.select_for_update().get(pk=self.instance.pk)
        facts, typed = self._facts_of(stored), {name: plain(cleaned.get(name)) for name in self.names}
        if facts == seen:
            return cleaned
        mine = [name for name in self.names if typed[name] != seen.get(name) and typed[name] != facts[name]]
        version = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        if mine and self.data.get(OVERWRITE) != version:
            self.conflict = self._conflict(stored, cleaned, mine, version)
            raise ValidationError(
                _("Somebody changed these facts after you opened the page. Nothing of yours is saved yet."),
                code="stale",
            )
        # What this person did not touch stays as the other one left it.
        return cleaned | {name: self._stored(stored, name) for name in self.names if name not in mine}

    def _seen(self) -> dict[str, Any]:
        """The facts that the page showed; without them every change is somebody else's."""
        try:
            seen = json.loads(self.data.get(SEEN) or "{}")
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def _stored(self, stored: Event, name: str) -> Any:
        value = getattr(stored, name)
        return value.all() if isinstance(Event._meta.get_field(name), models.ManyToManyField) else value

    def _conflict(self, stored: Event, cleaned: dict[str, Any], mine: list[str], version: str) -> Conflict:
        entry = last_entry(stored)
        differences = [
            PartDifference(
                str(self.fields[name].label),
                format_html(
                    "<p><del>{}</del> <ins>{}</ins></p>", said(self._stored(stored, name)), said(cleaned.get(name))
                ),
                name,
            )
            for name in mine
        ]
        return Conflict(
            name_of(entry.user if entry else None), stored.updated_at, differences, name=OVERWRITE, value=version
        )


def said(value: Any) -> str:
    """A fact in words."""
    if isinstance(value, models.QuerySet):
        return ", ".join(str(one) for one in value) or "—"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    return str(value or "—")
