"""Previews: the readers' page before it is public, for staff and under a link that ends; marked, recorded, kept by nobody."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from news import previews, workflow
from news.models import DraftReading, PreviewLink, Report
from portal.roles import PRESS_CHIEF
from tests.news import factories

pytestmark = pytest.mark.django_db

STATES = ("draft", "review", "scheduled", "embargoed", "withdrawn")
TITLE, BODY = "What is not known yet", "<p>The words that wait.</p>"
PURPOSE = "R. Nazarov & <Co>"


def make(state="draft", language="en", **values):
    hour = timedelta(hours=1)
    event = factories.event(embargo_until=timezone.now() + hour if state == "embargoed" else None)
    factories.photo(event)
    factories.photo(event)
    moments = {"draft": None, "review": None, "scheduled": timezone.now() + hour}
    status = "published" if state in {"scheduled", "embargoed"} else state
    moment = moments.get(state, timezone.now() - hour)
    values = {"title": TITLE, "body": BODY} | values
    return factories.report(event, language, status=status, published_at=moment, **values)


@pytest.fixture
def draft():
    return make()


def link_to(report, lifetime="day", purpose=PURPOSE):
    return previews.make(report, None, purpose, lifetime)


# A link ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("state", STATES)
def test_a_link_shows_a_report_in_any_state_and_its_language(state, language, client_page):
    report = make(state, language)
    response = client_page.get(previews.address(link_to(report)), headers={"accept-language": "de"})
    page = response.content.decode()
    assert response.status_code == 200
    assert TITLE in page and "The words that wait." in page
    assert f'<html lang="{language}"' in page and response["Content-Language"] == language
    assert "R. Nazarov &amp; &lt;Co&gt;" in page and "<Co>" not in page
    assert page.count("preview-mark") == 1 and "preview.css" in page


def test_nothing_and_nobody_keeps_a_preview(draft):
    response = Client().get(previews.address(link_to(draft)))
    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "ETag" not in response and "Last-Modified" not in response
    assert not response.cookies


def test_a_preview_tells_machines_nothing(draft):
    page = Client().get(previews.address(link_to(draft))).content.decode()
    assert '<meta name="robots" content="noindex' in page
    for absent in ("canonical", "og:title", "ld+json", "hreflang=\"x-default\"", "application/rss+xml", "facebook.com",
                   "data-copy-link", "data-count-read"):  # fmt: skip
        assert absent not in page, absent


def test_the_pictures_of_a_preview_are_shown(draft):
    page = Client().get(previews.address(link_to(draft))).content.decode()
    addresses = set(re.findall(r"/media/photos/[^ \"]+", page))
    assert {url.split("/")[3] for url in addresses} == set(draft.event.photos.values_list("token", flat=True))
    for url in addresses:
        assert Client().get(url).status_code == 200, url
        assert Client().get(url.partition("?")[0]).status_code == 404, url


def test_it_is_the_page_that_readers_will_see(draft):
    for language in ("tg", "ru"):
        factories.report(draft.event, language)
    preview = Client().get(previews.address(link_to(draft))).content.decode()
    workflow.publish(draft, factories.staff(PRESS_CHIEF))
    public = Client().get(draft.get_absolute_url()).content.decode()

    def article(page):
        text = re.sub(r"\?preview=[^ \"]+", "", page.partition("<article")[2].partition("<footer")[0])
        for only_public in (r" data-count-read=\"[^\"]*\"", r"(?s)<div class=\"printed\">.*?</div>"):
            text = re.sub(only_public, "", text)
        return text.split()

    assert article(preview) == article(public) and "known" in article(public)


def test_each_opening_is_recorded_and_a_look_at_the_headers_is_none(draft):
    link = link_to(draft)
    for _each in range(3):
        Client().get(previews.address(link))
    response = Client().head(previews.address(link))
    assert response.status_code == 200 and not response.content
    assert list(DraftReading.objects.values_list("report", "link", "user")) == [(draft.pk, link.pk, None)] * 3


def test_a_link_ends_at_its_second(draft, monkeypatch):
    link = link_to(draft)
    for moment, status in ((link.expires_at - timedelta(microseconds=1), 200), (link.expires_at, 410)):
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda moment=moment: moment)
            assert Client().get(previews.address(link)).status_code == status


@pytest.mark.parametrize("end", ["expired", "revoked", "spent"])
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_a_link_that_has_ended_says_so_and_tells_nothing_else(end, language, client_page, monkeypatch):
    report = make(language=language)
    link = link_to(report)
    if end == "expired":
        PreviewLink.objects.update(expires_at=timezone.now())
    elif end == "revoked":
        previews.revoke(link)
    else:
        monkeypatch.setattr(previews, "MOST_OPENINGS", 2)
        DraftReading.objects.bulk_create(DraftReading(report=report, link=link) for _each in range(2))
    readings = DraftReading.objects.count()
    response = client_page.get(previews.address(link))
    page = response.content.decode()
    assert response.status_code == 410 and f'<html lang="{language}"' in page
    assert TITLE not in page and PURPOSE not in page and str(report.event_id) + "/" not in page.partition("<main")[2]
    assert response["Cache-Control"] == "private, no-store" and "noindex" in response["X-Robots-Tag"]
    assert DraftReading.objects.count() == readings


FORGED = [
    "{pk}", "{pk}.", "{pk}.AAAA", "{other}", "{signed}x", "{upper}", "0.x", "-1.x", "x" * 5000, "%00", "{pk}:x",
    "{other_salt}", "{other_key}", "9" * 30,
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_an_address_that_the_portal_did_not_sign_leads_nowhere(forged, draft):
    link = link_to(draft)
    signed = previews.address(link).strip("/").partition("/")[2]
    forged = forged.format(
        pk=link.pk,
        signed=signed,
        upper=signed.upper(),
        other=f"{link.pk + 1}.{signed.partition('.')[2]}",
        other_salt=signing.Signer(salt="another", sep=".").sign(str(link.pk)),
        other_key=signing.Signer(key="another", salt="news.preview.page", sep=".").sign(str(link.pk)),
    )
    assert Client().get(f"/preview/{forged}/").status_code == 404
    assert not DraftReading.objects.exists()
    assert Client().get(f"/preview/{signed}/").status_code == 200


def test_a_signed_number_that_is_no_link_leads_nowhere(draft):
    signer = signing.Signer(salt="news.preview.page", sep=".")
    for number in ("999", "9" * 18, "9" * 30, "x", "1e3", "\u0661"):
        assert Client().get(f"/preview/{signer.sign(number)}/").status_code == 404, number


def test_the_link_of_a_report_that_is_public_by_now_leads_to_its_page(draft):
    link = link_to(draft)
    workflow.publish(draft, factories.staff(PRESS_CHIEF))
    response = Client().get(previews.address(link))
    assert response.status_code == 302 and response["Location"] == Report.objects.get().get_absolute_url()
    assert "no-store" in response["Cache-Control"] and not DraftReading.objects.exists()


def test_a_link_shows_what_is_saved_now(draft):
    link = link_to(draft)
    draft.title = "Another title"
    draft.save()
    assert "Another title" in Client().get(previews.address(link)).content.decode()
    draft.delete()
    assert Client().get(previews.address(link)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_preview_is_only_read(method, draft):
    assert getattr(Client(), method)(previews.address(link_to(draft))).status_code == 405


def test_a_preview_costs_the_same_for_any_number_of_photos(django_assert_max_num_queries, draft):
    address = previews.address(link_to(draft))
    for _each in range(6):
        factories.photo(draft.event)
    with django_assert_max_num_queries(9):
        Client().get(address)
