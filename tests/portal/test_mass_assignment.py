"""Fields that no form has change nothing, whatever they are called: here every column that the portal has."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models

from appeals.models import Appeal
from news.models import Event, Report
from news.subscriptions import Subscription
from portal.roles import PRESS_EDITOR
from tests.appeals.citizen import Citizen, picture, values
from tests.fuzz.known import Page
from tests.news import factories
from tests.news.desk import Desk, report_fields

pytestmark = pytest.mark.django_db


def wished(field: models.Field) -> str:
    """What somebody would like to have in a column."""
    if field.choices:
        return str(field.flatchoices[-1][0])
    kinds = {models.DateTimeField: "2020-01-01 00:00:00", models.DateField: "2020-01-01", models.BooleanField: "on"}
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), "1")


def every_column(page: bytes, prefix: str = "") -> dict[str, str]:
    """Under each name that the forms of ``page`` do not have."""
    reader = Page("/")
    reader.feed(page.decode())
    known = {name for form in reader.forms for name, _value in form.fields}
    columns = {field.name: wished(field) for model in apps.get_models() for field in model._meta.concrete_fields}
    made = {prefix + name: value for name, value in columns.items() if prefix + name not in known}
    assert len(made) > 100
    return made


def row_of(instance: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def differences(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


def appeal(extra: bool) -> dict[str, Any]:
    citizen = Citizen()
    more = every_column(citizen.client.get(citizen.url("write/")).content) if extra else {}
    assert citizen.write(values() | more).status_code == 302
    more = every_column(citizen.client.get(citizen.url("check/")).content) if extra else {}
    assert citizen.send(picture(), **more).status_code == 302
    return row_of(Appeal.objects.order_by("-pk")[0])


def test_a_citizen_sets_no_column_of_his_appeal():
    plain, twin, greedy = appeal(False), appeal(False), appeal(True)
    assert {"number", "tracking_hash"} <= differences(plain, twin), "these are each one's own"
    assert differences(plain, greedy) <= differences(plain, twin)


def subscription(client: Any, email: str, extra: bool) -> dict[str, Any]:
    more = every_column(client.get("/en/subscribe/").content) if extra else {}
    typed = {"email": email, "language": "en", "frequency": "daily"}
    assert client.post("/en/subscribe/", typed | more).status_code == 302
    return row_of(Subscription.objects.get(email=email))


def test_a_reader_confirms_no_subscription_by_the_form(client):
    plain, twin, greedy = (subscription(client, f"{n}@example.tj", n == 2) for n in range(3))
    assert differences(plain, greedy) <= differences(plain, twin)
    assert greedy["confirmed_at"] is None


def event(desk: Desk, number: int, extra: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    page = desk.client.get("/admin/news/event/add/").content
    more = every_column(page) | every_column(page, "reports-2-") if extra else {}
    typed = {"starts_at_0": "10.01.2022", "starts_at_1": "13:45", "categories": [str(factories.category().pk)]}
    typed |= report_fields(2, "en", f"Title {number}", "Body.")
    assert desk.send("/admin/news/event/add/", typed | more).status_code == 302
    return row_of(Event.objects.latest("pk")), row_of(Report.objects.latest("pk"))


def test_an_editor_publishes_nothing_by_the_form_of_an_event():
    desk = Desk(factories.staff(PRESS_EDITOR, username="editor"))
    plain, twin, greedy = (event(desk, number, number == 2) for number in range(3))
    for row in range(2):
        assert differences(plain[row], greedy[row]) <= differences(plain[row], twin[row])
    assert greedy[1]["status"] == "draft" and greedy[1]["published_at"] is None


@pytest.mark.parametrize(
    "address", ["/admin/password_change/", "/admin/account/", "/admin/account/confirm/", "/admin/language/"]
)
def test_nobody_makes_himself_an_administrator(address):
    desk = Desk(factories.staff(PRESS_EDITOR, username="editor"))
    page = desk.client.get("/admin/password_change/", follow=True)
    before = row_of(User.objects.get(username="editor")), set(desk.user.groups.all())
    token = desk.client.cookies["csrftoken"].value
    new = {"old_password": factories.PASSWORD, "new_password1": "Another-Horse-9", "new_password2": "Another-Horse-9"}
    mine = {"csrfmiddlewaretoken": token, "language": "en", "is_superuser": "on", "is_staff": "on", "groups": "1"}
    desk.client.post(address, every_column(page.content) | new | mine)
    after = User.objects.get(username="editor")
    assert differences(before[0], row_of(after)) <= {"password"} and set(after.groups.all()) == before[1]
    assert not after.user_permissions.exists()
