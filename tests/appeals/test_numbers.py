"""Numbers are unique and without gaps, however many send at once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from appeals import casework
from appeals.content import Content
from appeals.models import Appeal, JournalEntry, Series
from tests.appeals.citizen import Citizen, picture, values

SENDERS = 20


@pytest.mark.django_db(transaction=True)
def test_twenty_send_at_once_each_twice_and_the_series_has_no_gap():
    """Every citizen presses the button twice at the same moment as all the others; some are refused midway."""
    citizens = []
    for place in range(SENDERS):
        citizen = Citizen()
        citizen.write(values(surname=f"Раҳимов{'абвгдежзиклмнопрстуф'[place]}"))
        citizens.append((citizen, citizen.captcha() | {"send": "1"}, picture().read()))
    start = threading.Barrier(2 * SENDERS)

    def press(citizen: Citizen, data: dict[str, str], signature: bytes) -> int:
        file = picture()
        try:
            start.wait(30)
            return citizen.client.post(citizen.url("check/"), data | {"signature": file}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2 * SENDERS) as pool:
        pressed = [pool.submit(press, *one) for one in citizens for _ in range(2)]
        statuses = [future.result(60) for future in pressed]
    assert statuses == [302] * (2 * SENDERS)
    numbers = sorted(int(number[5:]) for number in Appeal.objects.values_list("number", flat=True))
    assert numbers == list(range(1, SENDERS + 1))
    assert Series.objects.get().last == SENDERS
    assert JournalEntry.objects.filter(action="received").count() == SENDERS


@pytest.mark.django_db
def test_an_appeal_that_fails_midway_leaves_no_gap():
    signed = [casework.SentFile("signature", "s.png", "image/png", picture().read())]
    content = Content(
        surname="Раҳимов",
        given_name="Али",
        patronymic="Саидович",
        region="TJ-SU",
        district="TJ-SU:khujand",
        address="Рӯдакӣ 1",
        kind="request",
        text="Матн",
    )
    first, _code = casework.receive(content, signed, "tg")
    broken = [casework.SentFile("signature", "s.png", "image/png", None)]
    with pytest.raises(TypeError):
        casework.receive(content, broken, "tg")
    second, _code = casework.receive(content, signed, "tg")
    assert re.fullmatch(r"\d{4}-000001", first.number)
    assert second.number == first.number[:-1] + "2"
    assert connection.in_atomic_block
