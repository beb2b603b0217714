"""The CAPTCHA's picture, under the names that django-simple-captcha asks for.

The library's other addresses stay closed: a new picture comes with the form, and sound needs programs that
are not part of this installation.
"""

from captcha.views import captcha_image
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """The picture of ``key``, drawn once: many drawings of one challenge could be averaged into a clear one."""
    drawn = cache.get(f"captcha:{key}")
    if drawn is None:
        response = captcha_image(request, key)
        if response.status_code != 200:
            return response
        drawn = response.content
        if not cache.add(f"captcha:{key}", drawn, timeout=30 * 60):
            drawn = cache.get(f"captcha:{key}", drawn)
    return HttpResponse(drawn, content_type="image/png")


def closed(request: HttpRequest, key: str = "") -> HttpResponse:
    raise Http404


urlpatterns = [
    path("<slug:key>.png", picture, name="captcha-image"),
    path("<slug:key>.wav", closed, name="captcha-audio"),
]
