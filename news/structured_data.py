"""What search engines read in a report's page: the article, the event, the way to them, in schema.org's words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .models import Category, Photo, Report
from .sharing import shared_jpeg

Absolute = Callable[[str], str]

HEADLINE = 110
# In a page nothing of the text may end the element that holds it.
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def breadcrumb(category: Category | None) -> list[tuple[str, str]]:
    """The way to a report: name and address of each step, as the page shows it."""
    trail = [(_("Home"), reverse("home")), (_("Events"), reverse("news:list"))]
    if category is None or category.name == trail[-1][0]:  # One of the sections has the list's own name.
        return trail
    return [*trail, (category.name, category.get_absolute_url())]


def as_json(report: Report, photo: Photo | None, categories: list[Category], absolute: Absolute) -> str:
    """The data as JSON that may stand inside a ``script`` element; ``absolute`` completes an address."""
    article, event = _article(report, photo, categories, absolute), _event(report, photo, categories, absolute)
    graph = [article, event, _trail(categories, absolute)]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return text.translate(_ESCAPED)


def _article(report: Report, photo: Photo | None, categories: list[Category], absolute: Absolute) -> dict[str, Any]:
    url = absolute(report.get_absolute_url())
    press_service = _press_service(absolute)
    article = {
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": Truncator(report.title).chars(HEADLINE),
        "description": report.description,
        "datePublished": report.published_at.isoformat(),
        "dateModified": max(report.modified_at, report.published_at).isoformat(),
        "inLanguage": report.language,
        "isAccessibleForFree": True,
        "author": press_service,
        "publisher": press_service,
        "isPartOf": {
            "@type": "WebSite",
            "name": _("President of the Republic of Tajikistan"),
            "url": absolute(reverse("home")),
        },
        "articleSection": [category.name for category in categories],
        "about": {"@id": _event_id(url)},
    }
    if report.event.place:
        article["contentLocation"] = _place(report)
    if photo:
        article["image"] = [_image(photo, absolute)]
    if report.corrections:
        article["correction"] = [
            {"@type": "CorrectionComment", "text": text, "datePublished": made_at.isoformat()}
            for made_at, text in report.correction_list
        ]
    return article


def _event(report: Report, photo: Photo | None, categories: list[Category], absolute: Absolute) -> dict[str, Any]:
    """What took place. The vocabulary asks for no property; what is not known is left out."""
    url = absolute(report.get_absolute_url())
    event = {
        "@type": "Event",
        "@id": _event_id(url),
        "name": report.title,
        "description": report.description,
        "startDate": timezone.localtime(report.event.starts_at).isoformat(),
        "eventStatus": "https://schema.org/EventScheduled",
        "inLanguage": report.language,
        "url": url,
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": _("President of the Republic of Tajikistan"),
            "url": absolute(reverse("home")),
        },
        "about": [{"@type": "Thing", "name": category.name} for category in categories],
        "subjectOf": {"@id": url},
    }
    if report.event.place:
        event["location"] = _place(report)
    if photo:
        event["image"] = [_image(photo, absolute)]
    return event


def _event_id(url: str) -> str:
    return f"{url}#event"


def _place(report: Report) -> dict[str, Any]:
    """A place is known by its name alone; it does for the address that search engines ask for."""
    return {"@type": "Place", "name": report.event.place.name, "address": report.event.place.name}


def _image(photo: Photo, absolute: Absolute) -> dict[str, Any]:
    jpeg = shared_jpeg(photo)
    return {"@type": "ImageObject", "url": absolute(jpeg.url), "width": jpeg.width, "height": jpeg.height}


def _press_service(absolute: Absolute) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "name": _("Press Service of the President of the Republic of Tajikistan"),
        "url": absolute(reverse("home")),
        "logo": {"@type": "ImageObject", "url": absolute(static("img/touch-icon.png")), "width": 180, "height": 180},
    }


def _trail(categories: list[Category], absolute: Absolute) -> dict[str, Any]:
    steps = breadcrumb(categories[0] if categories else None)
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(url)}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }
