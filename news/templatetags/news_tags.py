"""What templates ask of the news: categories, partners, the front page, pictures, share links."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import template
from django.template.context import RequestContext
from django.utils.translation import get_language

from news import body, calendars, front, images
from news.models import Category, Partner, Photo, Report
from portal.text_edition import full_path

register = template.Library()


@register.simple_tag(takes_context=True)
def site_categories(context: RequestContext) -> list[Category]:
    """The sections of the site; a view that has read them already gives them as ``site_categories``."""
    known = context.get("site_categories")
    return known if known is not None else list(Category.objects.all())


@register.simple_tag(takes_context=True)
def site_partners(context: RequestContext) -> list[Partner]:
    """The partners; a view that has read them already gives them as ``site_partners``."""
    known = context.get("site_partners")
    return known if known is not None else list(Partner.objects.all())


@register.simple_tag
def front_page() -> front.FrontPage:
    """The front page in the page's language: see ``news.front``."""
    return front.front_page(get_language())


@register.simple_tag
def month_calendar(year: int | None = None, month: int | None = None) -> calendars.MonthCalendar:
    """The calendar of a month, else of this month, in the page's language: one query."""
    now = calendars.today()
    return calendars.month_calendar(year or now.year, month or now.month, get_language())


@register.simple_tag
def year_months(year: int) -> calendars.YearMonths:
    """The months of a year that have events, in the page's language: one query."""
    return calendars.year_months(year, get_language())


@register.filter
def reading_minutes(report: Report) -> int | None:
    return body.reading_minutes(report.body)


@register.inclusion_tag("news/_picture.html", takes_context=True)
def picture(context: RequestContext, photo: Photo, sizes: str = "100vw", eager: bool = False) -> dict[str, object]:
    """A complete ``<picture>``: every format and width, size and description in the markup.

    For a reader who wants no pictures the description alone: nothing of it is asked for.
    """
    view = getattr(context.get("request"), "view", None)
    if view and view.pictures == "1":
        return {"photo": photo, "hidden": True}
    steps = images.widths(photo.width)

    def srcset(kind: str) -> str:
        return ", ".join(f"{photo.rendition_url(step, kind)} {step}w" for step in steps)

    return {
        "photo": photo,
        "sizes": sizes,
        "eager": eager,
        "sources": [(f"image/{kind}", srcset(kind)) for kind in ("avif", "webp")],
        "srcset": srcset("jpeg"),
        "fallback": photo.rendition_url(steps[min(1, len(steps) - 1)], "jpeg"),
    }


@dataclass(frozen=True)
class ShareLink:
    name: str
    icon: str
    url: str


@register.simple_tag(takes_context=True)
def share_links(context: RequestContext, report: Report) -> list[ShareLink]:
    """Plain links to share ``report``: no foreign script, nothing is fetched before the click."""
    url = context["request"].build_absolute_uri(full_path(report.get_absolute_url()))
    return [
        ShareLink("Facebook", "facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": url})),
        ShareLink("X", "x", "https://x.com/intent/post?" + urlencode({"url": url, "text": report.title})),
        ShareLink("Telegram", "telegram", "https://t.me/share/url?" + urlencode({"url": url, "text": report.title})),
        ShareLink("WhatsApp", "whatsapp", "https://wa.me/?" + urlencode({"text": f"{report.title} {url}"})),
    ]
