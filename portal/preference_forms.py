"""The form of the version for the visually impaired, and the cookie that keeps what was chosen in it."""

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from .preferences import COOKIE, COOKIE_SECONDS, ORDINARY, View


class Choice(forms.ChoiceField):
    """One of some looks, by their number."""

    widget = forms.RadioSelect

    def __init__(self, label: str, *names: str) -> None:
        super().__init__(label=label, choices=[(str(number), name) for number, name in enumerate(names)])


class ViewForm(forms.Form):
    """The fields are those of ``View``."""

    size = Choice(_("Type size"), _("Ordinary"), _("Large (125 %)"), _("Very large (150 %)"), _("Largest (200 %)"))
    spacing = Choice(_("Spacing of letters and lines"), _("As usual"), _("Wide"))
    colours = Choice(
        _("Colours"), _("As on your device"), _("Black on white"), _("White on black"), _("Dark blue on light blue")
    )
    pictures = Choice(_("Pictures"), _("Shown"), _("Not shown"))
    face = Choice(_("Typeface"), _("As designed"), _("Plain, without serifs"))

    @property
    def view(self) -> View:
        return View(**self.cleaned_data)


def keep(view: View, response: HttpResponse) -> None:
    """Have the browser remember ``view`` for a year; the ordinary version needs no cookie."""
    if view == ORDINARY:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            COOKIE, view.value, max_age=COOKIE_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    # Pages that the browser keeps from before would still look as they did.
    response.headers["Clear-Site-Data"] = '"cache"'
