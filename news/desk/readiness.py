"""The panel of the event's page that says what is ready to be published and what is missing: as it was saved."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from .. import readiness
from ..link_finding import broken_internal_links, external_links
from ..models import BrokenLink, Event, Photo, Report
from ..readiness import Check, Facts
from ..report_page import report_context
from ..weight import Weight, weigh

SECONDS_KEPT = 3600
# What a page needs of the request that it is drawn for: the site's name and the way it was reached.
_OF_THE_SITE = ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme")


@dataclass(frozen=True)
class Line:
    """A check and where on the page its field stands."""

    level: str
    text: str
    anchor: str
    # Of the line that tells the weight: the bytes of the first view, and what it may be.
    bytes: int = 0
    most: int = readiness.FIRST_VIEW


@dataclass(frozen=True)
class Section:
    """The lines of the event, or of its report in one language."""

    heading: str
    language: str
    open: list[Line]
    done: list[Line]
    weight: Line | None = None
    history_url: str = ""

    @property
    def problems(self) -> int:
        return sum(line.level == "problem" for line in self.open)


def panel(request: HttpRequest, event: Event | None, context: dict[str, Any]) -> dict[str, Any]:
    """What the template shows; nothing before the event is saved for the first time. ``context`` is the admin's."""
    if event is None or not event.pk:
        return {}
    saved = Event.objects.select_related("place").get(pk=event.pk)  # The form may hold what was not saved.
    facts = read_facts(saved, request)
    anchors = Anchors(context)
    sections = [_section(_("The event"), "", readiness.event_checks(facts), anchors)]
    for code, name in settings.LANGUAGES:
        if report := facts.reports.get(code):
            checks = readiness.report_checks(report, facts)
            section = _section(name, code, checks, anchors, report)
            size = facts.weights[report.pk].first_view
            weight = next(_line(check, anchors, size=size) for check in checks if check.name == readiness.WEIGHT)
            url = reverse("admin:news_event_report_history", args=[saved.pk, code])
            sections.append(replace(section, weight=weight, history_url=url))
    return {"readiness": sections, "readiness_problems": sum(section.problems for section in sections)}


def _section(
    heading: str, language: str, checks: list[Check], anchors: Anchors, report: Report | None = None
) -> Section:
    lines = [_line(check, anchors, report) for check in checks if check.name != readiness.WEIGHT]
    lines.sort(key=lambda line: line.level != "problem")
    return Section(
        heading,
        language,
        open=[line for line in lines if line.level != "ok"],
        done=[line for line in lines if line.level == "ok"],
    )


def _line(check: Check, anchors: Anchors, report: Report | None = None, size: int = 0) -> Line:
    return Line(check.level.name.lower(), check.text, anchors.of(check, report), size)


def read_facts(event: Event, request: HttpRequest | None = None) -> Facts:
    """What the rules look at. With ``request``, the pages are drawn and weighed, too."""
    reports = {report.language: report for report in event.reports.all()}
    for report in reports.values():
        report.event = event
    return Facts(
        event=event,
        reports=reports,
        photos=list(event.photos.all()),
        broken=_broken_links(reports.values()),
        weights={report.pk: weight_of(report, request) for report in reports.values()} if request else {},
    )


def _broken_links(reports: Iterable[Report]) -> dict[int, list[str]]:
    """Links within the site, looked up now, and those to other sites that the last check of links found."""
    found = {report.pk: broken_internal_links(report) for report in reports}
    for link in BrokenLink.objects.filter(report__in=found).select_related("report").order_by("url"):
        if link.url not in found[link.report_id] and link.url in external_links(link.report.body):
            found[link.report_id].append(link.url)
    return found


def weight_of(report: Report, request: HttpRequest) -> Weight:
    """What the report's page costs a reader; drawn again only when the text, the facts or the pictures changed."""
    pictures = "".join(f"{photo.token}{photo.ready}" for photo in report.event.photos.all())
    state = f"{report.revision} {report.event.updated_at.isoformat()} {pictures}"
    key = f"weight:{report.pk}:{sha256(state.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: weigh(_page(report, request)), SECONDS_KEPT)


def _page(report: Report, request: HttpRequest) -> str:
    """The page as it would be for everybody if the report were published now."""
    report = copy(report)
    report.published_at = report.published_at or timezone.now()
    with override(report.language):
        context = report_context(report)
        return render_to_string("news/report_detail.html", context, request=_as_a_reader(request, report))


def _as_a_reader(request: HttpRequest, report: Report) -> HttpRequest:
    """A request for the report's page by somebody who is not logged in."""
    asked = HttpRequest()
    asked.method = "GET"
    asked.path = asked.path_info = report.get_absolute_url()
    asked.META = {name: request.META[name] for name in _OF_THE_SITE if name in request.META}
    asked.user = AnonymousUser()
    asked.resolver_match = resolve(asked.path)
    return asked


class Anchors:
    """Where on the page the field of a check stands: by the forms that the page really shows."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.form = context["adminform"].form
        self.prefixes: dict[tuple[type, int], str] = {}
        self.editable: set[str] = set()
        self.photos = ""
        for shown in context["inline_admin_formsets"]:
            formset = shown.formset
            if formset.model is Photo:
                self.photos = f"{formset.prefix}-group"
            for form in formset.initial_forms:
                self.prefixes[formset.model, form.instance.pk] = form.prefix
                if shown.has_change_permission:
                    self.editable |= {f"{form.prefix}-{name}" for name in form.fields}

    def of(self, check: Check, report: Report | None) -> str:
        """The field's id; that of what it stands in, where it is only shown; "" where there is none."""
        if check.owner == "event":
            if check.name not in self.form.fields:
                return ""
            # Of a field in two parts, date and time, the first.
            return self.form[check.name].id_for_label or f"{self.form[check.name].auto_id}_0"
        if check.owner == "report" and report:
            return self._field((Report, report.pk), check.name)
        if isinstance(check.owner, int):
            return self._field((Photo, check.owner), check.name)
        return self.photos

    def _field(self, key: tuple[type, int], name: str) -> str:
        prefix = self.prefixes.get(key)
        if prefix is None:
            return self.photos
        if f"{prefix}-{name}" in self.editable:
            return f"id_{prefix}-{name}"
        return self.photos if key[0] is Photo else prefix


def say_what_is_missing(request: HttpRequest, report: Report) -> None:
    """After ``report`` was published or given a time: what is plainly missing. Nothing is taken back for it."""
    if report.status != Report.Status.PUBLISHED:
        return
    facts = read_facts(Event.objects.select_related("place").get(pk=report.event_id))
    said = " ".join(check.text for check in readiness.problems(facts.reports[report.language], facts))
    if said:
        text = _("Published, but something is missing in %(language)s: %(problems)s")
        messages.warning(request, text % {"language": report.get_language_display(), "problems": said})
