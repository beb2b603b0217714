"""State by step: what is allowed writes one journal entry, what is refused changes nothing; each needs its right."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from appeals import casework
from appeals.models import Appeal, JournalEntry, Message, Topic
from portal.models import Message as Letter
from tests.appeals.office import authority, department, person, taken

pytestmark = pytest.mark.django_db
STATES = "received registered waiting forwarded joined answered not_examined withdrawn".split()
# Which step can be taken in which state: + taken, . refused. The columns are STATES.
TABLE = """
register          + . . . . . . .
classify          + + + + + . . .
assign            . + + + . . . .
forward           . + . + . . . .
take_back         . . . + . . . .
ask               . + . . . . . .
extend            . + + + . . . .
join              . + + . . . . .
separate          . . . . + . . .
link              + + + + + + + +
prepare           . + + + . . . .
approve_answer    . + + + . . . .
send_back         . + + + . . . .
answer            . + + + . . . .
leave_unexamined  . + + . . . . .
confirm_crime     . + + + . . . .
refute_crime      . + + + . . . .
find_untrue       . + + + . . . .
reopen            . . . . . + + +
archive           . . . . . + + +
note              + + + + + + + +
replace_code      + + + + + + + +
"""
ALLOWED = {row.split()[0]: dict(zip(STATES, row.split()[1:], strict=True)) for row in TABLE.strip().splitlines()}
OF_SUPERVISORS = ("approve_answer", "send_back", "reopen", "archive", "replace_code")
STEPS = {
    "register": casework.register,
    "classify": lambda one, who: casework.classify(one, who, Topic.objects.create(name_tg="Роҳҳо"), "complaint"),
    "assign": lambda one, who: casework.assign(one, who, department()),
    "forward": lambda one, who: casework.forward(one, who, [authority("Дигар")], "Лутфан баррасӣ кунед."),
    "take_back": lambda one, who: casework.take_back(one, who, one.forwardings.get(), "Салоҳият надорад."),
    "ask": lambda one, who: casework.ask(one, who, "Кадом роҳ?"),
    "extend": lambda one, who: casework.extend(one, who, 5, "Маълумот дархост шуд."),
    "join": lambda one, who: casework.join(one, who, other(one)),
    "separate": casework.separate,
    "link": lambda one, who: casework.link(one, who, other(one)),
    "prepare": lambda one, who: casework.prepare(one, who, "Ҷавоб"),
    "approve_answer": casework.approve_answer,
    "send_back": lambda one, who: casework.send_back(one, who, "Санаро илова кунед."),
    "answer": lambda one, who: casework.answer(one, who, "Ҷавоб"),
    "leave_unexamined": lambda one, who: casework.leave_unexamined(one, who, "Шарҳ"),
    "confirm_crime": lambda one, who: casework.confirm_crime(one, who, "Дуздӣ тасвир шудааст."),
    "refute_crime": lambda one, who: casework.refute_crime(one, who, "Ҷиноят нест."),
    "find_untrue": lambda one, who: casework.find_untrue(one, who, "Феҳристи аҳолӣ"),
    "reopen": lambda one, who: casework.reopen(one, who, "Далели нав"),
    "archive": casework.archive,
    "note": lambda one, who: casework.note(one, who, "Занг задам."),
    "replace_code": lambda one, who: casework.replace_code(one, who, "Шиноснома"),
}


def other(appeal):
    return Appeal.objects.exclude(pk=appeal.pk).first()


@pytest.fixture
def appeal(officer):
    """An appeal and another one under way; the first is at an authority, and an answer by somebody waits."""
    taken(officer, text="Хоҳиш менамоям, ки чароғҳои кӯча таъмир карда шаванд.")
    found = taken(officer)
    casework.prepare(found, officer, "Ҷавоби аввал")
    casework.forward(found, officer, [authority()], "Лутфан баррасӣ кунед.")
    return found


def put(appeal, state):
    crime = "claimed"
    Appeal.objects.filter(pk=appeal.pk).update(
        status=state,
        crime=crime,
        joined_to=other(appeal) if state == "joined" else None,
        ended_at=timezone.now() - timedelta(days=100) if state in {"answered", "not_examined", "withdrawn"} else None,
        paused_at=timezone.now() if state == "waiting" else None,
        wait_until=timezone.localdate() if state == "waiting" else None,
    )
    Appeal.objects.exclude(pk=appeal.pk).update(crime=crime)
    appeal.refresh_from_db()


def everything(appeal):
    rows = Appeal.objects.order_by("pk").values()
    return list(rows), JournalEntry.objects.count(), Message.objects.count(), Letter.objects.count()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_in_its_states_alone_and_writes_one_journal_entry(step, state, appeal):
    supervisor = person("supervisor", "Appeals supervisor")
    put(appeal, state)
    before, entries = everything(appeal), appeal.journal.count()
    if ALLOWED[step][state] == "+":
        STEPS[step](appeal, supervisor)
        assert appeal.journal.count() == entries + 1
        assert appeal.journal.last().actor == supervisor
        assert casework.chain_is_whole(appeal)
    else:
        with pytest.raises(casework.Refused):
            STEPS[step](appeal, supervisor)
        assert everything(appeal) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_step_needs_its_permission(step, appeal):
    put(appeal, next(state for state in STATES if ALLOWED[step][state] == "+"))
    before = everything(appeal)
    for stranger in (person("editor", "Press editor"), person("auditor", "Auditor"), person("op", "Appeals operator")):
        with pytest.raises(PermissionDenied):
            STEPS[step](appeal, stranger)
    assert everything(appeal) == before


@pytest.mark.parametrize("step", [name for name in STEPS if name not in OF_SUPERVISORS])
def test_an_officer_may_do_all_but_what_a_supervisor_is_there_for(step, appeal, officer):
    put(appeal, next(state for state in STATES if ALLOWED[step][state] == "+"))
    STEPS[step](appeal, officer)


@pytest.mark.parametrize("step", OF_SUPERVISORS)
def test_what_a_supervisor_is_there_for_an_officer_may_not(step, appeal, officer):
    put(appeal, next(state for state in STATES if ALLOWED[step][state] == "+"))
    with pytest.raises(PermissionDenied):
        STEPS[step](appeal, officer)


def test_nothing_is_done_with_an_erased_appeal(appeal):
    supervisor = person("supervisor", "Appeals supervisor")
    for step, states in ALLOWED.items():
        if step == "register":
            continue  # Only what has ended is ever erased.
        put(appeal, next(state for state in STATES if states[state] == "+"))
        Appeal.objects.filter(pk=appeal.pk).update(erased_at=timezone.now())
        with pytest.raises(casework.Refused):
            STEPS[step](appeal, supervisor)
        Appeal.objects.filter(pk=appeal.pk).update(erased_at=None)


def test_a_step_decided_on_an_older_state_is_refused_and_a_look_makes_nothing_older(officer):
    appeal = taken(officer)
    appeal.seen = appeal.revision
    casework.read(Appeal.objects.get(), officer)
    casework.extend(appeal, officer, 1, "Сабаб")
    with pytest.raises(casework.Stale):
        casework.note(appeal, officer, "Занг задам.")
    appeal.refresh_from_db()
    appeal.seen = appeal.revision
    casework.ask(appeal, officer, "Кадом роҳ?")
