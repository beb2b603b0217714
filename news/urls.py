from django.urls import path

from . import views

app_name = "news"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("<int:year>/", views.archive, name="year"),
    path("<int:year>/<int:month>/", views.archive, name="month"),
    path("category/<slug:slug>/", views.category_list, name="category"),
    path("<int:event_id>/<slug:slug>/", views.report, name="report"),
]
