"""The press kit of an event: the page, and the ZIP."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import zip_stream
from portal.caching import public_page

from .press_kit import Kit, Member, members, read_kit
from .sharing import root_of


@public_page
@require_safe
def page(request: HttpRequest, event_id: int) -> HttpResponse:
    """Texts, captions and photos with their sizes. Two queries besides those of every page."""
    kit = _kit(event_id)
    files = members(kit, root_of(request))
    context = {
        "kit": kit,
        "documents": [file for file in files if file.content is not None],
        "zip_bytes": zip_stream.size_of(files),
    }
    return render(request, "news/press_kit.html", context)


@public_page
@require_safe
def archive(request: HttpRequest, event_id: int) -> StreamingHttpResponse:
    """The ZIP, sent while it is made. Two queries."""
    kit = _kit(event_id)
    files = members(kit, root_of(request))
    moment = timezone.localtime(max(report.modified_at for report in kit.reports)).timetuple()[:6]
    pieces: Iterable[bytes] = () if request.method == "HEAD" else zip_stream.stream(_opened(files), moment)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response.headers["Content-Length"] = str(zip_stream.size_of(files))
    response.headers["Content-Disposition"] = f'attachment; filename="{kit.folder}.zip"'
    response.headers["ETag"] = f'"{_fingerprint(files)}"'
    response.headers["X-Accel-Buffering"] = "no"  # nginx need not keep a copy of it on its disk.
    return response


def _kit(event_id: int) -> Kit:
    kit = read_kit(event_id)
    if kit is None:
        raise Http404
    return kit


def _opened(files: list[Member]) -> Iterator[tuple[Member, BinaryIO]]:
    for file in files:
        yield file, io.BytesIO(file.content) if file.content is not None else default_storage.open(file.stored)


def _fingerprint(files: list[Member]) -> str:
    """Of all that is in the archive; a stored photo never changes under its name."""
    total = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.content).hexdigest() if file.content is not None else file.stored
        total.update(f"{file.name}\n{file.size}\n{content}\n".encode())
    return total.hexdigest()[:32]
