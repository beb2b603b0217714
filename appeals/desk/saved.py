"""Saved filters: each officer keeps his own; a supervisor shares one with everybody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.fields import LineField

from ..models import SavedFilter
from .doors import Doors
from .filters import canonical, offer


class SavedFilterForm(forms.ModelForm):
    """``person`` is set by the admin: whose filter it is."""

    person: AbstractBaseUser

    class Meta:
        model = SavedFilter
        fields = ("name", "shared", "query")
        field_classes = {"name": LineField}
        widgets = {"query": forms.HiddenInput}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if SavedFilter.objects.filter(owner=self.person, name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have a filter of this name already."), code="twice")
        return name

    def clean(self) -> dict[str, Any]:
        """The field of the query is hidden: what is wrong with it is said of the whole form."""
        given = super().clean() or {}
        given["query"] = canonical(given.get("query", ""), offer(self.person))
        return given


@admin.register(SavedFilter)
class SavedFilterAdmin(Doors, admin.ModelAdmin):
    """A filter is renamed, shared and deleted by its owner alone."""

    form = SavedFilterForm
    list_display = ("name", "shared")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedFilter]:
        return super().get_queryset(request).filter(owner=request.user)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[forms.Form]:
        form = super().get_form(request, obj, change, **kwargs)
        form.person = request.user
        return form

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if request.user.has_perm("appeals.share_filter") else ("shared",)

    def save_model(self, request: HttpRequest, obj: SavedFilter, form: Any, change: bool) -> None:
        obj.owner = request.user
        super().save_model(request, obj, form, change)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # It is reached from the list of appeals.

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("appeals.view_appeal")

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: SavedFilter) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:appeals_appeal_changelist')}?{obj.query}")

    response_post_save_change = response_post_save_add
