"""Who signed an appeal and how: what Article 21 asks about the signature, found out from the files that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any, Protocol

from django.conf import settings

from portal.fold import fold_words, latin_to_cyrillic

from . import document
from .article21 import Signature
from .choices import FileRole
from .content import Content
from .people import Person
from .signature import Fault, Invalid, Signer, Trust, verify

SIGNED_PDF, DETACHED = "application/pdf", "application/pkcs7-signature"
DIGITAL = {SIGNED_PDF, DETACHED}
# Two spellings of one name: «Раҳмон», «Рахмонов», Rahmon. A difference only asks an officer to look.
ALIKE = 0.75


class File(Protocol):
    role: str
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Signed:
    """How an appeal is signed. ``document`` is what a digital signature is over, ``signer`` who made it."""

    signature: Signature = Signature.NONE
    signer: Signer | None = None
    fault: Fault | None = None
    name_differs: bool = False
    document: bytes = b""

    def of_author(self, content: Content, place: int) -> tuple[Signature, bool]:
        """What the signature is for the author in this place, and whether it names somebody else.

        A picture may hold the signatures of all; a certificate speaks for those whom it names.
        """
        if self.signer is None:
            return self.signature, False
        if self.name_differs:  # It names none of them: that question is the contact's.
            return (self.signature, True) if place == 0 else (Signature.NONE, False)
        author = content.authors[place]
        named = not name_differs(author, self.signer) and (place == 0 or author.sender)
        return (self.signature if named else Signature.NONE), False

    def as_dict(self) -> dict[str, Any]:
        """What is kept of it with the appeal."""
        signer = asdict(self.signer) | {"valid_until": self.signer.valid_until.isoformat()} if self.signer else None
        return {"kind": self.signature, "signer": signer, "fault": self.fault, "name_differs": self.name_differs}


def trust() -> Trust:
    """The authorities of this portal, read anew each time: a list of revoked certificates changes daily."""
    return Trust.read(settings.SIGNATURE_TRUST_DIR, online=settings.SIGNATURE_ONLINE)


def offered() -> bool:
    """Digital signatures can be checked here."""
    return bool(trust().roots)


def judge(content: Content, files: Sequence[File]) -> Signed:
    """How an appeal with these files is signed, at this moment."""
    given = next((file for file in files if file.role == FileRole.SIGNATURE), None)
    if given is None:
        return Signed()
    if given.content_type not in DIGITAL:
        return Signed(Signature.HANDWRITTEN)
    try:
        signed_document, signer = read(content, files, given.content)
    except Invalid as invalid:
        return Signed(Signature.INVALID, fault=invalid.fault)
    return Signed(Signature.DIGITAL, signer, None, names_nobody(content, signer), signed_document)


def read(content: Content, files: Sequence[File], signature: bytes) -> tuple[bytes, Signer]:
    """The document that was signed and its signer. The document is tried in each language it may have been given in.

    Raises ``Invalid``.
    """
    fault = Fault.OTHER_DOCUMENT
    for language, _name in settings.LANGUAGES:
        given_out = make_document(content, files, language)
        try:
            return given_out, verify(given_out, signature, trust())
        except Invalid as invalid:
            if invalid.fault != Fault.OTHER_DOCUMENT:
                # Of a detached signature everything but the digest is judged alike for every language.
                fault = invalid.fault
                break
    raise Invalid(fault)


def make_document(content: Content, files: Sequence[File], language: str) -> bytes:
    """The appeal with its attachments, as the applicant signs it."""
    attached = [document.Attached(file.name, file.content) for file in files if file.role == FileRole.ATTACHMENT]
    return document.render(content, attached, language)


def names_nobody(content: Content, signer: Signer) -> bool:
    """The certificate is that of none of the authors."""
    return all(name_differs(author, signer) for author in content.authors)


def name_differs(author: Person, signer: Signer) -> bool:
    """The certificate names somebody else than the author, in whatever alphabet and spelling.

    Without a name to compare with (an entity's certificate of a person, an empty form) nothing differs.
    """
    if author.is_entity:
        return bool(signer.organisation and author.sender) and not _alike(author.sender, signer.organisation)
    own = [part for part in (author.surname, author.given_name) if part]
    named = " ".join((signer.common_name, signer.surname, signer.given_name))
    return bool(own and named.strip()) and not all(_alike(part, named) for part in own)


def _alike(text: str, among: str) -> bool:
    """Every word of ``text`` stands among the words of ``among``, as it may be spelt; an initial for any of them."""
    there = _words(among)
    return all(any(_is_spelling(word, other) for other in there) for word in _words(text))


def _is_spelling(word: str, other: str) -> bool:
    return other.startswith(word) if len(word) == 1 else SequenceMatcher(None, word, other).ratio() >= ALIKE


def _words(text: str) -> list[str]:
    return fold_words(latin_to_cyrillic(text))
