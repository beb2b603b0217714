"""Pictures of the pages.

``make shots`` puts them into var/shots, ``make shots ARGS=--readme`` a few into docs/img. ``make approve`` takes
today's look for the approved one, with which tests/browser/test_look.py compares every later one.
``make shots`` starts a portal of its own; with BASE_URL it uses one that runs, whose data PORTAL_DATA_DIR names (var
without it). Approved pictures are always those of a new portal.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import look, portal, poses
from tests.browser.chromium import launched

LANGUAGES = ("tg", "ru", "en")
WIDTHS = (360, 1280)
ALSO_DARK = ("home", "report", "write")
README_LIMIT = 250_000
# Name, page, language, width, colour scheme.
README = (
    ("home", "home", "tg", 1280, "light"),
    ("report", "report", "ru", 1280, "light"),
    ("write-phone", "write", "tg", 360, "light"),
    ("home-phone-dark", "home", "en", 360, "dark"),
)


@contextmanager
def site() -> Iterator[tuple[str, Path]]:
    """Address and data folder of the portal to take pictures of."""
    if url := os.environ.get("BASE_URL"):
        yield url.rstrip("/"), Path(os.environ.get("PORTAL_DATA_DIR") or portal.ROOT / "var")
        return
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as folder:
        running = portal.start(folder)
        try:
            yield running.url, running.data_dir
        finally:
            running.stop()


def shoot_all(browser: Browser, url: str, data_dir: Path, names: list[str]) -> None:
    look.SHOTS.mkdir(parents=True, exist_ok=True)
    for name in names:
        for language in LANGUAGES:
            for width in WIDTHS:
                for scheme in ("light", "dark") if name in ALSO_DARK else ("light",):
                    path = look.SHOTS / f"{name}-{language}-{width}{'-dark' if scheme == 'dark' else ''}.png"
                    with poses.opened(browser, name, language, width, scheme, at=url, data_dir=data_dir) as page:
                        path.write_bytes(poses.photograph_whole(page))
                    print(path)


def shoot_readme(browser: Browser, url: str, data_dir: Path) -> None:
    folder = portal.ROOT / "docs" / "img"
    for target, name, language, width, scheme in README:
        path = folder / f"{target}.png"
        with poses.opened(browser, name, language, width, scheme, at=url, data_dir=data_dir) as page:
            poses.settle(page)
            path.write_bytes(small(page.screenshot()))
        print(path, f"{path.stat().st_size // 1000} kB")


def small(picture: bytes) -> bytes:
    """The picture in as many colours, and if need be as large, as fits the limit."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    while True:
        out = io.BytesIO()
        image.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= README_LIMIT:
            return out.getvalue()
        image = image.resize((image.width * 4 // 5, image.height * 4 // 5), Image.Resampling.LANCZOS)


def approve(browser: Browser) -> None:
    """Take the pictures anew with which later ones are compared, and leave no other in their folder."""
    shutil.rmtree(look.APPROVED, ignore_errors=True)
    look.APPROVED.mkdir()
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as folder, look.new_portal(Path(folder)) as running:
        for view in look.VIEWS:
            look.save(view.take(browser, running), view.approved)
    sizes = [path.stat().st_size for path in look.APPROVED.iterdir()]
    print(f"{len(sizes)} pictures, {sum(sizes) // 1000} kB, in {look.APPROVED.relative_to(portal.ROOT)}.")
    print("Look at each before you commit it: it says how the portal is meant to look.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readme", action="store_true", help="the few small ones of the README")
    parser.add_argument("--approve", action="store_true", help="those with which later ones are compared")
    parser.add_argument("pages", nargs="*", help=f"only these: {', '.join(poses.PAGES)}")
    options = parser.parse_args()
    if unknown := set(options.pages) - set(poses.PAGES):
        sys.exit(f"There are no pages {', '.join(sorted(unknown))}; known: {', '.join(poses.PAGES)}")
    with launched() as browser:
        if options.approve:
            approve(browser)
            return
        with site() as (url, data_dir):
            if options.readme:
                shoot_readme(browser, url, data_dir)
            else:
                shoot_all(browser, url, data_dir, options.pages or list(poses.PAGES))


if __name__ == "__main__":
    main()
