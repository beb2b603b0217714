"""What the appeal's forms need beyond Django's fields: the choice of district, several files, the CAPTCHA."""

from __future__ import annotations

from typing import Any

from captcha.fields import CaptchaField
from captcha.models import CaptchaStore
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DistrictSelect(forms.Select):
    """Districts grouped by region; each group says which region it is, for the script that narrows the choice."""

    template_name = "appeals/widgets/district.html"


class MultipleFileInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else []


class MultipleFileField(forms.FileField):
    """Any number of files, perhaps none. What they hold is judged by ``uploads``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=MultipleFileInput(attrs={"multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data or [])


class OneUseCaptchaField(CaptchaField):
    """The library's field, with a sentence of its own for a wrong answer and for a picture that is no more."""

    def clean(self, value: Any) -> Any:
        key, answer = value if isinstance(value, list) and len(value) == 2 else ("", "")
        if not (answer or "").strip():
            raise ValidationError(_("Type the digits that you see in the picture."), code="required")
        known = (
            "\0" not in (key or "")
            and CaptchaStore.objects.filter(hashkey=key or "", expiration__gt=timezone.now()).exists()
        )
        if not known:
            raise ValidationError(
                _("That picture has expired or was used already. Here is a new one; nothing you typed is lost."),
                code="expired",
            )
        return super().clean(value)
