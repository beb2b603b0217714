"""What templates ask of the news: categories, partners, the front page, pictures, share links."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import template
from django.template.context import RequestContext
from django.utils.translation import get_language

from news import images
from news.models import Category, Partner, Photo, Report

register = template.Library()

SECOND, LATEST, STRIP = 4, 10, 8


@register.simple_tag(takes_context=True)
def site_categories(context: RequestContext) -> list[Category]:
    """The sections of the site; a view that has read them already gives them as ``site_categories``."""
    known = context.get("site_categories")
    return known if known is not None else list(Category.objects.all())


@register.simple_tag
def site_partners() -> list[Partner]:
    return list(Partner.objects.all())


@dataclass(frozen=True)
class FrontPage:
    """The front page by rule: the latest event with a photo leads."""

    lead: Report | None
    second: list[Report]
    latest: list[Report]
    strip: list[Photo]


@register.simple_tag
def front_page() -> FrontPage:
    """Read the front page in the page's language: three queries, whatever the archive holds."""
    newest = Report.objects.published().in_language(get_language()).newest_first().with_cards()
    reports = list(newest[: 1 + SECOND + LATEST + STRIP])
    with_photo = [report for report in reports if report.lead_photo]
    lead = (with_photo or reports or [None])[0]
    second = [report for report in with_photo if report is not lead][:SECOND]
    taken = {id(lead), *map(id, second)}
    latest = [report for report in reports if id(report) not in taken][:LATEST]
    strip = []
    for report in with_photo[1 + SECOND :][:STRIP]:
        photo = report.lead_photo
        photo.report = report
        strip.append(photo)
    return FrontPage(lead, second, latest, strip)


@register.inclusion_tag("news/_picture.html")
def picture(photo: Photo, sizes: str = "100vw", eager: bool = False) -> dict[str, object]:
    """A complete ``<picture>``: every format and width, size and description in the markup."""
    steps = images.widths(photo.width)

    def srcset(kind: str) -> str:
        return ", ".join(f"{images.rendition_url(photo.token, step, kind)} {step}w" for step in steps)

    return {
        "photo": photo,
        "sizes": sizes,
        "eager": eager,
        "sources": [(f"image/{kind}", srcset(kind)) for kind in ("avif", "webp")],
        "srcset": srcset("jpeg"),
        "fallback": images.rendition_url(photo.token, steps[min(1, len(steps) - 1)], "jpeg"),
    }


@dataclass(frozen=True)
class ShareLink:
    name: str
    icon: str
    url: str


@register.simple_tag(takes_context=True)
def share_links(context: RequestContext, report: Report) -> list[ShareLink]:
    """Plain links to share ``report``: no foreign script, nothing is fetched before the click."""
    url = context["request"].build_absolute_uri(report.get_absolute_url())
    return [
        ShareLink("Facebook", "facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url})),
        ShareLink("X", "x", "https://x.com/intent/post?" + urlencode({"url": url, "text": report.title})),
        ShareLink("Telegram", "telegram", "https://t.me/share/url?" + urlencode({"url": url, "text": report.title})),
        ShareLink("WhatsApp", "whatsapp", "https://wa.me/?" + urlencode({"text": f"{report.title} {url}"})),
    ]
