"""Photos' files are as public as their event: a guessed or remembered address shows nothing before its time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from news import images, previews, workflow
from news.models import DraftReading, Event, PreviewLink, Report
from portal.roles import APPEALS_OFFICER, PRESS_CHIEF, PRESS_EDITOR
from tests.news import factories
from tests.news.test_published import STATES, hour

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PUBLIC_STATES = {"published", "published in another language"}


def make(state):
    """An event in a state, and the address of a rendition of its photo."""
    values = STATES[state].copy()
    moment, embargo = values.pop("published_at"), values.pop("embargo", None)
    event = factories.event(embargo_until=hour(embargo) if embargo else None)
    report = factories.report(event, published_at=None if moment is None else hour(moment), **values)
    return report, address(factories.photo(event))


def address(photo, kind="jpeg"):
    return images.rendition_url(photo.token, 60, kind)


def client_of(*roles, is_staff=True):
    user = factories.staff(*roles)
    user.is_staff = is_staff
    user.save()
    client = Client()
    client.force_login(user)
    return client


def vary(response):
    return {name.strip().lower() for name in response.get("Vary", "").split(",")}


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("state", STATES)
def test_a_file_is_served_only_when_its_event_is_public_in_any_language(state, method):
    _report, url = make(state)
    response = getattr(Client(), method)(url)
    if state in PUBLIC_STATES:
        assert response.status_code == 200
        assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=10, immutable"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "cookie" not in vary(response)
    else:
        assert response.status_code == 404
        assert "public" not in response["Cache-Control"] and "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_a_photo_of_an_event_without_any_report_is_not_served():
    assert Client().get(address(factories.photo(factories.event()))).status_code == 404


@pytest.mark.parametrize("kind", ["avif", "webp", "jpeg"])
def test_every_format_is_behind_the_gate(kind):
    report, _url = make("a draft")
    url = address(report.event.photos.get(), kind)
    assert Client().get(url).status_code == 404
    workflow.publish(report, factories.staff(PRESS_CHIEF))
    assert Client().get(url).status_code == 200


def test_withdrawing_takes_the_file_away_unless_another_language_is_public():
    report, url = make("published")
    russian = factories.report(report.event, "ru")
    chief = factories.staff(PRESS_CHIEF)
    workflow.withdraw(report, chief)
    assert Client().get(url).status_code == 200
    workflow.withdraw(russian, chief)
    assert Client().get(url).status_code == 404


def test_a_file_is_public_from_the_second_on_at_which_its_embargo_ends(monkeypatch):
    report, url = make("under embargo")
    end = report.event.embargo_until
    for moment, status in ((end - timedelta(microseconds=1), 404), (end, 200)):
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda moment=moment: moment)
            assert Client().get(url).status_code == status


@pytest.mark.parametrize("role", [PRESS_EDITOR, PRESS_CHIEF])
def test_press_staff_see_what_is_not_public_and_nobody_keeps_it(role):
    _report, url = make("under embargo")
    response = client_of(role).get(url)
    assert response.status_code == 200 and len(response.getvalue()) > 100
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"] and "cookie" in vary(response)


@pytest.mark.parametrize(
    ("roles", "is_staff"), [((), True), ((APPEALS_OFFICER,), True), ((PRESS_CHIEF,), False)],
    ids=["staff without a role", "an appeals officer", "a chief who left the staff"],
)  # fmt: skip
def test_nobody_else_who_is_logged_in_sees_it(roles, is_staff):
    _report, url = make("a draft")
    assert client_of(*roles, is_staff=is_staff).get(url).status_code == 404


def test_a_public_file_is_answered_alike_whoever_asks():
    _report, url = make("published")
    response = client_of(PRESS_CHIEF).get(url)
    assert response["Cache-Control"].startswith("public, ") and "cookie" not in vary(response)


def test_one_query_a_picture_public_or_not(django_assert_num_queries):
    _report, public = make("published")
    _report, closed = make("a draft")
    factories.many_reports(30)
    # For what is not found the portal asks once more, whether the old site had such an address.
    for url, number in ((public, 1), (closed, 2), ("/media/photos/unknown/60.jpeg", 2)):
        with django_assert_num_queries(number):
            Client().get(url)


@pytest.mark.parametrize(
    "asked", ["bytes=0-9", "bytes=5-", "bytes=-5", "bytes=9-1", "bytes=x", "bytes=99999999999999-"]
)
def test_a_part_of_a_file_is_asked_for_without_harm(asked):
    _report, public = make("published")
    _report, closed = make("a draft")
    response = Client().get(public, headers={"range": asked})
    assert response.status_code in (200, 206, 416)
    assert Client().get(closed, headers={"range": asked}).status_code == 404


# Under a preview link -------------------------------------------------------------------------------------------------


@pytest.fixture
def draft():
    report, url = make("a draft")
    return report, url


def link_to(report, **values):
    return PreviewLink.objects.create(report=report, purpose="An editor", **{"expires_at": hour(1)} | values)


def test_the_grant_of_a_link_shows_the_pictures_of_its_event(draft):
    report, url = draft
    response = Client().get(f"{url}?preview={previews.picture_grant(link_to(report))}")
    assert response.status_code == 200 and response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert not DraftReading.objects.exists(), "a picture is no reading of its own"


def test_the_grant_shows_no_other_event(draft):
    report, _url = draft
    _other, url = make("in review")
    assert Client().get(f"{url}?preview={previews.picture_grant(link_to(report))}").status_code == 404


@pytest.mark.parametrize("ended", [{"expires_at": hour(-1)}, {"revoked_at": hour(-1)}], ids=["expired", "revoked"])
def test_the_grant_ends_with_its_link(ended, draft):
    report, url = draft
    assert Client().get(f"{url}?preview={previews.picture_grant(link_to(report, **ended))}").status_code == 404


@pytest.mark.parametrize(
    "forged", ["", "1", "1.", "1.x", "{pk}", "{pk}.AAAA", "{page}", "9" * 5000, "\x00", "\ud800", "1.é", "-1.x", "{grant}x", "x{grant}"]
)  # fmt: skip
def test_a_forged_grant_shows_nothing(forged, draft):
    report, url = draft
    link = link_to(report)
    page = previews.address(link).rstrip("/").rpartition("/")[2]
    forged = forged.format(pk=link.pk, page=page, grant=previews.picture_grant(link)) if "{" in forged else forged
    sent = forged.encode("utf-8", "surrogatepass")
    assert Client().get(url, {"preview": sent}).status_code == 404


def test_the_grant_of_a_picture_does_not_open_the_page(draft):
    report, _url = draft
    grant = previews.picture_grant(link_to(report))
    assert Client().get(f"/preview/{grant}/").status_code == 404


def test_a_grant_changes_nothing_for_a_public_file():
    report, url = make("published")
    Event.objects.update(embargo_until=None)
    response = Client().get(f"{url}?preview={previews.picture_grant(link_to(report))}")
    assert response["Cache-Control"].startswith("public, ")
    assert Report.objects.published().exists()
