"""The pages that belong to no app: language, the home page, preferences, accessibility, life and errors."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .caching import public_page
from .preference_forms import ViewForm, keep
from .preferences import ORDINARY
from .style_guide import COLOURS, HEADLINES, SIGNS, specimen
from .text_edition import render_page

# When somebody last held what the page about accessibility says against what is tested.
ACCESSIBILITY_REVIEWED = date(2026, 11, 27)


@never_cache
@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the reader of ``/`` to the home page in the language that the browser asks for, else in Tajik."""
    response = HttpResponseRedirect(f"/{translation.get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render_page(request, "home.html", "text/home.html", {})


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html", {"reviewed": ACCESSIBILITY_REVIEWED})


@never_cache
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build the pages: nobody else has this address."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    context = {"colours": COLOURS, "signs": SIGNS, "headlines": HEADLINES, "form": specimen()}
    return render(request, "style/page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The version for the visually impaired: choose it, change it, or go back to the ordinary one."""
    back = _came_from(request)
    form = ViewForm(request.POST or None, initial=(request.view or ORDINARY)._asdict())
    ordinary = "ordinary" in request.POST
    if not ordinary and not form.is_valid():
        return render(request, "preferences.html", {"form": form, "back": back})
    response = HttpResponseRedirect(back)
    keep(ORDINARY if ordinary else form.view, response)
    return response


def _came_from(request: HttpRequest) -> str:
    """The page of this site from which the reader came to the preferences, else the home page."""
    url = request.POST.get("back", "") if request.method == "POST" else request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if own and len(url) <= 2000 and urlsplit(url).path != request.path else reverse("home")


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its token: most often the page was open for long or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In the language of the address: the request may have been refused before that was read."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        return render(request, "400.html", status=400)
