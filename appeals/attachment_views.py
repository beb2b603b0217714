"""Attachments sent and removed one by one while the write page stays open; the answers are JSON for its script."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import throttle
from portal.uploads import names_were_lost

from . import attachments, drafts, gate
from .drafts import FileNote, OpenDraft
from .file_checks import printable_name
from .privacy import private_page

_UPLOAD_ID = re.compile(r"[0-9a-f]{32}")


@private_page
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Keep one file. A repeated attempt after a lost answer finds the file that the first one kept."""
    found = drafts.find(request)
    if wait := gate.may_save(request, found):
        return throttle.told(_refused(throttle.sentence(wait), 429), wait)
    draft = found or drafts.start()
    try:
        draft, note = _keep(request, draft)
    except ValidationError as error:
        return _refused(" ".join(error.messages), 422)
    except drafts.AlreadySent:
        return _already_sent()
    response = JsonResponse({"id": note.id, "row": _row(request, note)})
    drafts.remember(response, draft)
    return response


def _keep(request: HttpRequest, draft: OpenDraft) -> tuple[OpenDraft, FileNote]:
    file, upload_id = request.FILES.get("file"), request.POST.get("upload_id", "")
    if not _UPLOAD_ID.fullmatch(upload_id):
        upload_id = ""
    if draft.row.sent:
        raise drafts.AlreadySent
    if known := _known(draft, upload_id):
        return draft, known
    if file is None:
        raise ValidationError(attachments.NAME_LOST if names_were_lost(request) else _("No file arrived."))
    attachments.check_room(draft, printable_name(file.name), 0)
    taken = attachments.take(file, keep_hidden_data=bool(request.POST.get("keep_hidden_data")))
    with drafts.change(draft) as present:
        return present, _known(present, upload_id) or attachments.add(present, taken, upload_id)


def _known(draft: OpenDraft, upload_id: str) -> FileNote | None:
    return next((note for note in draft.attachments if upload_id and note.upload_id == upload_id), None)


def _row(request: HttpRequest, note: FileNote) -> str:
    return render_to_string("appeals/_attached_file.html", {"file": note}, request)


@private_page
@require_POST
def remove(request: HttpRequest, file_id: int) -> JsonResponse:
    """Erase one file of this browser's draft. One that is there no more is removed already."""
    draft = drafts.find(request)
    if draft:
        try:
            attachments.change(draft, [], [str(file_id)])
        except drafts.AlreadySent:
            return _already_sent()
    return JsonResponse({"removed": file_id})


def _already_sent() -> JsonResponse:
    return _refused(_("This appeal is sent already. Reload the page to see its receipt."), 409)


def _refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"refused": sentence}, status=status)
