"""To whom appeals can be given: the same fields for one appeal and for many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.alphabet import NameChoiceField
from portal.presence import name_of

from ..models import Department


def officers() -> QuerySet[User]:
    """Those who work on appeals now."""
    return User.objects.with_perm("appeals.answer_appeal").only("username", "first_name", "last_name")


class AssignFields(forms.Form):
    department = NameChoiceField(
        Department.objects.filter(in_use=True),
        label=gettext_lazy("Department"),
        required=False,
        help_text=gettext_lazy("The applicant sees its name."),
    )
    to = NameChoiceField(
        User.objects.none(),
        label=gettext_lazy("Officer"),
        required=False,
        help_text=gettext_lazy("The applicant never sees who."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = officers()
        self.fields["to"].label_from_instance = name_of

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not (given.get("department") or given.get("to")):
            raise ValidationError(_("Choose a department or an officer."), code="required")
        return given
