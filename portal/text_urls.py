"""The addresses as the text edition makes them: see ``portal.text_edition``."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from . import urls, views

home = i18n_patterns(path("text/", views.home, name="home"))

# Django finds a page by the first of several patterns, a namespace by its first, but a plain name by its last.
urlpatterns = [
    *home,
    *i18n_patterns(
        path("", include("news.text_urls")),
        path("text/search/", include("news.search_urls")),
    ),
    *urls.addresses,
    *home,
]
