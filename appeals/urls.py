from django.urls import path

from . import views

app_name = "appeals"

urlpatterns = [
    path("", views.rules, name="rules"),
    path("write/", views.write, name="write"),
    path("check/", views.check, name="check"),
    path("receipt/", views.receipt, name="receipt"),
    path("files/<row:file_id>/", views.draft_file, name="draft_file"),
]
