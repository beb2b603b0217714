"""What the catalogue of pages needs and the demonstration content lacks: made in the folder of a portal that runs.

As a program (``python -m tests.browser.content``, with PORTAL_DATA_DIR) it makes it and says where it is, as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Correct-Horse-9"
LANGUAGES = ("tg", "ru", "en")
DEMO = {
    "photos": "council-water-energy-2026",
    "plain": "telegram-november-2026",
    "long": "water-conference-2026",
    "only_tg": "call-february-2026",
}
FILM = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(range(256)) * 40
ROLES = {"chief": "Press chief", "supervisor": "Appeals supervisor", "second": "Appeals supervisor"}
ROLES |= {f"secured-{language}": "Press editor" for language in LANGUAGES}  # With an authenticator app.
ROLES |= {"officer": "Appeals officer", "operator": "Appeals operator", "auditor": "Auditor"}
STATES = ("received", "asked", "forwarded", "prepared", "answered", "withdrawn", "spare")
APP_SEED = b"twenty bytes of seed"  # Of their apps.
TEXT = "Хоҳиш менамоям, ки роҳи деҳаи мо таъмир карда шавад, зеро мактаб ва бозор дуранд."
ANSWER = "Роҳ то моҳи май таъмир мешавад."


def make(data_dir: Path) -> dict[str, Any]:
    """Make it in the folder of a portal; returns the numbers, keys and cookies that lead to it."""
    environ = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PORTAL_ENV"}}
    environ |= {"PORTAL_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-m", "tests.browser.content"]
    made = subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


def news() -> dict[str, Any]:
    """Reports of kinds that the demonstration has none of, and subscriptions."""
    from django.core.files.base import ContentFile

    from news.models import Event, Report, Video
    from tests.news import factories

    events = {name: Event.objects.get(demo_key=key).pk for name, key in DEMO.items()}
    portrait = factories.event("2026-11-02 10:00")
    poster = factories.photo(portrait, factories.picture((800, 1200)), caption_tg="Тасвир", caption_ru="Снимок")
    Video.objects.create(event=portrait, file=ContentFile(FILM, name="x.mp4"), poster=poster, title_tg="Суханронӣ")
    Video.objects.create(event=portrait, url="https://films.example/1", title_en="Film", megabytes=40, position=1)
    gone, draft, only = (factories.event(f"2026-11-0{day} 09:00") for day in (3, 4, 5))
    for language in LANGUAGES:
        report = factories.report(portrait, language, lead=TEXT, body=f"{TEXT} " * 20)
        report.correct("10 → 11")
        report.save()
        factories.report(gone, language, status=Report.Status.WITHDRAWN)
        factories.report(draft, language, status=Report.Status.DRAFT, published_at=None)
    factories.report(only, "ru")
    events |= {"portrait": portrait.pk, "gone": gone.pk, "draft": draft.pk, "only_ru": only.pk}
    return {
        "events": events,
        "digests": {report.language: report.digest for report in portrait.reports.all()},
        "subscriptions": {language: subscription(language) for language in LANGUAGES},
        "unconfirmed": {language: subscription(language, confirmed=False) for language in LANGUAGES},
    } | links(draft)


def links(draft: Any) -> dict[str, Any]:
    """Preview links to the reports of an event: one that opens and one that was ended, in each language."""
    from django.contrib.auth.models import User

    from news import previews

    maker, found = User.objects.get(username="staff"), {"previews": {}, "ended_previews": {}}
    for report in draft.reports.all():
        for kind in found:
            link = previews.make(report, maker, "Радио", "day")
            found[kind][report.language] = previews.address(link)
        previews.revoke(link)
    return found


def subscription(language: str, confirmed: bool = True) -> str:
    """The key of one that is confirmed, or that waits for it."""
    from news import subscription_rules as rules

    row = rules.write(f"{language}-{confirmed}@example.tj".lower(), rules.Wish(language, "at_once", ()), [])
    if confirmed:
        rules.confirm(row.key)
    return row.key


def staff() -> dict[str, Any]:
    """A session of somebody in each role, and of the first login, who may do everything."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from portal.staff import factors

    sessions = {}
    for name, role in ROLES.items():
        user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        if name.startswith("secured"):
            assert factors.set_app(user, APP_SEED, app_code(-1))
    for user in User.objects.exclude(username__startswith="secured"):
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user)
        assert client.get("/admin/").status_code == 200
        sessions[user.username] = client.cookies["sessionid"].value
    return {"sessions": sessions}


def app_code(later: int = 0) -> str:
    """What the app shows, ``later`` half minutes from now."""
    moment = int(time.time()) + later * 30
    return TOTP(APP_SEED, 6, SHA1(), 30).generate(moment).decode()


def appeals() -> dict[str, Any]:
    """Appeals in the states that a citizen and the office see, and cookies that open some of them."""
    from django.contrib.auth.models import User

    from appeals import casework
    from tests.appeals import office

    officer, second = (User.objects.get(username=name) for name in ("officer", "second"))
    department, authority = office.department("Раёсати муроҷиатҳо", officer), office.authority()
    cases = {name: received() for name in STATES}
    for name in ("asked", "forwarded", "prepared", "answered"):
        casework.register(cases[name], officer)
    casework.assign(cases["asked"], User.objects.get(username="supervisor"), department, officer)
    casework.ask(cases["asked"], officer, "Суроғаи пурра лозим аст.", "address")
    casework.forward(cases["forwarded"], officer, [authority], "Лутфан баррасӣ намоед.")
    casework.prepare(cases["prepared"], officer, ANSWER)
    casework.prepare(cases["answered"], officer, ANSWER)
    casework.approve_answer(cases["answered"], second)
    casework.withdraw(cases["withdrawn"], key_of(cases["withdrawn"]), "")
    casework.index_new()
    return {
        "appeals": {name: appeal.pk for name, appeal in cases.items()},
        "numbers": {name: appeal.number for name, appeal in cases.items()},
        "codes": {name: appeal.code for name, appeal in cases.items()},
        "cases": {name: case_cookie(appeal) for name, appeal in cases.items()},
        "proposal": old_ones(officer),
    }


def received(**typed: Any) -> Any:
    """An appeal that was taken; its tracking code is on it."""
    from appeals import casework
    from appeals.choices import FileRole
    from appeals.content import Content
    from tests.appeals.citizen import picture, values

    content = Content.of(values(text=TEXT, email="jamshed@example.tj") | {"crime": False} | typed)
    files = [
        casework.SentFile(FileRole.SIGNATURE, "signature.png", "image/png", picture().getvalue()),
        casework.SentFile(FileRole.ATTACHMENT, "харита.png", "image/png", picture().getvalue()),
    ]
    appeal, appeal.code = casework.receive(content, files, "tg")
    return appeal


def key_of(appeal: Any) -> bytes:
    from appeals import tracking

    return tracking.open_case(appeal.number, appeal.code).key


def case_cookie(appeal: Any) -> str:
    """What a browser has that opened the case."""
    from django.http import HttpResponse

    from appeals import tracking

    response = HttpResponse()
    tracking.remember(response, tracking.open_case(appeal.number, appeal.code))
    return response.cookies[tracking.COOKIE].value


def old_ones(officer: Any) -> int:
    """Appeals of past months, for the figures; some whose time is over, which somebody proposes to erase."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from appeals import casework, term
    from appeals.models import Appeal

    kinds, now = ("application", "request", "proposal", "complaint"), timezone.now()
    for number in range(60):
        appeal = received(kind=kinds[number % 4], text=f"{TEXT} {number}")
        at = now - timedelta(days=number)
        Appeal.objects.filter(pk=appeal.pk).update(received_at=at)
        if number % 3:
            casework.register(appeal, officer)
            Appeal.objects.filter(pk=appeal.pk).update(registered_at=at)
        if number % 3 == 2:
            Appeal.objects.filter(pk=appeal.pk).update(status="answered", ended_at=at + timedelta(days=2))
    last = Appeal.objects.filter(status="answered").order_by("pk").last()
    Appeal.objects.filter(pk=last.pk).update(ended_at=now - timedelta(days=2000))
    supervisor = User.objects.get(username="supervisor")
    return casework.propose(supervisor, term.local_day(now) - timedelta(days=1)).pk


def main() -> None:
    import django

    django.setup()

    made = news() | staff() | appeals()
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
