"""Where a reader's browser says that a report was read."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .reads import count_read


# Public pages have no token: the page that a request comes from is told by headers that no script can forge.
@csrf_exempt
@never_cache
@require_POST
def read(request: HttpRequest, report_id: int) -> HttpResponse:
    """Count one reading. Whether there is such a report, and whether it was counted, the answer does not tell."""
    if comes_from_this_site(request):
        count_read(report_id)
    return HttpResponse(status=204)


def comes_from_this_site(request: HttpRequest) -> bool:
    """By what the browser says of the page; who says nothing is no browser that shows a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
