"""Form fields that take text from anybody."""

from typing import Any

from django import forms

from .text import clean_line, clean_lines, validate_characters


class LineField(forms.CharField):
    """One line of text in one encoding, without characters that cannot be shown."""

    clean_text = staticmethod(clean_line)

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        validate_characters(text.replace("\r", "\n").replace("\v", "\n").replace("\f", "\n"))
        return super().to_python(self.clean_text(text))


class LinesField(LineField):
    """Several lines of text."""

    widget = forms.Textarea
    clean_text = staticmethod(clean_lines)
