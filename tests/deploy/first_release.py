"""A portal as an early version left it (``tests/deploy/first``, made by ``tests.deploy.make_first``), and who looks at it.

``python -m tests.deploy.first_release look KIND`` asks the code of today for everything that was there before;
``… shape`` prints what a database consists of. Each in a process of its own, on what the environment names.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.test import Client

from tests.deploy.alone import set_up

# The first commit that can be installed and run by what it says itself, with news, drafts, receipts and the journal.
COMMIT = "8ef2d913e5bc"  # pragma: allowlist secret - a commit
FOLDER = Path(__file__).parent / "first"
KEYS = {
    "SECRET_KEY": "made-for-the-test-of-upgrades-" + "0123456789" * 4,  # pragma: allowlist secret - made up
    "OFFICE_KEY": "2b" * 32,
}


def put_back(kind: str, connection: Any, data: Path) -> None:
    """Tables and files as they were then, into an empty database and an empty folder."""
    sql = gzip.decompress((FOLDER / f"{kind}.sql.gz").read_bytes()).decode()
    if kind == "sqlite":
        connection.executescript(sql)
    else:
        with closing(connection.cursor()) as cursor:
            cursor.execute(sql)
            cursor.execute("SELECT pg_catalog.set_config('search_path', 'public', false)")
    connection.commit()
    with tarfile.open(FOLDER / f"{kind}-media.tar.gz") as tar:
        tar.extractall(data, filter="data")


def look(kind: str) -> None:
    """Whatever readers, citizens and the office had before, they have."""
    note = json.loads((FOLDER / "note.json").read_text(encoding="utf-8"))[kind]
    photos, pages = _readers()
    office = _office(note)
    for turn, case in enumerate(note["cases"]):
        _case(office, turn, case)
    print(json.dumps({"cases": len(note["cases"]), "photos": photos, "pages": pages}))


def _readers() -> tuple[int, int]:
    """Every public page, every report in its languages, its photos and the search; how many photos and pages."""
    from news.models import Photo, Report

    client = Client()
    texts = [
        f"/{code}/{page}" for code in ("tg", "ru", "en") for page in ("", "news/", "text/", "feeds/rss.xml", "appeals/")
    ]
    reports = list(Report.objects.select_related("event"))
    texts += [report.get_absolute_url() for report in reports] + ["/sitemap.xml", "/api/v1/reports/"]
    pictures = [photo.largest_url for photo in Photo.objects.all()]
    for address in texts + pictures:
        response = client.get(address, headers={"Accept-Language": "en"})
        assert response.status_code == 200, f"{address}: {response.status_code}"
        b"".join(response.streaming_content) if response.streaming else response.content
    for report in reports:
        found = client.get(f"/{report.language}/search/", {"q": report.title}).content.decode()
        assert report.get_absolute_url() in found, f"{report.title} is not found"
    return len(pictures), len(texts)


def _office(note: dict[str, Any]) -> Client:
    """The login of then, with its password, opens the pages of all its roles; the appeals are where they were."""
    from appeals.models import Appeal

    client = Client(headers={"Accept-Language": "en"})
    answer = client.post("/admin/login/?next=/admin/", {"username": "staff", "password": note["password"]})
    assert answer.status_code == 302, "the login of then does not open the admin"
    for page in ("", "news/event/", "appeals/appeal/", "appeals/appeal/statistics/", "portal/securityevent/"):
        assert client.get(f"/admin/{page}").status_code == 200, page
    states = [appeal.status for appeal in Appeal.objects.order_by("id")]
    assert states == ["registered"] * note["registered"] + ["received"] * (len(states) - note["registered"])
    return client


def _case(office: Client, turn: int, case: dict[str, Any]) -> None:
    """The office's key opens what was written and both pictures; the applicant gets a code that opens the case.

    Codes of then opened nothing yet: what was sent is sealed to the office alone. They are not found, and no error.
    """
    from appeals.models import Appeal
    from tests.appeals.follower import Follower

    number, code = case["sent"]
    appeal = Appeal.objects.get(number=number)
    root = f"/admin/appeals/appeal/{appeal.pk}/"
    if appeal.status == "received":  # The work goes on.
        assert office.post(f"{root}register/").status_code == 302
    assert office.post(f"{root}reveal/", {"reason": "answer", "words": ""}).status_code == 302
    assert case["text"] in office.get(f"{root}change/").content.decode(), (
        f"{number} does not open with the office's key"
    )
    for file in appeal.files.all():
        assert office.get(f"{root}files/{file.pk}/").content.startswith(b"\x89PNG"), f"{number}: {file.role}"
    proof = {"step": "replace_code", "text": "Шиноснома"}
    given = re.search(r'id="new-code">([^<]+)', office.post(f"{root}step/", proof).content.decode())
    for typed, opens in ((code, False), (given[1], True)):
        follower = Follower(number, typed, case["language"])
        follower.client.defaults["REMOTE_ADDR"] = f"10.0.{turn}.7"
        assert follower.open().status_code == (302 if opens else 200), f"{number} with {typed}"
    assert case["text"] in follower.page()
    appeal.refresh_from_db()
    assert appeal.status == "registered"


def shape() -> None:
    """Columns, constraints and triggers of each table, what each role may do, and the tables filled by migrations."""
    from django.contrib.auth.models import Group
    from django.db import connection

    from appeals.models import Authority, Holiday, Topic

    intro, tables = connection.introspection, {}
    with connection.cursor() as cursor:
        for table in intro.get_table_list(cursor):
            if table.name.startswith("news_searchindex_"):
                continue  # FTS5's own.
            columns = {
                column.name: [str(part) for part in column[1:]]
                for column in intro.get_table_description(cursor, table.name)
            }
            constraints = intro.get_constraints(cursor, table.name)
            kept = {
                name: {key: str(part) for key, part in it.items() if key != "definition"}
                for name, it in constraints.items()
            }
            tables[table.name] = {"columns": columns, "constraints": kept}
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "postgresql":
            query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        cursor.execute(query)
        triggers = sorted(name for (name,) in cursor.fetchall())
    roles = {group.name: sorted(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}
    filled = {model.__name__: model.objects.count() for model in (Authority, Holiday, Topic)}
    print(json.dumps({"tables": tables, "triggers": triggers, "roles": roles, "filled": filled}))


def main(what: str, *arguments: str) -> None:
    set_up()
    {"look": look, "shape": shape}[what](*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
