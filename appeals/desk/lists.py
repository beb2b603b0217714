"""What the office works by, kept by supervisors: departments, authorities, topics, texts of answers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.alphabet import NameOrder

from ..models import AnswerTemplate, Authority, Department, Topic
from .doors import Doors


class ListAdmin(Doors, admin.ModelAdmin):
    """Nothing is deleted: older appeals name it. What is out of use is not offered any more."""

    list_filter = ("in_use",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Department)
class DepartmentAdmin(NameOrder, ListAdmin):
    list_display = ("name_tg", "name_ru", "name_en", "in_use")
    filter_horizontal = ("members",)


@admin.register(Authority)
class AuthorityAdmin(NameOrder, ListAdmin):
    list_display = ("name_tg", "name_ru", "name_en", "takes_crime", "in_use")


@admin.register(Topic)
class TopicAdmin(NameOrder, ListAdmin):
    list_display = ("name_tg", "name_ru", "name_en", "in_use")


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(ListAdmin):
    list_display = ("title", "language", "kind", "in_use")
    list_filter = ("in_use", "language", "kind")
