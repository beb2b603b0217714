"""The page behind a preview link."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from . import previews
from .preview_page import kept_by_nobody, preview_page


@require_safe
def page(request: HttpRequest, signed: str) -> HttpResponse:
    """The report of a signed link as it is saved now; a link that has ended says so, in the report's language."""
    try:
        opening = previews.find(signed)
    except previews.Unknown:
        raise Http404 from None
    link, report = opening.link, opening.link.report
    if opening.end:
        with override(report.language):
            return kept_by_nobody(render(request, "news/preview_gone.html", {"end": opening.end.value}, status=410))
    if report.is_public:
        return kept_by_nobody(HttpResponseRedirect(report.get_absolute_url()))
    if request.method == "GET":  # Who asks for the headers alone has read nothing.
        previews.record_opening(link)
    grant = previews.picture_grant(link)
    return preview_page(request, report, link.purpose, until=link.expires_at, grant=grant)
