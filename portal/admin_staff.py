"""Logins with their second factors."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .models import Factor
from .staff import events, sessions
from .staff.proof import ask_for_proof, recently_proved

admin.site.unregister(User)


@admin.register(User)
class StaffUserAdmin(UserAdmin):
    """Django's own, with two things more: who has a second factor, and a change of rights ends the sessions."""

    list_display = (*UserAdmin.list_display, "second_factor")
    actions: ClassVar = ["reset_factors", "end_sessions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        strong = Factor.objects.filter(user=OuterRef("pk")).exclude(kind=Factor.Kind.CODE)
        return super().get_queryset(request).annotate(has_factor=Exists(strong))

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user: User) -> bool:
        return user.has_factor

    def save_model(self, request: HttpRequest, user: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, user, form, change)
        if not change:
            given(request, user)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        before = self.get_object(request, unquote(id))
        response = super().user_change_password(request, id, form_url)
        after = self.get_object(request, unquote(id))
        if before and after and after.password != before.password:
            given(request, after)
        return response

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        sessions.end_changed(form.instance)

    @admin.action(description=_("Reset the second factors of the selected people"), permissions=["change"])
    def reset_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """For who lost the device: all factors and codes go, all sessions end. A superuser's only by a superuser."""
        if not recently_proved(request):
            return ask_for_proof(request)
        people = within_reach(request, chosen)
        for user in people:
            sessions.reset(user, request)
        messages.success(request, _("Second factors reset: %(count)s") % {"count": len(people)})
        return None

    @admin.action(description=_("End all sessions of the selected people"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        """They sign in again with what they have; nothing else is taken from them."""
        if not recently_proved(request):
            return ask_for_proof(request)
        count = sum(sessions.end_all(user, request) for user in within_reach(request, chosen))
        messages.success(request, _("Sessions ended: %(count)s") % {"count": count})
        return None


def given(request: HttpRequest, user: User) -> None:
    """Whoever sets the password of another knows it: the other must choose a new one (portal.staff.passwords)."""
    if user.pk != request.user.pk:
        events.record(events.Kind.GIVEN, request, user, actor=request.user.get_username())


def within_reach(request: HttpRequest, chosen: QuerySet[User]) -> list[User]:
    """Those of the chosen whom this administrator may touch: superusers belong to superusers."""
    return list(chosen if request.user.is_superuser else chosen.filter(is_superuser=False))
