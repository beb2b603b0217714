"""Digital signatures: whether a signature is good, of this very document, and whose it is.

A leaf: it knows no model and no request. ``verify`` takes the document's bytes and what the citizen sent: a detached
CMS or CAdES signature (``.p7s``, DER or PEM), or the document itself as a PDF with a PAdES signature. It is judged
at the moment of receiving: a time that the signer's own computer wrote proves nothing.
"""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, pem

if TYPE_CHECKING:
    from pyhanko.sign.validation.status import StandardCMSSignatureStatus
    from pyhanko_certvalidator import ValidationContext

MAX_BYTES = 5 * 2**20
SIGNING_USAGES = {"digital_signature", "non_repudiation"}
_CERTIFICATES, _LISTS = {".pem", ".crt", ".cer", ".der"}, {".crl", ".pem"}


class Fault(StrEnum):
    """Why a signature is not accepted; each has a sentence for the citizen (``signature_texts``)."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    ATTACHED = "attached"
    NOT_SIGNED = "not_signed"
    SEVERAL = "several"
    OTHER_DOCUMENT = "other_document"
    CHANGED_AFTERWARDS = "changed_afterwards"
    BROKEN = "broken"
    WEAK = "weak"
    USAGE = "usage"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    SELF_SIGNED = "self_signed"
    UNKNOWN_ISSUER = "unknown_issuer"
    NO_TRUST = "no_trust"


class Invalid(Exception):
    """The signature is not accepted, for ``fault``."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Signer:
    """Who signed, by the certificate. ``surname`` and ``given_name`` are empty where it has only a common name."""

    common_name: str
    surname: str
    given_name: str
    organisation: str
    issuer: str
    serial: str
    valid_until: datetime


@dataclass(frozen=True)
class Trust:
    """Whom we trust: certificates of authorities, those between them and the signer, and lists of revoked ones."""

    roots: tuple[bytes, ...]
    between: tuple[bytes, ...] = ()
    revoked: tuple[bytes, ...] = ()
    online: bool = False  # Ask the authorities' own services (OCSP, CRL) too.

    @classmethod
    def read(cls, folder: Path, online: bool = False) -> Trust:
        """Read ``roots/``, ``intermediates/`` and ``crls/`` of a folder; an absent one is empty."""
        return cls(
            roots=_files(folder / "roots", _CERTIFICATES),
            between=_files(folder / "intermediates", _CERTIFICATES),
            revoked=_files(folder / "crls", _LISTS),
            online=online,
        )


def verify(document: bytes, signature: bytes, trust: Trust, at: datetime | None = None) -> Signer:
    """The signer of ``document``, if ``signature`` is good at the moment ``at`` (now by default).

    Raises ``Invalid``.
    """
    if not signature:
        raise Invalid(Fault.EMPTY)
    if len(signature) > MAX_BYTES + len(document):
        raise Invalid(Fault.TOO_LARGE)
    if not trust.roots:
        raise Invalid(Fault.NO_TRUST)
    try:
        verify_it = _verify_pdf if signature.startswith(b"%PDF-") else _verify_detached
        # In a thread of its own: whether the caller's has an event loop must not matter.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(verify_it(document, signature, _context(trust, at)))).result()
    except Invalid:
        raise
    except Exception as error:  # Hostile bytes raise whatever the parsers come upon.
        raise Invalid(_fault_of(error)) from None


def _files(folder: Path, suffixes: set[str]) -> tuple[bytes, ...]:
    found: list[bytes] = []
    for path in sorted(folder.glob("*")):
        if path.suffix.lower() in suffixes:
            content = path.read_bytes()
            found += (
                [der for _kind, _headers, der in pem.unarmor(content, multiple=True)]
                if pem.detect(content)
                else [content]
            )
    return tuple(found)


def _context(trust: Trust, at: datetime | None) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext  # Takes a second to import.

    # With a moment of one's own the library asks nobody.
    moment: dict[str, Any] = {"moment": at}
    if trust.online and at is None:
        from .signature_online import fetchers

        moment = {"allow_fetching": True, "fetchers": fetchers()}
    return ValidationContext(
        trust_roots=[_certificate(der) for der in trust.roots],
        other_certs=[_certificate(der) for der in trust.between],
        crls=list(trust.revoked),
        # Without a list or an answer that covers a certificate, nobody knows whether it was revoked.
        revocation_mode="require" if not trust.online else "hard-fail",
        **moment,
    )


def _certificate(der: bytes) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(der)


async def _verify_detached(document: bytes, signature: bytes, context: ValidationContext) -> Signer:
    from pyhanko.sign.validation import async_validate_detached_cms

    signed = _signed_data(signature)
    status = await async_validate_detached_cms(
        document, signed, signer_validation_context=context, key_usage_settings=_usages()
    )
    return await _judge(status, context)


def _signed_data(signature: bytes) -> cms.SignedData:
    """The signed data of a detached signature by one signer. Raises ``Invalid`` or ``ValueError``."""
    if pem.detect(signature):
        _kind, _headers, signature = pem.unarmor(signature)
    info = cms.ContentInfo.load(signature, strict=True)
    if info["content_type"].native != "signed_data":
        raise Invalid(Fault.UNREADABLE)
    signed = info["content"]
    if signed["encap_content_info"]["content"].native is not None:
        raise Invalid(Fault.ATTACHED)
    if not signed["signer_infos"]:
        raise Invalid(Fault.NOT_SIGNED)
    if len(signed["signer_infos"]) > 1:
        raise Invalid(Fault.SEVERAL)
    return signed


async def _verify_pdf(document: bytes, signed: bytes, context: ValidationContext) -> Signer:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    # Signing adds to the end of the file: what was given out must stand at its beginning, byte for byte.
    if not signed.startswith(document):
        raise Invalid(Fault.OTHER_DOCUMENT)
    signatures = PdfFileReader(io.BytesIO(signed), strict=False).embedded_signatures
    if len(signatures) != 1:
        raise Invalid(Fault.SEVERAL if signatures else Fault.NOT_SIGNED)
    status = await async_validate_pdf_signature(
        signatures[0], signer_validation_context=context, key_usage_settings=_usages()
    )
    if status.intact and status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        raise Invalid(Fault.CHANGED_AFTERWARDS)
    return await _judge(status, context)


def _usages() -> Any:
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    return KeyUsageConstraints(key_usage=SIGNING_USAGES, match_all_key_usages=False)


async def _judge(status: StandardCMSSignatureStatus, context: ValidationContext) -> Signer:
    """The signer, if the library found nothing wrong. Raises ``Invalid`` with the first thing that is."""
    problem = status.trust_problem_indic.standard_name if status.trust_problem_indic else ""
    # A forbidden algorithm also spoils the sum; it is the reason, and is said.
    if problem.startswith("CRYPTO_CONSTRAINTS"):
        raise Invalid(Fault.WEAK)
    if not status.intact:
        raise Invalid(Fault.OTHER_DOCUMENT)
    if not status.valid:
        raise Invalid(Fault.BROKEN)
    if problem == "CERTIFICATE_CHAIN_GENERAL_FAILURE":
        raise Invalid(await _fault_of_chain(status.signing_cert, context))
    if problem or not status.bottom_line:
        raise Invalid(_fault_of_indication(problem, status.signing_cert))
    return signer_of(status.signing_cert)


def _fault_of_indication(name: str, certificate: Any) -> Fault:
    """Our reason for the library's indication (ETSI EN 319 102-1, clause 5.1.3)."""
    if name.startswith("REVOKED"):
        return Fault.REVOKED
    chainless = name in {"NO_CERTIFICATE_CHAIN_FOUND", "NO_SIGNING_CERTIFICATE_FOUND", "CHAIN_CONSTRAINTS_FAILURE"}
    if chainless and certificate.self_signed in {"yes", "maybe"}:
        return Fault.SELF_SIGNED
    if name == "CHAIN_CONSTRAINTS_FAILURE":
        return Fault.USAGE
    if name.startswith(("OUT_OF_BOUNDS", "EXPIRED")):
        return Fault.EXPIRED
    if chainless:
        return Fault.UNKNOWN_ISSUER
    return Fault.REVOCATION_UNKNOWN if name == "TRY_LATER" else Fault.BROKEN


async def _fault_of_chain(certificate: Any, context: ValidationContext) -> Fault:
    """What "general failure" stands for: the library says it only by the kind of its exception."""
    from pyhanko_certvalidator import CertificateValidator, errors

    try:
        await CertificateValidator(certificate, validation_context=context).async_validate_path()
    except errors.NotYetValidError:
        return Fault.NOT_YET_VALID
    except errors.InsufficientRevinfoError:
        return Fault.REVOCATION_UNKNOWN
    except errors.ValidationError:
        return Fault.UNKNOWN_ISSUER
    return Fault.BROKEN


def _fault_of(error: Exception) -> Fault:
    indication = getattr(getattr(error, "ades_subindication", None), "standard_name", "")
    if indication.startswith("CRYPTO_CONSTRAINTS"):
        return Fault.WEAK
    return Fault.UNREADABLE


def signer_of(certificate: Any) -> Signer:
    """Who a certificate names."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return Signer(
        common_name=_text(subject.get("common_name")),
        surname=_text(subject.get("surname")),
        given_name=_text(subject.get("given_name")),
        organisation=_text(subject.get("organization_name")),
        issuer=_text(issuer.get("common_name") or issuer.get("organization_name")),
        serial=f"{certificate.serial_number:x}",
        valid_until=certificate["tbs_certificate"]["validity"]["not_after"].native,
    )


def _text(value: Any) -> str:
    """One line; a certificate may give a name several times."""
    parts = value if isinstance(value, list) else [value or ""]
    return " ".join(" ".join(map(str, parts)).split())
