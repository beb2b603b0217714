"""Files that machines ask for at the root of the site: robots.txt, security.txt, the web app manifest."""

from datetime import UTC, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from .caching import public_page

# Pages that hold what a visitor typed, or that no search engine should wander about in. The empty search page, form and
# tracking form may be found: of them only what has a question or stands below is closed.
NOT_FOR_ROBOTS = (
    *("appeals/write/?", "appeals/write/save/", "appeals/write/files/"),
    *("appeals/check/", "appeals/receipt/", "appeals/case/", "appeals/track/?", "search/?"),
)
TELEPHONE = "tel:+992372212520"
SECURITY_DAYS = 180


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ["/admin/"] + [f"/{code}/{path}" for code, _name in settings.LANGUAGES for path in NOT_FOR_ROBOTS]
    lines = ["User-agent: *", "Allow: /"] + [f"Disallow: {path}" for path in closed]
    sitemaps = [request.build_absolute_uri(reverse(f"sitemaps:{name}")) for name in ("index", "latest")]
    return _text([*lines, "", *(f"Sitemap: {address}" for address in sitemaps)])


@public_page
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116. It is made anew every day, so that it never expires while the portal stands."""
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    return _text(
        [
            f"Contact: {TELEPHONE}",
            f"Expires: {today + timedelta(days=SECURITY_DAYS):%Y-%m-%dT%H:%M:%SZ}",
            f"Preferred-Languages: {languages}",
            f"Canonical: {request.build_absolute_uri(request.path)}",
            f"Policy: {request.build_absolute_uri(reverse('security_policy'))}",
        ]
    )


@public_page
@require_safe
def security_policy(request: HttpRequest) -> HttpResponse:
    """What whoever found a weak place may expect, and is asked for: in all languages, one under the other."""
    telephone = TELEPHONE.removeprefix("tel:")
    return _text(render_to_string("security_policy.txt", {"telephone": telephone}).splitlines())


@public_page
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    with override(settings.LANGUAGE_CODE):
        names = {"name": _("President of the Republic of Tajikistan"), "short_name": _("Press Service")}
    return JsonResponse(
        names
        | {
            "lang": settings.LANGUAGE_CODE,
            "dir": "ltr",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "minimal-ui",
            "background_color": "#ffffff",
            "theme_color": "#9d1a28",
            "icons": [
                {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": static("img/touch-icon.png"), "sizes": "180x180", "type": "image/png"},
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
