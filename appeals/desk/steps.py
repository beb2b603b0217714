"""All steps on the page of an appeal, in the order in which they are offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..models import Appeal
from .step_form import StepForm
from .steps_end import (
    AnswerForm,
    ApproveForm,
    ArchiveForm,
    ConfirmCrimeForm,
    FindUntrueForm,
    LeaveUnexaminedForm,
    RefuteCrimeForm,
    ReopenForm,
    ReplaceCodeForm,
    SendBackForm,
)
from .steps_work import (
    AskForm,
    AssignForm,
    ClassifyForm,
    ExtendForm,
    ForwardForm,
    JoinForm,
    LinkForm,
    NoteForm,
    SeparateForm,
    TakeBackForm,
    UndoForm,
)

WORK: tuple[type[StepForm], ...] = (
    AssignForm, ClassifyForm, ForwardForm, TakeBackForm, AskForm, ExtendForm, NoteForm,
)  # fmt: skip
DECIDE: tuple[type[StepForm], ...] = (
    ApproveForm, SendBackForm, AnswerForm, ConfirmCrimeForm, RefuteCrimeForm, FindUntrueForm, LeaveUnexaminedForm,
)  # fmt: skip
MORE: tuple[type[StepForm], ...] = (JoinForm, SeparateForm, LinkForm, ReopenForm, ArchiveForm, ReplaceCodeForm)
FORMS: tuple[type[StepForm], ...] = (*WORK, *DECIDE, *MORE, UndoForm)


@dataclass(frozen=True)
class Group:
    title: str
    forms: list[StepForm]


def chosen(request: HttpRequest, appeal: Appeal) -> StepForm | None:
    """The form of the step that was asked for, filled in and judged; None for a step that there is not."""
    form = next((form for form in FORMS if request.POST.get("step") == form.NAME), None)
    if form is None:
        return None
    filled = form(appeal, request.user, request.POST, request.FILES)
    filled.full_clean()
    filled.refuse_foreign({name for one in FORMS for name in one.base_fields})
    return filled


def possible(
    appeal: Appeal, officer: AbstractBaseUser, filled: StepForm | None = None, initial: dict[str, Any] | None = None
) -> list[Group]:
    """The steps that ``officer`` can take now, and the one with a fault that comes back.

    ``initial``: for a step, by its name, what stands in its form.
    """
    titles = {_("Work on it"): WORK, _("Decide"): DECIDE, _("More"): MORE}
    groups = [Group(title, _of(forms, appeal, officer, filled, initial or {})) for title, forms in titles.items()]
    return [group for group in groups if group.forms]


def _of(
    forms: tuple[type[StepForm], ...],
    appeal: Appeal,
    officer: AbstractBaseUser,
    filled: StepForm | None,
    initial: dict[str, Any],
) -> list[StepForm]:
    found = []
    for form in forms:
        if filled and filled.NAME == form.NAME:
            found.append(filled)
        elif form.is_offered(appeal, officer):
            found.append(form(appeal, officer, initial=dict(initial.get(form.NAME, {}))))
    return found
