from django.urls import path

from . import api

app_name = "api"

urlpatterns = [
    path("reports/", api.reports, name="reports"),
    path("reports/<row:event_id>/<str:language>/", api.report, name="report"),
    path("openapi.json", api.description, name="description"),
]
