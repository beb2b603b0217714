"""The news's addresses in the text edition: what it has stands under ``text/``, the rest where it always does."""

from django.urls import include, path

from . import urls

app_name = urls.app_name
IN_TEXT = {"list", "year", "month", "day", "category", "topic", "place", "report"}

urlpatterns = [path("text/news/" if each.name in IN_TEXT else "news/", include([each])) for each in urls.urlpatterns]
