"""Previews at the desk: the page on a telephone and on a large screen, and the links for those without a login."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal import policies
from portal.converters import known_language
from portal.fields import LineField

from .. import previews
from ..models import Event, PreviewLink, Report
from ..preview_page import preview_page
from .workflow import in_words

VIEW_LINKS, ADD_LINK, END_ANY_LINK = "news.view_previewlink", "news.add_previewlink", "news.change_previewlink"
SHOWN = 100
# One page of the desk shows frames, and one page may stand in them: no other page of the portal, and on no other site.
WITH_FRAMES = f"{policies.OFFICE}; frame-src 'self'"
IN_A_FRAME = policies.PUBLIC.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


class LinkForm(forms.Form):
    purpose = LineField(
        label=gettext_lazy("for whom"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("It stands across the page that they see: a name, an office."),
    )
    lifetime = forms.ChoiceField(
        label=gettext_lazy("valid for"),
        choices=[(key, label) for key, (_time, label) in previews.LIFETIMES.items()],
        initial="day",
    )


def routes(desk: Any) -> list[URLPattern]:
    """The addresses of previews under those of the events."""

    def seen(view: Callable[..., HttpResponse], *methods: str) -> Callable[..., HttpResponse]:
        return desk.admin_site.admin_view(require_http_methods(["GET", "HEAD", *methods])(partial(view, desk)))

    base = "<row:event_id>/preview/<str:language>/"
    return [
        path(base, seen(frames), name="news_event_preview"),
        path(f"{base}page/", seen(framed_page), name="news_event_preview_page"),
        path(f"{base}links/", seen(links, "POST"), name="news_event_preview_links"),
    ]


def readable_report(desk: Any, request: HttpRequest, event_id: int, language: str) -> Report:
    """The report, for somebody who may read it whatever its state."""
    found = Report.objects.select_related("event__place")
    report = get_object_or_404(found, event=event_id, language=known_language(language))
    if not desk.has_view_permission(request, report.event) or not request.user.has_perm("news.view_report"):
        raise PermissionDenied
    return report


def frames(desk: Any, request: HttpRequest, event_id: int, language: str) -> HttpResponse:
    """The page of the report twice: as wide as a telephone, and as wide as a large screen."""
    report = readable_report(desk, request, event_id, language)
    _record(request, report)
    context = _context(desk, request, report, _("Preview")) | {
        "page_url": page_url(report),
        "versions": [
            (version.get_language_display(), _url("preview", version), version.language == language)
            for version in report.event.reports.all()
        ],
    }
    response = TemplateResponse(request, "admin/news/event/preview.html", context)
    response.headers["Content-Security-Policy"] = WITH_FRAMES
    return response


def framed_page(desk: Any, request: HttpRequest, event_id: int, language: str) -> HttpResponse:
    """The report as it is saved, on the page that readers will see."""
    report = readable_report(desk, request, event_id, language)
    _record(request, report)
    versions = {version.language: page_url(version) for version in report.event.reports.all()}
    response = preview_page(request, report, request.user.get_username(), versions=versions)
    response.headers["Content-Security-Policy"] = IN_A_FRAME
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def links(desk: Any, request: HttpRequest, event_id: int, language: str) -> HttpResponse:
    """The links to one report: make one, see how often each was opened, end one."""
    report = readable_report(desk, request, event_id, language)
    if not request.user.has_perm(VIEW_LINKS):
        raise PermissionDenied
    form = LinkForm(request.POST if request.method == "POST" and "revoke" not in request.POST else None)
    if request.method == "POST":
        done = _revoke(desk, request, report) if "revoke" in request.POST else _make(desk, request, report, form)
        if done:
            return HttpResponseRedirect(request.path)
    context = _context(desk, request, report, _("Preview links")) | {
        "form": form,
        "links": _listed(request, report),
        "may_make": request.user.has_perm(ADD_LINK),
    }
    return TemplateResponse(request, "admin/news/event/preview_links.html", context)


def _make(desk: Any, request: HttpRequest, report: Report, form: LinkForm) -> bool:
    if not request.user.has_perm(ADD_LINK):
        raise PermissionDenied
    if not form.is_valid():
        return False
    try:
        link = previews.make(report, request.user, **form.cleaned_data)
    except previews.TooManyLinks:
        form.add_error(None, _("Too many links of this report are open: end those that nobody needs."))
        return False
    said = _("Preview link made: %(language)s. For %(purpose)s") % {
        "language": report.get_language_display(),
        "purpose": link.purpose,
    }
    desk.log_change(request, report.event, said)
    messages.success(request, _("The link is made: copy it from the list."))
    return True


def _revoke(desk: Any, request: HttpRequest, report: Report) -> bool:
    """End a link: its maker may, and a press chief."""
    number = request.POST["revoke"]
    link = get_object_or_404(report.preview_links, pk=number if number.isdecimal() and len(number) < 19 else 0)
    if not may_end(request.user, link):
        raise PermissionDenied
    previews.revoke(link)
    said = _("Preview link ended: %(language)s. For %(purpose)s") % {
        "language": report.get_language_display(),
        "purpose": link.purpose,
    }
    desk.log_change(request, report.event, said)
    messages.success(request, _("The link opens nothing any more."))
    return True


def may_end(user: Any, link: PreviewLink) -> bool:
    return link.made_by_id == user.pk or user.has_perm(END_ANY_LINK)


def _listed(request: HttpRequest, report: Report) -> list[PreviewLink]:
    """The links, open ones first, each with its address while it opens, and how often and when it was opened."""
    now = timezone.now()
    is_open = Q(revoked_at=None, expires_at__gt=now)
    counted = report.preview_links.annotate(openings=Count("readings"), last_opening=Max("readings__read_at"))
    found = list(counted.select_related("made_by").order_by("-made_at", "-pk")[:SHOWN])
    open_numbers = set(report.preview_links.filter(is_open).values_list("pk", flat=True))
    for link in found:
        link.is_open = link.pk in open_numbers and link.openings < previews.MOST_OPENINGS
        link.url = request.build_absolute_uri(previews.address(link)) if link.is_open else ""
        link.may_end = link.is_open and may_end(request.user, link)
    return sorted(found, key=lambda link: not link.is_open)


def page_url(report: Report) -> str:
    return _url("preview_page", report)


def _url(name: str, report: Report) -> str:
    return reverse(f"admin:news_event_{name}", args=[report.event_id, report.language])


def _record(request: HttpRequest, report: Report) -> None:
    if request.method == "GET" and not report.is_public:
        previews.record_reading(report, request.user)


def _context(desk: Any, request: HttpRequest, report: Report, title: str) -> dict[str, Any]:
    event: Event = report.event
    return {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": f"{title}: {report.get_language_display()}",
        "report": report,
        "event": event,
        "state": in_words(report),
    }
