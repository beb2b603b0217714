"""What every step on the page of an appeal shares: a short form, and the function of ``casework`` it leads to."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.fields import LinesField

from .. import casework
from ..models import Appeal

TEXT_MAX = 20_000


def text_field(label: Any, help_text: Any = "", rows: int = 6, **options: Any) -> LinesField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField"})
    return LinesField(label=label, max_length=TEXT_MAX, widget=widget, help_text=help_text, **options)


class StepForm(forms.Form):
    """One step. It is offered in the states that ``casework.ALLOWED`` names, to who has its permission."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str | Promise]
    HELP: ClassVar[str | Promise] = ""
    PERMISSION: ClassVar[str] = "appeals.answer_appeal"
    KEY: ClassVar[str] = ""  # The letter that opens it from the keyboard.
    use_required_attribute = False

    def __init__(self, appeal: Appeal, officer: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        self.appeal, self.officer = appeal, officer
        super().__init__(*args, auto_id=f"id_{self.NAME}_%s", **kwargs)

    @classmethod
    def is_offered(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        return (
            not appeal.erased_at
            and appeal.status in casework.ALLOWED[cls.NAME]
            and officer.has_perm(cls.PERMISSION)
            and cls.makes_sense(appeal, officer)
        )

    @classmethod
    def makes_sense(cls, appeal: Appeal, officer: AbstractBaseUser) -> bool:
        """Whether there is anything to do, beyond the state."""
        return True

    def refuse_foreign(self, names: set[str]) -> None:
        """What belongs to another step was meant to do something: it is not dropped without a word."""
        foreign = names - set(self.fields)
        if any(self.data.get(name, "").strip() for name in foreign) or (self.files.keys() & foreign):
            self.add_error(
                None,
                forms.ValidationError(_("Something was filled in that does not belong to this step."), code="foreign"),
            )

    def take(self) -> str:
        """Take the step; returns a sentence for the officer. Raises ``casework.Refused`` and ``PermissionDenied``."""
        raise NotImplementedError
