"""What caches may do with a public page."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from .replica import for_readers

# A browser asks again after a minute (a short answer if nothing changed); a shared cache may show an old
# page for an hour while it fetches the new one, and for a day when the portal cannot answer.
PUBLIC = "public, max-age=60, s-maxage=1, stale-while-revalidate=3600, stale-if-error=86400"

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """Mark what ``view`` answers with 200 as the same for every reader: it may be cached whole, and a replica asked."""

    read = for_readers(view)

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = read(request, *args, **kwargs)
        if response.status_code == 200:
            response.headers.setdefault("Cache-Control", PUBLIC)
        return response

    return wrapped
