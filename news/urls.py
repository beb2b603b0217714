from django.urls import path

from . import views

app_name = "news"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("<year:year>/", views.archive, name="year"),
    path("<year:year>/<int:month>/", views.archive, name="month"),
    path("<year:year>/<int:month>/<int:day>/", views.archive, name="day"),
    path("category/<slug:slug>/", views.named_list, {"kind": "category"}, name="category"),
    path("topic/<slug:slug>/", views.named_list, {"kind": "topic"}, name="topic"),
    path("place/<slug:slug>/", views.named_list, {"kind": "place"}, name="place"),
    path("<row:event_id>/<slug:slug>/", views.report, name="report"),
]
