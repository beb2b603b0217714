"""Digital signatures: good ones name their signer, and each way to be bad has its own reason."""

import io
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from reportlab.pdfgen import canvas

from appeals.signature import Fault, Invalid, Trust, verify
from tests.appeals import pki

AUTHORITY = pki.Authority()
CITIZEN = AUTHORITY.issue(surname="Раҳимов", given="Ҷамшед")
REVOKED = AUTHORITY.issue()
AUTHORITY.revoke(REVOKED)
TRUST = AUTHORITY.trust()


def make_pdf(text):
    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1)
    page.drawString(100, 700, text)
    page.save()
    return out.getvalue()


DOCUMENT, OTHER = make_pdf("An appeal"), make_pdf("Another appeal")


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


GOOD = {
    "DER": lambda: pki.p7s(DOCUMENT, CITIZEN),
    "PEM": lambda: pki.p7s(DOCUMENT, CITIZEN, pem=True),
    "RSA": lambda: pki.p7s(DOCUMENT, AUTHORITY.issue(surname="Раҳимов", given="Ҷамшед", kind="rsa")),
    "PAdES": lambda: pki.signed_pdf(DOCUMENT, CITIZEN),
}
BAD = {
    "nothing": (Fault.EMPTY, lambda: b""),
    "5 MB of garbage": (Fault.UNREADABLE, lambda: b"\x30\x83" + bytes(range(256)) * (5 * 2**20 // 256)),
    "a word": (Fault.UNREADABLE, lambda: b"signed"),
    "a certificate": (Fault.UNREADABLE, CITIZEN.der),
    "too large": (Fault.TOO_LARGE, lambda: bytes(12 * 2**20)),
    "with the document inside": (Fault.ATTACHED, lambda: pki.p7s(DOCUMENT, CITIZEN, detached=False)),
    "of two people": (Fault.SEVERAL, lambda: pki.p7s(DOCUMENT, CITIZEN, AUTHORITY.issue())),
    "of another document": (Fault.OTHER_DOCUMENT, lambda: pki.p7s(OTHER, CITIZEN)),
    "tampered": (Fault.BROKEN, lambda: flipped(pki.p7s(DOCUMENT, CITIZEN), -5)),
    "self-signed": (Fault.SELF_SIGNED, lambda: pki.p7s(DOCUMENT, pki.self_signed())),
    "of an authority nobody knows": (Fault.UNKNOWN_ISSUER, lambda: pki.p7s(DOCUMENT, pki.Authority("Other").issue())),
    "of an authority with our root's name": (Fault.UNKNOWN_ISSUER, lambda: pki.p7s(DOCUMENT, pki.Authority().issue())),
    "expired": (Fault.EXPIRED, lambda: pki.p7s(DOCUMENT, AUTHORITY.issue(end=pki.NOW - pki.DAY))),
    "not yet valid": (Fault.NOT_YET_VALID, lambda: pki.p7s(DOCUMENT, AUTHORITY.issue(start=pki.NOW + pki.DAY))),
    "revoked": (Fault.REVOKED, lambda: pki.p7s(DOCUMENT, REVOKED)),
    "not for signing": (Fault.USAGE, lambda: pki.p7s(DOCUMENT, AUTHORITY.issue(signing=False))),
    "PDF without a signature": (Fault.NOT_SIGNED, lambda: DOCUMENT),
    "another PDF, signed": (Fault.OTHER_DOCUMENT, lambda: pki.signed_pdf(OTHER, CITIZEN)),
    "PDF with something behind": (Fault.CHANGED_AFTERWARDS, lambda: pki.signed_pdf(DOCUMENT, CITIZEN) + b"\nmore"),
    "PDF signed twice": (
        Fault.SEVERAL,
        lambda: pki.signed_pdf(pki.signed_pdf(DOCUMENT, CITIZEN), AUTHORITY.issue(), "Second"),
    ),
    "PDF tampered": (
        Fault.OTHER_DOCUMENT,
        lambda: pki.signed_pdf(DOCUMENT, CITIZEN).replace(b"Signature1", b"Signature9"),
    ),
    "PDF, revoked": (Fault.REVOKED, lambda: pki.signed_pdf(DOCUMENT, REVOKED)),
    "PDF with garbage behind": (Fault.NOT_SIGNED, lambda: DOCUMENT + b"%PDF-1.7 \xff\xfe" * 50),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_signature_names_its_signer(kind):
    signer = verify(DOCUMENT, GOOD[kind](), TRUST)
    assert (signer.common_name, signer.surname, signer.given_name) == ("Раҳимов Ҷамшед Қодирович", "Раҳимов", "Ҷамшед")
    assert signer.issuer == "Test root of Tajikistan"


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_signature_is_refused_for_its_own_reason(kind):
    fault, make = BAD[kind]
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, make(), TRUST)
    assert refusal.value.fault == fault


def test_every_reason_is_reached():
    reached = {fault for fault, _make in BAD.values()} | {Fault.WEAK, Fault.NO_TRUST, Fault.REVOCATION_UNKNOWN}
    assert reached == set(Fault)


def test_without_a_list_of_revoked_certificates_nothing_is_accepted():
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, GOOD["DER"](), AUTHORITY.trust(lists=False))
    assert refusal.value.fault == Fault.REVOCATION_UNKNOWN


def test_without_an_authority_nothing_is_accepted():
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, GOOD["DER"](), Trust(roots=()))
    assert refusal.value.fault == Fault.NO_TRUST


@pytest.fixture
def by_openssl(tmp_path):
    """Signs as a newcomer would, with the openssl command."""

    def sign(*options):
        (tmp_path / "appeal.pdf").write_bytes(DOCUMENT)
        (tmp_path / "me.pem").write_bytes(CITIZEN.certificate.public_bytes(serialization.Encoding.PEM))
        key = CITIZEN.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / "me.key").write_bytes(key)
        command = ["openssl", "cms", "-sign", "-binary", "-in", "appeal.pdf", "-signer", "me.pem", "-inkey", "me.key"]
        subprocess.run([*command, "-outform", "DER", "-out", "appeal.p7s", *options], cwd=tmp_path, check=True)
        return (tmp_path / "appeal.p7s").read_bytes()

    return sign


@pytest.mark.parametrize("options", [(), ("-cades",)], ids=["CMS", "CAdES"])
def test_what_openssl_signs_is_good(by_openssl, options):
    assert verify(DOCUMENT, by_openssl(*options), TRUST).surname == "Раҳимов"


def test_a_weak_digest_is_refused(by_openssl):
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, by_openssl("-md", "sha1"), TRUST)
    assert refusal.value.fault == Fault.WEAK


def test_authorities_are_read_from_a_folder(tmp_path):
    for folder in ("roots", "crls"):
        (tmp_path / folder).mkdir()
    root = AUTHORITY.certificate
    (tmp_path / "roots/ours.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "roots/README.txt").write_text("not a certificate")
    (tmp_path / "crls/ours.crl").write_bytes(AUTHORITY.crl())
    trust = Trust.read(tmp_path)
    assert verify(DOCUMENT, GOOD["DER"](), trust).surname == "Раҳимов"
    assert Trust.read(tmp_path / "absent") == Trust(roots=())


def test_the_moment_of_judging_counts():
    brief = AUTHORITY.issue(end=pki.NOW + pki.DAY)
    assert verify(DOCUMENT, pki.p7s(DOCUMENT, brief), TRUST, at=pki.NOW)
    with pytest.raises(Invalid) as refusal:
        verify(DOCUMENT, pki.p7s(DOCUMENT, brief), TRUST, at=pki.NOW + 2 * pki.DAY)
    assert refusal.value.fault == Fault.EXPIRED


def test_the_library_writes_nothing_of_a_certificate_into_the_log(caplog, capfd):
    for kind in ("revoked", "expired", "of an authority nobody knows"):
        with pytest.raises(Invalid):
            verify(DOCUMENT, BAD[kind][1](), TRUST)
    assert "Раҳимов" not in caplog.text + "".join(capfd.readouterr())
