"""Photos that arrive one by one while the event's page stays open; every answer is JSON."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..iptc import Facts
from ..models import Event, Photo
from .photo_facts import facts_of, suggestions
from .photo_files import shown_name
from .photo_notes import FAILED, READY, Note, duplicates, states, try_again
from .photos import MOST_PHOTOS, PREFIX, PhotoInline, Row
from .rights import is_locked

# As much of a file as holds what it says of itself; the browser sends no more of it before there is an event.
HEAD = 2**20


class Refused(Exception):
    """What was asked is not done; the sentence says why."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


def check_right(admin: ModelAdmin, request: HttpRequest, event: Event) -> None:
    """Raises ``Refused`` for who may not add to the photos of ``event``."""
    if not admin.has_change_permission(request, event) or not request.user.has_perm("news.add_photo"):
        raise Refused(_("You may not change these photos."), 403)
    if is_locked(request, event):
        raise Refused(_("A press chief changes the photos of a published event."), 403)


def add_photo(admin: ModelAdmin, request: HttpRequest, event: Event, file: File | None) -> tuple[Photo, Facts]:
    """Judge and store a photo of ``event``, as its last one. Raises ``Refused``."""
    check_right(admin, request, event)
    if file is None:
        raise Refused(_("The file did not arrive. Please send it again."), 400)
    photo = Photo(event=event)
    try:
        facts = photo.take_in(file)  # Takes most of a second: nobody waits for a lock meanwhile.
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    with transaction.atomic():
        photo.event = Event.objects.select_for_update().filter(pk=event.pk).first()
        if photo.event is None:
            raise Refused(_("The event was deleted."), 404)
        check_right(admin, request, photo.event)  # It may have been published while the file came.
        last = photo.event.photos.aggregate(last=Max("position"))["last"]
        if photo.event.photos.count() >= MOST_PHOTOS:
            raise Refused(_("An event holds at most %(number)s photos.") % {"number": MOST_PHOTOS})
        photo.position = 0 if last is None else last + 1
        photo.save()
        added = {"name": "photo", "object": shown_name(file)}  # In Django's own form: translated when it is read.
        admin.log_change(request, photo.event, [{"added": added}])
    return photo, facts


def answer(admin: ModelAdmin, request: HttpRequest, photo: Photo, facts: Facts) -> dict[str, Any]:
    """What the page needs of a photo that was stored: its row, warnings, and what it offers for the event."""
    note = Note(states([photo])[photo.pk], duplicates([photo]).get(photo.pk, []))
    return {
        "id": photo.pk,
        "row": row_html(admin, request, photo, note),
        "state": note.state,
        "warnings": [{"text": place.text, "url": place.url} for place in note.places],
        "offered": suggestions(facts, photo.event),
    }


def row_html(admin: ModelAdmin, request: HttpRequest, photo: Photo, note: Note) -> str:
    """The row of ``photo`` as the page's form would show it, with the number that the page gave it."""
    inline = PhotoInline(Event, admin.admin_site)
    kind = inline.get_formset(request, photo.event)
    formset = kind(instance=photo.event, prefix=PREFIX, queryset=Photo.objects.filter(pk=photo.pk))
    (form,) = formset.initial_forms
    number = request.POST.get("number", "")
    form.prefix = f"{PREFIX}-{int(number) if number.isdecimal() and len(number) < 5 else 0}"
    return render_to_string("admin/news/photo/_row.html", {"row": Row(form, note)}, request)


def photos(admin: ModelAdmin, request: HttpRequest, event_id: int) -> JsonResponse:
    """POST: one more photo. GET: which photos are ready for readers, with their thumbnails."""
    event = get_object_or_404(Event, pk=event_id)
    if request.method == "POST":
        return JsonResponse(answer(admin, request, *add_photo(admin, request, event, request.FILES.get("photo"))))
    if not admin.has_view_permission(request, event):
        raise Refused(_("You may not see these photos."), 403)
    return JsonResponse({"photos": told(list(event.photos.all()))})


def told(found: list[Photo]) -> dict[int, dict[str, str]]:
    return {
        photo.pk: {"state": state, "thumbnail": photo.narrowest_url if state == READY else ""}
        for photo, state in zip(found, states(found).values(), strict=True)
    }


def again(admin: ModelAdmin, request: HttpRequest, event_id: int, photo_id: int) -> JsonResponse:
    """Try once more to prepare a photo that was given up."""
    photo = get_object_or_404(Photo.objects.select_related("event"), pk=photo_id, event=event_id)
    check_right(admin, request, photo.event)
    if states([photo])[photo.pk] == FAILED:
        try_again(photo)
        photo.refresh_from_db(fields=["ready"])
    return JsonResponse({"photos": told([photo])})


def facts(admin: ModelAdmin, request: HttpRequest) -> JsonResponse:
    """What the beginning of a photo offers for an event that is not saved yet."""
    if not admin.has_add_permission(request):
        raise Refused(_("You may not change these photos."), 403)
    head = request.FILES.get("photo")
    if head is None or head.size > HEAD:
        raise Refused(_("The file did not arrive. Please send it again."), 400)
    return JsonResponse({"offered": suggestions(facts_of([head]))})


def routes(admin: ModelAdmin) -> list[URLPattern]:
    """The addresses that the page's script sends to."""

    def as_json(view: Any, *methods: str) -> Any:
        @require_http_methods(methods)
        def answered(request: HttpRequest, **numbers: int) -> HttpResponse:
            try:
                return view(admin, request, **numbers)
            except Refused as refused:
                return JsonResponse({"refused": refused.sentence}, status=refused.status)

        return admin.admin_site.admin_view(answered)

    return [
        path("photos/facts/", as_json(facts, "POST"), name="news_event_photo_facts"),
        path("<int:event_id>/photos/", as_json(photos, "GET", "POST"), name="news_event_photos"),
        path("<int:event_id>/photos/<int:photo_id>/again/", as_json(again, "POST"), name="news_event_photo_again"),
    ]
