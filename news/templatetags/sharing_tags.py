"""What a page says to machines: link previews, structured data, the way to the page."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils import formats
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from news import share_card, structured_data
from news.models import Category
from news.statement import grouped

register = template.Library()

LOCALES = {"tg": "tg_TJ", "ru": "ru_RU", "en": "en_GB"}


@dataclass(frozen=True)
class Preview:
    """The picture of a link preview and the languages of the page."""

    url: str
    type: str
    width: int
    height: int
    alt: str
    locale: str
    other_locales: list[str]


@register.simple_tag(takes_context=True)
def preview(context: RequestContext) -> Preview:
    """The card of the page's report, with headline, date and photo; else the site's own."""
    report, site = context.get("report"), _("President of the Republic of Tajikistan")
    if report and report.is_public:
        card = share_card.card_of(report, context.get("lead_photo"))
        alt = _("%(site)s, %(date)s: %(title)s") % {"site": site, "date": card.date, "title": report.title}
        picture = (card.url, "image/jpeg", share_card.WIDTH, share_card.HEIGHT, alt)
    else:
        picture = (static("img/card.png"), "image/png", 1200, 630, site)
    versions = context.get("alternates") or dict(settings.LANGUAGES)
    others = [locale for code, locale in LOCALES.items() if code in versions and code != get_language()]
    return Preview(*picture, LOCALES[get_language()], others)


@register.simple_tag
def breadcrumb(categories: list[Category]) -> list[tuple[str, str]]:
    return structured_data.breadcrumb(categories[0] if categories else None)


@register.filter
def digest_groups(digest: str) -> str:
    return grouped(digest)


@register.filter
def file_size(size: int) -> str:
    """Bytes as people read them: ``3.4 MB``, ``120 kB``."""
    if size >= 1_000_000:
        return _("%(number)s MB") % {"number": formats.number_format(size / 1_000_000, 1)}
    return _("%(number)s kB") % {"number": formats.number_format(max(1, round(size / 1000)))}


@register.simple_tag(takes_context=True)
def structured_data_script(context: RequestContext) -> SafeString:
    """The report's data for search engines: a block of data, which no browser runs."""
    absolute = context["request"].build_absolute_uri
    data = structured_data.as_json(context["report"], context["lead_photo"], context["event_categories"], absolute)
    # as_json has escaped what could end the element.
    return mark_safe(f'<script type="application/ld+json">{data}</script>')  # noqa: S308  # nosec B308 B703
