"""A small authority for tests: it gives out certificates of every kind, good and bad, and signs with them.

As a program it makes a folder to try digital signatures with: ``python -m tests.appeals.pki var/trust``. The README
tells how to sign with openssl.
"""

from __future__ import annotations

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from appeals.signature import Trust

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    certificate: x509.Certificate
    key: Any

    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def name(common: str, **more: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    oids = {"surname": NameOID.SURNAME, "given": NameOID.GIVEN_NAME, "organisation": NameOID.ORGANIZATION_NAME}
    return x509.Name(parts + [x509.NameAttribute(oids[part], text) for part, text in more.items()])


class Authority:
    """A root that signs certificates and the list of those it revoked."""

    def __init__(self, common: str = "Test root of Tajikistan") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = name(common)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = (
            self._builder(subject, subject, self.key, NOW - 3650 * DAY, NOW + 3650 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.gone: list[x509.Certificate] = []

    @staticmethod
    def _builder(subject: x509.Name, issuer: x509.Name, key: Any, start: datetime, end: datetime) -> Any:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )

    def issue(
        self,
        common: str = "Раҳимов Ҷамшед Қодирович",
        start: datetime = NOW - 30 * DAY,
        end: datetime = NOW + 365 * DAY,
        signing: bool = True,
        kind: str = "ec",
        further: tuple[x509.ExtensionType, ...] = (),
        **more: str,
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
        usage = x509.KeyUsage(signing, signing, not signing, False, False, False, False, False, False)
        builder = (
            self._builder(name(common, **more), self.certificate.subject, key, start, end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )
        for extension in further:
            builder = builder.add_extension(extension, critical=False)
        return Identity(builder.sign(self.key, hashes.SHA256()), key)

    def revoke(self, identity: Identity) -> None:
        self.gone.append(identity.certificate)

    def crl(self) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(NOW - DAY)
            .next_update(NOW + 30 * DAY)
        )
        for certificate in self.gone:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(NOW - 2 * DAY).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def trust(self, lists: bool = True) -> Trust:
        root = self.certificate.public_bytes(serialization.Encoding.DER)
        return Trust(roots=(root,), revoked=(self.crl(),) if lists else ())


def self_signed() -> Identity:
    """A certificate for signing that nobody but its owner vouches for."""
    authority = Authority("Раҳимов Ҷамшед Қодирович")
    own = Identity(authority.certificate, authority.key)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    subject = own.certificate.subject
    builder = authority._builder(subject, subject, own.key, NOW - DAY, NOW + 365 * DAY)
    return Identity(builder.add_extension(usage, critical=True).sign(own.key, hashes.SHA256()), own.key)


def p7s(document: bytes, *signers: Identity, digest: Any = None, detached: bool = True, pem: bool = False) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(document)
    for signer in signers:
        builder = builder.add_signer(signer.certificate, signer.key, digest or hashes.SHA256())
    options = [pkcs7.PKCS7Options.Binary] + ([pkcs7.PKCS7Options.DetachedSignature] if detached else [])
    return builder.sign(serialization.Encoding.PEM if pem else serialization.Encoding.DER, options)


def signed_pdf(document: bytes, signer: Identity, field: str = "Signature1") -> bytes:
    """The document with a PAdES signature added to its end."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, SimpleSigner
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    simple = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(signer.der()),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    pdf = IncrementalPdfFileWriter(io.BytesIO(document), strict=False)
    # In a thread of its own: in this one a browser that is driven by Playwright may have its event loop.
    with ThreadPoolExecutor(1) as pool:
        out = pool.submit(lambda: asyncio.run(PdfSigner(metadata, simple).async_sign_pdf(pdf))).result()
    return out.getvalue()


def write_folder(folder: Path) -> None:
    """An authority that the portal trusts when it finds it here, and the certificate and key of one citizen."""
    authority = Authority()
    citizen = authority.issue("Раҳимов Ҷамшед Қодирович", surname="Раҳимов", given="Ҷамшед")
    pem = serialization.Encoding.PEM
    key = citizen.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = {
        "roots/test.pem": authority.certificate.public_bytes(pem),
        "crls/test.crl": authority.crl(),
        "citizen.pem": citizen.certificate.public_bytes(pem),
        "citizen.key": key,
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        print(path)


if __name__ == "__main__":
    write_folder(Path(sys.argv[1]))
