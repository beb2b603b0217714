"""The receipt, for the browser that sent the appeal; and the page where anybody checks a receipt."""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from portal import qr, throttle

from . import drafts, receipt_document, term_words
from .models import Appeal
from .privacy import private_page
from .receipt_forms import VerifyForm

NO_DIGEST = "-" * 64  # Never equal to one that the form lets through.
CHECKS_OF_A_NETWORK = {"burst": 30, "seconds": 30}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and tracking code, for this browser, until its owner says that they are written down."""
    draft = drafts.find(request)
    if draft is None or not draft.row.sent:
        return redirect("appeals:rules")
    if request.method == "POST":
        response = redirect("appeals:rules")
        response.headers["Location"] += "?done=1"
        drafts.forget(response, draft)
        return response
    received_at = parse_datetime(draft.receipt["received_at"])
    context = {
        **draft.receipt,
        "received_at": received_at,
        "term": term_words.promise(received_at),
        "digest_groups": receipt_document.grouped(draft.receipt["digest"]),
        "minutes": drafts.RECEIPT_MINUTES,
        "verify_url": _verify_url(request, draft),
    }
    return render(request, "appeals/receipt.html", context)


@private_page
@require_safe
def receipt_pdf(request: HttpRequest) -> HttpResponse:
    """The receipt to keep."""
    draft = drafts.find(request)
    if draft is None or not draft.row.sent:
        raise Http404
    received_at = localtime(parse_datetime(draft.receipt["received_at"]))
    pdf = receipt_document.render(
        draft.receipt,
        date_format(received_at, "DATETIME_FORMAT"),
        term_words.promise(received_at),
        request.build_absolute_uri(reverse("appeals:track")),
        _verify_url(request, draft),
    )
    name = f"receipt-{draft.receipt['number']}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@private_page
@require_safe
def receipt_qr(request: HttpRequest) -> HttpResponse:
    """The QR code of the printed page: it leads to the page where anybody checks the receipt."""
    draft = drafts.find(request)
    if draft is None or not draft.row.sent:
        raise Http404
    return HttpResponse(qr.svg(_verify_url(request, draft), ""), content_type="image/svg+xml")


def _verify_url(request: HttpRequest, draft: drafts.OpenDraft) -> str:
    query = urlencode({name: draft.receipt[name] for name in ("number", "digest")})
    return f"{request.build_absolute_uri(reverse('appeals:verify'))}?{query}"


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a receipt is genuine: by number and digest (also from its QR code), or by the file itself.

    It says when the appeal was received, and nothing else of it.
    """
    given = request.POST if request.method == "POST" else request.GET if "number" in request.GET else None
    form = VerifyForm(given, request.FILES) if given is not None else VerifyForm()
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        if wait := throttle.wait_for("verify", throttle.network(request), **CHECKS_OF_A_NETWORK):
            return throttle.told(
                render(request, "appeals/verify.html", context | {"wait": throttle.sentence(wait)}), wait
            )
        number, digest = form.cleaned_data["number"], form.cleaned_data["digest"]
        appeal = Appeal.objects.filter(number=number).only("number", "digest", "received_at").first()
        # An unknown number takes as long as a wrong digest, and gets the same words.
        genuine = hmac.compare_digest(appeal.digest if appeal else NO_DIGEST, digest)
        context |= {"asked": True, "genuine": appeal if genuine else None}
    return render(request, "appeals/verify.html", context)
