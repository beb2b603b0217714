"""Logins with their second factors."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .models import Factor
from .staff import sessions
from .staff.proof import ask_for_proof, recently_proved

admin.site.unregister(User)


@admin.register(User)
class StaffUserAdmin(UserAdmin):
    """Django's own, with two things more: who has a second factor, and a change of rights ends the sessions."""

    list_display = (*UserAdmin.list_display, "second_factor")
    actions: ClassVar = ["reset_factors"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        strong = Factor.objects.filter(user=OuterRef("pk")).exclude(kind=Factor.Kind.CODE)
        return super().get_queryset(request).annotate(has_factor=Exists(strong))

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user: User) -> bool:
        return user.has_factor

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        sessions.end_changed(form.instance)

    @admin.action(description=_("Reset the second factors of the selected people"), permissions=["change"])
    def reset_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """For who lost the device: all factors and codes go, all sessions end. A superuser's only by a superuser."""
        if not recently_proved(request):
            return ask_for_proof(request)
        people = list(chosen if request.user.is_superuser else chosen.filter(is_superuser=False))
        for user in people:
            sessions.reset(user, request)
        messages.success(request, _("Second factors reset: %(count)s") % {"count": len(people)})
        return None
