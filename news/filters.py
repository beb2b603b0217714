"""What a list is narrowed to: read from the address, said in words, undone one at a time.

``?category=meetings&topic=water&place=dushanbe&with=photo`` (or ``video``): each at most once, in any combination,
and on top of what the list itself is about. A value that is not offered is refused (the page is not found): the list
without it would pass for an answer. An empty value, which a form sends for "any", counts as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.text import alphabetical

from .models import Category, Event, Photo, Place, Report, ReportQuerySet, Topic, Video
from .names import Named

LOOKUPS = {"category": "event__categories", "topic": "event__topics", "place": "event__place"}
NAMES = (*LOOKUPS, "with")


class UnknownFilter(LookupError):
    """A filter whose value is not offered."""


@dataclass(frozen=True)
class Filter:
    """One thing that a list is narrowed to."""

    name: str
    value: str
    label: str
    row: Named | None = None

    def narrow(self, reports: ReportQuerySet) -> ReportQuerySet:
        if self.row is None:
            files = Photo.objects.ready() if self.value == "photo" else Video.objects.all()
            return reports.filter(Exists(files.filter(event=OuterRef("event"))))
        return reports.filter(**{LOOKUPS[self.name]: self.row.pk})


Choices = Mapping[str, list[Any]]


def read_choices() -> Choices:
    """What may be chosen, in two queries: the sections, then the topics and places of public reports."""
    return {"category": list(Category.objects.all()), **_topics_and_places()}


def _topics_and_places() -> dict[str, list[Any]]:
    """Only those of public reports in some language: a name may be made for a visit that is not announced yet."""
    public = Report.objects.published()
    of_topic = Event.topics.through.objects.order_by().filter(topic=OuterRef("pk"))
    of_topic = of_topic.filter(Exists(public.filter(event=OuterRef("event"))))
    of_place = public.filter(event__place=OuterRef("pk")).order_by("event__starts_at", "event_id")
    rows = _named(Topic, of_topic, "topic").union(_named(Place, of_place, "place"), all=True)
    found: dict[str, list[Any]] = {"topic": [], "place": []}
    for kind, pk, slug, tg, ru, en in rows:
        model = Topic if kind == "topic" else Place
        found[kind].append(model(pk=pk, slug=slug, name_tg=tg, name_ru=ru, name_en=en))
    for named in found.values():
        named.sort(key=lambda each: alphabetical(each.name))
    return found


def _named(model: type[Named], used: QuerySet, kind: str) -> QuerySet:
    # Not EXISTS: PostgreSQL would join the whole archive to tell, and here it looks for one report of each name.
    first = Subquery(used.values("pk")[:1])
    named = model.objects.annotate(kind=Value(kind, output_field=CharField()), first=first)
    named = named.filter(first__isnull=False).order_by()
    return named.values_list("kind", "pk", "slug", "name_tg", "name_ru", "name_en")


def choose(choices: Choices, name: str, value: str) -> Filter:
    """The filter ``name=value``. Raises ``UnknownFilter``."""
    if name == "with" and value in with_what():
        return Filter(name, value, with_what()[value])
    row = next((row for row in choices.get(name, ()) if row.slug == value), None)
    if row is None:
        raise UnknownFilter(f"{name}={value}")
    return Filter(name, value, capfirst(row.name), row)


def with_what() -> dict[str, str]:
    """What ``with`` asks for, in words."""
    return {"photo": _("With photos"), "video": _("With films")}


def read_filters(query: Mapping[str, str], choices: Choices) -> list[Filter]:
    """The filters of an address, in a fixed order. Raises ``UnknownFilter``."""
    return [choose(choices, name, query[name]) for name in NAMES if query.get(name)]


def has_blanks(query: Mapping[str, str]) -> bool:
    """A form was sent with something left at "any": the address can be shorter."""
    return any(query.get(name) == "" for name in NAMES)


def address(path: str, filters: list[Filter], **more: str) -> str:
    """``path`` with these filters, and with ``more`` behind them."""
    query = {each.name: each.value for each in filters} | more
    return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True)
class Chip:
    """A filter in words, with the address of the list without it."""

    label: str
    url: str


def chips(path: str, filters: list[Filter]) -> list[Chip]:
    return [Chip(each.label, address(path, [other for other in filters if other is not each])) for each in filters]


@dataclass(frozen=True)
class Option:
    """Something to choose that is no row of a table."""

    slug: str
    name: str


@dataclass(frozen=True)
class Select:
    """One field of the filter form."""

    name: str
    label: str
    any: str
    options: list[Any]
    chosen: str


def selects(choices: Choices, filters: list[Filter]) -> list[Select]:
    """The fields of the filter form; one with nothing to choose from is left out."""
    chosen = {each.name: each.value for each in filters}
    words = {
        "category": (_("Section"), _("All sections")),
        "topic": (_("Topic"), _("All topics")),
        "place": (_("Place"), _("All places")),
        "with": (_("Photos and films"), _("With or without")),
    }
    options = {**choices, "with": [Option(*each) for each in with_what().items()]}
    return [Select(name, *words[name], options[name], chosen.get(name, "")) for name in words if options[name]]


def narrow(reports: ReportQuerySet, filters: list[Filter]) -> ReportQuerySet:
    for each in filters:
        reports = each.narrow(reports)
    return reports
