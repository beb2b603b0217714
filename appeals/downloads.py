"""How a file that somebody sent is given out again: never as a page of this site."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from portal import policies

from .file_kinds import safe_name

# What a browser shows by itself without running anything.
SHOWN = ("image/png", "image/jpeg", "image/webp", "image/gif")


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    """The file under its own name, ending as its content asks for: simple pictures are shown, the rest is saved."""
    headers = {
        "Content-Disposition": content_disposition_header(content_type not in SHOWN, safe_name(name, content_type)),
        "Content-Security-Policy": policies.FILE,
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
