from django.urls import path, re_path

from . import sitemaps

app_name = "sitemaps"

urlpatterns = [
    path("sitemap.xml", sitemaps.index, name="index"),
    path("sitemap-news.xml", sitemaps.latest, name="latest"),
    re_path(r"^sitemap-(?P<section>pages|[1-9][0-9]{3})\.xml$", sitemaps.section, name="section"),
]
