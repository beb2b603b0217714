"""Every letter of the portal, in every language: two parts that say the same, whole without a network."""

import html
import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from appeals import letters, reminders
from appeals.article21 import Verdict
from appeals.casework import Action
from appeals.content import Content
from appeals.models import Appeal, Authority
from news import subscription_letters
from news.models import Subscription
from news.subscription_letters import Reader
from portal import letter_page, outbox
from tests.appeals.citizen import Citizen
from tests.news import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("tg", "ru", "en")
LIMIT = 100_000
LONG = "Ҷумҳуриявиҳокимиятитаъминкунандагонамонро " * 8


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://president.example"


def reports(language: str) -> list:
    made = []
    for number in range(40):
        event = factories.event(f"2022-01-10 13:{number:02}", place=factories.place())
        made.append(factories.report(event, language, title=f"{number} {LONG}"[:200], lead=LONG))
    return made


def of_subscriptions(language: str) -> None:
    one = Subscription.objects.create(email="aziza@example.tj", language=language, frequency="daily")
    subscription_letters.send_confirmation(one, "a")
    subscription_letters.send_reminder(one, "b")
    found, readers = reports(language), [Reader(one.pk, one.email, one.key, frozenset())]
    outbox.post_many(subscription_letters.about_report(found[0], readers))
    outbox.post_many(subscription_letters.about_day(date(2022, 1, 10), found, language, readers))


def of_appeals(language: str) -> None:
    Citizen(language).appeal()
    appeal = Appeal.objects.get()
    appeal.due_on = appeal.wait_until = date(2026, 12, 27)
    for verdict in letters.RECEIVED:
        appeal.verdict = verdict
        letters.tell(appeal, Content(email="jamshed@example.tj"), Action.RECEIVED)
    for action in letters.STEPS:
        letters.tell(appeal, Content(email="jamshed@example.tj"), action)
    appeal.verdict = Verdict.EXAMINED
    letters.tell_authority(appeal, Authority(name_tg="Вазорат", email="office@example.tj"))


def of_staff(_language: str) -> None:
    officer = User.objects.create_user("officer", "officer@example.tj")
    appeal = Appeal.objects.first()
    appeal.due_on = timezone.localdate() + timedelta(days=1)
    outbox.put(reminders.letter(officer, [(1, appeal)], timezone.localdate()))


def sent(language: str) -> list:
    mail.outbox.clear()
    of_subscriptions(language)
    of_appeals(language)
    of_staff(language)
    return list(mail.outbox)


def words(page: str) -> str:
    """What a page says, in one line; its addresses are said too."""
    body = re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)
    body = re.sub(r'<div [^>]*aria-hidden="true">.*?</div>', "", body, flags=re.DOTALL)
    said = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r'<a [^>]*href="(https[^"]+)"[^>]*>', r" \1 ", body)))
    return " ".join(said.split())


def pieces(page: str) -> list[str]:
    """What stands between the marks of a page's body, without the words of its links."""
    body = re.sub(r'<div [^>]*aria-hidden="true">.*?</div>', "", page[page.index("<body") :], flags=re.DOTALL)
    said = re.split(r"<[^>]+>", re.sub(r"<a .*?</a>", "<a>", body, flags=re.DOTALL))
    return [piece for piece in (" ".join(html.unescape(part).split()) for part in said) if piece not in {"", "·"}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_says_the_same_in_both_parts(language):
    written = sent(language)
    assert len(written) == 4 + len(letters.RECEIVED) + len(letters.STEPS) + 1 + 1
    for letter in written:
        [(page, kind)] = letter.alternatives
        own = letter.extra_headers["Content-Language"]
        assert kind == "text/html"
        assert f'<html lang="{own}">' in page
        assert own == language or letter.to[0].startswith("office"), "an authority and staff read the state language"
        said = words(page)
        for line in filter(None, map(str.strip, letter.body.split("\n"))):
            for part in letter_page._ADDRESS.split(line):
                assert " ".join(part.rstrip(": ").split()) in said or line == "--", (letter.subject, line)
        assert " ".join(letter.subject.split()) in said
        assert "2212520" in letter.body and "2212520" in page
        for piece in pieces(page):
            assert piece in " ".join((letter.subject + " " + letter.body).split()), (letter.subject, piece)
        for number in set(re.findall(r"\d+", said)) - {"1"}:
            assert number in letter.body + letter.subject, (letter.subject, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_whole_without_a_network_and_without_its_style_sheet(language):
    for letter in sent(language):
        page = letter.alternatives[0][0]
        assert not re.search(r"<(img|table|script|link|svg|iframe|form)\b|url\(|@import", page)
        addresses = re.findall(r'(?:href|src)="([^"]*)"', page)
        assert addresses and all(
            address.startswith(("https://president.example/", "tel:+992")) for address in addresses
        )
        assert "http://" not in letter.body
        assert not re.search(r"\{\{|\{%|%\(", page + letter.body + letter.subject)
        body = page[page.index("<body") :]
        assert not re.search(r"<(?!/|br|!)\w+(?![^>]*style=)[^>]*>", body), "each element has its own style"
        assert len(letter.message().as_bytes()) <= LIMIT
        assert len(page.encode()) <= LIMIT


def test_no_letter_is_in_two_languages():
    """No sentence of a letter stands in the same kind of letter of another language."""
    bodies = {}
    for language in LANGUAGES:
        for subject, body in by_kind(language).items():
            bodies.setdefault(subject, []).append(body)
    for kind, all_three in bodies.items():
        for line in filter(lambda line: re.search(r"[^\W\d_]{4}", line) and "://" not in line, all_three[0]):
            assert not any(line in other for other in all_three[1:]), (kind, line)


def by_kind(language: str) -> dict[str, list[str]]:
    mail.outbox.clear()
    Subscription.objects.all().delete()
    one = Subscription.objects.create(email="aziza@example.tj", language=language, frequency="daily")
    subscription_letters.send_confirmation(one, f"a{language}")
    subscription_letters.send_reminder(one, f"b{language}")
    appeal = Appeal(number="2026-000001", language=language, verdict=Verdict.EXAMINED)
    appeal.due_on = appeal.wait_until = date(2026, 12, 27)
    for action in letters.STEPS:
        letters.tell(appeal, Content(email="jamshed@example.tj"), action)
    kinds = ["confirm", "reminder", *letters.STEPS]
    return {
        str(kind): [" ".join(line.split()) for line in letter.body.split("\n") if line.strip()]
        for kind, letter in zip(kinds, mail.outbox, strict=True)
    }
