from django.urls import path

from . import press_kit_views, statement_views, verify_views, views

app_name = "news"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("<year:year>/", views.archive, name="year"),
    path("<year:year>/<int:month>/", views.archive, name="month"),
    path("<year:year>/<int:month>/<int:day>/", views.archive, name="day"),
    path("category/<slug:slug>/", views.named_list, {"kind": "category"}, name="category"),
    path("topic/<slug:slug>/", views.named_list, {"kind": "topic"}, name="topic"),
    path("place/<slug:slug>/", views.named_list, {"kind": "place"}, name="place"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/<str:digest>/", verify_views.verify, name="verify_digest"),
    path("<row:event_id>/statement.pdf", statement_views.statement, name="statement"),
    path("<row:event_id>/qr.svg", statement_views.code, name="qr"),
    path("<row:event_id>/press-kit/", press_kit_views.page, name="press_kit"),
    path("<row:event_id>/press-kit.zip", press_kit_views.archive, name="press_kit_zip"),
    path("<row:event_id>/<slug:slug>/", views.report, name="report"),
]
