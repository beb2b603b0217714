"""The files of photos: only the renditions are served, never an original."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .images import FORMATS, WIDTHS, rendition_name

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")


@require_safe
def rendition(request: HttpRequest, token: str, width: int, kind: str) -> HttpResponse:
    """A rendition: its address changes with its content, so it may be kept for a year."""
    if kind not in FORMATS or width > WIDTHS[-1] or not _TOKEN.fullmatch(token):
        raise Http404
    try:
        file = default_storage.open(rendition_name(token, width, kind))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=f"image/{kind}")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # Readers of feeds show them on their own pages.
    return response
