"""Two tables: what of an event the public gets in each state, and which role comes to which page of the desk."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from news.models import Event, OldAddress, Report, WorkingCopy
from news.share_card import card_of
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TITLE = "The report in question"
HOUR = timedelta(hours=1)
STATES = {
    "draft": {"status": "draft", "published_at": None},
    "in review": {"status": "review", "published_at": None},
    "scheduled": {"status": "published", "published_at": HOUR},
    "under embargo": {"status": "published", "published_at": -HOUR},
    "withdrawn": {"status": "withdrawn", "published_at": -HOUR},
    "published": {"status": "published", "published_at": -HOUR},
}
OWN = (
    "its page", "text edition", "press kit", "its archive", "statement", "QR code", "share card", "photo file",
    "old address", "preview without a token",
)  # fmt: skip


def make(state):
    values = STATES[state].copy()
    moment = values.pop("published_at")
    event = factories.event(embargo_until=timezone.now() + HOUR if state == "under embargo" else None)
    factories.photo(event)
    OldAddress.objects.create(path="/en/node/7", event=event, language="en")
    return factories.report(event, title=TITLE, published_at=moment and timezone.now() + moment, **values)


def path_of(what, report):
    page = f"/en/news/{report.event_id}"
    return {
        "its page": f"{page}/{report.slug}/",
        "text edition": f"/en/text/news/{report.event_id}/{report.slug}/",
        "press kit": f"{page}/press-kit/",
        "its archive": f"{page}/press-kit.zip",
        "statement": f"{page}/statement.pdf",
        "QR code": f"{page}/qr.svg",
        "share card": card_of(report, report.event.photos.get()).url,
        "photo file": report.event.photos.get().largest_url,
        "old address": "/en/node/7",
        "preview without a token": f"/preview/{report.pk}/",
    }[what]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", OWN)
def test_what_belongs_to_a_report_is_given_out_only_when_it_is_public(what, state):
    report = make(state)
    response = Client().get(path_of(what, report))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if what == "preview without a token":
        assert response.status_code in {404, 410}
    elif state == "published":
        assert response.status_code == (301 if what == "old address" else 200)
        return
    else:
        assert response.status_code in ({404, 410} if state == "withdrawn" else {404})
    assert TITLE.encode() not in content


# Each page of the desk: how it is asked for, and who comes in: an editor, a chief. Nobody else ever does.
BOTH, CHIEF = (PRESS_EDITOR, PRESS_CHIEF), (PRESS_CHIEF,)
ROUTES = {
    "news_event_changelist": ("GET", BOTH),
    "news_event_add": ("GET", BOTH),
    "news_event_change": ("GET", BOTH),
    "news_event_history": ("GET", BOTH),
    "news_event_delete": ("GET", CHIEF),
    "news_event_urgent": ("GET", BOTH),
    "news_event_step": ("GET", BOTH),
    "news_event_preview": ("GET", BOTH),
    "news_event_preview_page": ("GET", BOTH),
    "news_event_preview_links": ("GET", BOTH),
    "news_event_report_history": ("GET", BOTH),
    "news_event_report_restore": ("POST", BOTH),
    "news_event_copy": ("POST", BOTH),
    "news_event_autosave": ("POST", BOTH),
    "news_event_discard": ("POST", BOTH),
    "news_event_presence": ("POST", BOTH),
    "news_event_photos": ("POST", BOTH),
    "news_event_photo_again": ("POST", BOTH),
    "news_event_photo_facts": ("POST", BOTH),
}
ROLES = {"nobody": None, "officer": APPEALS_OFFICER, "editor": PRESS_EDITOR, "chief": PRESS_CHIEF}
TURNED_AWAY = {302, 403}


@pytest.fixture
def draft():
    return factories.report(factories.event(), status="draft", published_at=None)


def test_the_table_names_every_page_of_the_desk():
    pages = {pattern.name for pattern in admin.site._registry[Event].get_urls() if pattern.name}
    assert pages == set(ROUTES)


def url_of(name, report):
    photo = report.event.photos.first() or factories.photo(report.event)
    base = f"/admin/news/event/{report.event_id}"
    return {
        "news_event_changelist": "/admin/news/event/",
        "news_event_add": "/admin/news/event/add/",
        "news_event_urgent": "/admin/news/event/urgent/",
        "news_event_photo_facts": "/admin/news/event/photos/facts/",
        "news_event_step": f"{base}/step/en/review/",
        "news_event_preview": f"{base}/preview/en/",
        "news_event_preview_page": f"{base}/preview/en/page/",
        "news_event_preview_links": f"{base}/preview/en/links/",
        "news_event_report_history": f"{base}/history/en/",
        "news_event_report_restore": f"{base}/history/en/restore/",
        "news_event_copy": f"{base}/copy/ru/",
        "news_event_photo_again": f"{base}/photos/{photo.pk}/again/",
    }.get(name, f"{base}/{name.removeprefix('news_event_')}/")


def client_of(role):
    if ROLES[role] is None:
        return Client()
    return Desk(factories.staff(ROLES[role], username=role)).client


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ROUTES)
def test_each_role_comes_to_its_own_pages_and_to_no_others(name, role, draft):
    method, allowed = ROUTES[name]
    client = client_of(role)
    client.handler.enforce_csrf_checks = False
    before = (Report.objects.count(), Report.history.count(), WorkingCopy.objects.count())
    response = client.get(url_of(name, draft)) if method == "GET" else client.post(url_of(name, draft), {})
    to_login = "/admin/login/" in response.headers.get("Location", "")
    if ROLES[role] in allowed:
        assert not to_login
        assert response.status_code not in {401, 403, 404, 405, 500}
    else:
        assert response.status_code in TURNED_AWAY
        assert to_login or response.status_code == 403
        assert TITLE not in response.content.decode()
        assert (Report.objects.count(), Report.history.count(), WorkingCopy.objects.count()) == before


@pytest.mark.parametrize("role", ["nobody", "officer"])
def test_the_desks_lists_of_choices_are_for_the_press(role, draft):
    query = {"app_label": "news", "model_name": "event", "field_name": "related", "term": "meet"}
    response = client_of(role).get("/admin/autocomplete/", query)
    assert response.status_code in TURNED_AWAY
    assert draft.title not in response.content.decode()


@pytest.mark.parametrize("name", [name for name, (method, _roles) in ROUTES.items() if method == "POST"])
def test_what_changes_something_needs_the_token_of_the_form(name, draft):
    assert client_of("chief").post(url_of(name, draft), {}).status_code == 403
