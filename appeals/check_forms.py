"""The forms of the check page: the signature, and the CAPTCHA."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import uploads
from .fields import OneUseCaptchaField
from .file_checks import REFUSALS, check_size


class SignatureForm(forms.Form):
    """The check page, first half: a signature by hand (its image) or a digital one, if none was given before."""

    signature = forms.FileField(
        label=_("Your signature"),
        required=False,
        help_text=_("A photo or scan of your signature on white paper: JPEG, PNG or WebP, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    digital = forms.FileField(
        label=_("The signature file, or the signed PDF"),
        required=False,
        allow_empty_file=True,  # ``signature`` says it in its own words.
        help_text=_("A detached signature (.p7s, CMS or CAdES), or the document itself signed as a PDF (PAdES)."),
        widget=forms.FileInput(attrs={"accept": ".p7s,.p7m,.sig,.pem,.pdf"}),
    )

    def clean_digital(self) -> bytes | None:
        file = self.cleaned_data["digital"]
        if not file:
            # An empty file is false, and not the same as none.
            return b"" if self.files.get("digital") else None
        check_size(file)
        return file.read()

    def clean_signature(self) -> uploads.Upload | None:
        file = self.cleaned_data["signature"]
        if not file:
            return None
        check_size(file)
        try:
            return uploads.read_signature(file)
        except uploads.Refused as refused:
            raise ValidationError(REFUSALS[refused.code], code=refused.code) from None


class CaptchaForm(forms.Form):
    """The check page, second half: asking it uses the picture up."""

    use_required_attribute = False

    captcha = OneUseCaptchaField(
        label=_("Digits in the picture"),
        error_messages={"invalid": _("The digits do not match. Here is a new picture; nothing you typed is lost.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer = self.fields["captcha"].widget.widgets[1].attrs
        answer |= {"inputmode": "numeric", "aria-describedby": "id_captcha_helptext"}

    def full_clean(self) -> None:
        super().full_clean()
        if self.has_error("captcha"):
            self.fields["captcha"].widget.widgets[1].attrs["aria-describedby"] += " id_captcha_error"
