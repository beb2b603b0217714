"""What signed-in staff may send by mistake or on purpose, and the admin does not expect."""

import pytest
from django.contrib.auth.models import User

from portal.models import Message, SecurityEvent, Task
from tests.news import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("odd", ["&|!<->:*'", "9" * 5000, "9" * 30, "-1", "٣", "\0", "<b>"])
@pytest.mark.parametrize(("address", "field"), [("news/event/add/", "related"), ("news/frontpin/add/", "event")])
def test_a_searched_row_that_is_none_is_said_beside_its_field(root, address, field, odd):
    good = factories.report().event
    page = root.post(f"/admin/{address}", {field: [odd, good.pk] if field == "related" else odd})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors[field]


def test_rows_that_are_read_alone_cannot_be_written_by_anybody(root):
    event = SecurityEvent.objects.filter(login="root").first() or SecurityEvent.objects.create(
        kind="refused", login="x"
    )
    letter = Message.objects.create(kind="appeals.answer", language="tg", to="a@b.tj")
    task = Task.objects.create(name="news.tasks.nothing", due_at=event.at)
    for row in (event, letter, task):
        address = f"/admin/portal/{row._meta.model_name}/{row.pk}/change/"
        before = type(row).objects.filter(pk=row.pk).values().get()
        assert root.get(address).status_code == 200
        assert root.post(address, {"login": "y", "to": "c@d.tj", "name": "x"}).status_code == 403
        assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("page", ["history", "preview", "step", "copy"])
def test_a_language_that_is_none_is_no_address(root, page):
    """PostgreSQL refuses a question with NUL in it."""
    event = factories.report().event
    for language in ("a%00b", "xx", "TG", "tg%00"):
        more = "publish/" if page == "step" else ""
        address = f"/admin/news/event/{event.pk}/{page}/{language}/{more}"
        assert root.get(address).status_code in ({404} if page != "copy" else {405})
        assert root.post(address).status_code in {404, 405}


def test_what_is_kept_unasked_is_no_form(root):
    """A form in parts has been read by the time that the desk wants its bytes."""
    address = f"/admin/news/event/{factories.report().event.pk}/autosave/"
    assert root.post(address, {"title": "x"}).status_code == 400
