"""Printing: what is on paper is what was written, the code on it leads to the case, and every print is recorded."""

import pypdfium2
import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from appeals import casework
from appeals.casework.base import Action, data_key
from appeals.casework.notes import write
from appeals.models import Appeal, Authority, Forwarding, Message
from portal import qr
from tests.appeals.citizen import TEXT, Citizen, entity, pdf_text, picture, values
from tests.appeals.office import proved

pytestmark = pytest.mark.django_db
LIST = "/admin/appeals/appeal/"


@pytest.fixture
def appeal():
    Citizen("tg").appeal(values(attachments=[picture(kind="JPEG")]))
    return Appeal.objects.get()


@pytest.fixture
def forwarding(appeal, officer):
    """The appeal at another authority, with what that is asked to do."""
    authority = Authority.objects.create(
        name_tg="Вазорати нақлиёти Ҷумҳурии Тоҷикистон", name_ru="Министерство транспорта",
        name_en="Ministry of Transport", address="ш. Душанбе, кӯчаи Айнӣ, 14",
    )  # fmt: skip
    casework.register(appeal, officer)
    note = asked(appeal, "Аз шумо хоҳиш менамоем, ки ҳолати роҳро санҷед. Ғ Ӣ Қ Ӯ Ҳ Ҷ.")
    return Forwarding.objects.create(appeal=appeal, authority=authority, message=note, at=timezone.now())


def asked(appeal: Appeal, text: str) -> Message:
    return write(appeal, Message.Author.OFFICE, Action.FORWARDED, data_key(appeal), {"text": text})


def test_the_cover_sheet_says_whose_case_it_is(appeal, office, officer):
    casework.register(appeal, officer)
    response = office.post(f"{LIST}{appeal.pk}/print/cover/")
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    appeal.refresh_from_db()
    text = pdf_text(response.content)
    for part in (
        appeal.number, "Раҳимов Ҷамшед Қосимович", "кӯчаи Рӯдакӣ, 5", "Application", "this site", TEXT, "Resolution",
        f"{appeal.due_on:%d.%m.%Y}", "officer",
    ):  # fmt: skip
        assert part in text
    assert list(appeal.journal.values_list("action", "actor__username"))[-1] == ("printed", "officer")
    assert appeal.journal.last().detail == {"what": "cover"}


def test_the_appeal_is_printed_with_its_files_signature_assessment_and_digest(appeal, office):
    pdf = office.post(f"{LIST}{appeal.pk}/print/appeal/").content
    text = pdf_text(pdf)
    grouped = " ".join(appeal.digest[start : start + 8] for start in range(0, 64, 8))
    for part in (TEXT, "signature.jpeg", "SHA-256", grouped, "What is stored has this digest.", "examined"):
        assert part in text
    assert any(picture for page in pypdfium2.PdfDocument(pdf) for picture in page.get_objects(filter=[3]))
    assert appeal.journal.last().detail == {"what": "appeal"}


def test_what_was_changed_in_the_database_is_told_on_paper(appeal, office):
    Appeal.objects.update(digest="0" * 64)
    assert "does NOT have this digest" in pdf_text(office.post(f"{LIST}{appeal.pk}/print/appeal/").content)


def test_a_bundle_is_one_document_with_a_list_to_sign(appeal, office):
    Citizen().appeal(entity())
    rows = list(Appeal.objects.order_by("id"))
    response = proved(office).post(
        f"{LIST}?queue=all", {"action": "print_covers", "_selected_action": [row.pk for row in rows]}
    )
    document = pypdfium2.PdfDocument(response.content)
    first, *sheets = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    assert len(sheets) == 2
    assert "Раҳимов" not in first  # The list names nobody: others sign it.
    for row, sheet in zip(rows, sheets, strict=True):
        assert row.number in first and row.number in sheet
        assert row.journal.last().action == "printed"
    assert "ҶДММ «Сомон»" in sheets[1]


def test_more_than_fifty_are_refused(office, officer, appeal, monkeypatch):
    monkeypatch.setattr("appeals.casework.printing.MOST_AT_ONCE", 0)
    response = proved(office).post(
        f"{LIST}?queue=all", {"action": "print_covers", "_selected_action": [appeal.pk]}, follow=True
    )
    assert "At most 0 appeals can be printed at once." in response.content.decode()
    assert not appeal.journal.filter(action="printed").exists()


def test_the_covering_letter_says_what_is_asked_and_names_nobody(forwarding, office):
    appeal = forwarding.appeal
    text = pdf_text(office.post(f"{LIST}{appeal.pk}/print/letter/{forwarding.pk}/").content)
    for part in (
        appeal.number,
        "Вазорати нақлиёти Ҷумҳурии Тоҷикистон",
        "кӯчаи Айнӣ, 14",
        "ҳолати роҳро санҷед. Ғ Ӣ Қ Ӯ",
    ):
        assert part in text
    assert "Раҳимов" not in text
    assert appeal.journal.last().detail == {"what": "letter", "authority": forwarding.authority_id}
    assert office.post(f"{LIST}{appeal.pk + 1}/print/letter/{forwarding.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("Appeals officer", True),
        ("Appeals supervisor", True),
        ("Appeals operator", False),
        ("Auditor", False),
        ("Press chief", False),
    ],
)
def test_who_may_print(appeal, role, may):
    user = User.objects.create_user("someone", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    if user.has_perm("appeals.print_appeal"):
        proved(client)
    for address in ("print/cover/", "print/appeal/", "export/"):
        assert (client.post(f"{LIST}{appeal.pk}/{address}").status_code == 200) == may, address
    assert appeal.journal.filter(action__in=("printed", "exported")).count() == (3 if may else 0)
    page = client.get(f"{LIST}{appeal.pk}/change/").content.decode()
    assert ('id="printing"' in page) == may


def test_printing_needs_a_post_with_its_token(appeal, office, officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    for address in ("print/cover/", "print/appeal/", "export/"):
        assert office.get(f"{LIST}{appeal.pk}/{address}").status_code == 405
        assert strict.post(f"{LIST}{appeal.pk}/{address}").status_code == 403


def test_casework_checks_the_right_itself(forwarding):
    stranger = User.objects.create_user("stranger", is_staff=True)
    for step, what in (
        (casework.print_covers, [forwarding.appeal]), (casework.print_appeal, forwarding.appeal),
        (casework.export, forwarding.appeal), (casework.print_letter, forwarding),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            step(what, stranger)


def test_without_the_key_nothing_is_printed_and_the_page_says_so(appeal, office, settings):
    settings.OFFICE_KEYS = ["11" * 32]
    response = office.post(f"{LIST}{appeal.pk}/print/cover/", follow=True)
    assert "cannot be read" in response.content.decode()
    assert not appeal.journal.filter(action="printed").exists()


def test_what_is_erased_is_not_printed(appeal, office):
    Appeal.objects.update(erased_at=timezone.now(), box=b"", sealed_key=b"")
    response = office.post(f"{LIST}{appeal.pk}/print/appeal/", follow=True)
    assert f"Appeal {appeal.number} is erased." in response.content.decode()
    assert not appeal.journal.filter(action="printed").exists()


def test_the_code_on_the_cover_sheet_leads_to_the_case_and_says_nothing_else(appeal, office):
    """The squares on the paper are those of the address."""
    page = pypdfium2.PdfDocument(office.post(f"{LIST}{appeal.pk}/print/cover/").content)[0].render(scale=4).to_pil()
    below_the_head = page.convert("L").crop((page.width // 2, page.height // 9, page.width, page.height // 4))
    black = below_the_head.point(lambda grey: 255 * (grey < 60))
    code = black.crop(black.getbbox())
    _side, dark = qr.dark_modules(f"http://testserver{LIST}{appeal.pk}/change/")
    first, last = min(dark)[0], max(dark)[0]
    step = code.width / (last - first + 1)
    found = {
        (x, y)
        for x in range(first, last + 1)
        for y in range(first, last + 1)
        if code.getpixel((int((x - first + 0.5) * step), int((y - first + 0.5) * step)))
    }
    assert found == set(dark)
