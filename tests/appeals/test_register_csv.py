"""The register as a table: complete, in Tajik letters, with nothing personal and nothing that runs."""

import csv
import io

import pytest
from django.contrib.auth.models import Group, User
from hypothesis import given
from hypothesis import strategies as st

from appeals import casework, spreadsheets
from appeals.models import Appeal
from tests.appeals.citizen import TEXT, Citizen

LIST = "/admin/appeals/appeal/"


def save(client, language="tg"):
    rows = list(Appeal.objects.values_list("pk", flat=True))
    return client.post(
        LIST, {"action": "save_register", "_selected_action": rows}, headers={"Accept-Language": language}
    )


@pytest.mark.django_db
def test_the_selected_appeals_become_a_table(officer, client):
    for _ in range(2):
        Citizen().appeal()
    first = Appeal.objects.order_by("id").first()
    casework.register(first, officer)
    client.force_login(officer)
    response = save(client)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert len({len(row) for row in rows}) == 1
    first.refresh_from_db()
    assert [rows[1][0], rows[1][8]] == [first.number, first.due_on.isoformat()]
    assert "Суғд" in rows[1][5]
    text = response.content.decode()
    assert all(word not in text for word in ("Раҳимов", "Рӯдакӣ", TEXT))


@pytest.mark.django_db
def test_an_auditor_may_save_it_and_the_press_may_not(client):
    Citizen().appeal()
    for role, status in (("Auditor", 200), ("Press editor", 403)):
        user = User.objects.create_user(role, is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        client.force_login(user)
        assert save(client).status_code == status


@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text):
    assert not spreadsheets.safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_tajik_letters_stay_as_they_are():
    assert spreadsheets.safe("Ғ Ӣ Қ Ӯ Ҳ Ҷ") == "Ғ Ӣ Қ Ӯ Ҳ Ҷ"
