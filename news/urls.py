from django.urls import path

from . import views

app_name = "news"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("<year:year>/", views.archive, name="year"),
    path("<year:year>/<int:month>/", views.archive, name="month"),
    path("category/<slug:slug>/", views.category_list, name="category"),
    path("<row:event_id>/<slug:slug>/", views.report, name="report"),
]
