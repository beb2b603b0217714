"""The forms by which somebody of the staff shows who it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import devices, events, factors, passkeys, passwords, patience

BAD_CODE = _(
    "This code is not right, was used already or is too old. Please type the code that the app shows now, "
    "or a recovery code that was not used yet."
)


def note(error: ValidationError, kind: str, request: HttpRequest, user: User | None) -> None:
    if isinstance(error, patience.TooMany):
        kind = events.Kind.THROTTLED if error.worth_noting else ""
    if kind:
        events.record(kind, request, user)


class SignInForm(AdminAuthenticationForm):
    """Login and password. Says the same, and takes the same time, whether there is such a login or not."""

    def clean(self) -> dict[str, Any]:
        login = self.cleaned_data.get("username")
        if not login or not self.cleaned_data.get("password"):
            return self.cleaned_data
        # In a browser that is known its owner has tries of his own: a stranger cannot use them up from elsewhere.
        who = f"{login.casefold()}\0{devices.knows(self.request, login)}"
        try:
            patience.ask(self.request, "staff-password", who, patience.PASSWORD)
            cleaned = super().clean()
            passwords.refuse_old_gift(self.get_user())
        except ValidationError as error:
            note(error, events.Kind.REFUSED, self.request, User.objects.filter(username=login).first())
            self.add_error("password", error)  # Said beside the field, and there the work goes on.
            self.fields["username"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True
            return self.cleaned_data
        patience.forgive("staff-password", who)
        return cleaned


class ProofForm(forms.Form):
    """One proof of who it is: a code, a passkey or, ``with_password``, the password; ``how`` says which it was."""

    credential = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20000)
    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    how = ""

    def __init__(self, request: HttpRequest, user: User, data: Any = None, *, with_password: bool = False) -> None:
        super().__init__(data)
        self.request, self.user = request, user
        if not with_password:
            del self.fields["password"]
        if not factors.strong(user).exists():
            del self.fields["code"], self.fields["credential"]
        first = next((field for name, field in self.fields.items() if name != "credential"))
        first.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if not given:
            raise ValidationError(_("Please fill in one of the fields."), code="required")
        who = f"{self.user.pk}\0{devices.knows(self.request, self.user.get_username())}"
        try:
            patience.ask(self.request, "staff-code", who, patience.CODE)
            self.how = self._proof(given)
        except ValidationError as error:
            note(error, events.Kind.SECOND_REFUSED, self.request, self.user)
            raise
        patience.forgive("staff-code", who)
        return self.cleaned_data

    def _proof(self, given: dict[str, str]) -> str:
        if "credential" in given:
            if passkeys.prove(self.request, self.user, given["credential"]):
                return events.Detail.PASSKEY
            raise ValidationError(_("This passkey was not accepted. Please try again."), code="passkey")
        if "code" in given:
            how = factors.use_code(self.user, given["code"])
            if how:
                return how
            raise ValidationError({"code": ValidationError(BAD_CODE, code="code")})
        if self.user.check_password(given["password"]):
            return events.Detail.PASSWORD
        raise ValidationError({"password": ValidationError(_("This password is not right."), code="password")})


class AppForm(forms.Form):
    """The first code of a new app: it shows that the app has the seed."""

    code = forms.CharField(
        label=_("Six digits that the app shows"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class PasskeyForm(forms.Form):
    """The answer of the browser that made a passkey, and what its owner calls it."""

    name = forms.CharField(
        label=_("Name, so that you know it again"),
        max_length=60,
        help_text=_("For instance: office computer, blue key"),
    )
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20000)
