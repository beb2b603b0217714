"""The journal of all appeals: auditors and supervisors find entries, leaf through them, take them out as a table."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appeals import casework
from appeals.casework import journal
from appeals.models import JournalEntry, OfficeEntry
from portal import roles
from tests.appeals.office import proved
from tests.appeals.office_routes import MARKERS, browser, received, someone

pytestmark = pytest.mark.django_db
PAGE = "/admin/appeals/journalentry/"


@pytest.fixture
def auditor():
    return proved(browser(roles.AUDITOR))


@pytest.fixture
def appeals():
    """Two appeals: the first was read, registered and asked about, with words; the second only received."""
    officer, first, second = someone(roles.APPEALS_OFFICER, "navruz"), received(), received()
    casework.read(first, officer)
    casework.register(first, officer)
    casework.extend(first, officer, 5, "=ҶАМЪ(Сабаб)")
    return first, second


def lines(page):
    rows = re.findall(r"<tr><td.*?</tr>", page.content.decode(), re.DOTALL)
    return [[re.sub("<[^>]+>", "", cell) for cell in re.findall("<td.*?</td>", row)][1:] for row in rows]


def test_each_entry_is_a_sentence_without_words_of_people(appeals, auditor):
    page = auditor.get(PAGE)
    first, second = (appeal.number for appeal in appeals)
    assert [line[0] for line in lines(page)] == [first, first, first, second, first]
    assert lines(page)[2] == [first, "Opened and read", "navruz"]
    assert "Сабаб" not in page.content.decode()
    assert not [word for word in MARKERS.values() if word in page.content.decode()]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"number": "first"}, 4),
        ({"number": " second "}, 1),
        ({"number": "2001-000001"}, 0),
        ({"action": "received"}, 2),
        ({"actor": "navruz"}, 3),
        ({"actor": "navruz", "action": "opened"}, 1),
        ({"since": 0, "until": 0}, 5),
        ({"since": 1}, 0),
        ({"until": -1}, 0),
    ],
)
def test_entries_are_found(appeals, auditor, asked, found):
    words = {"first": appeals[0].number, " second ": f" {appeals[1].number} "}
    words["navruz"] = JournalEntry.objects.get(action="opened").actor_id
    day = timezone.localdate()
    typed = {name: words.get(value, value) for name, value in asked.items()}
    typed |= {name: day + timedelta(days=value) for name, value in asked.items() if name in {"since", "until"}}
    assert len(lines(auditor.get(PAGE, typed))) == found


@pytest.mark.parametrize("typed", [{"since": "soon"}, {"action": "x"}, {"actor": "0"}, {"number": "2026-000001-9"},
                                   {"since": "2026-02-01", "until": "2026-01-01"}])  # fmt: skip
def test_an_odd_filter_gets_a_sentence_beside_its_field(appeals, auditor, typed):
    for page in (auditor.get(PAGE, typed), auditor.post(f"{PAGE}export/", typed)):
        assert page.status_code == 200
        assert f'id="id_{list(typed)[-1]}_error"' in page.content.decode()
        assert lines(page) == []
    assert not OfficeEntry.objects.exists()


@pytest.mark.parametrize("before", ["x", "0", "9" * 30, "-1", "²"])
def test_an_odd_place_is_the_beginning(appeals, auditor, before):
    assert len(lines(auditor.get(PAGE, {"before": before}))) == 5


def test_leafing_shows_each_entry_once_and_counts_nothing(appeals, auditor, monkeypatch):
    monkeypatch.setattr(journal, "PAGE", 2)
    seen, address = [], PAGE
    while address:
        with CaptureQueriesContext(connection) as queries:
            page = auditor.get(address)
        asked = [query["sql"] for query in queries if "appeals_journalentry" in query["sql"]]
        assert not any("COUNT(" in sql or "OFFSET" in sql for sql in asked)
        seen += lines(page)
        older = re.search(r'href="([^"]+)">Older', page.content.decode())
        address = older and PAGE + older[1]
    monkeypatch.undo()
    assert seen == lines(auditor.get(PAGE))


def test_the_table_is_safe_whole_and_recorded(appeals, auditor):
    answer = auditor.post(f"{PAGE}export/", {"number": appeals[0].number, "action": "extended"})
    assert answer.streaming and "no-store" in answer["Cache-Control"]
    said = b"".join(answer.streaming_content).decode()
    head, row = csv.reader(io.StringIO(said.removeprefix("\ufeff")))
    assert head[:4] == ["When", "Appeal", "What", "Code"]
    assert row[1:2] + row[3:5] == [appeals[0].number, "extended", "navruz"]
    assert row[6] == JournalEntry.objects.get(action="extended").hash
    assert "Сабаб" not in said
    entry = OfficeEntry.objects.get()
    assert (entry.actor.username, entry.action) == (roles.AUDITOR, "journal")
    assert entry.detail == {"number": appeals[0].number, "action": "extended"}
    shown = auditor.get("/admin/appeals/officeentry/").content.decode()
    assert f"action: extended; number: {appeals[0].number}" in shown


def test_a_login_that_looks_like_a_formula_is_none_in_the_table(auditor):
    officer = someone(roles.APPEALS_OFFICER, "=1+1")
    casework.read(received(), officer)
    table = b"".join(auditor.post(f"{PAGE}export/", {}).streaming_content).decode()
    assert ",'=1+1," in table


@pytest.mark.parametrize("role", [roles.APPEALS_OFFICER, roles.PRESS_CHIEF])
def test_who_may_not_look_at_all_of_it_exports_nothing(appeals, role):
    assert browser(role).post(f"{PAGE}export/", {}).status_code == 403
    with pytest.raises(PermissionDenied):
        casework.record_export(someone("staff"), OfficeEntry.Action.LIST_EXPORTED, {})
    assert not OfficeEntry.objects.exists()
