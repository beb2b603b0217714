"""A report as a statement that anyone can check: its digest."""

import hashlib
import re
import unicodedata

from .blocks import blocks

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEPARATORS = re.compile(r"[\s\u00a0:-]+")


def text_digest(language: str, title: str, lead: str, body: str) -> str:
    """SHA-256, in hexadecimal, of what a report says: language, title, lead and text, without marks.

    Of the words alone, each space one, so that a change of markup does not change what was said.
    """
    text = " ".join(block.text for block in blocks(body))
    said = "\n".join((language, *(" ".join(part.split()) for part in (title, lead, text))))
    return hashlib.sha256(unicodedata.normalize("NFC", said).encode()).hexdigest()


def grouped(digest: str) -> str:
    """The digest as it is printed: in groups of eight, so that the eye keeps its place."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def read_digest(typed: str) -> str | None:
    """The digest that a person typed or pasted, with whatever stands between its groups; None if it is none."""
    digest = _SEPARATORS.sub("", typed[:500]).lower().removeprefix("sha256")
    return digest if _DIGEST.fullmatch(digest) else None
