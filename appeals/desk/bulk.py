"""What is done with many appeals at once: counted and asked for before, told with its refusals afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import casework
from ..casework.states import ALLOWED, ENDED, UNDER_WAY
from ..models import AnswerTemplate, Appeal
from . import register_csv
from .assigning import AssignFields

Status = Appeal.Status
MOST = 500


class AnswerTextForm(forms.Form):
    """With which text many appeals are answered."""

    template = forms.ModelChoiceField(AnswerTemplate.objects.filter(in_use=True), label=gettext_lazy("Text"))


class JoinForm(forms.Form):
    """To which appeal many are joined."""

    main = forms.ModelChoiceField(
        Appeal.objects.filter(status__in=UNDER_WAY, erased_at=None).only("number"),
        label=gettext_lazy("To which appeal"),
        to_field_name="number",
        widget=forms.TextInput,
        help_text=gettext_lazy("For instance 2026-000123"),
    )


class BulkStep:
    """One step for many appeals: a function of ``casework`` by its name, and with which of them it is possible."""

    def __init__(
        self,
        title: str | Promise,
        button: str | Promise,
        otherwise: str | Promise,
        possible: Q,
        take: str,
        form: type[forms.Form] | None = None,
    ) -> None:
        self.title, self.button, self.otherwise = title, button, otherwise
        self.possible, self.take, self.form = possible, take, form


STEPS = {
    "register_selected": BulkStep(
        gettext_lazy("Register the selected appeals"),
        gettext_lazy("Register"),
        gettext_lazy("registered already, or held by the filter"),
        Q(status=Status.RECEIVED, held=""),
        "register",
    ),
    "release_selected": BulkStep(
        gettext_lazy("Release the selected appeals"),
        gettext_lazy("Release"),
        gettext_lazy("not held"),
        ~Q(held=""),
        "release",
    ),
    "assign_selected": BulkStep(
        gettext_lazy("Assign the selected appeals"),
        gettext_lazy("Assign"),
        gettext_lazy("not registered yet, or ended"),
        Q(status__in=UNDER_WAY),
        "assign",
        AssignFields,
    ),
    "answer_selected": BulkStep(
        gettext_lazy("Answer the selected appeals with a ready text"),
        gettext_lazy("Answer"),
        gettext_lazy("not being examined now"),
        Q(status__in=UNDER_WAY),
        "answer_with",
        AnswerTextForm,
    ),
    "join_selected": BulkStep(
        gettext_lazy("Join the selected appeals to one of them"),
        gettext_lazy("Join"),
        gettext_lazy("not registered and open, or joined already"),
        Q(status__in=ALLOWED["join"]),
        "join",
        JoinForm,
    ),
    "archive_selected": BulkStep(
        gettext_lazy("Archive the selected appeals"),
        gettext_lazy("Archive"),
        gettext_lazy("not ended, or archived already"),
        Q(status__in=ENDED, archived_at=None),
        "archive",
    ),
}


def take(
    step: BulkStep, appeals: Iterable[Appeal], officer: AbstractBaseUser, given: dict[str, Any]
) -> tuple[int, dict[str, list[str]]]:
    """Take the step with each appeal by itself. How many it was taken with, and the others' numbers by the reason."""
    done, refused = 0, defaultdict(list)
    for appeal in appeals:
        try:
            getattr(casework, step.take)(appeal, officer, **given)
        except casework.Refused as reason:
            refused[str(reason).replace(appeal.number, "№").rstrip(".")].append(appeal.number)
        else:
            done += 1
    return done, refused


class BulkActions:
    """Mixed into the admin of appeals."""

    actions = (
        "register_selected", "release_selected", "assign_selected", "answer_selected", "join_selected",
        "archive_selected", "print_list", "print_covers", "save_register",
    )  # fmt: skip

    def has_register_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.register_appeal")

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.assign_appeal")

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.answer_appeal")

    def has_archive_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.archive_appeal")

    @admin.action(description=STEPS["register_selected"].title, permissions=["register"])
    def register_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return self._ask_or_take(request, queryset, "register_selected")

    @admin.action(description=STEPS["release_selected"].title, permissions=["register"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return self._ask_or_take(request, queryset, "release_selected")

    @admin.action(description=STEPS["assign_selected"].title, permissions=["assign"])
    def assign_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return self._ask_or_take(request, queryset, "assign_selected")

    @admin.action(description=STEPS["answer_selected"].title, permissions=["answer"])
    def answer_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return self._ask_or_take(request, queryset, "answer_selected")

    @admin.action(description=STEPS["join_selected"].title, permissions=["answer"])
    def join_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return self._ask_or_take(request, queryset, "join_selected")

    @admin.action(description=STEPS["archive_selected"].title, permissions=["archive"])
    def archive_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return self._ask_or_take(request, queryset, "archive_selected")

    @admin.action(description=gettext_lazy("Print the list of the selected appeals"), permissions=["view"])
    def print_list(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        context = {"appeals": self._at_most(request, queryset), "title": _("List of appeals"), "at": timezone.now()}
        return TemplateResponse(request, "admin/appeals/appeal/print_list.html", context)

    @admin.action(description=gettext_lazy("Save the register of the selected appeals (CSV)"), permissions=["view"])
    def save_register(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        return register_csv.response(sorted(self._at_most(request, queryset), key=lambda appeal: appeal.pk))

    def _at_most(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> list[Appeal]:
        """The first of those that were chosen, in the order of the list."""
        appeals = list(queryset[: MOST + 1])
        if len(appeals) > MOST:
            words = _(
                "At most %(most)s appeals are taken at once: these are the first of the list. Then take the next."
            )
            self.message_user(request, words % {"most": MOST}, messages.WARNING)
        return appeals[:MOST]

    def _ask_or_take(self, request: HttpRequest, queryset: QuerySet[Appeal], name: str) -> HttpResponse:
        """The page that says what will happen; from there, with ``confirm``, the step itself."""
        step, confirmed = STEPS[name], "confirm" in request.POST
        form = step.form and step.form(request.POST if confirmed else None, initial={"main": request.POST.get("main")})
        appeals = self._at_most(request, queryset)
        back = QueryDict(request.POST.get("back", "")) if confirmed else request.GET
        if confirmed and (form is None or form.is_valid()):
            self._tell(request, *take(step, appeals, request.user, form.cleaned_data if form else {}))
            return HttpResponseRedirect(f"{reverse('admin:appeals_appeal_changelist')}?{back.urlencode()}")
        possible = set(
            Appeal.objects.filter(step.possible, pk__in=[one.pk for one in appeals]).values_list("pk", flat=True)
        )
        context = {
            **self.admin_site.each_context(request),
            "title": step.title,
            "opts": self.opts,
            "step": step,
            "form": form,
            "action": name,
            "field": ACTION_CHECKBOX_NAME,
            "appeals": appeals,
            "possible": [appeal for appeal in appeals if appeal.pk in possible],
            "impossible": [appeal for appeal in appeals if appeal.pk not in possible],
            "back": back.urlencode(),
        }
        return TemplateResponse(request, "admin/appeals/appeal/bulk.html", context)

    def _tell(self, request: HttpRequest, done: int, refused: dict[str, list[str]]) -> None:
        if done:
            self.message_user(request, _("Done: %(count)s.") % {"count": done}, messages.SUCCESS)
        for reason, numbers in refused.items():
            words = _("Refused: %(count)s. %(reason)s: %(numbers)s")
            given = {"count": len(numbers), "reason": reason, "numbers": ", ".join(numbers)}
            self.message_user(request, words % given, messages.WARNING)
