"""By what the list of appeals is narrowed: the fields, what is active as chips, and the address of a combination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.alphabet import by_name
from portal.presence import name_of
from portal.text import alphabetical

from .. import divisions, term
from ..choices import Applicant, Kind, Verdict
from ..models import Appeal, Department, Topic
from ..queues import QUEUES
from .assigning import officers

NOBODY = "none"


@dataclass(frozen=True)
class Offer:
    """What can be chosen of what the office keeps, read once for a page."""

    departments: list[Department]
    topics: list[Topic]
    officers: list[User]

    def own(self) -> list[int]:
        """The departments of the person for whom it was read."""
        return [department.pk for department in self.departments if department.is_own]


def offer(user: AbstractBaseUser) -> Offer:
    is_own = Exists(Department.members.through.objects.filter(department=OuterRef("pk"), user=user))
    departments = by_name(Department.objects.annotate(is_own=is_own))
    people = sorted(officers(), key=lambda user: alphabetical(name_of(user)))
    return Offer(departments, by_name(Topic.objects.all()), people)


def choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", gettext_lazy("any")), *choices])


def day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
# Which field of the model a filter of one value is about; "none" finds what has no value.
DIRECT = (
    "status", "kind", "applicant", "region", "topic", "department", "officer", "channel", "language", "verdict",
)  # fmt: skip
# Filters of yes and no: yes finds what has a moment there.
MOMENTS = {"hold": "on_hold_since", "archived": "archived_at", "erased": "erased_at"}


class FilterForm(forms.Form):
    """Filters by GET. A filter with a fault says so beside its field and narrows nothing."""

    status = choice(gettext_lazy("Status"), Appeal.Status.choices)
    kind = choice(gettext_lazy("Kind"), Kind.choices)
    applicant = choice(gettext_lazy("Applicant"), Applicant.choices)
    region = choice(gettext_lazy("Region"), [])
    topic = choice(gettext_lazy("Topic"), [])
    department = choice(gettext_lazy("Department"), [])
    officer = choice(gettext_lazy("Officer"), [])
    channel = choice(gettext_lazy("Channel"), Appeal.Channel.choices)
    language = choice(gettext_lazy("Language"), settings.LANGUAGES)
    verdict = choice(gettext_lazy("Assessment"), Verdict.choices)
    since = day(gettext_lazy("Received from"))
    until = day(gettext_lazy("Received until"))
    hold = choice(gettext_lazy("On hold"), YES_NO)
    archived = choice(gettext_lazy("Archived"), YES_NO)
    erased = choice(gettext_lazy("Erased"), YES_NO)

    def __init__(self, data: QueryDict, offered: Offer) -> None:
        super().__init__(data, auto_id="filter_%s")
        language, none = get_language() or "tg", [(NOBODY, _("none"))]
        regions = [(one.code, one.name(language)) for one in divisions.regions(language)]
        self._choices("region", [*regions, _abroad(), _empty()])
        self._choices("topic", none + [(str(topic.pk), topic.name) for topic in offered.topics])
        self._choices("department", none + [(str(one.pk), one.name) for one in offered.departments])
        self._choices("officer", none + [(str(user.pk), name_of(user)) for user in offered.officers])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", _("any")), *choices]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return given

    def where(self) -> Q:
        """What the filters without fault let through."""
        self.is_valid()
        given, found = self.cleaned_data, Q()
        for name in DIRECT:
            if value := given.get(name):
                found &= Q(**{name: _none_of(name) if value == NOBODY else value})
        for name, field in MOMENTS.items():
            if value := given.get(name):
                found &= Q(**{f"{field}__isnull": value == "no"})
        if since := given.get("since"):
            found &= Q(received_at__gte=_midnight(since))
        if until := given.get("until"):
            found &= Q(received_at__lt=_midnight(until + timedelta(days=1)))
        return found

    def chips(self) -> Iterator[tuple[str, str, str]]:
        """Each active filter: its label, its value in words, and the query string without it."""
        for name, field in self.fields.items():
            if value := self.data.get(name):
                words = dict(getattr(field, "choices", ())).get(value, value)
                yield str(field.label), str(words), self.query(without=name)

    def query(self, without: str = "") -> str:
        """The queue and the filters as a query string, always in the same order."""
        names = [name for name in ("queue", *self.fields) if name != without and self.data.get(name)]
        query = QueryDict(mutable=True)
        for name in names:
            query[name] = self.data[name]
        return query.urlencode()


def canonical(query: str, offered: Offer) -> str:
    """``query`` as it may be kept: known parameters with valid values alone. Raises ``ValidationError``."""
    data = QueryDict(query)
    form = FilterForm(data, offered)
    known = data.keys() <= {"queue", *form.fields} and data.get("queue", "all") in QUEUES
    if not (known and data and form.is_valid()):
        raise ValidationError(_("These filters are not known. Choose them in the list of appeals, then save them."))
    return form.query()


def _none_of(name: str) -> Any:
    return "" if name == "region" else None


def _abroad() -> tuple[str, str]:
    return divisions.ABROAD, _("abroad")


def _empty() -> tuple[str, str]:
    return NOBODY, _("not given")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, term.ZONE)
