"""What an archive of ten years brings: headlines without end, words without a break, photos of every shape and number."""

import json
import os
import subprocess
import sys

import pytest

from tests.browser.portal import ROOT
from tests.browser.poses import settle
from tests.browser.test_enlarged import CUT, TOO_WIDE, ask

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SENTENCE = (
    "Иштирок ва суханронӣ дар ҷаласаи умумии конфронси байналмилалии сатҳи баланд оид ба ҳифзи пиряхҳо, "
    "идоракунии ҳамгирошудаи захираҳои об, рушди энергетикаи «сабз» ва мутобиқшавӣ ба тағйирёбии иқлим дар "
    "минтақаҳои кӯҳии Осиёи Марказӣ ва берун аз он"
)
WORD = "байнидавлатиюбайнипарлумонӣвабайниминтақавигардонидашудагонро"
# What it is called here, the headline, and the size of each photo.
REPORTS = {
    "two hundred letters": (SENTENCE[:200], [(1200, 800)]),
    "246 letters": (SENTENCE, [(1200, 800)]),
    "a word of sixty letters": (f"Дар бораи {WORD[:60]} дар соли ҷорӣ", []),
    "no photo": ("Фармони Президенти Ҷумҳурии Тоҷикистон", []),
    "a portrait": ("Вохӯрӣ бо намояндагони ҷомеа", [(600, 1200)]),
    "a panorama": ("Манзараи водии Зарафшон", [(1600, 400)]),
    "133 photos": ("Сафари корӣ ба вилояти Суғд", [(600, 400)] * 133),
}
# They took place in a month of their own, before all others, and leave the lists of the other tests alone.
YEAR = 1991
MAKE = """
import io, json, shutil, sys
from datetime import UTC, datetime
from django.core.files.base import ContentFile
from PIL import Image
from news.models import Category, Event, Photo, Report
from news.photos import new_token

def copies(photo, number):
    # Drawn once: the others are copies of its files.
    folder = photo.image.storage.path("photos")
    for position in range(1, number):
        token = new_token()
        shutil.copytree(f"{folder}/{photo.token}", f"{folder}/{token}")
        row = Photo.objects.filter(pk=photo.pk).values().get()
        row |= {"id": None, "token": token, "position": position, "image": row["image"].replace(photo.token, token)}
        Photo.objects.bulk_create([Photo(**row)])

made = {}
for day, (name, (title, sizes)) in enumerate(REPORTS.items(), 1):
    event = Event.objects.create(starts_at=datetime(YEAR, 9, day, 5, tzinfo=UTC))
    event.categories.set(Category.objects.all()[:1])
    if sizes:
        out = io.BytesIO()
        Image.linear_gradient("L").resize(tuple(sizes[0])).convert("RGB").save(out, "JPEG")
        photo = Photo(event=event, image=ContentFile(out.getvalue(), name="a.jpg"), caption_tg=title, credit="Хадамоти матбуот")
        photo.save(at_once=True)
        copies(photo, len(sizes))
    report = Report.objects.create(event=event, language="tg", title=title, lead=title, body="\\n\\n".join([title] * 3),
        status=Report.Status.PUBLISHED, published_at=event.starts_at)
    made[name] = report.get_absolute_url()
print(json.dumps(made))
"""
FORGET = "from news.models import Event\nEvent.objects.filter(starts_at__year=YEAR).delete()"


def shell(portal, lines: str) -> str:
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(portal.data_dir)}
    lines = f"REPORTS, YEAR = {REPORTS!r}, {YEAR}\n{lines}"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", lines]
    return subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def odd(running_portal):
    """The address of each of the reports; they are gone after the tests."""
    yield json.loads(shell(running_portal, MAKE).splitlines()[-1])
    shell(running_portal, FORGET)


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("name", REPORTS)
def test_an_odd_report_runs_over_no_edge(browser_page, odd, name, width):
    page = browser_page(viewport={"width": width, "height": 740}, locale="tg")
    page.goto(odd[name])
    settle(page)
    assert ask(page, TOO_WIDE) + ask(page, CUT) == []
    window = page.viewport_size
    for box in page.locator("main figure img:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().toJSON())"
    ):
        assert box["width"] >= 40 and box["height"] >= 40
        assert box["height"] <= 2.2 * window["height"]
    assert page.locator("main figure img").count() == len(REPORTS[name][1])


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_lists_of_odd_reports_and_of_one_row_run_over_no_edge(browser_page, odd, width):
    page = browser_page(viewport={"width": width, "height": 740}, locale="tg")
    for path in (f"news/{YEAR}/9/", f"news/{YEAR}/9/2/", f"news/{YEAR}/9/3/", f"search/?q={WORD[:60]}"):
        page.goto(f"/tg/{path}")
        assert page.locator("main a.headline").count() >= 1
        assert ask(page, TOO_WIDE) + ask(page, CUT) == [], path
