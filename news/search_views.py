"""The page of search."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.caching import public_page
from portal.text_edition import render_page

from .search import MAX_PAGES, search
from .search_form import SearchForm


@public_page
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    context: dict[str, object] = {"form": form}
    if form.is_valid() and form.cleaned_data["q"]:
        asked = form.cleaned_data
        number = request.GET.get("page", "")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
        results = search(
            get_language(),
            asked["q"],
            category=asked["category"],
            place=asked["place"],
            since=asked["since"],
            until=asked["until"],
            page=min(page, MAX_PAGES),
        )
        context |= {
            "query": asked["q"],
            "results": results,
            "previous_url": _url(request, page=results.page - 1) if results.page > 1 else "",
            "next_url": _url(request, page=results.page + 1) if results.page < results.pages else "",
            "suggestion_url": _url(request, q=results.suggestion),
        }
    return render_page(request, "news/search.html", "text/search.html", context)


def _url(request: HttpRequest, **values: object) -> str:
    """This page with the same question but for ``values``."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"
