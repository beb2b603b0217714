"""The cards of link previews, drawn when they are first asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .models import Report
from .share_card import card_of, jpeg

# The address changes with what the card shows. Caches that many share ask again, for a report may be withdrawn.
KEPT = "public, max-age=31536000, s-maxage=1, immutable"


@require_safe
def card(request: HttpRequest, report_id: int, digest: str) -> HttpResponse:
    """The card of a public report, at the address of what it shows now and at no other. Two queries."""
    report = Report.objects.published().filter(pk=report_id).select_related("event").first()
    if report is None:
        raise Http404
    found = card_of(report, report.event.photos.ready().first())
    if found.digest != digest:
        raise Http404
    response = HttpResponse(jpeg(found), content_type="image/jpeg")
    response.headers["Cache-Control"] = KEPT
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
