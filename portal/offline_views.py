"""What works without a line: the service worker, and the page that it shows in the place of one it has not kept.

What the worker keeps and never keeps is written at the head of ``templates/sw.js``.
"""

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from . import policies
from .caching import public_page


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; where ``OFFLINE_PAGES`` is off, one that throws away what is kept, and then itself."""
    name = "sw.js" if settings.OFFLINE_PAGES else "sw_off.js"
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policies.WORKER}
    script = render_to_string(name, {"version": _version()})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@public_page
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """There is no connection: the pages that are kept, which the worker fills in, and the telephone."""
    return render(request, "offline.html")


@lru_cache(maxsize=1)
def _version() -> str:
    """Changes with any static file, page or translation: the worker then gathers everything anew."""
    digest = sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder, pattern in (("templates", "*.*"), ("locale", "*.mo")):
        for path in sorted((settings.BASE_DIR / folder).rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
