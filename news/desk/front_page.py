"""The front page at the press desk: a small list of pinned events, and the action that pins them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.admin_widgets import SearchedRow

from ..models import Event, FrontPin


@admin.register(FrontPin)
class FrontPinAdmin(admin.ModelAdmin):
    list_display = ("event", "position", "shown_in", "until")
    list_editable = ("position",)
    list_select_related = ("event",)
    autocomplete_fields = ("event",)

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = SearchedRow(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FrontPin]:
        return super().get_queryset(request).prefetch_related("event__reports")

    @admin.display(description=_("shown in"))
    def shown_in(self, pin: FrontPin) -> str:
        """The languages whose front page shows it; in the others the rule decides."""
        if not pin.is_current:
            return gettext("nowhere: its time is over")
        public = [str(report.get_language_display()) for report in pin.event.reports.all() if report.is_public]
        return ", ".join(public) or gettext("nowhere: no report is published")


@admin.action(description=_("Pin to the front page"), permissions=["pin"])
def pin_to_front_page(desk: Any, request: HttpRequest, events: QuerySet[Event]) -> None:
    """Give each event the first free place; one that was pinned before keeps nothing of it."""
    for event in events:
        FrontPin.objects.filter(event=event).delete()
        position = FrontPin.objects.free_position()
        if position is None:
            desk.message_user(request, gettext("All five places are taken: take one off first."), messages.WARNING)
            return
        FrontPin.objects.create(event=event, position=position)
        desk.log_change(request, event, f"Pinned to the front page: {position}")
    desk.message_user(request, gettext("On the front page. Their places can be changed in the list “Front page”."))
