"""Two officers act at the same moment: one is first, the other is told, nothing is half done."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from appeals import casework
from appeals.models import Appeal, JournalEntry, Message
from tests.appeals.office import authority, department, person, taken

ROUNDS = 5
PAIRS = {
    "both answer": (lambda one, who: casework.answer(one, who, "Ҷавоб"),) * 2,
    "one answers, one leaves it": (
        lambda one, who: casework.answer(one, who, "Ҷавоб"),
        lambda one, who: casework.leave_unexamined(one, who, "Шарҳ"),
    ),
    "one forwards, one asks": (
        lambda one, who: casework.forward(one, who, [authority()], "Баррасӣ кунед."),
        lambda one, who: casework.ask(one, who, "Кадом роҳ?"),
    ),
    "both assign": (lambda one, who: casework.assign(one, who, department(who.username)),) * 2,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_who_decide_on_the_same_state_one_wins_and_the_other_is_told(pair):
    first, second = person("first"), person("second")
    appeal = taken(first)
    for round_ in range(ROUNDS):
        if round_:
            appeal = taken(first)
        start = threading.Barrier(2)

        def act(step, officer, pk=appeal.pk, seen=appeal.revision, start=start):
            own = Appeal.objects.get(pk=pk)
            own.seen = seen
            try:
                start.wait(30)
                step(own, officer)
            except casework.Stale as stale:
                return str(stale)
            finally:
                connections.close_all()
            return ""

        entries, said = JournalEntry.objects.count(), Message.objects.count()
        with ThreadPoolExecutor(2) as pool:
            both = [pool.submit(act, step, who) for step, who in zip(PAIRS[pair], (first, second), strict=True)]
            told = [one.result(60) for one in both]
        assert sorted(map(bool, told)) == [False, True]
        assert JournalEntry.objects.count() == entries + 1
        assert Message.objects.count() <= said + 1
        assert casework.chain_is_whole(appeal)


@pytest.mark.django_db(transaction=True)
def test_two_who_join_crosswise_do_not_wait_for_each_other():
    officer = person("first")
    for _round in range(ROUNDS):
        one, other = taken(officer), taken(officer)
        start = threading.Barrier(2)

        def act(pk, main, start=start):
            try:
                start.wait(30)
                casework.join(Appeal.objects.get(pk=pk), officer, Appeal.objects.get(pk=main))
            except casework.Refused:
                return "refused"
            finally:
                connections.close_all()
            return "joined"

        with ThreadPoolExecutor(2) as pool:
            done = [pool.submit(act, one.pk, other.pk), pool.submit(act, other.pk, one.pk)]
            assert sorted(future.result(60) for future in done) == ["joined", "refused"]
        assert Appeal.objects.filter(pk__in=(one.pk, other.pk), status="joined").count() == 1


@pytest.mark.django_db
def test_who_is_late_reads_what_changed_and_keeps_what_was_typed(officer, client):
    appeal = taken(officer)
    client.force_login(person("colleague"))
    seen = appeal.revision
    casework.extend(appeal, officer, 5, "Маълумот дархост шуд.")
    typed = {"step": "ask", "text": "Кадом роҳ?", "field": "", "days": "7", "seen": str(seen)}
    page = client.post(f"/admin/appeals/appeal/{appeal.pk}/step/", typed, headers={"Accept-Language": "en"})
    assert page.status_code == 200
    html = page.content.decode()
    assert "What changed since you opened this page" in html
    assert "officer: The term was extended until" in html
    assert ">\nКадом роҳ?</textarea>" in html
    appeal.refresh_from_db()
    assert appeal.status == "registered"
    assert f'name="seen" value="{appeal.revision}"' in html  # Pressed again it is decided on what is there now.
