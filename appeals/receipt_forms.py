"""What is asked of somebody who checks a receipt."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.fields import LineField

from . import receipt_document

MAX_BYTES = 2**20
_DIGEST = re.compile(r"[0-9a-f]{64}")


class VerifyForm(forms.Form):
    """Number and digest, or the receipt's own file."""

    use_required_attribute = False

    number = LineField(label=_("Number"), max_length=20, required=False)
    digest = LineField(
        label=_("Digest"), max_length=120, required=False, help_text=_("64 letters and digits, with or without spaces.")
    )
    receipt = forms.FileField(
        label=_("Or the receipt itself (PDF)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "digest"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean_digest(self) -> str:
        digest = "".join(self.cleaned_data["digest"].lower().split())
        if digest and not _DIGEST.fullmatch(digest):
            raise ValidationError(_("A digest has 64 letters and digits: 0 to 9 and a to f."), code="digest")
        return digest

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = self.files.get("receipt")
        if file:
            seal = receipt_document.read_seal(file.read()) if file.size <= MAX_BYTES else None
            if seal is None:
                self.add_error("receipt", _("This file is not a receipt of this portal, or it was changed."))
            else:
                cleaned["number"], cleaned["digest"] = seal
        else:
            for name, sentence in (("number", _("Write the number.")), ("digest", _("Write the digest."))):
                if not cleaned.get(name) and not self.has_error(name):
                    self.add_error(name, sentence)
        return cleaned
