"""News by e-mail, from the form to the last letter, as a reader goes through it without JavaScript."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from news import announcing, subscription_rules
from news.models import Announcement, Report, Subscription
from news.subscription_rules import Wish
from portal import worker
from portal.models import Message
from tests.news.desk import fields_of
from tests.news.factories import category, event, local, many_reports, report, staff
from tests.pageclient import PageClient, find_faults

pytestmark = pytest.mark.django_db

AZIZA = "aziza@example.tj"
TYPED = {"email": AZIZA, "language": "en", "frequency": "at_once", "website": ""}
SENT = "/en/subscribe/sent/"


def ask(client: Client, **typed):
    return client.post("/en/subscribe/", TYPED | typed)


def link(letter: mail.EmailMessage, part: str = "") -> str:
    """The path of the link in the letter's text whose address has ``part``."""
    return re.search(rf"http://127\.0\.0\.1:8000(/\S+/subscribe/{part}[\w-]{{32}}/)", letter.body)[1]


def subscribed(email: str = AZIZA, *categories: int, language: str = "en", frequency: str = "at_once") -> str:
    """A confirmed subscription; returns its key."""
    first = subscription_rules.write(email, Wish(language, frequency, categories), [])
    assert subscription_rules.confirm(first.key)
    for row in subscription_rules.find(first.key):
        subscription_rules.confirm(row.key)
    return first.key


def new_report(*categories, language: str = "en", **values) -> Report:
    return report(event(timezone.now() - timedelta(hours=2), *categories), language, **values)


def receivers() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


# Asking and confirming ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_whole_way_in_each_language(language):
    meetings, visits = category(), category("visits", "Visits")
    client = PageClient(enforce_csrf_checks=True)
    page = client.get(f"/{language}/subscribe/")
    typed = {"email": f" {AZIZA.upper()} ", "frequency": "at_once", "categories": [visits.pk]}
    token = page.context["csrf_token"]
    assert page.context["form"]["language"].value() == language, "the page's language is chosen beforehand"
    answer = client.post(f"/{language}/subscribe/", typed | {"language": language, "csrfmiddlewaretoken": token})
    assert answer.headers["Location"] == f"/{language}/subscribe/sent/"
    client.get(answer.headers["Location"])

    [letter] = mail.outbox
    assert letter.to == [AZIZA]
    assert letter.extra_headers["Content-Language"] == language
    assert f'<html lang="{language}">' in letter.alternatives[0].content
    way = link(letter, "confirm/")
    assert way.startswith(f"/{language}/")

    assert client.get(way).status_code == 200
    assert Subscription.objects.get().confirmed_at is None, "a program that opens links confirms nothing"
    assert client.post(way).status_code == 200
    assert Subscription.objects.get().confirmed_at

    new_report(meetings, language=language)
    wanted = new_report(visits, language=language)
    announcing.announce_new()
    [letter] = mail.outbox[1:]
    assert letter.subject == wanted.title
    assert f"http://127.0.0.1:8000{wanted.get_absolute_url()}" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = re.fullmatch(r"<http://127\.0\.0\.1:8000(.+)>", letter.extra_headers["List-Unsubscribe"])[1]

    assert client.get(link(letter)).status_code == 200
    assert client.get(one_click).status_code == 200
    assert Subscription.objects.exists(), "opening the link ends nothing"
    stranger = PageClient(enforce_csrf_checks=True)  # The mail program: no cookie, no token.
    assert stranger.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert stranger.post(one_click).status_code == 200, "a mail program may ask twice"
    assert stranger.get(one_click).status_code == 404


def test_the_form_is_guarded_against_other_sites(client):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/en/subscribe/", TYPED).status_code == 403


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "a)b@example.tj"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a" * 100_000}, "email"),
        ({"email": "a\x00@example.tj"}, "email"),
        ({"email": "\ufffd@example.tj"}, "email"),
        ({"language": "de"}, "language"),
        ({"language": ""}, "language"),
        ({"frequency": "hourly"}, "frequency"),
        ({"categories": ["99999999999999999999999"]}, "categories"),
        ({"categories": ["x\x00"]}, "categories"),
    ],
)
def test_bad_input_is_named_beside_its_field(typed, field):
    response = PageClient().post("/en/subscribe/", TYPED | typed)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    assert not Subscription.objects.exists()
    assert mail.outbox == []


def test_an_empty_form_is_one_with_errors():
    assert set(PageClient().post("/en/subscribe/", {}).context["form"].errors) == {"email", "language", "frequency"}


def test_no_category_and_every_category_mean_all(client):
    all_of_them = [category().pk, category("visits", "Visits").pk]
    ask(client, email="none@example.tj")
    ask(client, email="all@example.tj", categories=all_of_them)
    assert list(Subscription.objects.values_list("category", flat=True)) == [None, None]


def test_several_categories_are_one_subscription(client):
    category("telegrams", "Telegrams")
    ask(client, categories=[category().pk, category("visits", "Visits").pk])
    client.post(link(mail.outbox[0], "confirm/"))
    assert Subscription.objects.exclude(confirmed_at=None).count() == 2
    client.post(link(mail.outbox[0], "confirm/").replace("confirm", "unsubscribe"))
    assert not Subscription.objects.exists()


def test_a_trap_for_programs_answers_the_same_and_does_nothing(client):
    assert ask(client, website="http://spam.example/").headers["Location"] == SENT
    assert not Subscription.objects.exists()
    assert mail.outbox == []


def test_the_answer_does_not_tell_who_is_subscribed(client):
    subscribed()
    known, new = ask(client), ask(client, email="new@example.tj")
    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])
    reminder, confirmation = mail.outbox
    assert reminder.to == [AZIZA]
    assert client.get(link(reminder)).status_code == 200
    assert confirmation.to == ["new@example.tj"]


def test_who_asks_for_somebody_elses_address_changes_nothing(client):
    key = subscribed(frequency="daily")
    ask(client, frequency="at_once", categories=[category().pk])
    [row] = subscription_rules.find(key)
    assert (row.frequency, row.category) == ("daily", None)


def test_asking_again_before_confirming_keeps_the_first_letter_good(client):
    category("telegrams", "Telegrams")
    meetings, visits = category(), category("visits", "Visits")
    ask(client, categories=[meetings.pk])
    ask(client, categories=[visits.pk], frequency="daily")
    first, second = (link(letter, "confirm/") for letter in mail.outbox)
    assert first == second
    client.post(first)
    assert Subscription.objects.get().category == visits
    assert Subscription.objects.get().frequency == "daily"


def test_nobody_is_flooded_with_letters(client):
    for _ in range(10):
        assert ask(client).headers["Location"] == SENT
    assert len(mail.outbox) == subscription_rules.LETTERS_A_DAY
    ask(client, email="karim@example.tj")
    assert len(mail.outbox) == subscription_rules.LETTERS_A_DAY + 1


def test_the_row_of_the_limit_does_not_show_the_address(client):
    ask(client)
    assert "aziza" not in Message.objects.get().key


def test_one_network_cannot_ask_for_the_whole_country(client):
    answers = [ask(client, email=f"reader{number}@example.tj").status_code for number in range(25)]
    assert answers == [302] * 20 + [429] * 5
    assert Client(REMOTE_ADDR="10.0.0.9").post("/en/subscribe/", TYPED).status_code == 302


def test_two_at_once_are_one(client):
    """The other process has written its row between our look and our writing."""
    with patch("news.subscription_rules.write", side_effect=IntegrityError):
        assert ask(client).headers["Location"] == SENT


def test_who_does_not_confirm_is_forgotten(client):
    ask(client)
    kept = subscribed("karim@example.tj")
    Subscription.objects.update(made_at=timezone.now() - timedelta(hours=49))
    ask(client, email="fresh@example.tj")
    subscription_rules.erase_unconfirmed()
    assert set(Subscription.objects.values_list("email", flat=True)) == {"karim@example.tj", "fresh@example.tj"}
    assert subscription_rules.find(kept)


# The pages behind a key -----------------------------------------------------------------------------------------------


def test_choices_can_be_changed():
    category("telegrams", "Telegrams")
    meetings, visits = category(), category("visits", "Visits")
    key, client = subscribed(AZIZA, meetings.pk), PageClient()
    page = client.get(f"/en/subscribe/{key}/")
    assert page.context["form"]["categories"].value() == (meetings.pk,)
    changed = client.post(f"/en/subscribe/{key}/", {"frequency": "daily", "categories": [meetings.pk, visits.pk]})
    assert changed.context["saved"]
    rows = subscription_rules.find(key)
    assert {(row.category_id, row.frequency) for row in rows} == {(meetings.pk, "daily"), (visits.pk, "daily")}
    assert all(row.confirmed_at for row in rows)
    client.post(f"/en/subscribe/{key}/", {"frequency": "daily"})
    assert [row.category for row in subscription_rules.find(key)] == [None]
    for typed in ({"frequency": "hourly"}, {}):
        assert not client.post(f"/en/subscribe/{key}/", typed).context["saved"]


def test_what_is_not_confirmed_is_not_managed_and_confirmed_is_not_confirmed_again(client):
    ask(client)
    way = link(mail.outbox[0], "confirm/")
    manage = way.replace("confirm/", "")
    assert client.get(manage).headers["Location"] == way
    client.post(manage, {"frequency": "daily"})
    assert Subscription.objects.get().confirmed_at is None
    client.post(way)
    assert client.get(way).headers["Location"] == manage


@pytest.mark.parametrize("page", ["", "confirm/", "unsubscribe/"])
def test_a_key_that_nobody_has_leads_to_a_page(page):
    assert PageClient().get(f"/ru/subscribe/{page}{'x' * 32}/").status_code == 404


@pytest.mark.parametrize("page", ["", "unsubscribe/"])
def test_pages_behind_a_key_leave_no_trace(page):
    response = PageClient().get(f"/en/subscribe/{page}{subscribed()}/")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert 'content="noindex"' in response.content.decode()
    assert 'rel="canonical"' not in response.content.decode()
    assert not response.cookies
    assert AZIZA not in response.content.decode(), "who finds the link does not learn the address"


def test_the_form_is_on_every_page_and_asks_for_no_cookie_there(client_page):
    page = client_page.get("/tg/")
    assert "/tg/subscribe/" in page.content.decode()
    assert not page.cookies
    assert "no-store" in client_page.get("/tg/subscribe/").headers["Cache-Control"]


def test_the_form_sends_what_the_page_shows(client):
    form = fields_of(client.get("/en/subscribe/"), None)
    assert {"email", "language", "frequency", "website", "csrfmiddlewaretoken"} <= set(form.fields)


# Letters at once ------------------------------------------------------------------------------------------------------


def test_a_report_is_told_once_to_those_who_want_it():
    meetings, visits = category(), category("visits", "Visits")
    subscribed("all@example.tj")
    subscribed("meetings@example.tj", meetings.pk)
    subscribed("both@example.tj", meetings.pk, visits.pk)
    subscribed("visits@example.tj", visits.pk)
    subscribed("daily@example.tj", frequency="daily")
    subscribed("russian@example.tj", language="ru")
    subscription_rules.write("unconfirmed@example.tj", Wish("en", "at_once"), [])
    new_report(meetings, visits)
    announcing.announce_new()
    announcing.announce_new()
    assert receivers() == sorted(["all@example.tj", "meetings@example.tj", "both@example.tj", "visits@example.tj"])
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"status": "draft"},
        {"status": "review"},
        {"status": "withdrawn"},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"published_at": timezone.now() - timedelta(hours=25)},
    ],
)
def test_what_is_not_public_or_not_new_is_told_to_nobody(values):
    subscribed()
    new_report(**values)
    announcing.announce_new()
    assert mail.outbox == []
    assert not Announcement.objects.exists()


def test_an_archive_that_is_brought_in_is_no_news():
    subscribed()
    report(event("2019-03-01 10:00"), published_at=timezone.now())
    announcing.announce_new()
    assert mail.outbox == []


def test_an_embargo_is_kept_and_its_end_is_the_moment():
    subscribed()
    kept = new_report(published_at=timezone.now() - timedelta(days=3))
    kept.event.embargo_until = timezone.now() + timedelta(minutes=1)
    kept.event.save()
    announcing.announce_new()
    assert mail.outbox == []
    kept.event.embargo_until = timezone.now() - timedelta(minutes=1)
    kept.event.save()
    announcing.announce_new()
    assert len(mail.outbox) == 1


def test_a_correction_is_not_told_again():
    subscribed()
    told = new_report()
    announcing.announce_new()
    told.correct("A name was misspelt.")
    told.save()
    announcing.announce_new()
    assert len(mail.outbox) == 1


def test_letters_about_a_report_that_was_withdrawn_meanwhile_are_not_sent(settings):
    settings.TASKS_EAGER = False
    subscribed()
    told, other = new_report(), new_report()
    announcing.announce_new()
    told.status = Report.Status.WITHDRAWN
    told.save()
    announcing.take_back_withdrawn()
    worker.work_off()
    [letter] = mail.outbox
    assert other.get_absolute_url() in letter.body


def test_who_has_ended_it_gets_not_even_what_waited(settings):
    settings.TASKS_EAGER = False
    key = subscribed()
    subscribed("karim@example.tj")
    new_report()
    announcing.announce_new()
    subscription_rules.end(key)
    worker.work_off()
    assert receivers() == ["karim@example.tj"]
    assert not Message.objects.filter(to=AZIZA).exists()


def test_one_report_that_cannot_be_told_keeps_back_no_other(monkeypatch):
    subscribed()
    bad, good = new_report(), new_report()
    real = announcing.about_report

    def about(told, readers):
        if told == bad:
            raise ZeroDivisionError
        return real(told, readers)

    monkeypatch.setattr(announcing, "about_report", about)
    with pytest.raises(ZeroDivisionError):
        announcing.announce_new()
    assert [told.report for told in Announcement.objects.all()] == [good]
    assert len(mail.outbox) == 1
    monkeypatch.undo()
    announcing.announce_new()
    assert len(mail.outbox) == 2


def test_each_letter_has_its_readers_own_way_out():
    keys = {"a@example.tj": subscribed("a@example.tj"), "b@example.tj": subscribed("b@example.tj")}
    new_report()
    announcing.announce_new()
    for letter in mail.outbox:
        own, other = keys.pop(letter.to[0]), next(iter(keys.values()), "")
        assert own in letter.extra_headers["List-Unsubscribe"]
        assert own in letter.body and own in letter.alternatives[0].content
        assert not other or other not in letter.body + letter.alternatives[0].content


def test_a_title_is_text_in_both_parts_and_the_html_is_a_sound_page():
    subscribed()
    new_report(title="«Ҷашн» & <b>нон</b>", lead="Нон < об & намак")
    announcing.announce_new()
    [letter] = mail.outbox
    html = letter.alternatives[0].content
    assert letter.subject == "«Ҷашн» & <b>нон</b>"
    assert "«Ҷашн» & <b>нон</b>" in letter.body
    assert "«Ҷашн» &amp; &lt;b&gt;нон&lt;/b&gt;" in html
    assert "<b>" not in html
    assert all("style" in fault for fault in find_faults(html, "/en/")), "mail programs take no other"


def test_many_readers_cost_no_more_queries_than_few(settings, django_assert_num_queries):
    settings.TASKS_EAGER = False

    def count(readers: int) -> int:
        for number in range(readers):
            subscribed(f"r{readers}-{number}@example.tj")
        told = new_report()
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            announcing.announce_new()
        assert Announcement.objects.filter(report=told).exists()
        return len(queries)

    assert count(2) == count(40)


# Once a day -----------------------------------------------------------------------------------------------------------

TODAY = local("2022-01-11 07:00").date()


def yesterdays(time: str = "2022-01-10 14:00", *categories, **values) -> Report:
    return report(event("2022-01-10 13:45", *categories), published_at=local(time), **values)


def test_yesterdays_reports_come_in_one_letter_once():
    subscribed(frequency="daily")
    subscribed("now@example.tj")
    first, second = yesterdays(title="First"), yesterdays("2022-01-10 23:59", title="Second")
    yesterdays("2022-01-09 23:59", title="Older")
    yesterdays("2022-01-11 00:00", title="Today")
    yesterdays(title="Draft", status="draft")
    announcing.send_digests(TODAY)
    announcing.send_digests(TODAY)
    [letter] = mail.outbox
    assert letter.to == [AZIZA]
    assert letter.subject == "News of 10 January 2022"
    for part in (letter.body, letter.alternatives[0].content):
        assert first.get_absolute_url() in part and second.get_absolute_url() in part
        assert not any(word in part for word in ("Older", "Today", "Draft"))


def test_everybody_gets_the_categories_they_chose_and_no_empty_letter():
    meetings, visits, telegrams = category(), category("visits", "Visits"), category("telegrams", "Telegrams")
    subscribed("all@example.tj", frequency="daily")
    subscribed("visits@example.tj", visits.pk, frequency="daily")
    subscribed("telegrams@example.tj", telegrams.pk, frequency="daily")
    subscribed("russian@example.tj", frequency="daily", language="ru")
    yesterdays("2022-01-10 14:00", meetings, title="A meeting")
    yesterdays("2022-01-10 14:00", visits, title="A visit")
    announcing.send_digests(TODAY)
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(bodies) == {"all@example.tj", "visits@example.tj"}
    assert "A meeting" in bodies["all@example.tj"] and "A visit" in bodies["all@example.tj"]
    assert "A meeting" not in bodies["visits@example.tj"]


# The office -----------------------------------------------------------------------------------------------------------


def test_a_chief_sees_and_erases_subscriptions_but_writes_none(client):
    key = subscribed()
    client.force_login(staff("Press chief"))
    page = client.get("/admin/news/subscription/").content.decode()
    assert "a•••@example.tj" in page
    assert AZIZA not in page
    [row] = subscription_rules.find(key)
    detail = client.get(f"/admin/news/subscription/{row.pk}/change/")
    assert detail.status_code == 200
    assert key not in detail.content.decode()
    assert client.get("/admin/news/subscription/add/").status_code == 403
    assert client.get(f"/admin/news/subscription/?q={AZIZA}").status_code == 200
    client.post(f"/admin/news/subscription/{row.pk}/delete/", {"post": "yes"})
    assert not Subscription.objects.exists()


def test_an_editor_sees_no_subscriptions(client):
    client.force_login(staff("Press editor"))
    assert client.get("/admin/news/subscription/").status_code == 403


def test_the_look_for_news_costs_the_same_in_a_large_archive(django_assert_num_queries):
    many_reports(30)
    with django_assert_num_queries(1):
        announcing.announce_new()
