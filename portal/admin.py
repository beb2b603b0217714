"""What waits, what was given up and why: background tasks and letters. Neither shows whom a letter is for.

And what happened to the logins of the staff.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .admin_staff import StaffUserAdmin as StaffUserAdmin
from .models import Message, SecurityEvent, Task


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to look at."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Of a single row nothing; actions on the list ask for the permission."""
        return obj is None and super().has_change_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [field.name for field in self.opts.fields]


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("name", "arguments", "due_at", "attempts", "error", "dead_at")
    list_filter = (("dead_at", admin.EmptyFieldListFilter), "name")
    actions: ClassVar = ["try_again"]

    @admin.action(description=_("Try the selected tasks again"), permissions=["change"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[Task]) -> None:
        for row in chosen:
            self.log_change(request, row, "try_again")
        chosen.update(dead_at=None, attempts=0, due_at=Now(), error="")
        messages.success(request, _("The tasks will be tried again at once."))


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "language", "made_at", "attempts", "error", "sent_at", "failed_at")
    list_filter = (("sent_at", admin.EmptyFieldListFilter), ("failed_at", admin.EmptyFieldListFilter), "kind")
    fields = ("kind", "language", "made_at", "attempts", "error", "sent_at", "failed_at")
    readonly_fields = fields


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "login", "detail", "device", "place", "actor")
    list_filter = ("kind", "at", "detail")
    search_fields = ("login",)
    search_help_text = _("A login")
    fields = list_display
    readonly_fields = fields
    list_per_page = 50
