from django.urls import path

from . import subscription_views as views

app_name = "subscription"

urlpatterns = [
    path("", views.ask, name="ask"),
    path("sent/", views.sent, name="sent"),
    path("confirm/<slug:key>/", views.confirm, name="confirm"),
    path("unsubscribe/<slug:key>/", views.end, name="end"),
    path("<slug:key>/", views.manage, name="manage"),
]
