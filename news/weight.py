"""What a page costs a reader on a phone, in bytes that come over the network; measured, not guessed.

Read from the finished page: the page itself as it is compressed, what it names (style, fonts, scripts, icons), and
of each picture the rendition that a phone 360 pixels wide with two dots to a pixel takes.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from portal.static_files import collected

from . import images

# Dots across the phone that is reckoned with.
PHONE_DOTS = 360 * 2
# What the server compresses pages with; files of style and scripts lie compressed beforehand.
PAGE_LEVEL, FILE_LEVEL = 6, 9
_COMPRESSED = {".css", ".js", ".svg", ".webmanifest"}
_FONT = re.compile(r"""url\(["']?([^)"']+\.woff2)["']?\)""")
_RENDITION = re.compile(r"photos/([\w-]+)/(\d+)\.(\w+)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)vw\s*$")


@dataclass(frozen=True)
class Weight:
    """Bytes of the first view, and of the page with every picture that it shows on the way down.

    ``unknown`` pictures have no files yet and are not in the numbers.
    """

    first_view: int
    everything: int
    unknown: int = 0


def weigh(page: str) -> Weight:
    """What ``page``, the HTML of a public page, costs with all that it names on this site."""
    found = _Named()
    found.feed(page)
    found.close()
    names = set(found.files)
    for style in found.styles:
        names |= {urljoin(style, font) for font in _FONT.findall(_text(style))}
    frame = len(zlib.compress(page.encode(), PAGE_LEVEL)) + sum(map(static_bytes, names | set(found.styles)))
    sizes = [(eager, _picture_bytes(url)) for url, eager in found.pictures]
    return Weight(
        first_view=frame + sum(size or 0 for eager, size in sizes if eager),
        everything=frame + sum(size or 0 for _eager, size in sizes),
        unknown=sum(size is None for _eager, size in sizes),
    )


class _Named(HTMLParser):
    """The files that a page names: styles, other files, and the picture that the phone takes of each set."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.files: list[str] = []
        self.pictures: list[tuple[str, bool]] = []  # The address, and whether it belongs to the first view.
        self.best = ""  # Of the picture that is being read: its first source, which is the smallest kind.

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "link":
            kinds = given.get("rel", "").split()
            if "stylesheet" in kinds:
                self.styles.append(given.get("href", ""))
            elif {"preload", "icon"} & set(kinds) and given.get("as") != "image":
                self.files.append(given.get("href", ""))
        elif tag == "script":
            self.files += [given["src"]] if "src" in given else []
        elif tag == "use":
            self.files.append(given.get("href", "").partition("#")[0])
        elif tag == "source" and not self.best:
            self.best = taken(given.get("srcset", ""), given.get("sizes", ""))
        elif tag == "img":
            own = taken(given.get("srcset", ""), given.get("sizes", "")) or given.get("src", "")
            self.pictures.append((self.best or own, given.get("loading") != "lazy"))
            self.best = ""


def taken(srcset: str, sizes: str) -> str:
    """The address that the phone takes of a set: the narrowest that fills its share of the screen, else the widest."""
    share = _SHARE.search(sizes)
    wanted = PHONE_DOTS * (float(share[1]) / 100 if share else 1)
    offers = [offer.split() for offer in srcset.split(",") if offer.strip()]
    steps = sorted((int(offer[1].rstrip("w")), offer[0]) for offer in offers if re.fullmatch(r"\d+w", offer[-1]))
    return next((url for width, url in steps if width >= wanted), steps[-1][1] if steps else "")


def _picture_bytes(url: str) -> int | None:
    """The size of a picture's file; None if it is not made yet."""
    found = _RENDITION.search(url)
    if not found:
        return static_bytes(url)
    try:
        return images.rendition_bytes(found[1], int(found[2]), found[3])
    except FileNotFoundError:
        return None


def static_bytes(url: str) -> int:
    """What a file of the site's own costs; 0 if it is none, or lies elsewhere."""
    path = _path(url)
    return _file_bytes(path, path.stat().st_mtime_ns) if path else 0


@lru_cache(maxsize=256)
def _file_bytes(path: Path, _changed: int) -> int:
    beforehand = path.with_name(f"{path.name}.br")
    if beforehand.exists():
        return beforehand.stat().st_size
    if path.suffix in _COMPRESSED:
        return len(zlib.compress(_served(path), FILE_LEVEL))
    return path.stat().st_size


def _served(path: Path) -> bytes:
    if path.suffix not in {".css", ".js"}:
        return path.read_bytes()
    return collected(path.name, lambda name: path.with_name(name).read_text(encoding="utf-8")).encode()


def _text(url: str) -> str:
    path = _path(url)
    return _served(path).decode() if path else ""


def _path(url: str) -> Path | None:
    """Where the file of an address under ``STATIC_URL`` lies: collected, else at its source."""
    path = unquote(urlsplit(url).path)
    if not path.startswith(settings.STATIC_URL):
        return None
    name = path.removeprefix(settings.STATIC_URL)
    if ".." in Path(name).parts:
        return None
    beforehand = Path(settings.STATIC_ROOT) / name
    if not settings.DEBUG and beforehand.is_file():
        return beforehand
    found = finders.find(name)
    return Path(found) if found and Path(found).is_file() else None
