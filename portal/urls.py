"""The portal's addresses (they are a contract: see the README)."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from . import machine_views, views

urlpatterns = [
    path("", views.choose_language),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("robots.txt", machine_views.robots),
    path(".well-known/security.txt", machine_views.security),
    path("manifest.webmanifest", machine_views.manifest, name="manifest"),
    path("", include("news.sitemap_urls")),
    path("api/v1/", include("news.api_urls")),
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("media/", include("news.media_urls")),
    path("captcha/", include("appeals.captcha_urls")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("news/", include("news.urls")),
        path("search/", include("news.search_urls")),
        path("feeds/", include("news.feed_urls")),
        path("appeals/", include("appeals.urls")),
    ),
]
