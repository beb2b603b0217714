"""The page where anybody verifies a document or a quotation."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal import throttle
from portal.caching import View, public_page

from .statement import grouped
from .verification import of_digest, of_quotation
from .verify_form import DigestForm, QuoteForm

# Each is looked for in all texts. A burst, and after how many seconds one more is allowed.
QUOTATIONS_OF_A_NETWORK = {"burst": 30, "seconds": 2}


@public_page
def _of_digest(request: HttpRequest, digest: str) -> HttpResponse:
    """The empty page, or what is known of a digest: from the code on a print, or typed."""
    typed = digest or request.GET.get("digest", "")
    form = DigestForm({"digest": typed} if typed else None)
    context: dict[str, object] = {"quote_form": QuoteForm(initial={"report": request.GET.get("report", "")[:1000]})}
    if form.is_valid():
        known = form.cleaned_data["digest"]
        if digest != known:  # One address for each text.
            return HttpResponseRedirect(reverse("news:verify_digest", args=[known]))
        context |= {"digest": known, "grouped": grouped(known), "findings": of_digest(known)}
    return render(request, "news/verify.html", context | {"digest_form": form})


@never_cache
def _of_quotation(request: HttpRequest, digest: str) -> HttpResponse:
    form = QuoteForm(request.POST)
    if wait := throttle.wait_for("quotation", throttle.network(request), **QUOTATIONS_OF_A_NETWORK):
        return throttle.too_many(request, wait)
    context: dict[str, object] = {"quote_form": form, "digest_form": DigestForm()}
    if form.is_valid():
        answer = of_quotation(form.cleaned_data["quote"], form.cleaned_data["report"])
        context |= {"answer": answer, "findings": answer.findings}
    return render(request, "news/verify.html", context)


# A quotation is too long for an address, so it is sent as a form. The form changes nothing and knows nobody: there
# is nothing that another site could make a visitor do by it, and no cookie is set for it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, digest: str = "") -> HttpResponse:
    answer: View = _of_quotation if request.method == "POST" else _of_digest
    return answer(request, digest)
