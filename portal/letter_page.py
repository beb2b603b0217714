"""How letters look: one dress for all of them, held by programs that show little of a page.

Many mail programs drop a letter's style sheet, so each element carries its own style; the sheet holds only what
cannot stand there, the colours of a dark screen. No table, no picture, nothing fetched: a letter is whole without
a network. A letter that was written as text alone gets its page from that text, so that both say the same.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override

# What an element is to the sheet of a dark screen, and its own style.
LOOKS = {
    "body": ("paper", "margin:0;padding:0;background-color:#ffffff;word-wrap:break-word"),
    "preheader": ("", "display:none;max-height:0;overflow:hidden;mso-hide:all"),
    "letter": (
        "ink",
        "max-width:600px;margin:0 auto;padding:20px 16px 32px;color:#1c1a17;font:17px/1.55 Arial,sans-serif",
    ),
    "head": ("head", "margin:0 0 28px;padding:14px 0;border-top:4px solid #9d1a28;border-bottom:1px solid #b48a36"),
    "site": (
        "ink",
        "margin:0;color:#1c1a17;font-family:Georgia,'Times New Roman',serif;font-size:19px;line-height:1.3",
    ),
    "home": ("ink", "color:#1c1a17;font-weight:bold;text-decoration:none"),
    "service": ("muted", "margin:2px 0 0;color:#57524a;font-size:14px;line-height:1.4"),
    "h1": ("ink", "margin:0 0 16px;color:#1c1a17;font:bold 25px/1.25 Georgia,'Times New Roman',serif"),
    "h2": ("ink", "margin:28px 0 6px;color:#1c1a17;font:bold 20px/1.3 Georgia,'Times New Roman',serif"),
    "p": ("", "margin:0 0 14px"),
    "dateline": ("muted", "margin:0 0 10px;color:#57524a;font-size:14px"),
    "link": ("link", "color:#0d5531"),
    "way": ("", "margin:22px 0"),
    "button": (
        "button",
        "display:inline-block;padding:12px 22px;background-color:#0f5a35;color:#ffffff;text-decoration:none",
    ),
    "foot": (
        "muted rule",
        "margin:36px 0 0;padding:14px 0 0;border-top:1px solid #b48a36;color:#57524a;font-size:14px;line-height:1.5",
    ),
    "small": ("", "margin:0 0 8px"),
}
_ADDRESS = re.compile(r"(https?://[^\s<>]+[^\s<>.,;:!?)])")
_PREHEADER = 110  # characters, as much as a list of letters shows


def look(name: str) -> SafeString:
    """The attributes of an element of a letter."""
    kind, style = LOOKS[name]
    return format_html('class="{}" style="{}"', kind, style) if kind else format_html('style="{}"', style)


def parts(text: str, page: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """The two parts of a letter, from these templates."""
    context = context | {"language": language, "home": f"{settings.SITE_URL}/{language}/"}
    with override(language):
        return render_to_string(text, context).strip() + "\n", render_to_string(page, context)


def dressed(subject: str, text: str, language: str) -> tuple[str, str]:
    """Both parts of a letter that was written as ``text`` alone: paragraphs with an empty line between them."""
    paragraphs = [part for part in text.strip().split("\n\n") if part.strip()]
    longest = next((part for part in paragraphs if len(part) > 40), subject)
    context = {
        "subject": subject,
        "text": text.strip(),
        "paragraphs": [_lines(part) for part in paragraphs],
        "preheader": " ".join(_ADDRESS.sub("", longest).split())[:_PREHEADER],
    }
    return parts("email/plain.txt", "email/plain.html", language, context)


def _lines(paragraph: str) -> list[list[tuple[str, bool]]]:
    """Its lines in pieces: of a line that is split at addresses every second piece is one."""
    return [
        [(piece, place % 2 == 1) for place, piece in enumerate(_ADDRESS.split(line)) if piece]
        for line in paragraph.split("\n")
    ]
