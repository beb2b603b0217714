"""A translation and the Tajik text that it is made from: is it up to date, and how is one begun."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from ..models import Event, Report
from ..names import STATE_LANGUAGE
from .differences import PartDifference, text_differences

LANGUAGE_NAMES = dict(settings.LANGUAGES)


def is_outdated(report: Report, source: Report | None) -> bool:
    """Whether the Tajik text changed after ``report`` was made from it; False as long as nobody said which it was."""
    if source is None or report.language == STATE_LANGUAGE or not report.source_digest:
        return False
    return report.source_digest != source.digest


def source_changes(report: Report, source: Report) -> list[PartDifference]:
    """What changed in the Tajik text since the translation; empty when that version is no longer kept."""
    known = source.history.filter(digest=report.source_digest).order_by("-history_id").first()
    return text_differences(known, source) if known else []


def copy_source(source: Report, language: str, user: Any) -> Report:
    """A draft in ``language`` with the words of ``source``, to be translated in place."""
    report = Report(
        event_id=source.event_id, language=language, title=source.title, lead=source.lead, body=source.body,
        source_digest=source.digest,
    )  # fmt: skip
    report._history_user = user
    report.save()
    return report


def copy_view(admin: Any, request: HttpRequest, event_id: int, language: str) -> HttpResponse:
    """Begin a translation with the Tajik text; one that exists is left alone."""
    event = get_object_or_404(Event, pk=event_id)
    if not (admin.has_change_permission(request, event) and request.user.has_perm("news.add_report")):
        raise PermissionDenied
    if language not in LANGUAGE_NAMES or language == STATE_LANGUAGE:
        raise Http404
    name = LANGUAGE_NAMES[language]
    with transaction.atomic():
        # One at a time, so that two who press the button together make one report.
        Event.objects.select_for_update().get(pk=event.pk)
        reports = {report.language: report for report in event.reports.all()}
        if language in reports:
            messages.warning(request, gettext("There is a report in this language already: %(name)s.") % {"name": name})
        elif STATE_LANGUAGE not in reports:
            messages.warning(request, gettext("There is no Tajik text yet to start from."))
        else:
            copy_source(reports[STATE_LANGUAGE], language, request.user)
            admin.log_change(request, event, f"Started from the Tajik text: {name}")
            messages.success(request, gettext("A draft with the Tajik text was made: %(name)s.") % {"name": name})
    return redirect("admin:news_event_change", event.pk)


def routes(admin: Any) -> list[URLPattern]:
    """The address under which a translation is begun."""

    def view(request: HttpRequest, event_id: int, language: str) -> HttpResponse:
        return copy_view(admin, request, event_id, language)

    pattern = "<int:event_id>/copy/<str:language>/"
    return [path(pattern, admin.admin_site.admin_view(require_POST(view)), name="news_event_copy")]
