from django.urls import path

from . import feeds

app_name = "feeds"

urlpatterns = [
    path("rss.xml", feeds.rss, name="rss"),
    path("atom.xml", feeds.atom, name="atom"),
    path("feed.json", feeds.json, name="json"),
    path("<slug:category>/rss.xml", feeds.rss, name="rss"),
    path("<slug:category>/atom.xml", feeds.atom, name="atom"),
    path("<slug:category>/feed.json", feeds.json, name="json"),
    path("topic/<slug:topic>/rss.xml", feeds.rss, name="topic_rss"),
    path("topic/<slug:topic>/atom.xml", feeds.atom, name="topic_atom"),
    path("topic/<slug:topic>/feed.json", feeds.json, name="topic_json"),
]
