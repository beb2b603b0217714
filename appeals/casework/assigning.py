"""Who works on an appeal, and what it is about."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from ..choices import Kind
from ..models import Appeal, Department, Topic
from .base import Action, Refused, lock, record, require, tell
from .states import refuse_wrong_state


@transaction.atomic
def assign(
    appeal: Appeal, officer: AbstractBaseUser, department: Department | None = None, to: AbstractBaseUser | None = None
) -> None:
    """Give the appeal to a department, to an officer, or to one of a department's officers.

    The applicant is told of another department, by its name; never of an officer. One of the two may stay as it is.
    """
    require(officer, "appeals.assign_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "assign")
    department = department or appeal.department
    if to is not None and not (to.is_active and to.has_perm("appeals.answer_appeal")):
        raise Refused(_("%(officer)s may not work on appeals.") % {"officer": to})
    if to is not None and department and not _is_member(to, department):
        raise Refused(_("%(officer)s does not belong to this department.") % {"officer": to})
    if department == appeal.department and (to is None or to == appeal.officer):
        raise Refused(_("It is with them already."))
    before = {"department": appeal.department_id, "officer": appeal.officer_id}
    moved = department != appeal.department
    appeal.department, appeal.officer = department, to if to is not None or moved else appeal.officer
    appeal.save(update_fields=["department", "officer"])
    detail: dict[str, Any] = {"officer": appeal.officer_id, "before": before}
    if moved and department:
        detail |= {"department": names_of(department)}
    record(appeal, Action.ASSIGNED, officer, detail)
    if moved:
        tell(appeal, Action.ASSIGNED, delay=LETTERS_WAIT_SECONDS)


@transaction.atomic
def classify(appeal: Appeal, officer: AbstractBaseUser, topic: Topic | None, kind: str) -> None:
    """Say what the appeal is about, and of which kind by law it is, whatever its writer has called it."""
    require(officer, "appeals.register_appeal")
    appeal = lock(appeal)
    refuse_wrong_state(appeal, "classify")
    if (topic, kind) == (appeal.topic, appeal.kind):
        raise Refused(_("Topic and kind are these already."))
    before, appeal.topic, appeal.kind = appeal.kind, topic, Kind(kind).value
    appeal.save(update_fields=["topic", "kind"])
    detail: dict[str, Any] = {"topic": names_of(topic) if topic else None}
    record(appeal, Action.CLASSIFIED, officer, detail | ({"kind": kind, "before": before} if kind != before else {}))


def names_of(row: Any) -> dict[str, Any]:
    """A department, an authority or a topic as the journal keeps it: by the names that it had then."""
    return {"id": row.pk, "tg": row.name_tg, "ru": row.name_ru, "en": row.name_en}


def _is_member(user: AbstractBaseUser, department: Department) -> bool:
    return department.members.filter(pk=user.pk).exists()


# An assignment or a forwarding can be taken back for so long; the letters about it wait a little longer, so that
# taking back at the last moment is still in time.
UNDO_SECONDS = 10
LETTERS_WAIT_SECONDS = UNDO_SECONDS + 5
