"""Subscriptions, for who is asked about one by telephone: to look at and to erase."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.addresses import masked

from ..models import Subscription


class SubscriptionAdmin(admin.ModelAdmin):
    list_display = ("address", "language", "category", "frequency", "made_at", "confirmed_at")
    list_filter = ("language", "frequency", ("confirmed_at", admin.EmptyFieldListFilter))
    list_select_related = ("category",)
    search_fields = ("=email",)
    search_help_text = _("The whole address.")
    fields = readonly_fields = ("email", "language", "category", "frequency", "made_at", "confirmed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description=_("e-mail address"), ordering="email")
    def address(self, subscription: Subscription) -> str:
        return masked(subscription.email)
