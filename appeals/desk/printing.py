"""Printing and handing over: each is a button that posts, since it shows who the applicant is and is recorded."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.staff.proof import ask_for_proof, recently_proved

from .. import case_document, casework, cover_document, letter_document, vault
from ..models import Appeal, Forwarding
from ..privacy import private_page
from . import parcel


class Printing:
    """Mixed into the admin of appeals."""

    def get_urls(self) -> list[URLPattern]:
        def at(end: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(private_page(require_POST(view)))
            return path(f"<row:appeal_id>/{end}", guarded, name=f"appeals_appeal_{name}")

        return [
            at("print/cover/", self.print_cover_view, "print_cover"),
            at("print/appeal/", self.print_appeal_view, "print_appeal"),
            at("print/letter/<row:forwarding_id>/", self.print_letter_view, "print_letter"),
            at("export/", self.export_view, "export"),
            *super().get_urls(),
        ]

    def print_cover_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        appeal = get_object_or_404(Appeal, pk=appeal_id)
        return self._made(request, appeal, lambda: self._covers(request, [appeal], f"cover-{appeal.number}.pdf"))

    def print_appeal_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        appeal = get_object_or_404(Appeal, pk=appeal_id)

        def make() -> HttpResponse:
            case = casework.print_appeal(appeal, request.user)
            return _pdf(case_document.render(case, _making(request, appeal).words), f"appeal-{appeal.number}.pdf")

        return self._made(request, appeal, make)

    def print_letter_view(self, request: HttpRequest, appeal_id: int, forwarding_id: int) -> HttpResponse:
        """The covering letter of an appeal that goes to another authority."""
        forwarding = get_object_or_404(Forwarding, pk=forwarding_id, appeal=appeal_id)

        def make() -> HttpResponse:
            asked = casework.print_letter(forwarding, request.user)
            return _pdf(letter_document.render(forwarding, asked), f"letter-{forwarding.appeal.number}.pdf")

        return self._made(request, forwarding.appeal, make)

    def export_view(self, request: HttpRequest, appeal_id: int) -> HttpResponse:
        """The whole case as one ZIP, sent while it is made."""
        if not self.has_print_permission(request):
            raise PermissionDenied
        if not recently_proved(request):
            return ask_for_proof(request)
        appeal = get_object_or_404(Appeal, pk=appeal_id)

        def make() -> HttpResponse:
            case = casework.export(appeal, request.user)
            pieces, name = parcel.pack(case, _making(request, appeal)), f"{parcel.folder(case)}.zip"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)

        return self._made(request, appeal, make)

    def has_print_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("appeals.print_appeal")

    @admin.action(description=gettext_lazy("Print the cover sheets of the selected appeals"), permissions=["print"])
    def print_covers(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> HttpResponse:
        if not recently_proved(request):
            return ask_for_proof(request)
        appeals = list(queryset.order_by("id")[: casework.MOST_AT_ONCE + 1])
        return self._made(request, None, lambda: self._covers(request, appeals, "cover-sheets.pdf"))

    def _covers(self, request: HttpRequest, appeals: list[Appeal], name: str) -> HttpResponse:
        cases = casework.print_covers(appeals, request.user)
        pdf = cover_document.render(cases, lambda appeal: _address(request, appeal), _making(request, appeals[0]).words)
        return _pdf(pdf, name)

    def _made(self, request: HttpRequest, appeal: Appeal | None, make: Callable[[], HttpResponse]) -> HttpResponse:
        """What ``make`` makes; if it cannot be made, the page from which it was asked says why."""
        try:
            return make()
        except casework.Refused as refused:
            self.message_user(request, str(refused), messages.WARNING)
        except vault.Unreadable:
            sentence = _("This appeal cannot be read with the office's present key.")
            self.message_user(request, sentence, messages.ERROR)
        return redirect("admin:appeals_appeal_change", appeal.pk) if appeal else redirect(request.get_full_path())


def _making(request: HttpRequest, appeal: Appeal) -> parcel.Making:
    now, who = timezone.now(), request.user.get_full_name() or request.user.get_username()
    facts = {"time": date_format(localtime(now), "SHORT_DATETIME_FORMAT"), "who": who}
    return parcel.Making(who, now, _("Made on %(time)s by %(who)s") % facts, _address(request, appeal))


def _address(request: HttpRequest, appeal: Appeal) -> str:
    """Where the office has the case: for the code on paper, which says nothing about anybody."""
    return request.build_absolute_uri(reverse("admin:appeals_appeal_change", args=[appeal.pk]))


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
