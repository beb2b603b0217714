"""The forms in which the reports of an event are written, and what they refuse."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.fields import LinesField

from ..body import clean_body, editable, words
from ..models import Event, Report
from ..names import STATE_LANGUAGE
from ..statement import text_digest
from .differences import TEXT_PARTS, PartDifference
from .report_steps import ReportSteps
from .stale import Conflict, number, report_conflict, version_seen
from .translations import LANGUAGE_NAMES, is_outdated, source_changes

STAGES_OF_WRITING = (Report.Status.DRAFT, Report.Status.REVIEW)
STORED = ("language", "title", "lead", "body", "status", "published_at")
# Fields that say what the page showed. They are no part of the report: with them alone nothing has changed.
SEEN = {"seen_revision", "seen_source"}
_DIGEST = re.compile("[0-9a-f]{64}")


class BodyField(LinesField):
    """The text of a report: plain paragraphs or HTML. Another way to write the same text is no change."""

    MAX_LENGTH = 500_000

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"max_length": self.MAX_LENGTH})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}  # The browser would cut a long text without a word.

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        try:
            typed = self.to_python(data)
        except ValidationError:
            return True
        return clean_body(typed) != clean_body(initial or "")


class ReportForm(ReportSteps):
    """A report as it is written. Who may not publish takes it as far as review, and leaves alone what was published.

    A report that somebody else saved after the page was opened is not saved over, but by an explicit word.
    """

    correction = LinesField(
        label=_("correction"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=_(
            "For a published report: what you correct now, in a sentence that readers see under the text with the date."
        ),
    )
    up_to_date = forms.BooleanField(
        label=_("The translation is up to date again"),
        required=False,
        help_text=_("Tick it when you have carried the changes over, or when none is needed."),
    )
    seen_revision = forms.Field(required=False, widget=forms.HiddenInput)
    seen_source = forms.Field(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = STORED
        field_classes = {"body": BodyField}
        widgets = {
            "language": forms.HiddenInput,
            "title": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "lead": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField report-body"}),
        }

    # What somebody typed before and did not save, by language.
    working_copy: dict[str, dict[str, str]] = {}

    def __init__(self, *args: Any, stored: dict[str, Report] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored or {}
        self.conflict: Conflict | None = None
        if self.instance.pk:
            self.initial["body"] = editable(self.instance.body)
            self.initial["seen_revision"] = self.instance.revision
            self.fields["language"].disabled = True
        self.initial["seen_source"] = self.source.digest if self.source else ""
        self.fields["correction"].label = capfirst(self.fields["correction"].label)
        self.fields["correction"].disabled = not self.instance.is_public
        if not self.may_publish:
            self._limit_to_writing()
        if not self.is_bound:
            self._restore()

    def _limit_to_writing(self) -> None:
        """Up to review an editor decides; what was published, even if withdrawn since, belongs to the chief."""
        self.fields["published_at"].disabled = True
        if self.instance.status not in STAGES_OF_WRITING:
            for name in self.fields:
                self.fields[name].disabled = True

    def _restore(self) -> None:
        typed = self.working_copy.get(self.code, {})
        for name in (*TEXT_PARTS, "correction"):
            if name in typed and not self.fields[name].disabled:
                self.initial[name] = typed[name]
        if self.instance.pk and typed.get("revision"):
            # The text was begun on that version: what others saved since is not to be saved over unseen.
            self.initial["seen_revision"] = typed["revision"]

    # What the page shows ------------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        """The language of this form."""
        return self.instance.language or str(self["language"].value() or "")

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES.get(self.code, self.code)

    @property
    def is_translation(self) -> bool:
        return self.code != STATE_LANGUAGE

    @property
    def source(self) -> Report | None:
        """The saved Tajik report beside which this one is written."""
        return self.stored.get(STATE_LANGUAGE) if self.is_translation else None

    @property
    def is_outdated(self) -> bool:
        return bool(self.instance.pk) and is_outdated(self.instance, self.source)

    @property
    def source_changes(self) -> list[PartDifference]:
        return source_changes(self.instance, self.source) if self.source else []

    @property
    def may_copy(self) -> bool:
        """Whether this translation can be begun with the Tajik text."""
        return bool(self.source) and self.code not in self.stored

    @property
    def word_count(self) -> int:
        return len(words(clean_body(str(self["body"].value() or ""))).split())

    # What others saved meanwhile ----------------------------------------------------------------------------------

    @cached_property
    def theirs(self) -> Report | None:
        """What somebody else saved after this form was opened."""
        if not self.is_bound:
            return None
        stored = self.stored.get(self.code)
        if self.instance.pk is None:
            return stored
        return stored if stored and stored.revision > self._seen_revision else None

    @property
    def _seen_revision(self) -> int:
        return number(self.data.get(self.add_prefix("seen_revision")))

    @cached_property
    def changed_data(self) -> list[str]:
        changed = [name for name in super().changed_data if name not in SEEN]
        if self.instance.pk is None:
            return [name for name in changed if name != "language"]
        seen = version_seen(self.instance, self._seen_revision) if self.theirs else None
        return [name for name in changed if seen is None or self._differs(name, seen)]

    def _differs(self, name: str, seen: Any) -> bool:
        """Whether this person changed the field; it differs from what is stored, but that may be by another's hand."""
        if name not in STORED:
            return True
        return self.fields[name].has_changed(getattr(seen, name), self[name].data)

    def full_clean(self) -> None:
        if self.theirs and not self.changed_data:
            self.empty_permitted = True  # Nothing of this person's is in it: nothing is checked and nothing saved.
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.theirs is None:
            return cleaned
        name = self.add_prefix("overwrite")
        allowed = self.may_publish or self.theirs.status in STAGES_OF_WRITING
        if allowed and self.data.get(name) == str(self.theirs.revision):
            return self._over_theirs(cleaned)
        self.conflict = report_conflict(self.theirs, cleaned, name if allowed else "")
        raise ValidationError(
            _("Somebody saved this report after you opened the page. Nothing of yours is saved yet."), code="stale"
        )

    def _over_theirs(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What this person changed, over the version that they have now seen; the rest stays as it is."""
        if self.instance.pk is None:
            self.instance = self.theirs
        kept = {name: getattr(self.theirs, name) for name in STORED if name in cleaned}
        return cleaned | {name: value for name, value in kept.items() if name not in self.changed_data}

    def validate_unique(self) -> None:
        if self.conflict is None:  # Else it is said already, in better words.
            super().validate_unique()

    def validate_constraints(self) -> None:
        if self.conflict is None:
            super().validate_constraints()

    # What is saved ------------------------------------------------------------------------------------------------

    def date_translation(self, typed_source: str) -> None:
        """Write down which Tajik text this translation renders: the one just typed, else the one the page showed."""
        report = self.instance
        if report.pk is None or self.cleaned_data.get("up_to_date") or not report.source_digest:
            seen = str(self.data.get(self.add_prefix("seen_source")) or "")
            report.source_digest = typed_source or (seen if _DIGEST.fullmatch(seen) else "")

    def save(self, commit: bool = True) -> Report:
        if self.cleaned_data.get("correction"):
            self.instance.correct(self.cleaned_data["correction"])
        return super().save(commit)


class ReportFormSet(BaseInlineFormSet):
    """The reports of one event. Two saves of one event come one after the other."""

    def __init__(self, *args: Any, instance: Event | None = None, **kwargs: Any) -> None:
        self.stored: dict[str, Report] = {}
        if instance is not None and instance.pk:
            self.stored = self._stored(instance, lock=bool(args and args[0]) or kwargs.get("data") is not None)
        super().__init__(*args, instance=instance, **kwargs)

    def _stored(self, event: Event, *, lock: bool) -> dict[str, Report]:
        if lock:  # Before anything is read that is compared with what was typed.
            Event.objects.select_for_update().filter(pk=event.pk).first()
        return {report.language: report for report in Report.objects.filter(event=event)}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"stored": self.stored}

    def clean(self) -> None:
        super().clean()
        if any(form.theirs for form in self.deleted_forms):
            raise ValidationError(
                _("A report that is to be deleted was saved by somebody after you opened the page: look at it first.")
            )

    def save(self, commit: bool = True) -> list[Report]:
        changed = [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        typed_source = ""
        for form in changed:
            if not form.is_translation:
                report = form.instance
                typed_source = text_digest(report.language, report.title, report.lead, clean_body(report.body))
        for form in changed:
            if form.is_translation:
                form.date_translation(typed_source)
        return super().save(commit)
