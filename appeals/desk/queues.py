"""The list of appeals: what to do next, filters, what is done with many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import casework, term
from ..models import Appeal
from . import register_csv


class WaitFilter(admin.SimpleListFilter):
    """What was asked of the applicant: nothing happens by itself when its day has passed, so it must be found."""

    title = gettext_lazy("waiting for the applicant")
    parameter_name = "wait"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("passed", _("the day has passed")), ("open", _("still within the days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        waiting, today = queryset.filter(status=Appeal.Status.WAITING), term.local_day(timezone.now())
        if self.value() == "passed":
            return waiting.filter(wait_until__lt=today)
        return waiting.filter(wait_until__gte=today) if self.value() == "open" else queryset


class HeldFilter(admin.SimpleListFilter):
    title = gettext_lazy("held")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> QuerySet[Appeal]:
        if self.value() == "yes":
            return queryset.exclude(held="")
        return queryset.filter(held="") if self.value() == "no" else queryset


class Queues:
    """Mixed into the admin of appeals."""

    list_display = (
        "number", "received_at", "kind", "applicant", "region_name", "verdict", "state", "due_on", "is_held",
    )  # fmt: skip
    list_filter = (
        WaitFilter, "status", HeldFilter, "verdict", "kind", "applicant", "language",
        ("on_hold_since", admin.EmptyFieldListFilter), ("erased_at", admin.EmptyFieldListFilter),
    )  # fmt: skip
    search_fields = ("number",)
    search_help_text = gettext_lazy("The appeal's number")
    date_hierarchy = "received_at"
    list_per_page = 50
    actions = ("register_selected", "release_selected", "print_covers", "save_register")

    def has_register_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.register_appeal")

    @admin.display(description=gettext_lazy("region"), ordering="region")
    def region_name(self, appeal: Appeal) -> str:
        return appeal.region_name

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, appeal: Appeal) -> str:
        return appeal.state

    @admin.display(description=gettext_lazy("held"))
    def is_held(self, appeal: Appeal) -> str:
        return _("held") if appeal.held else ""

    @admin.action(description=gettext_lazy("Release the selected appeals"), permissions=["register"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> None:
        for appeal in queryset.order_by("id"):
            self._release(request, appeal)

    def _release(self, request: HttpRequest, appeal: Appeal) -> None:
        try:
            casework.release(appeal, request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, _("Appeal %(number)s is released.") % {"number": appeal.number}, messages.SUCCESS
            )

    @admin.action(description=gettext_lazy("Register the selected appeals"), permissions=["register"])
    def register_selected(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> None:
        for appeal in queryset.order_by("id"):
            self._register(request, appeal)

    @admin.action(description=gettext_lazy("Save the register of the selected appeals (CSV)"), permissions=["view"])
    def save_register(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        boxes = ("box", "sealed_key", "sealed_to_code", "grounds", "notes")
        return register_csv.response(queryset.defer(*boxes).order_by("id").iterator())

    def _register(self, request: HttpRequest, appeal: Appeal) -> None:
        try:
            casework.register(appeal, request.user)
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        else:
            self.message_user(
                request, _("Appeal %(number)s is registered.") % {"number": appeal.number}, messages.SUCCESS
            )
