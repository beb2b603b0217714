"""Links to previews: outside the languages' addresses, for the report behind the link has one of its own."""

from django.urls import path

from . import preview_views

app_name = "preview"

urlpatterns = [path("<str:signed>/", preview_views.page, name="page")]
