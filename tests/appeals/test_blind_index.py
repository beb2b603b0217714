"""The office finds an appeal by who wrote it, and the database alone tells nobody who that was."""

import hashlib
import struct
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from appeals import blind_index, casework, tasks, vault
from appeals.blind_index import BlindIndex, name_words, pack, phone_number, unpack
from appeals.content import Content
from appeals.models import Appeal, Mark, Sketch
from appeals.people import Person
from portal.tasks import TASKS
from tests.appeals.citizen import entity, values
from tests.appeals.ended import answered, approved
from tests.appeals.taken import taken
from tests.appeals.test_erasure_traces import database_files
from tests.appeals.topic_texts import TEXTS

OLD, NEW = "a1" * 32, "b2" * 32
INDEX = BlindIndex(OLD)

# Rules ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        "Раҳимов Рахимов РАҲИМОВ Rahimov Rakhimov Раҳимов Ра́химов",
        "Ҷамшед Джамшед Jamshed Djamshed ҷамшед",
        "Аҳмадҷон Ахмаджон Ahmadjon Ахмадчон",
        "Абдуллозода Абдулло-зода Abdullozoda",
        "Сидиқов Сыдыков Сидиков",
        "Ғуломов ѓуломов Гуломов Ghulomov",
        "Муҳаммад Мухаммад Muhammad Муҳамад",
        "Ӯрунов Ўрунов Урунов",
    ],
)
def test_the_spellings_of_one_name_are_one(spellings):
    assert len({tuple(name_words(name)) for name in spellings.split()}) == 1


def test_two_names_are_two():
    names = "Раҳимов Раҳимова Раҳмонов Раҳматов Каримов Салимов Ҳалимов Алимов".split()
    assert len({tuple(name_words(name)) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+992 918 12-34-56", "992918123456"),
        ("00992918123456", "992918123456"),
        ("992(918)123456", "992918123456"),
        ("918 12 34 56", "992918123456"),
        ("8-918-12-34-56", "992918123456"),
        ("0918.12.34.56", "992918123456"),
        ("8 (916) 123-45-67", "79161234567"),
        ("+7 916 123-45-67", "79161234567"),
        ("12345", ""),
        ("", ""),
    ],
)
def test_a_telephone_is_its_digits(typed, number):
    assert phone_number(typed) == number


CONTENT = Content.of(
    values(surname="Раҳимов-Абдулло", given_name="Ҷамшед", patronymic="Қосимович", phone="+992 918 12 34 56")
    | {"email": "J.Rahimov@example.tj", "crime": False}
)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("Рахимов", True),
        ("абдулло", True),
        ("Rahimov Abdullo", True),
        ("Ҷамшед Раҳимов Абдулло", True),
        ("Раҳимов Абдулло Ҷамшед Қосимович", True),
        ("918123456", True),
        ("+992 (918) 12 34 56", True),
        ("j.rahimov@EXAMPLE.tj", True),
        ("Раҳимов 918 12 34 56 j.rahimov@example.tj", True),
        ("Ҷамшед", False),  # Half of the men of a village: only with the surname.
        ("Раҳимов Каримов", False),
        ("Раҳимов 918 12 34 57", False),
        ("Раҳимов другой@example.tj", False),
        ("Қосимович", False),
    ],
)
def test_of_several_words_all_must_match(query, is_found):
    wanted, marks = INDEX.wanted(query), INDEX.marks(CONTENT).all
    assert any(all_of <= marks for all_of in wanted.any_of) == is_found


@pytest.mark.parametrize("query", ["", "  ", "...", "—"])
def test_nothing_is_asked_for(query):
    assert INDEX.wanted(query) is None


NAMES = st.text("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшэюяАҒҚҲҶabcdefghijklmnoprstuvyz", min_size=2, max_size=20)


@given(NAMES, NAMES, st.integers(900000000, 999999999), st.sampled_from([str, str.lower, str.upper]))
def test_what_was_indexed_is_found_and_only_with_its_key(surname, given_name, phone, typed):
    content = Content(surname=surname, given_name=given_name, phone=f"+992{phone}")
    marks = INDEX.marks(content).all
    for query in (surname, f"{given_name} {surname}", str(phone), f"{surname} {phone}"):
        assert any(all_of <= marks for all_of in INDEX.wanted(typed(query)).any_of)
        assert not any(all_of & marks for all_of in BlindIndex(NEW).wanted(query).any_of)


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_a_sketch_is_stored_whole(marks):
    assert unpack(pack(marks)) == tuple(marks)


# Kept up to date ------------------------------------------------------------------------------------------------------


def numbers(found: list[Appeal]) -> set[str]:
    return {appeal.number for appeal in found}


@pytest.mark.django_db
def test_the_worker_indexes_and_everybody_in_the_appeal_is_found(officer):
    TASKS[tasks.index_new_appeals.name]()
    mine = taken(phone="+992 918 12 34 56", email="jamshed@example.tj")
    firm = taken(entity(entity_name="ҶДММ «Сомони нав»")).number
    assert casework.search(officer, "Раҳимов") == [], "not before the worker came"
    TASKS[tasks.index_new_appeals.name]()
    for query in (
        "Рахимов",
        "Jamshed Rahimov",
        "918123456",
        "JAMSHED@example.tj",
        mine.number,
        f"{mine.number} Раҳимов",
    ):
        assert numbers(casework.search(officer, query)) == {mine.number}, query
    for query in ("Сомони", "«Сомони нав»", "ООО Somoni nav"):
        assert numbers(casework.search(officer, query)) == {firm}, query
    assert casework.search(officer, f"{firm} Раҳимов") == casework.search(officer, "ҶДММ") == []
    assert casework.index_new() == 0


@pytest.mark.django_db
def test_a_group_is_found_by_each_of_its_people(officer):
    other = Person(surname="Саидова", given_name="Зарина", region="TJ-SU", district="TJ-SU:khujand", address="Чинор")
    appeal = taken(applicant="group", crime=True, crime_what="Дуздӣ " * 20, signatories=(other,))
    casework.index_new()
    assert numbers(casework.search(officer, "Saidova Zarina")) == {appeal.number}
    assert numbers(casework.search(officer, "Раҳимов Саидова")) == {appeal.number}


@pytest.mark.django_db
def test_what_was_mended_is_indexed_again(sent, officer):
    appeal = Appeal.objects.get()
    casework.index_new()
    casework.ask(appeal, officer, "Насаб?", "name", 5)
    response = sent.do("mend", surname="Назарова", given_name="Мадина", patronymic="Алиевна")
    assert response.status_code == 302
    assert casework.index_new() == 1
    assert casework.search(officer, "Раҳимов") == []
    assert numbers(casework.search(officer, "Назарова")) == {appeal.number}


@pytest.mark.django_db
def test_a_new_key_indexes_anew_and_an_unreadable_appeal_stops_nobody(settings, officer):
    settings.OFFICE_KEYS = [OLD]
    old = taken(surname="Каримов")
    casework.index_new()
    settings.OFFICE_KEYS = [NEW]
    new = taken()
    assert casework.index_new() == 2 and casework.index_new() == 0
    assert numbers(casework.search(officer, "Раҳимов")) == {new.number}
    assert casework.search(officer, "Каримов") == [] and not old.marks.exists()
    settings.OFFICE_KEYS = [NEW, OLD]
    call_command("reseal_appeals")
    settings.OFFICE_KEYS = [NEW]
    assert casework.index_new() == 1
    assert numbers(casework.search(officer, "Каримов")) == {old.number}


@pytest.mark.django_db
def test_new_rules_index_anew(monkeypatch):
    taken()
    casework.index_new()
    monkeypatch.setattr(blind_index, "_COURTESY", frozenset({"салом"}))
    assert (casework.index_new(), casework.index_new()) == (1, 0)


def test_the_public_server_indexes_nothing():
    assert TASKS[tasks.index_new_appeals.name].needs_key


@pytest.mark.django_db
def test_indexing_takes_as_many_queries_as_there_are_appeals_and_a_few(django_assert_max_num_queries):
    for surname in ("Каримов", "Назаров", "Саидов"):
        taken(surname=surname)
    with django_assert_max_num_queries(3 + 13):  # Of each appeal the messages are read, to see what was mended.
        assert casework.index_new() == 3


# What a thief gets ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_database_alone_confirms_no_guess():
    appeal = taken(phone="+992918123456", email="jamshed@example.tj")
    casework.index_new()
    stored = set(Mark.objects.values_list("mark", flat=True)) | set(unpack(bytes(Sketch.objects.get().marks)))
    stored.add(Sketch.objects.get().author)
    assert stored
    words = [*name_words("Раҳимов Ҷамшед Қосимович"), "рахимов чамшед", "раҳимов", "992918123456", "jamshed@example.tj"]
    secrets = (
        b"",
        portal_settings.SECRET_KEY.encode()[:64],
        bytes(appeal.sealed_key)[:64],
        appeal.office_key_id.encode(),
    )
    for word in words:
        for kind in ("", "name\0", "whole\0", "phone\0", "email\0"):
            for secret in secrets:
                plain = f"{kind}{word}".encode()
                digests = hashlib.blake2b(plain, digest_size=8, key=secret), hashlib.sha256(secret + plain)
                assert not stored & {int.from_bytes(digest.digest()[:8], signed=True) for digest in digests}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_marks_of_an_erased_appeal_are_gone_from_the_disk(settings):
    appeal, _code = answered(values(email="", text=TEXTS[0]))
    casework.index_new()
    order = ">" if connection.vendor == "sqlite" else "<"
    marks = [struct.pack(f"{order}q", mark) for mark in appeal.marks.values_list("mark", flat=True)]
    sketch = bytes(appeal.sketch.marks)
    assert len(sketch) > 100
    written = {name: content for name, content in database_files() if Path(name).is_file()}
    if not written:
        pytest.skip("the server's files cannot be read from here")
    assert any(mark in content for mark in marks for content in written.values()), "they are there before"
    approved()
    call_command("erase_appeals")
    assert not Mark.objects.exists() and not Sketch.objects.exists()
    left = [name for name, content in database_files() if sketch in content or any(mark in content for mark in marks)]
    assert left == []


def test_the_marks_follow_from_the_office_s_private_key_not_from_its_public_half():
    assert BlindIndex(vault.public_half(OLD)).mark("name", "рахимов") != INDEX.mark("name", "рахимов")
