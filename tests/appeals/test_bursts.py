"""Unusually many appeals at once are noticed; what they are noticed by is forgotten after a week."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone, translation

from appeals import bursts, casework, tasks
from appeals.models import Appeal, Topic
from portal.models import Message
from tests.appeals.citizen import Citizen
from tests.appeals.figures import appeal, at
from tests.appeals.office import taken

pytestmark = pytest.mark.django_db
NOW = at("03-20", "18:00")


def test_a_network_has_another_mark_each_day_and_each_its_own():
    marks = {
        bursts.network_mark(network, at(day)) for network in ("192.0.2.1", "192.0.2.2") for day in ("03-01", "03-02")
    }
    assert len(marks) == 4
    assert all(len(mark) == 16 and "192" not in mark for mark in marks)
    assert bursts.network_mark("192.0.2.1", at("03-01", "00:00")) == bursts.network_mark(
        "192.0.2.1", at("03-01", "23:59")
    )
    assert bursts.network_mark("") == ""


def test_an_appeal_that_is_sent_bears_the_mark_of_its_network():
    Citizen().appeal()
    assert Appeal.objects.get().network_mark == bursts.network_mark("127.0.0.1")


def test_marks_are_erased_after_a_week():
    for days in (6, 8):
        appeal(timezone.now() - timedelta(days=days), network_mark="a" * 16)
    tasks.erase_expired()
    assert list(Appeal.objects.order_by("pk").values_list("network_mark", flat=True)) == ["a" * 16, ""]


@pytest.mark.parametrize(
    ("count", "usual", "least", "unusual"),
    [
        (9, 0, 10, False),
        (10, 0, 10, True),
        (10, 4, 10, False),
        (13, 4, 10, True),
        (140, 100, 20, False),
        (141, 100, 20, True),
    ],
)
def test_what_is_unusual(count, usual, least, unusual):
    assert bursts.is_unusual(count, usual, least) is unusual


@pytest.mark.parametrize(("number", "minutes", "hours"), [(9, 5, None), (10, 5, 1), (19, 45, None), (21, 45, 24)])
def test_many_from_one_network_in_an_hour_or_a_day(number, minutes, hours):
    for place in range(number):
        appeal(at("03-20", "01:00") + timedelta(minutes=minutes * place), network_mark="b" * 16)
    for place in range(15):
        appeal(at("03-20", "01:00"), network_mark=f"{place:016x}")
    found = bursts.alerts(NOW)
    assert [alert.hours for alert in found] == ([hours] if hours else [])
    for alert in found:
        assert alert.count == number
        assert len(alert.appeals) == bursts.SAMPLE
        assert "b" * 16 not in alert.sentence


def test_many_about_one_topic_against_what_is_usual():
    usual, rare = (Topic.objects.create(name_tg=name, name_ru=name, name_en=name) for name in ("Мактаб", "Пул"))
    for day in range(28):
        for _ in range(20):
            appeal(NOW - timedelta(days=8 + day), topic=usual)
    for topic in (usual, rare):
        for place in range(24):
            appeal(at("03-19", "00:10") + timedelta(minutes=55 * place), topic=topic)
    [alert] = bursts.alerts(NOW)
    assert "Пул" in alert.sentence
    assert (alert.count, alert.hours) == (24, 24)


LETTER = (
    "Аз шумо хоҳиш менамоем, ки нархи қувваи барқ барои хонаводаҳои деҳаи мо аз нав дида баромада шавад, зеро дар фасли "
    "зимистон аксари оилаҳо танҳо бо барқ гарм мешаванд ва маоши онҳо барои пардохти ҳисобҳо намерасад. Инчунин лутфан "
    "масъалаи иваз кардани симҳои кӯҳнаро ҳал намоед, ки ҳангоми борон хомӯш мешаванд."
)


def test_many_of_nearly_the_same_text():
    """Each copy has a word of its own; most share the smallest mark, whatever the key."""
    for letter in "абвгдежзикмнпрст":
        taken(surname=f"Раҳимов{letter}", text=f"{LETTER} {letter * 4}")
    taken(text="Ба мактаби деҳаи мо омӯзгори забони англисӣ лозим аст.")
    casework.index_new()
    with translation.override("en"):
        (found,) = bursts.of_texts(timezone.now())
    assert bursts.LEAST_OF_A_TEXT <= found.count <= 16
    assert found.hours == 24
    assert "nearly the same text" in found.sentence
    assert len(found.appeals) == bursts.SAMPLE


def test_a_further_sign_is_one_more_function(monkeypatch):
    sign = bursts.Alert(NOW, 1, 12, 0, "The same text", ())
    monkeypatch.setattr(bursts, "ALERTS", [*bursts.ALERTS, lambda now: [sign]])
    assert bursts.alerts(NOW) == [sign]


def test_supervisors_get_one_letter_a_day():
    for name, role in (("first", "Appeals supervisor"), ("second", "Appeals supervisor"), ("third", "Appeals officer")):
        user = User.objects.create_user(name, f"{name}@example.org", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    tasks.tell_of_bursts()
    assert not Message.objects.exists()
    midday = timezone.localtime().replace(minute=0)
    for _ in range(12):
        appeal(min(midday, timezone.now()), network_mark="c" * 16)
    for _ in range(2):
        tasks.tell_of_bursts()
    assert Message.objects.filter(kind="burst").count() == 2


def test_alerts_ask_a_fixed_number_of_questions_while_nothing_is_unusual(django_assert_num_queries):
    for number in (1, 8):
        for _ in range(number):
            appeal(NOW - timedelta(hours=1), network_mark="d" * 16)
        with django_assert_num_queries(8):
            bursts.alerts(NOW)
