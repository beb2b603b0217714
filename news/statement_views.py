"""A report as a document, and the code that leads to its verification."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import qr
from portal.caching import public_page

from .models import Report
from .pdf import drawn_statement
from .sharing import root_of


@public_page
@require_safe
def statement(request: HttpRequest, event_id: int) -> HttpResponse:
    """The report of the page's language as a PDF. One query."""
    report = _public(event_id)
    response = HttpResponse(drawn_statement(report, root_of(request)), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{report.slug}-{report.language}.pdf"'
    return response


@public_page
@require_safe
def code(request: HttpRequest, event_id: int) -> HttpResponse:
    """The QR code that a print of the report carries. One query."""
    address = request.build_absolute_uri(reverse("news:verify_digest", args=[_public(event_id).digest]))
    return HttpResponse(qr.svg(address, _("Verify this text")), content_type="image/svg+xml")


def _public(event_id: int) -> Report:
    reports = Report.objects.published().in_language(get_language())
    found = reports.filter(event=event_id).select_related("event__place").first()
    if found is None:
        raise Http404
    return found
