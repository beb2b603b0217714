"""Finding appeals by person. A form that is sent: what is searched for must not stand in an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.fields import LineField

from .. import casework
from .seen_before import Row


class FindForm(forms.Form):
    text = LineField(
        label=gettext_lazy("Whom to find"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "A surname, surname and name, an organisation, a telephone, an e-mail address or a number; of several, all "
            "must match. Tajik, Russian or Latin spelling makes no difference. That you searched is recorded."
        ),
    )


class FindPage:
    """Mixed into the admin of appeals."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.find_view))
        return [path("find/", view, name="appeals_appeal_find"), *super().get_urls()]

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """The form, and below it what was found."""
        if not request.user.has_perm("appeals.reveal_identity"):
            raise PermissionDenied
        form, context = FindForm(request.POST or None), {}
        if form.is_valid():
            found = casework.search(request.user, form.cleaned_data["text"])
            context = {"rows": [Row(appeal) for appeal in found], "is_partial": casework.pending().exists()}
        page = {"title": _("Find by person"), "opts": self.opts, "form": form, "most": casework.MOST_FOUND}
        return TemplateResponse(
            request, "admin/appeals/appeal/find.html", {**self.admin_site.each_context(request), **page, **context}
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list's own search stands in the address, so it is for numbers alone and leads here for the rest."""
        changelist = super().get_changelist_instance(request)
        if request.user.has_perm("appeals.reveal_identity"):
            changelist.search_help_text = format_html(
                '{} <a href="{}">{}</a>',
                _("The appeal's number only, never a name."),
                reverse("admin:appeals_appeal_find"),
                _("Find by person"),
            )
        return changelist
