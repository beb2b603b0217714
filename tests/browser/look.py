"""How the portal is meant to look: the approved pictures, and how much a new one may differ from them."""

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from tests.browser import portal, poses

APPROVED = Path(__file__).with_name("approved")
SHOTS = portal.ROOT / "var" / "shots"
# Half as wide and half as high: small in the repository, and blind to how a letter's edge is drawn.
SCALE = 2
# Two builds of the browser draw the edges of the same letters a little lighter or darker. A point differs if one of its
# colours does by more than so many of 256 levels; so may six points in 1,000, and in each square of the picture two in
# nine. What has no edges, such as a button's ground, shows in the mean colour of a square.
LEVELS = 64
SHARE = 0.006
SQUARE = 16
SHARE_OF_SQUARE = 0.22
MEAN_LEVELS = 8


@dataclass(frozen=True)
class View:
    """A page in a language, a width and a colour scheme."""

    page: str
    language: str
    width: int
    scheme: str = "light"

    @property
    def name(self) -> str:
        return f"{self.page}-{self.language}-{self.width}{'-dark' if self.scheme == 'dark' else ''}"

    @property
    def approved(self) -> Path:
        return APPROVED / f"{self.name}.webp"

    def take(
        self, browser: Browser, running: portal.Portal, change: Callable[[Page], object] | None = None
    ) -> Image.Image:
        """Its picture of now, made as small as the approved ones are; ``change`` does something to the page before."""
        with poses.opened(
            browser, self.page, self.language, self.width, self.scheme, at=running.url, data_dir=running.data_dir
        ) as page:
            if change:
                change(page)
            return reduced(poses.photograph_same(page))


# Every page at least once; every language, width and scheme several times.
VIEWS = (
    View("home", "tg", 360),
    View("home", "ru", 1280),
    View("home", "en", 360, "dark"),
    View("home-low-vision", "ru", 360),
    View("list", "tg", 1280),
    View("list", "ru", 360, "dark"),
    View("report", "ru", 1280),
    View("report", "tg", 360),
    View("report", "en", 1280, "dark"),
    View("report-paper", "tg", 700),
    View("search", "en", 360),
    View("rules", "ru", 360),
    View("rules", "en", 1280, "dark"),
    View("write", "tg", 360),
    View("write", "ru", 1280, "dark"),
    View("write-errors", "en", 360),
    View("check", "ru", 360, "dark"),
    View("receipt", "tg", 360),
    View("receipt-paper", "ru", 700),
    View("track", "ru", 360),
    View("preferences", "tg", 1280),
    View("missing", "en", 1280),
    View("offline", "tg", 1280),
    View("login", "ru", 1280),
)


@contextmanager
def new_portal(shared: Path) -> Iterator[portal.Portal]:
    """A portal as its first start leaves it, untouched by anybody."""
    with tempfile.TemporaryDirectory(prefix="portal-look-") as folder:
        shutil.copytree(portal.first_started(shared), folder, dirs_exist_ok=True)
        running = portal.start(folder)
        try:
            yield running
        finally:
            running.stop()


def reduced(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.convert("RGB").reduce(SCALE)


def save(picture: Image.Image, path: Path) -> None:
    picture.save(path, "WEBP", lossless=True, quality=100, method=4)


def difference(approved: Image.Image, taken: Image.Image) -> tuple[str, Image.Image | None]:
    """In what the second differs more than it may, and a picture of where: what differs is white."""
    size = max(approved.width, taken.width), max(approved.height, taken.height)
    one, other = on_canvas(approved, size), on_canvas(taken, size)
    marks = apart(one, other).point(lambda level: 255 * (level > LEVELS))
    share = marks.histogram()[255] / (size[0] * size[1])
    worst = marks.reduce(SQUARE).getextrema()[1] / 255
    mean = apart(one.reduce(SQUARE), other.reduce(SQUARE)).getextrema()[1]
    said = []
    if approved.size != taken.size:
        said.append(f"it is {taken.width} × {taken.height} points, not {approved.width} × {approved.height}")
    if share > SHARE:
        said.append(f"{share:.2%} of its points differ, more than {SHARE:.2%}")
    if worst > SHARE_OF_SQUARE:
        said.append(f"{worst:.0%} of a square of {SQUARE} points differ, more than {SHARE_OF_SQUARE:.0%}")
    if mean > MEAN_LEVELS:
        said.append(f"the mean colour of a square differs by {mean} levels, more than {MEAN_LEVELS}")
    if not said:
        return "", None
    where = Image.blend(other, Image.new("RGB", size, "black"), 0.7)
    where.paste("white", mask=apart(one, other).point(lambda level: 255 * (level > MEAN_LEVELS)))
    return "; ".join(said), side_by_side(approved, taken, where)


def on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "#ff00ff")
    canvas.paste(picture)
    return canvas


def apart(one: Image.Image, other: Image.Image) -> Image.Image:
    """By how many levels the colour differs most, point by point."""
    red, green, blue = ImageChops.difference(one, other).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def side_by_side(*pictures: Image.Image) -> Image.Image:
    """Approved, taken, difference."""
    gap = 8
    width, height = sum(one.width + gap for one in pictures) - gap, max(one.height for one in pictures)
    sheet = Image.new("RGB", (width, height), "#ff00ff")
    left = 0
    for one in pictures:
        sheet.paste(one, (left, 0))
        left += one.width + gap
    return sheet
