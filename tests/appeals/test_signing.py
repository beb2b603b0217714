"""A citizen signs digitally: download the document, sign it, give the signature back, send."""

import io
import subprocess

import pytest
from django.test import Client

from appeals import casework, signing
from appeals.choices import FileRole
from appeals.content import Content
from appeals.models import Appeal
from appeals.signature import Fault, Signer
from appeals.signature_texts import SENTENCES
from tests.appeals import pki
from tests.appeals.citizen import Citizen, crime, entity, errors, pdf_text, picture, values
from tests.appeals.office_routes import reveal

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

AUTHORITY = pki.Authority()
SIGNER = AUTHORITY.issue("Раҳимов Ҷамшед Қосимович", surname="Раҳимов", given="Ҷамшед")


@pytest.fixture(autouse=True)
def trust(settings, tmp_path):
    """A portal that trusts the test's authority; returns the folder."""
    settings.SIGNATURE_TRUST_DIR = tmp_path
    for name in ("roots", "crls"):
        (tmp_path / name).mkdir()
    (tmp_path / "roots/ours.pem").write_bytes(AUTHORITY.certificate.public_bytes(pki.serialization.Encoding.PEM))
    (tmp_path / "crls/ours.crl").write_bytes(AUTHORITY.crl())
    return tmp_path


def named(content, name="signature.p7s"):
    file = io.BytesIO(content)
    file.name = name
    return file


def download(citizen):
    response = citizen.client.get(citizen.url("check/appeal.pdf"))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]
    return response.content


def give(citizen, signature, **more):
    return citizen.client.post(citizen.url("check/"), {"digital": named(signature), "keep_signature": "1"} | more)


def told(fault):
    """What stands beside the field, and nothing else on the page."""
    return {"digital": f"Error: {SENTENCES[fault]}"}


def page_of(citizen):
    return citizen.client.get(citizen.url("check/")).content.decode()


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("kind", ["p7s", "pdf"])
def test_an_appeal_signed_digitally_is_taken(kind, language, officer):
    citizen = Citizen(language)
    citizen.write(values(attachments=[named(picture().getvalue(), "нақша.png")]))
    document = download(citizen)
    signature = pki.p7s(document, SIGNER) if kind == "p7s" else pki.signed_pdf(document, SIGNER)
    response = give(citizen, signature)
    assert response.status_code == 302, errors(response)
    assert "Раҳимов Ҷамшед Қосимович" in page_of(citizen)
    assert citizen.send().status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.verdict, appeal.grounds, appeal.notes) == ("examined", [], [])
    opened = casework.read(appeal, officer, revealed=True)
    assert opened.signed["kind"] == "digital"
    assert opened.signed["signer"]["surname"] == "Раҳимов"
    assert [file["role"] for file in opened.files] == ["attachment", "signature", "document"]
    kept = appeal.files.get(role=FileRole.DOCUMENT)
    assert casework.read_file(kept, officer, revealed=True).content == document


def test_the_document_is_the_same_for_the_same_draft_and_another_after_a_change():
    citizen = Citizen()
    citizen.write()
    first = download(citizen)
    assert download(citizen) == first
    citizen.write(values(text="Дархост мекунам, ки мактаби нав сохта шавад."))
    assert download(citizen) != first


def test_the_document_holds_every_word_with_the_letters_of_the_language():
    citizen = Citizen("tg")
    citizen.write(values(text="Ғолиб, Ӣсо, Қодир, Ӯктам, Ҳасан, Ҷамшед дар деҳа зиндагӣ мекунанд."))
    assert pdf_text(download(citizen)).count("Ғолиб, Ӣсо, Қодир, Ӯктам, Ҳасан, Ҷамшед") == 1


def test_what_was_signed_in_one_language_is_good_when_the_page_is_read_in_another():
    citizen = Citizen("tg")
    citizen.write()
    signature = pki.p7s(download(citizen), SIGNER)
    citizen.language = "ru"
    assert give(citizen, signature).status_code == 302
    assert citizen.send().status_code == 302


def test_a_change_after_signing_is_told_and_stops_the_sending():
    citizen = Citizen()
    citizen.write()
    give(citizen, pki.p7s(download(citizen), SIGNER))
    citizen.write(values(text="Дархост мекунам, ки мактаби нав сохта шавад."))
    assert str(SENTENCES[Fault.OTHER_DOCUMENT]) in page_of(citizen)
    response = citizen.send()
    assert errors(response) == told(Fault.OTHER_DOCUMENT)
    assert not Appeal.objects.exists()


def test_an_attachment_added_after_signing_is_not_signed():
    citizen = Citizen()
    citizen.write()
    give(citizen, pki.p7s(download(citizen), SIGNER))
    citizen.write(values(attachments=[named(picture().getvalue(), "new.png")]))
    assert "digital" in errors(citizen.send())


BAD = {
    "of another document": (lambda: pki.p7s(b"another", SIGNER), Fault.OTHER_DOCUMENT),
    "garbage": (lambda: b"garbage" * 1000, Fault.UNREADABLE),
    "empty": (lambda: b"", Fault.EMPTY),
    "self-signed": (lambda: pki.p7s(b"x", pki.self_signed()), Fault.OTHER_DOCUMENT),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_signature_is_refused_beside_its_field_and_the_rest_is_kept(kind):
    make, fault = BAD[kind]
    citizen = Citizen()
    citizen.write()
    response = give(citizen, make())
    assert response.status_code == 200
    assert errors(response) == told(fault)
    assert citizen.send(picture()).status_code == 302


def test_each_fault_has_its_own_sentence():
    assert set(SENTENCES) == set(Fault)
    assert len({str(sentence) for sentence in SENTENCES.values()}) == len(Fault)


def test_a_certificate_in_another_name_is_told_and_goes_to_an_officer():
    other = AUTHORITY.issue("Саидова Мадина", surname="Саидова", given="Мадина")
    citizen = Citizen()
    citizen.write()
    give(citizen, pki.p7s(download(citizen), other))
    assert "names somebody else" in page_of(citizen)
    assert citizen.send().status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.verdict, appeal.notes) == ("for_officer", ["CERTIFICATE_NAME_DIFFERS"])


def test_a_certificate_fills_a_name_of_which_a_part_is_missing():
    citizen = Citizen()
    # The write page asks for the whole name; who tells of a crime may leave it out.
    citizen.write(crime(surname="Раҳимов", given_name="Ҷ.", region="TJ-SU", district="TJ-SU:khujand", address="5"))
    give(citizen, pki.p7s(download(citizen), SIGNER))
    assert citizen.send().status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.verdict, appeal.notes) == ("examined", ["IDENTIFIED_BY_CERTIFICATE"])


def test_a_revoked_certificate_stops_an_appeal_that_was_signed_before(trust):
    citizen = Citizen()
    citizen.write()
    gone = AUTHORITY.issue("Раҳимов Ҷамшед")
    give(citizen, pki.p7s(download(citizen), gone))
    AUTHORITY.revoke(gone)
    (trust / "crls/ours.crl").write_bytes(AUTHORITY.crl())
    assert errors(citizen.send()) == told(Fault.REVOKED)


def test_without_authorities_no_digital_signature_is_offered(settings, tmp_path):
    settings.SIGNATURE_TRUST_DIR = tmp_path / "none"
    citizen = Citizen()
    citizen.write()
    assert "id_digital" not in page_of(citizen)


def test_nobody_else_gets_the_document():
    citizen = Citizen()
    citizen.write()
    assert Client().get(citizen.url("check/appeal.pdf")).status_code == 404


def test_the_officer_sees_who_signed(officer, client):
    citizen = Citizen()
    citizen.write()
    give(citizen, pki.p7s(download(citizen), SIGNER))
    citizen.send()
    client.force_login(officer)
    reveal(client, Appeal.objects.get())
    page = client.get(f"/admin/appeals/appeal/{Appeal.objects.get().pk}/change/").content.decode()
    assert f"<code>{SIGNER.certificate.serial_number:x}</code>, Test root of Tajikistan" in page
    assert "signature.p7s" in page
    assert "appeal.pdf" in page


@pytest.mark.parametrize(
    ("typed", "certificate", "differs"),
    [
        (("Раҳимов", "Ҷамшед"), "Rahimov Jamshed", False),
        (("Рахимов", "Чамшед"), "Раҳимов Ҷамшед Қосимович", False),
        (("Rahimov", "Jamshed"), "РАҲИМОВ ҶАМШЕД", False),
        (("Раҳмон", "Эмомалӣ"), "Emomali Rahmon", False),
        (("Раҳимзода", "Ҷамшед"), "Раҳимов Ҷамшед", False),
        (("Раҳимов", "Ҷамшед"), "Саидова Мадина", True),
        (("Раҳимов", "Ҷамшед"), "Раҳимов Фирӯз", True),
        (("", ""), "Саидова Мадина", False),
    ],
)
def test_names_are_compared_in_any_alphabet(typed, certificate, differs):
    signer = Signer(certificate, "", "", "", "", "", pki.NOW)
    assert signing.name_differs(Content(surname=typed[0], given_name=typed[1]), signer) == differs


@pytest.mark.parametrize(
    ("organisation", "differs"), [("ҶДММ Сомон", False), ("JDMM Somon", False), ("ҶСП Пахта", True), ("", False)]
)
def test_an_organisation_is_compared_with_the_certificate(organisation, differs):
    signer = Signer("Саидова Мадина", "", "", organisation, "", "", pki.NOW)
    content = Content(**{name: value for name, value in entity().items() if name in ("applicant", "entity_name")})
    assert signing.name_differs(content, signer) == differs


def test_a_newcomer_can_try_it_with_openssl(settings, tmp_path):
    pki.write_folder(tmp_path / "trust")
    settings.SIGNATURE_TRUST_DIR = tmp_path / "trust"
    citizen = Citizen()
    citizen.write()
    (tmp_path / "appeal.pdf").write_bytes(download(citizen))
    command = "openssl cms -sign -binary -in appeal.pdf -signer trust/citizen.pem -inkey trust/citizen.key"
    subprocess.run([*command.split(), "-outform", "DER", "-out", "appeal.p7s"], cwd=tmp_path, check=True)
    response = give(citizen, (tmp_path / "appeal.p7s").read_bytes())
    assert response.status_code == 302, errors(response)
