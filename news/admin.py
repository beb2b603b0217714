"""The press staff's part of the admin: events (see ``news.desk``) and the lists of names."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Field, SlugField, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.alphabet import NameOrder
from portal.text import LATIN

from .desk.event import EventAdmin
from .desk.links import BrokenLinkAdmin, OldAddressAdmin
from .desk.rights import TEXT_FIELDS
from .desk.subscriptions import SubscriptionAdmin
from .links import BrokenLink, OldAddress
from .models import Category, Event, Partner, Place, Subscription, Topic

admin.site.register(Event, EventAdmin)
admin.site.register(OldAddress, OldAddressAdmin)
admin.site.register(BrokenLink, BrokenLinkAdmin)
admin.site.register(Subscription, SubscriptionAdmin)


class NameAdmin(admin.ModelAdmin):
    # An address is no line of text: it has a field of its own, with widget and rule.
    formfield_overrides: ClassVar = TEXT_FIELDS | {
        SlugField: {"form_class": forms.SlugField},
        URLField: {"assume_scheme": "https"},
    }
    list_display = ("name", "name_tg", "name_ru", "name_en")
    search_fields = ("name_tg", "name_ru", "name_en")
    prepopulated_fields = {"slug": ("name_en",)}

    class Media:
        js = ("admin/js/urlify.js", "js/slug-latin.js")  # Ours after Django's.

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "slug":
            field.widget.attrs["data-latin"] = json.dumps(LATIN, ensure_ascii=False)
        return field

    @admin.display(description=_("name"))
    def name(self, named: Any) -> str:
        return named.name


@admin.register(Category)
class CategoryAdmin(NameAdmin):
    list_display = (*NameAdmin.list_display, "position")


@admin.register(Place, Topic)
class AlphabeticalAdmin(NameOrder, NameAdmin):
    """Names without a place of their own in the order."""


@admin.register(Partner)
class PartnerAdmin(NameAdmin):
    list_display = (*NameAdmin.list_display, "url", "position")
