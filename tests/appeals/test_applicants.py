"""Who may write: a person, an organisation, a group, one person for another. Each is judged by Article 21."""

import pytest
from django.test import Client

from appeals import casework, signing
from appeals.content import Content
from appeals.forms import AppealForm
from appeals.models import Appeal
from tests.appeals.citizen import Citizen, crime, errors, field, pdf_text, values
from tests.appeals.office_routes import reveal

pytestmark = pytest.mark.django_db


def signatory(place=0, **changes):
    """Somebody who signs too, as the form sends it."""
    typed = {
        "surname": "Саидова",
        "given_name": "Мадина",
        "patronymic": "Ҳакимовна",
        "region": "TJ-KT",
        "district": "TJ-KT:kulob",
        "address": "деҳаи Зираки",
    } | changes
    return {f"with-{place}-{name}": value for name, value in typed.items()}


def group(*rows, **changes):
    return values(applicant="group") | {key: value for row in rows for key, value in row.items()} | changes


def behalf(**changes):
    """A daughter writes for her mother."""
    represented = {"surname": "Назарова", "given_name": "Ойша", "patronymic": "", "no_patronymic": "on"}
    typed = {f"for-{name}": value for name, value in represented.items()}
    return values(applicant="behalf", representation="relative") | typed | {"for-same_address": "on"} | changes


def sent(typed, officer, **how):
    Citizen().appeal(typed, **how)
    return casework.read(Appeal.objects.get(), officer, revealed=True).content


def test_a_group_is_kept_with_everybody_who_signs(officer):
    content = sent(group(signatory(), signatory(1, surname="Қодиров", address="Лоҳур 3")), officer)
    assert [one.sender for one in content.authors] == [
        "Раҳимов Ҷамшед Қосимович",
        "Саидова Мадина Ҳакимовна",
        "Қодиров Мадина Ҳакимовна",
    ]
    assert content.signatories[1].residence("tg").endswith("Лоҳур 3")
    assert Appeal.objects.get().applicant == "group"


def test_of_a_group_one_identified_author_is_enough(officer):
    typed = group(signatory(patronymic="", address=""), signatory(1, surname="аноним"))
    sent(typed, officer)
    assert (Appeal.objects.get().verdict, Appeal.objects.get().grounds) == ("examined", [])


def test_that_author_need_not_be_the_contact(officer):
    sent(group(signatory(), surname="", patronymic="", address=""), officer)
    assert Appeal.objects.get().verdict == "examined"


def test_a_group_of_unknown_people_is_refused_beside_whoever_lacks_least():
    response = Citizen().write(group(signatory(address=""), surname="", given_name="", patronymic="", address=""))
    assert response.status_code == 200
    assert set(errors(response)) == {"with-0-address"}


def test_a_group_of_one_is_none():
    response = Citizen().write(group(signatory(**dict.fromkeys(("surname", "given_name", "patronymic"), ""))))
    assert response.status_code == 302  # An address alone: a person without a name, beside an identified contact.
    empty = dict.fromkeys(("surname", "given_name", "patronymic", "region", "district", "address"), "")
    assert set(errors(Citizen().write(group(signatory(**empty))))) == {"with-0-surname"}


def test_a_group_about_a_crime_needs_nobody_s_name(officer):
    content = sent(
        crime(applicant="group") | signatory(surname="Кас", given_name="", patronymic=""), officer, sign=False
    )
    assert content.crime
    assert Appeal.objects.get().verdict == "anonymous_crime"


def test_a_person_is_added_and_removed_without_losing_anything():
    citizen = Citizen()
    page = citizen.write(group(signatory(), add_person="1"))
    assert page.status_code == 200
    assert 'name="with-1-surname"' in page.content.decode()
    assert errors(page) == {}
    page = citizen.write(group(signatory(), signatory(1, surname="Қодиров"), remove_person="0"))
    assert field(page, "with-0-surname") == "Қодиров"
    assert "Саидова" not in page.content.decode()
    assert field(page, "text") == values()["text"]


def test_places_left_empty_are_closed_up():
    typed = AppealForm.typed(signatory(3) | signatory(7, surname="No") | {"with-5-no_patronymic": "on", "x": "y"})
    assert {name for name in typed if name.endswith("surname")} == {"with-0-surname", "with-1-surname"}
    assert typed["with-1-surname"] == "No"
    assert "x" not in typed


def test_more_people_than_the_form_takes_are_not_begun():
    rows = [signatory(place) for place in range(40)]
    typed = AppealForm.typed({key: value for row in rows for key, value in row.items()} | {"add_person": "1"})
    assert len([name for name in typed if name.endswith("-surname")]) == 20


def test_who_writes_for_another_is_a_second_person(officer):
    content = sent(behalf(representation_words="шаҳодатномаи таваллуд"), officer)
    assert content.sender == "Раҳимов Ҷамшед Қосимович"
    assert content.represented.sender == "Назарова Ойша"
    assert content.represented.residence("tg") == content.residence("tg")
    assert (content.representation, content.representation_words) == ("relative", "шаҳодатномаи таваллуд")
    assert Appeal.objects.get().verdict == "examined"
    assert Appeal.objects.get().notes == ["PATRONYMIC_DECLARED_ABSENT"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"for-surname": ""}, {"for-surname"}),
        ({"for-no_patronymic": ""}, {"for-patronymic"}),
        ({"for-same_address": ""}, {"for-region", "for-district", "for-address"}),
        ({"for-surname": "Назарова2"}, {"for-surname"}),
        ({"surname": ""}, {"surname"}),
        ({"address": ""}, {"address", "for-address"}),
        ({"representation": ""}, {"representation"}),
        ({"representation": "friendship"}, {"representation"}),
        ({"representation": "other"}, {"representation_words"}),
    ],
)
def test_both_people_must_be_named_and_the_right_given(changes, fields):
    typed = {
        name: value
        for name, value in behalf(**changes).items()
        if value or not name.endswith(("_patronymic", "_address"))
    }
    response = Citizen().write(typed)
    assert response.status_code == 200
    assert set(errors(response)) == fields
    assert field(response, "text") == values()["text"]


def test_what_does_not_belong_to_the_choice_is_not_sent(officer):
    content = sent(behalf() | signatory() | {"applicant": "individual"}, officer)
    assert (content.represented, content.signatories, content.representation) == (None, (), "")


def test_the_error_summary_says_whose_field_it_is():
    page = Citizen().write(behalf(**{"for-surname": ""})).content.decode()
    assert "The person for whom you write, Surname:" in page
    assert 'href="#id_for-surname"' in page


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
@pytest.mark.parametrize("typed", [group(signatory()), behalf()], ids=["group", "behalf"])
def test_everybody_stands_on_the_check_page_the_document_and_the_office_s_page(language, typed, officer, client_page):
    citizen = Citizen(language, client_page)
    citizen.write(typed)
    other = "Саидова Мадина Ҳакимовна" if typed["applicant"] == "group" else "Назарова Ойша"
    assert other in citizen.client.get(citizen.url("check/")).content.decode()
    assert other in pdf_text(citizen.client.get(citizen.url("check/appeal.pdf")).content)
    citizen.appeal(typed)
    office = Client()
    office.force_login(officer)
    reveal(office, Appeal.objects.get())
    assert other in office.get(f"/admin/appeals/appeal/{Appeal.objects.get().pk}/change/").content.decode()


def test_the_jamoat_is_part_of_the_address(officer):
    content = sent(values(jamoat="ҷамоати Чорбоғ"), officer)
    assert "ҷамоати Чорбоғ, кӯчаи Рӯдакӣ, 5" in content.residence("tg")


def test_a_certificate_speaks_for_the_author_whom_it_names():
    signer = signing.Signer("Мадина Саидова", "Саидова", "Мадина", "", "CA", "1", None)
    form = AppealForm(AppealForm.typed(group(signatory())))
    assert form.is_valid()
    content = Content.of(form.cleaned_data)
    assert signing.name_differs(content.authors[0], signer)
    signed = signing.Signed(signing.Signature.DIGITAL, signer, None, False)
    assert [signed.of_author(content, place)[0] for place in (0, 1)] == ["none", "digital"]
    assert casework.assess_signed(content, signed).verdict == "examined"
    stranger = signing.Signed(signing.Signature.DIGITAL, signer, None, True)
    assert casework.assess_signed(content, stranger).verdict == "for_officer"
