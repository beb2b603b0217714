"""The press staff's part of the admin: events (see ``news.desk``) and the lists of names."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .desk.event import EventAdmin
from .desk.rights import TEXT_FIELDS
from .models import Category, Event, Partner, Place, Topic

admin.site.register(Event, EventAdmin)


class NameAdmin(admin.ModelAdmin):
    formfield_overrides: ClassVar = TEXT_FIELDS
    list_display = ("name", "name_tg", "name_ru", "name_en")
    search_fields = ("name_tg", "name_ru", "name_en")
    prepopulated_fields = {"slug": ("name_en",)}

    @admin.display(description=_("name"))
    def name(self, named: Any) -> str:
        return named.name


@admin.register(Category)
class CategoryAdmin(NameAdmin):
    list_display = (*NameAdmin.list_display, "position")


admin.site.register(Place, NameAdmin)
admin.site.register(Topic, NameAdmin)


@admin.register(Partner)
class PartnerAdmin(NameAdmin):
    list_display = (*NameAdmin.list_display, "url", "position")
