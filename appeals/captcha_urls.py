"""The CAPTCHA's picture and sound, under the names that django-simple-captcha asks for.

The library's other addresses stay closed: a new picture comes with the form.
"""

import io

from captcha.models import CaptchaStore
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from ranged_response import RangedFileResponse

from portal import throttle

from . import captcha, captcha_sound, gate

GONE = 410  # It expired or was used.


@never_cache
@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponse:
    drawn = captcha.picture(key)
    return HttpResponse(drawn, content_type="image/png") if drawn else HttpResponse(status=GONE)


@never_cache
@require_safe
def sound(request: HttpRequest, key: str) -> HttpResponse:
    """The digits of ``key``, spoken once: in the language that was asked for first."""
    language = request.GET.get("lang", "")
    if language not in captcha_sound.VOICES or not captcha_sound.offered():
        raise Http404
    store = caches["captcha"]
    spoken = store.get(f"sound:{key}")
    if spoken is None:
        row = CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now()).first()
        if row is None:
            return HttpResponse(status=GONE)
        if wait := gate.before_sound(request):
            with translation.override(language):
                return throttle.too_many(request, wait)
        try:
            spoken = captcha_sound.speak(row.challenge, language)
        except captcha_sound.Unavailable:
            return HttpResponse(status=503)
        if not store.add(f"sound:{key}", spoken):
            spoken = store.get(f"sound:{key}", spoken)
    # Safari plays only what it may fetch in parts.
    return RangedFileResponse(request, io.BytesIO(spoken), content_type="audio/wav")


urlpatterns = [
    path("<slug:key>.png", picture, name="captcha-image"),
    path("<slug:key>.wav", sound, name="captcha-audio"),
]
