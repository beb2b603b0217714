"""Make what ``tests/deploy/first`` keeps: a portal as an early version left it, on each database.

``DATABASE_URL=postgres://… python -m tests.deploy.make_first``: the old code runs from a work tree of its own, loads
its own demonstration content (the first events, their pictures drawn small), and takes appeals over HTTP; an officer
reads and registers some. Not run by any test: the files are made once, and an upgrade must be able to take them for ever.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg2

from tests.appeals.served import Answer, Visitor, form
from tests.browser.portal import ROOT, free_port, is_ready
from tests.deploy.first_release import COMMIT, FOLDER, KEYS

EVENTS, SHRINK = 12, 40
REGISTERED = 3


def letters() -> list[tuple[str, dict[str, str]]]:
    """Who writes, in which language."""
    from tests.appeals.citizen import crime, entity, values

    return [
        ("tg", values(text="Аз Шумо хоҳиш мекунам, ки роҳи деҳаи мо таъмир карда шавад. Ғ Ӣ Қ Ӯ Ҳ Ҷ.")),
        ("ru", values(kind="complaint", text="Прошу рассмотреть мою жалобу: вода не поступает уже месяц.")),
        ("en", entity(kind="proposal", text="We propose to open a library in our town.")),
        ("tg", crime(text="Дар анбор дуздӣ мешавад.")),
        ("ru", values(email="citizen@example.org", phone="+992 900 00 00 00", text="Прошу ответить письмом.")),
        ("tg", values(text="Ҳанӯз навишта мешавад.")),
    ]


class Old:
    """The old code, served on a port of its own with its data in ``folder``."""

    def __init__(self, tree: Path, folder: Path, database: str) -> None:
        self.tree, self.folder, self.port = tree, folder, free_port()
        self.environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": str(folder), "DATABASE_URL": database} | KEYS
        folder.mkdir()
        self.said = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=tree,
            env=self.environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal", "serve", f"--port={self.port}", "--workers=1"],
            cwd=tree, env=self.environ, start_new_session=True,
        )  # fmt: skip
        end = time.monotonic() + 60
        while not is_ready(self.port):
            assert time.monotonic() < end, "the old portal did not start"
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def captcha(self, key: str) -> str:
        shell = "import sys; from captcha.models import CaptchaStore; print(CaptchaStore.objects.get(hashkey=sys.argv[1]).response)"
        command = [sys.executable, "-c", f"import django; django.setup(); {shell}", key]
        environ = self.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
        return subprocess.run(
            command, cwd=self.tree, env=environ, check=True, capture_output=True, text=True
        ).stdout.strip()


def drawn() -> bytes:
    from tests.appeals.citizen import picture

    return picture().getvalue()


def write(old: Old, number: int, language: str, typed: dict[str, str]) -> Visitor:
    """A citizen's draft with a file attached, ready to be checked."""
    citizen, pages = Visitor(old.port, f"10.0.0.{number}"), f"/{language}/appeals/"
    page = citizen.ask("GET", f"{pages}write/")
    answer = citizen.ask("POST", f"{pages}write/", form(page, typed, attachments=drawn()))
    assert answer.location == f"{pages}check/", answer.find("(error.*)")
    return citizen


def send(old: Old, citizen: Visitor, language: str) -> tuple[str, str]:
    """Sign, send, read the receipt: number and code."""
    pages = f"/{language}/appeals/"
    page = citizen.ask("GET", f"{pages}check/")
    key = page.find(r'name="captcha_0" value="(\w+)"')
    fields = {"captcha_0": key, "captcha_1": old.captcha(key), "send": "1"}
    answer = citizen.ask("POST", f"{pages}check/", form(page, fields, signature=drawn()))
    assert answer.location == f"{pages}receipt/", answer.find("(error.*)")
    page = citizen.ask("GET", answer.location)
    return page.find(r'id="number">([^<]+)'), page.find(r'id="code">([^<]+)')


def sign_in(old: Old, password: str) -> Visitor:
    officer = Visitor(old.port, "10.0.0.250")
    page = officer.ask("GET", "/admin/login/")
    answer = officer.ask("POST", "/admin/login/?next=/admin/", form(page, {"username": "staff", "password": password}))
    assert answer.location == "/admin/", answer.status
    return officer


def register(officer: Visitor, numbers: list[str]) -> None:
    listed: Answer = officer.ask("GET", "/admin/appeals/appeal/")
    for number in numbers:
        pk = listed.find(rf"/admin/appeals/appeal/(\d+)/change/[^>]*>{number}")
        page = officer.ask("GET", f"/admin/appeals/appeal/{pk}/change/")
        assert officer.ask("POST", f"/admin/appeals/appeal/{pk}/register/", form(page, {})).status == 302


def live(old: Old) -> dict[str, object]:
    """What happens on the old portal, and what is needed to look at it again."""
    password = re.search(r"Password: (\S+)", old.said)[1]
    cases = []
    *sent, unsent = letters()
    for number, (language, typed) in enumerate(sent, 1):
        citizen = write(old, number, language, typed)
        cases.append({"language": language, "text": typed["text"], "sent": send(old, citizen, language)})
    write(old, 99, *unsent)
    register(sign_in(old, password), [case["sent"][0] for case in cases[:REGISTERED]])
    return {"password": password, "registered": REGISTERED, "cases": cases}


def sqlite_dump(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump()) + "\n"


def postgres_dump(url: str) -> str:
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", url]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    # What only psql understands, and what a comment says of the machine.
    return "\n".join(line for line in lines if not line.startswith(("\\", "--"))) + "\n"


def keep(name: str, content: bytes) -> None:
    (FOLDER / name).write_bytes(gzip.compress(content, 9, mtime=0))


def shrink_demo(tree: Path) -> None:
    """Of the demonstration content the first events, and small pictures: what is kept here must be small."""
    path = tree / "news/demo/events.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))[:EVENTS]), encoding="utf-8")
    loader = tree / "news/management/commands/load_demo.py"
    text, drawing = loader.read_text(encoding="utf-8"), 'tuple(photo["size"]))'
    assert text.count(drawing) == 1
    loader.write_text(text.replace(drawing, f"{drawing}.reduce({SHRINK})"), encoding="utf-8")


def main() -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings"} | KEYS
    django.setup()  # The citizens' module imports models of today, which nobody asks.
    server = urlsplit(os.environ["DATABASE_URL"])
    url = server._replace(path="/first_release").geturl()
    scratch = Path(tempfile.mkdtemp(prefix="first-"))
    tree, notes = scratch / "tree", {}
    subprocess.run(["git", "worktree", "add", "--detach", str(tree), COMMIT], cwd=ROOT, check=True, capture_output=True)
    with closing(psycopg2.connect(server.geturl())) as admin:
        admin.autocommit = True
        admin.cursor().execute("CREATE DATABASE first_release")
        try:
            shrink_demo(tree)
            for kind, database in (("sqlite", f"sqlite:///{scratch / 'sqlite/portal.sqlite3'}"), ("postgresql", url)):
                old = Old(tree, scratch / kind, database)
                try:
                    notes[kind] = live(old)
                finally:
                    old.stop()
                dump = postgres_dump(url) if kind == "postgresql" else sqlite_dump(scratch / "sqlite/portal.sqlite3")
                keep(f"{kind}.sql.gz", dump.encode())
                with tarfile.open(FOLDER / f"{kind}-media.tar.gz", "w:gz") as tar:
                    tar.add(
                        scratch / kind / "media",
                        "media",
                        filter=lambda info: None if "renditions" in info.name else info,
                    )
        finally:
            admin.cursor().execute("DROP DATABASE first_release WITH (FORCE)")
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
            shutil.rmtree(scratch, ignore_errors=True)
    (FOLDER / "note.json").write_text(json.dumps(notes, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
