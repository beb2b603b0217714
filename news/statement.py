"""A report as a statement that anyone can check: its digest."""

import hashlib
import unicodedata

from .body import words


def text_digest(language: str, title: str, lead: str, body: str) -> str:
    """SHA-256, in hexadecimal, of what a report says: language, title, lead and text, without marks.

    Of the words alone, each space one, so that a change of markup does not change what was said.
    """
    said = "\n".join((language, *(" ".join(text.split()) for text in (title, lead, words(body)))))
    return hashlib.sha256(unicodedata.normalize("NFC", said).encode()).hexdigest()
