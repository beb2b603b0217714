"""Pictures of the pages: ``make shots`` puts them into var/shots, ``make shots ARGS=--readme`` into docs/img.

Starts a portal of its own; with BASE_URL it uses one that runs, whose data PORTAL_DATA_DIR names (var without it).
"""

import argparse
import io
import os
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page

from tests.browser import portal
from tests.browser.chromium import launched

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("tg", "ru", "en")
WIDTHS = {360: 740, 1280: 900}
ALSO_DARK = ("home", "report", "write")
README_LIMIT = 250_000


@contextmanager
def site() -> Iterator[tuple[str, Path]]:
    """Address and data folder of the portal to take pictures of."""
    if url := os.environ.get("BASE_URL"):
        yield url.rstrip("/"), Path(os.environ.get("PORTAL_DATA_DIR") or ROOT / "var")
        return
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as folder:
        running = portal.start(folder)
        try:
            yield running.url, running.data_dir
        finally:
            running.stop()


def home(page: Page, _data_dir: Path) -> None:
    page.goto("./")


def reports(page: Page, _data_dir: Path) -> None:
    page.goto("news/")


def report(page: Page, _data_dir: Path) -> None:
    page.goto("./")
    addresses = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    page.goto(next(address for address in addresses if re.search(r"/news/\d+/[^/]+/$", address)))


def rules(page: Page, _data_dir: Path) -> None:
    page.goto("appeals/")


def write(page: Page, _data_dir: Path) -> None:
    page.goto("appeals/write/")


def write_with_errors(page: Page, _data_dir: Path) -> None:
    page.goto("appeals/write/")
    page.fill("[name=surname]", "Р.")
    page.click("button[name=next]")
    page.wait_for_load_state()


def check(page: Page, _data_dir: Path) -> None:
    """Fill the form as a citizen would, up to the page that shows everything before it is sent."""
    page.goto("appeals/write/")
    typed = {
        "surname": "Раҳимов",
        "given_name": "Ҷамшед",
        "patronymic": "Қосимович",
        "address": "кӯчаи Рӯдакӣ, 5",
        "text": "Хоҳиш менамоям, ки роҳи деҳаи мо то фасли зимистон таъмир карда шавад.",
    }
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=region]", "TJ-SU")
    page.select_option("[name=district]", "TJ-SU:khujand")
    page.locator("[name=kind]").first.check(force=True)
    page.click("button[name=next]")
    page.wait_for_url("**/check/**")


def receipt(page: Page, data_dir: Path) -> None:
    check(page, data_dir)
    page.set_input_files("input[name=signature]", {"name": "s.png", "mimeType": "image/png", "buffer": signature()})
    page.fill("[name=captcha_1]", captcha_answer(data_dir, page.input_value("[name=captcha_0]")))
    page.click("button[name=send]:not([tabindex='-1'])")
    page.wait_for_url("**/receipt/**")


def signature() -> bytes:
    image, out = Image.new("RGB", (600, 200), "white"), io.BytesIO()
    strokes = [(40, 140), (120, 30), (170, 160), (240, 50), (300, 150), (380, 70), (560, 110)]
    ImageDraw.Draw(image).line(strokes, fill="#1b2a63", width=6, joint="curve")
    image.save(out, "PNG")
    return out.getvalue()


def captcha_answer(data_dir: Path, key: str) -> str:
    """What a person reads from the picture, from the portal's own table."""
    database = sqlite3.connect(f"file:{data_dir / 'portal.sqlite3'}?mode=ro", uri=True)
    try:
        row = database.execute("SELECT response FROM captcha_captchastore WHERE hashkey = ?", [key]).fetchone()
    finally:
        database.close()
    return row[0]


PAGES: dict[str, Callable[[Page, Path], None]] = {
    "home": home,
    "list": reports,
    "report": report,
    "rules": rules,
    "write": write,
    "write-errors": write_with_errors,
    "check": check,
    "receipt": receipt,
}
# Name, page, language, width, colour scheme.
README = (
    ("home", "home", "tg", 1280, "light"),
    ("report", "report", "ru", 1280, "light"),
    ("write-phone", "write", "tg", 360, "light"),
    ("home-phone-dark", "home", "en", 360, "dark"),
)


class Camera:
    """Opens a page in a browser context of its own and takes its picture."""

    def __init__(self, browser: Browser, url: str, data_dir: Path) -> None:
        self.browser, self.url, self.data_dir = browser, url, data_dir

    def shoot(self, name: str, language: str, width: int, scheme: Any, *, whole: bool) -> bytes:
        context = self.browser.new_context(
            base_url=f"{self.url}/{language}/",
            viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=scheme,
            locale=language,
        )
        try:
            page = context.new_page()
            PAGES[name](page, self.data_dir)
            if whole:  # Pictures further down are fetched only when they come near.
                page.evaluate(
                    "document.querySelectorAll('img[loading=lazy]').forEach(img => { img.loading = 'eager' })"
                )
            page.wait_for_load_state("networkidle")
            page.evaluate("document.fonts.ready.then(() => true)")
            return page.screenshot(full_page=whole)
        finally:
            context.close()


def shoot_all(camera: Camera, folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        for language in LANGUAGES:
            for width in WIDTHS:
                for scheme in ("light", "dark") if name in ALSO_DARK else ("light",):
                    path = folder / f"{name}-{language}-{width}{'-dark' if scheme == 'dark' else ''}.png"
                    path.write_bytes(camera.shoot(name, language, width, scheme, whole=True))
                    print(path)


def shoot_readme(camera: Camera, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for target, name, language, width, scheme in README:
        path = folder / f"{target}.png"
        path.write_bytes(small(camera.shoot(name, language, width, scheme, whole=False)))
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", action="store_true", help="the few small ones of the README")
    parser.add_argument("pages", nargs="*", help=f"only these: {', '.join(PAGES)}")
    options = parser.parse_args()
    if unknown := set(options.pages) - set(PAGES):
        sys.exit(f"There are no pages {', '.join(sorted(unknown))}; known: {', '.join(PAGES)}")
    with site() as (url, data_dir), launched() as browser:
        camera = Camera(browser, url, data_dir)
        if options.readme:
            shoot_readme(camera, ROOT / "docs" / "img")
        else:
            shoot_all(camera, ROOT / "var" / "shots", options.pages or list(PAGES))


if __name__ == "__main__":
    main()
