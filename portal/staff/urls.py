"""The addresses under /admin/ by which the staff sign in and look after their security."""

from django.urls import path

from . import account, signin

app_name = "staff"
urlpatterns = [
    # In place of the admin's own, at the same addresses.
    path("login/", signin.SignIn.as_view(), name="sign_in"),
    path("logout/", signin.sign_out, name="sign_out"),
    path("password_change/", account.new_password, name="new_password"),
    path("login/second/", signin.second, name="second"),
    path("account/", account.account, name="account"),
    path("account/begin/", account.begin, name="begin"),
    path("account/app/", account.app, name="app"),
    path("account/passkey/", account.passkey, name="passkey"),
    path("account/codes/", account.codes, name="codes"),
    path("account/remove/<row:number>/", account.remove, name="remove"),
    path("account/sessions/", account.end_sessions, name="sessions"),
    path("account/confirm/", signin.confirm, name="confirm"),
    path("account/alive/", account.alive, name="alive"),
]
