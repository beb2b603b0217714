"""The workflow at the desk: where each report stands, the pages of its steps, what was published urgently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.converters import known_language
from portal.templatetags.portal_tags import dateline

from .. import workflow
from ..models import Event, Report
from ..workflow import Refused, State, Step
from .readiness import say_what_is_missing
from .report_steps import UrgentForm, take
from .rights import PUBLISH
from .step_form import StepForm

# More urgent publications than this at a time are no longer an exception.
LISTED = 100


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state of a report")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if self.value() not in State.values:
            return queryset
        return queryset.filter(pk__in=Report.objects.filter(workflow.in_state(State(self.value()))).values("event"))


def in_words(report: Report) -> str:
    """The state of a report with its time, by which clock."""
    state = workflow.state_of(report)
    if state == State.SCHEDULED:
        return _("scheduled for %(time)s, Dushanbe time (UTC+5)") % {"time": dateline(report.published_at)}
    return str(state.label)


def embargo_in_words(event: Event) -> str:
    """Until when the event is under embargo; empty if it is not."""
    if not event.embargo_until or event.embargo_until <= timezone.now():
        return ""
    return _("under embargo until %(time)s, Dushanbe time (UTC+5)") % {"time": dateline(event.embargo_until)}


def summary(event: Event) -> SafeString:
    """For the list of events: each report's language and state, a public one as a link, and the embargo."""
    rows = []
    for report in event.reports.all():
        report.event = event
        text = f"{report.get_language_display()} ({in_words(report)})"
        url = report.get_absolute_url() if report.is_public else ""
        rows.append((format_html('<a href="{}">{}</a>', url, text) if url else text,))
    said, embargo = format_html_join(", ", "{}", rows), embargo_in_words(event)
    return format_html("{}<br>{}", said, embargo) if embargo else said


@dataclass(frozen=True)
class Row:
    """A report in the panel of its event."""

    report: Report
    state: str
    words: str
    steps: list[tuple[str, str]]
    urgent: bool


def panel(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the page of an event shows of the workflow; ``context`` is that of the admin's form."""
    event, may_publish = context.get("original"), request.user.has_perm(PUBLISH)
    forms = [form.form for formset in context["inline_admin_formsets"] for form in formset]
    found = {
        "may_publish": may_publish,
        "urgent_form": UrgentForm(request.POST if request.method == "POST" else None),
        "urgent_missing": any(getattr(form, "reason_missing", False) for form in forms),
    }
    if event is None:
        return found
    return found | {
        "workflow_rows": rows(event, request.user),
        "embargo": embargo_in_words(event),
        "latest_steps": workflow.latest_steps(event),
    }


def rows(event: Event, user: Any) -> list[Row]:
    found = []
    for report in event.reports.select_related("event"):
        state = workflow.state_of(report)
        steps = [(step_url(report, step), step_label(step, state, user)) for step in workflow.open_steps(report, user)]
        urgent = bool(report.urgent_reason and not report.urgent_reviewed_at)
        found.append(Row(report, state.value, in_words(report), steps, urgent))
    return found


def step_url(report: Report, step: Step) -> str:
    return reverse("admin:news_event_step", args=[report.event_id, report.language, step.value])


def step_label(step: Step, state: State, user: Any) -> str:
    if step == Step.PUBLISH and not user.has_perm(PUBLISH):
        return _("Publish urgently")
    if step == Step.PUBLISH and state == State.WITHDRAWN:
        return _("Publish again")
    if step == Step.SCHEDULE and state == State.SCHEDULED:
        return _("Change the time")
    return str(step.label)


def routes(desk: Any) -> list[URLPattern]:
    """The addresses of the workflow's pages under those of the events."""

    def seen(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return desk.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(partial(view, desk)))

    return [
        path("urgent/", seen(urgent_list), name="news_event_urgent"),
        path("<row:event_id>/step/<str:language>/<str:step>/", seen(step_page), name="news_event_step"),
    ]


def step_page(desk: Any, request: HttpRequest, event_id: int, language: str, step: str) -> HttpResponse:
    """One step of one report: what it means, what it needs, and a button."""
    if step not in Step.values:
        raise Http404
    report = get_object_or_404(
        Report.objects.select_related("event"), event=event_id, language=known_language(language)
    )
    if not desk.has_change_permission(request, report.event):
        raise PermissionDenied
    chosen, home = Step(step), reverse("admin:news_event_change", args=[event_id])
    if request.method != "POST" and chosen not in workflow.open_steps(report, request.user):
        messages.error(request, _("This step cannot be taken now: %s.") % in_words(report))
        return HttpResponseRedirect(home)
    form = StepForm(chosen, report, request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            taken = take(chosen, report, request.user, **form.taken)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, say_taken(taken))
            say_what_is_missing(request, taken)
            return HttpResponseRedirect(home)
    return TemplateResponse(request, "admin/news/event/step.html", _step_context(desk, request, report, chosen, form))


def say_taken(report: Report) -> str:
    return _("%(language)s: the report is now %(state)s.") % {
        "language": report.get_language_display(),
        "state": in_words(report),
    }


def _step_context(desk: Any, request: HttpRequest, report: Report, step: Step, form: StepForm) -> dict[str, Any]:
    label = step_label(step, workflow.state_of(report), request.user)
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": f"{label}: {report.get_language_display()}",
        "label": label,
        "report": report,
        "state": in_words(report),
        "embargo": embargo_in_words(report.event),
        "form": form,
        "withdraws": step == Step.WITHDRAW,
        "media": desk.media + form.media,  # The desk's own has what the calendar needs.
    }


def urgent_list(desk: Any, request: HttpRequest) -> HttpResponse:
    """What was published without a second pair of eyes: first what waits for them, then what had them lately."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return _review(request)
    reports = Report.objects.exclude(urgent_reason="").select_related("event").defer("body")
    reviewed = list(reports.exclude(urgent_reviewed_at=None).order_by("-urgent_reviewed_at", "-pk")[:20])
    waiting = list(workflow.unreviewed().select_related("event").defer("body")[:LISTED])
    publishers = workflow.urgent_publishers([*waiting, *reviewed])
    for report in (*waiting, *reviewed):
        report.publisher, report.words = publishers.get(report.pk), in_words(report)
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": _("Published urgently"),
        "waiting": waiting,
        "reviewed": reviewed,
        "may_review": request.user.has_perm(PUBLISH),
    }
    return TemplateResponse(request, "admin/news/event/urgent.html", context)


def _review(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("report", "")
    report = get_object_or_404(Report, pk=number if number.isdecimal() and len(number) < 19 else 0)
    try:
        workflow.mark_reviewed(report, request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Reviewed: %s") % report.title)
    return HttpResponseRedirect(reverse("admin:news_event_urgent"))
