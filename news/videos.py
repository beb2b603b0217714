"""Films: what the page of an event shows of them before the click, and their files, given out piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .media import is_public, may_see_unpublished, with_cache_rules
from .models import Photo, Video
from .names import in_language

TYPES = {"mp4": "video/mp4", "webm": "video/webm"}
PIECE = 256 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass
class Film:
    """A film as readers see it before the click; nothing of it is fetched until then."""

    title: str
    language: str  # of the title; the page's, if there is none
    address: str
    type: str  # of a file of ours
    host: str  # of a film that lies elsewhere
    megabytes: int | None
    poster: Photo | None
    grant: str = ""  # what shows it before its event is public: see ``news.previews``

    @property
    def url(self) -> str:
        return f"{self.address}?preview={self.grant}" if self.grant and self.type else self.address


def films(videos: list[Video], photos: list[Photo]) -> list[Film]:
    """The films of an event whose ``photos`` are at hand: a poster is one of them."""
    posters = {photo.pk: photo for photo in photos}
    return [film(video, posters.get(video.poster_id)) for video in videos]


def film(video: Video, poster: Photo | None = None) -> Film:
    title, language = in_language(video, "title")
    kind = video.file.name.rpartition(".")[2].lower()
    return Film(
        title=title,
        language=language if title else get_language(),
        address=f"/media/videos/{video.token}.{kind}" if video.file else video.url,
        type=TYPES.get(kind, "") if video.file else "",
        host="" if video.file else (urlsplit(video.url).hostname or video.url).removeprefix("www."),
        megabytes=video.megabytes or (measured(video) if video.file else None),
        poster=poster,
    )


def measured(video: Video) -> int | None:
    """The size of the file in whole megabytes, at least 1; None if there is no such file."""
    try:
        return megabytes(video.file.size)
    except FileNotFoundError:
        return None


def megabytes(size: int) -> int:
    """Bytes as readers are told them: millions, rounded up."""
    return max(1, -(-size // 1_000_000))


@require_safe
def film_file(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """The file of a film whose event is public, whole or the piece that was asked for; else only for staff."""
    if kind not in TYPES or not _TOKEN.fullmatch(token):
        raise Http404
    video = Video.objects.filter(token=token, file__endswith=f".{kind}").first()
    if video is None:
        raise Http404
    public = is_public(video.event_id)
    if not public and not may_see_unpublished(request, video.event_id, "news.view_video"):
        raise Http404
    response = with_cache_rules(
        _by_proxy(video, kind) if settings.MEDIA_BY_PROXY else _here(request, video, kind), public
    )
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _by_proxy(video: Video, kind: str) -> HttpResponse:
    """The web server in front sends the file, whole or in parts: no thread of ours waits for a slow reader."""
    return HttpResponse(
        content_type=TYPES[kind], headers={"X-Accel-Redirect": quote(f"/-{settings.MEDIA_URL}{video.file.name}")}
    )


def _here(request: HttpRequest, video: Video, kind: str) -> HttpResponse:
    try:
        file = video.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    tag = f'"{video.token}"'  # Another file has another token: the address says what is in it.
    wanted = request.headers.get("Range", "") if request.headers.get("If-Range", tag) == tag else ""
    response = piece(file, file.size, wanted, TYPES[kind])
    response.headers["ETag"] = tag
    response.headers["Accept-Ranges"] = "bytes"
    return response


def piece(file: BinaryIO, size: int, wanted: str, kind: str) -> HttpResponse:
    """The part of ``file`` that is ``wanted``, in the words of the header ``Range``; all of it if none is."""
    try:
        asked = read_range(wanted, size)
    except ValueError:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = asked or (0, size - 1)
    response = StreamingHttpResponse(Pieces(file, first, last - first + 1), content_type=kind)
    response.headers["Content-Length"] = str(last - first + 1)
    if asked:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of one range; None to send everything. Raises ``ValueError`` if none of it is there.

    Several ranges, or words that are none, count as not asked: the standard (RFC 9110, 14) leaves that to the server.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or found[0] == "bytes=-":
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < first:
            return None
    if first >= size:
        raise ValueError(header)
    return first, last


class Pieces:
    """A part of a file, read as it is sent, and closed with the answer even if nobody read it."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self.file, self.start, self.length = file, start, length

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.start)
        left = self.length
        while left > 0 and (read := self.file.read(min(PIECE, left))):
            left -= len(read)
            yield read

    def close(self) -> None:
        self.file.close()
