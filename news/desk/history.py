"""The history of a report at the desk: who did what when, two versions by words, and the way back to one of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.converters import known_language
from portal.templatetags.portal_tags import dateline

from ..models import DraftReading, Event, Report
from ..versions import Refused, described, find, restore, versions, with_entries
from ..versions import before as version_before
from .differences import PartDifference, text_differences
from .report_forms import STAGES_OF_WRITING
from .rights import PUBLISH

PER_PAGE = 50
READINGS = 100


def routes(desk: Any) -> list[URLPattern]:
    """The addresses of the histories under those of the events; the admin sees to login and caching."""
    seen = desk.admin_site.admin_view
    base = "<row:event_id>/history/<str:language>/"
    return [
        path(base, seen(require_safe(partial(history_page, desk))), name="news_event_report_history"),
        path(f"{base}restore/", seen(require_POST(partial(restore_version, desk))), name="news_event_report_restore"),
    ]


def history_url(report: Report) -> str:
    return reverse("admin:news_event_report_history", args=[report.event_id, report.language])


def may_restore(request: HttpRequest, report: Report) -> bool:
    """Who may change the text: what was once published belongs to those who publish."""
    user = request.user
    return user.has_perm("news.change_report") and (user.has_perm(PUBLISH) or report.status in STAGES_OF_WRITING)


def _report(desk: Any, request: HttpRequest, event_id: int, language: str) -> Report:
    """The report, for somebody who may read it in any state."""
    report = get_object_or_404(
        Report.objects.select_related("event"), event=event_id, language=known_language(language)
    )
    if not (desk.has_view_permission(request, report.event) and request.user.has_perm("news.view_report")):
        raise PermissionDenied
    return report


def history_page(desk: Any, request: HttpRequest, event_id: int, language: str) -> HttpResponse:
    """All versions of one report, the latest first, and two of them compared if the address names them."""
    report = _report(desk, request, event_id, language)
    page = Paginator(versions(report), PER_PAGE).get_page(request.GET.get("page"))
    entries = _entries(report, page)
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": _("History: %s") % report.get_language_display(),
        "report": report,
        "event": report.event,
        "page": page,
        "entries": entries,
        **_chosen([entry.version.number for entry in entries if entry.version]),
        "languages": _languages(report.event),
        "may_restore": may_restore(request, report),
        **_comparison(report, request.GET.get("old", ""), request.GET.get("new", "")),
        **_readings(request, report),
    }
    return TemplateResponse(request, "admin/news/report/history.html", context)


def _entries(report: Report, page: Page) -> list[Any]:
    rows = list(page.object_list)
    older = versions(report).filter(history_id__lt=rows[-1].history_id).first() if page.has_next() else None
    present = versions(report).first() if page.has_previous() else next(iter(rows), None)
    shown = described(rows, older, present)
    return with_entries(report.event, shown, not page.has_previous(), not page.has_next())


def _chosen(numbers: list[int]) -> dict[str, int | None]:
    """The versions that are marked when the page opens: the latest of it and the one before."""
    return {"chosen_new": next(iter(numbers), None), "chosen_old": next(iter(numbers[1:]), None)}


def _languages(event: Event) -> list[tuple[str, str]]:
    written = set(event.reports.values_list("language", flat=True))
    return [(code, name) for code, name in settings.LANGUAGES if code in written]


def _comparison(report: Report, old: str, new: str) -> dict[str, Any]:
    """The difference of two versions, from the older to the later; of one alone, from the version before it."""
    if not new:
        return {}
    later = find(report, new)
    earlier = find(report, old) if old else later and version_before(later)
    if later is None or (old and earlier is None):
        return {"comparison_missing": True}
    if earlier is None:  # It was the first: everything in it is new.
        return _compared(None, later, text_differences(Report(), later))
    if earlier.history_id > later.history_id:
        earlier, later = later, earlier
    return _compared(earlier, later, text_differences(earlier, later))


def _compared(earlier: Any | None, later: Any, differences: list[PartDifference]) -> dict[str, Any]:
    return {
        "earlier": earlier,
        "later": later,
        "differences": differences,
        "chosen_old": earlier and earlier.history_id,
        "chosen_new": later.history_id,
    }


def _readings(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Who read the report before it was public, for those who may know."""
    if not request.user.has_perm("news.view_draftreading"):
        return {}
    found = DraftReading.objects.filter(report=report).select_related("user", "link")
    readings = list(found[: READINGS + 1])
    return {"may_see_readings": True, "readings": readings[:READINGS], "more_readings": len(readings) > READINGS}


def restore_version(desk: Any, request: HttpRequest, event_id: int, language: str) -> HttpResponse:
    """Make the text of a version the present one: a new version, which can be undone in the same way."""
    report = _report(desk, request, event_id, language)
    if not (desk.has_change_permission(request, report.event) and may_restore(request, report)):
        raise PermissionDenied
    version = find(report, request.POST.get("version", ""))
    revision = request.POST.get("revision", "")
    if version is None or not (revision.isascii() and revision.isdecimal() and len(revision) < 10):
        messages.error(request, _("This version is not kept."))
        return HttpResponseRedirect(history_url(report))
    try:
        restore(report, version, request.user, int(revision))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        when = dateline(version.history_date)
        values = {"language": report.get_language_display(), "time": when}
        desk.log_change(request, report.event, _("Restored: %(language)s, the version of %(time)s") % values)
        said = _("The version of %s was restored. To undo it, restore the version before it.")
        messages.success(request, said % when)
    return HttpResponseRedirect(history_url(report))
