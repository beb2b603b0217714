"""The portal's addresses (they are a contract: see the README)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from . import health_views, machine_views, offline_views, text_edition, views

# A process that faces citizens alone has no door to the office.
office = [
    path("admin/language/", set_language, name="set_language"),
    path("admin/", include("portal.staff.urls")),
    path("admin/", admin.site.urls),
]

addresses = [
    path("", views.choose_language),
    path("healthz", views.healthz),
    path("readyz", health_views.readyz),
    path("robots.txt", machine_views.robots),
    path(".well-known/security.txt", machine_views.security),
    path(".well-known/security-policy.txt", machine_views.security_policy, name="security_policy"),
    path("manifest.webmanifest", machine_views.manifest, name="manifest"),
    path("sw.js", offline_views.worker, name="worker"),
    path("", include("news.sitemap_urls")),
    path("api/v1/", include("news.api_urls")),
    *([] if settings.PORTAL_ROLE == "public" else office),
    path("media/", include("news.media_urls")),
    path("preview/", include("news.preview_urls")),
    path("reads/", include("news.reads_urls")),
    path("captcha/", include("appeals.captcha_urls")),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("preferences/", views.preferences, name="preferences"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("style/", views.style),
        path("offline/", offline_views.offline, name="offline"),
        path("news/", include("news.urls")),
        path("search/", include("news.search_urls")),
        path("feeds/", include("news.feed_urls")),
        path("appeals/", include("appeals.urls")),
        path("subscribe/", include("news.subscription_urls")),
    ),
]

handler400 = "portal.views.bad_request"
handler500 = "portal.faults.server_error"

# The text edition stands in front: what it has no page for, no other address may answer for it.
urlpatterns = [
    *i18n_patterns(path("text/", text_edition.page), path("text/<path:rest>", text_edition.page)),
    *addresses,
]
