"""What the appeal's forms need beyond Django's fields: the choice of district, several files, the CAPTCHA."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from captcha.fields import CaptchaField, CaptchaTextInput
from captcha.models import CaptchaStore
from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from . import captcha, captcha_sound, divisions

logger = logging.getLogger("appeals.captcha")

UNAVAILABLE = _(
    "The picture with digits cannot be shown now, and without it nothing can be sent. Your appeal is kept. Please try "
    "again in some minutes, or call (+992 37) 2212520."
)


class DistrictSelect(forms.Select):
    """Districts grouped by region; each group says which region it is, for the script that narrows the choice.

    Drawn here and not by a template: there are three of them on the write page, with 70 districts each.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, attrs or {}))
        options = _district_options(get_language() or "tg")
        if value in divisions.divisions():
            options = options.replace(f'value="{value}"', f'value="{value}" selected')
        return format_html('<select name="{}"{}>{}</select>', name, attributes, mark_safe(options))  # noqa: S308  # nosec B308 B703 # made by Django, escaped


@cache
def _district_options(language: str) -> str:
    groups = format_html_join(
        "\n",
        '<optgroup label="{}" data-region="{}">{}</optgroup>',
        (
            (
                region.name(language),
                region.code,
                format_html_join(
                    "\n",
                    '<option value="{}">{}</option>',
                    (
                        (district.code, district.name(language))
                        for district in divisions.districts_of(region.code, language)
                    ),
                ),
            )
            for region in divisions.regions(language)
        ),
    )
    with override(language):
        return format_html('<option value="">{}</option>\n{}', _("— choose —"), groups)


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


class CaptchaInput(CaptchaTextInput):
    """The library's input, for a picture that was made before the page is rendered (see ``captcha.new``)."""

    key = ""

    def fetch_captcha_store(self, name: str, value: Any, attrs: Any = None, generator: Any = None) -> None:
        self._key, self._value = self.key, [self.key, ""]

    def audio_url(self) -> str:
        if not captcha_sound.offered():
            return ""
        return f"{reverse('captcha-audio', kwargs={'key': self.key})}?lang={get_language()}"


class OneUseCaptchaField(CaptchaField):
    """Takes one answer to a picture, right or wrong; a sentence says what was wrong. Without its store it fails."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=CaptchaInput(), **kwargs)

    def prepare(self) -> bool:
        """Make the picture that the page will show; False if that is not possible now."""
        try:
            self.widget.key = captcha.new()
        except captcha.Unavailable:
            logger.exception("The CAPTCHA does not work")
            return False
        return True

    def clean(self, value: Any) -> Any:
        key, answer = value if isinstance(value, list) and len(value) == 2 else ("", "")
        answer = "".join((answer or "").split())
        if not answer:
            raise ValidationError(_("Type the digits that you see in the picture."), code="required")
        try:
            expected = self._use("" if "\0" in (key or "") else key)
        except DatabaseError:
            logger.exception("The CAPTCHA does not work")
            raise ValidationError(UNAVAILABLE, code="unavailable") from None
        if expected is None:
            raise ValidationError(
                _("That picture has expired or was used already. Here is a new one; nothing you typed is lost."),
                code="expired",
            )
        if answer != expected:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value

    @staticmethod
    @transaction.atomic
    def _use(key: str) -> str | None:
        """The right answer, and its row erased; of two that answer at the same time one gets it."""
        row = CaptchaStore.objects.filter(hashkey=key or "", expiration__gt=timezone.now()).first()
        used = row is not None and CaptchaStore.objects.filter(pk=row.pk).delete()[0]
        return row.response if row and used else None
