"""The files of photos: only the renditions are served, never an original, and none before its event is public."""

import re
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.prepared import Prepared

from .images import FORMATS, WIDTHS, rendition_name
from .models import Photo, Report
from .previews import grants_pictures

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")
# The address of a file changes with its content. Copies that readers took while it was public stay where they are;
# caches that many share ask again, for its event may be withdrawn.
KEPT_FOR_A_YEAR = "public, max-age=31536000, s-maxage=10, immutable"


def _found(now: Any, token: Any) -> QuerySet[Any, Any]:
    """The event of a photo, and whether readers see that."""
    public = Report.objects.published(now).filter(event=OuterRef("event_id"))
    return Photo.objects.filter(token=token).order_by().values_list("event_id", Exists(public))


FOUND = Prepared(_found)


@require_safe
def rendition(request: HttpRequest, token: str, width: int, kind: str) -> HttpResponse:
    """A rendition of a photo whose event is public in any language; else only for staff and under a preview link."""
    if kind not in FORMATS or width > WIDTHS[-1] or not _TOKEN.fullmatch(token):
        raise Http404
    found = next(iter(FOUND.rows(now=timezone.now(), token=token)), None)
    if found is None:
        raise Http404
    event_id, is_public = found
    if not is_public and not may_see_unpublished(request, event_id):
        raise Http404
    try:
        file = default_storage.open(rendition_name(token, width, kind))
    except FileNotFoundError:
        raise Http404 from None
    return with_cache_rules(FileResponse(file, content_type=f"image/{kind}"), is_public)


def is_public(event_id: int) -> bool:
    """Whether readers see a report of this event in any language, and with it the event's files."""
    return Report.objects.published().filter(event=event_id).exists()


def may_see_unpublished(request: HttpRequest, event_id: int, permission: str = "news.view_photo") -> bool:
    """Whether the asker sees files of an event that is not public: by a preview link's grant, or as staff.

    Only here is the session read: what is public is answered without a look at who asks.
    """
    if (grant := request.GET.get("preview", "")) and grants_pictures(grant, event_id):
        return True
    return request.user.is_staff and request.user.has_perm(permission)


def may_see(request: HttpRequest, event_id: int, permission: str = "news.view_photo") -> bool:
    """Whether the asker may have the files of this event now."""
    return is_public(event_id) or may_see_unpublished(request, event_id, permission)


def with_cache_rules(response: HttpResponse, is_public: bool) -> HttpResponse:
    """A public file may be kept for a year and shown anywhere; any other is kept by nobody."""
    if is_public:
        response.headers["Cache-Control"] = KEPT_FOR_A_YEAR
        # Readers of feeds show them on their own pages.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    else:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
