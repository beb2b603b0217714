"""Entering an appeal that was made by telephone, by post or at the reception.

Each page carries the secret of a draft of its own, bound to the person and the day: what was typed and attached is
kept encrypted under it, and the same page sent twice makes one appeal.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.uploads import names_were_lost

from .. import attachments, casework, coupon_document, drafts
from ..content import Content
from ..drafts import OpenDraft
from ..models import Appeal
from ..privacy import private_page
from .entering_forms import EnteringForm, begun


class Entering:
    """Mixed into the admin of appeals."""

    def get_urls(self) -> list[URLPattern]:
        def page(view):
            return self.admin_site.admin_view(private_page(view))

        entering = require_http_methods(["GET", "HEAD", "POST"])(self.enter_view)
        return [
            path("enter/", page(entering), name="appeals_appeal_enter"),
            path("enter/coupon/", page(require_POST(self.coupon_view)), name="appeals_appeal_coupon"),
            *super().get_urls(),
        ]

    def enter_view(self, request: HttpRequest) -> HttpResponse:
        """The form; with a good one, the receipt."""
        _require(request)
        if request.method != "POST":
            return self._page(request, EnteringForm(initial=begun()))
        # Files are read and scanned here, before the draft is locked.
        form = EnteringForm(EnteringForm.typed(request.POST), request.FILES)
        form.is_valid()
        secret = _secret(request)
        with transaction.atomic():
            draft = drafts.take(secret) if secret else None
            if draft is None:
                form.add_error(None, _("This page is too old. Look it through, add the files again and enter it."))
                return self._page(request, form)
            if draft.row.sent:
                return self._receipt(request, draft)
            draft = _keep(request, draft, form)
            return self._enter(request, draft, form)

    def _enter(self, request: HttpRequest, draft: OpenDraft, form: EnteringForm) -> HttpResponse:
        if {"add_person", "remove_person", "remove"} & set(request.POST):
            return self._page(request, EnteringForm(initial=draft.values), draft)
        form.check_signature(scans=bool(draft.attachments))
        if not form.is_valid():
            return self._page(request, form, draft)
        content, arrival = Content.of(form.cleaned_data).relevant(), form.arrival()
        same = "" if form.cleaned_data["again"] else casework.entered_lately(content, request.user)
        if same:
            return self._page(request, form, draft, same)
        appeal, code = casework.enter(content, _files(draft), request.user, arrival)
        # As long as the page can be sent again: it is known that it was.
        draft.receipt_life = timedelta(hours=settings.DRAFT_HOURS)
        draft.turn_into_receipt({"appeal": appeal.pk, "code": code, "entered_at": timezone.now().isoformat()})
        return self._receipt(request, draft)

    def coupon_view(self, request: HttpRequest) -> HttpResponse:
        """The coupon for the visitor, while the receipt can be seen."""
        _require(request)
        secret = _secret(request)
        with transaction.atomic():
            draft = drafts.take(secret) if secret else None
            if draft is None or not draft.row.sent or _is_over(draft):
                self.message_user(request, _("The code can be seen no more."))
                return redirect("admin:appeals_appeal_enter")
        appeal = Appeal.objects.get(pk=draft.receipt["appeal"])
        pdf = coupon_document.render(appeal, draft.receipt["code"], parse_datetime(draft.receipt["entered_at"]))
        headers = {"Content-Disposition": f'attachment; filename="coupon-{appeal.number}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)

    def _page(
        self, request: HttpRequest, form: EnteringForm, draft: OpenDraft | None = None, same: str = ""
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": _("Enter an appeal"),
            "opts": self.opts,
            "form": form,
            "draft": draft,
            "same": same,
            "page": _sign(request, draft.secret if draft else drafts.new_secret()),
            "today": casework.entered_today(request.user),
        }
        return TemplateResponse(request, "admin/appeals/appeal/enter.html", context)

    def _receipt(self, request: HttpRequest, draft: OpenDraft) -> HttpResponse:
        """Number and code on this page alone: they stand in no address, no message and no session."""
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": _("The appeal was entered"),
            "opts": self.opts,
            "appeal": Appeal.objects.get(pk=draft.receipt["appeal"]),
            "code": "" if _is_over(draft) else draft.receipt["code"],
            "minutes": drafts.RECEIPT_MINUTES,
            "page": _sign(request, draft.secret),
            "today": casework.entered_today(request.user),
        }
        return TemplateResponse(request, "admin/appeals/appeal/entered.html", context)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("appeals.enter_appeal"):
        raise PermissionDenied


def _keep(request: HttpRequest, draft: OpenDraft, form: EnteringForm) -> OpenDraft:
    """Store what was typed and the files; the form says what had no room."""
    draft.values = form.data
    draft.save()
    draft, no_room = attachments.change(draft, form.taken_attachments, request.POST.getlist("remove"))
    for error in no_room + ([ValidationError(attachments.NAME_LOST)] if names_were_lost(request) else []):
        form.add_error("attachments", error)
    return draft


def _files(draft: OpenDraft) -> list[casework.SentFile]:
    return [
        casework.SentFile(file.role, file.name, file.content_type, file.content, file.hidden_data, file.scan)
        for file in draft.open_files
    ]


def _is_over(draft: OpenDraft) -> bool:
    entered_at = parse_datetime(draft.receipt["entered_at"])
    return timezone.now() - entered_at > timedelta(minutes=drafts.RECEIPT_MINUTES)


def _signer(request: HttpRequest) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"appeals.entering.{request.user.pk}")


def _sign(request: HttpRequest, secret: str) -> str:
    return _signer(request).sign(secret)


def _secret(request: HttpRequest) -> str:
    """The secret of the draft that the page carries; empty if it is not this person's or too old."""
    try:
        return _signer(request).unsign(request.POST.get("page", ""), max_age=settings.DRAFT_HOURS * 3600)
    except signing.BadSignature:
        return ""
