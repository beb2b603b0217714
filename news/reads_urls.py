from django.urls import path

from . import reads_views

app_name = "reads"

urlpatterns = [path("<row:report_id>/", reads_views.read, name="read")]
