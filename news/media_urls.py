"""Photos' renditions, films and share cards. A proxy may keep what is public; for anything else it must ask here."""

from django.urls import path

from . import media, share_card_views, videos

urlpatterns = [
    path("photos/<str:token>/<int:width>.<str:kind>", media.rendition),
    path("cards/<row:report_id>-<slug:digest>.jpeg", share_card_views.card, name="share_card"),
    path("videos/<str:token>.<str:kind>", videos.film_file),
]
