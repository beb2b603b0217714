"""Photos' renditions, for the embedded server; in production nginx or the object store answers first."""

from django.urls import path

from . import media

urlpatterns = [path("photos/<str:token>/<int:width>.<str:kind>", media.rendition)]
