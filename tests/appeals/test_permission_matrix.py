"""Who gets in where: every role at every address of the office, and what each may do with many appeals at once.

A new address needs a line in ``TABLE``, a new action one in ``ACTIONS``; a new kind of row in an address needs one in
``office_routes.Office``. For each role: ``o`` a page or a file, ``>`` sent on, ``-`` forbidden, ``L`` to the login.
"""

import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import RequestFactory

from appeals.models import Appeal, JournalEntry
from portal import roles
from tests.appeals.office_routes import WHO, Office, browser, received, routes, someone

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
# Roles in the order of ``WHO``: nobody, staff without a role, press editor and chief; officer, supervisor, operator
# and auditor of appeals; superuser. «GET POST»: both get the same answer. POST alone: GET is not allowed.
TABLE = """
answertemplate/                            GET POST  L  -  -  -  o  o  -  -  o
answertemplate/<object_id>/                GET POST  L  -  -  -  >  >  -  -  >
answertemplate/<object_id>/change/         GET       L  -  -  -  o  o  -  -  o
answertemplate/<object_id>/change/         POST      L  -  -  -  -  o  -  -  o
answertemplate/<object_id>/delete/         GET POST  L  -  -  -  -  -  -  -  -
answertemplate/<object_id>/history/        GET POST  L  -  -  -  -  -  -  -  -
answertemplate/add/                        GET POST  L  -  -  -  -  o  -  -  o
appeal/                                    GET POST  L  -  -  -  o  o  -  o  o
appeal/<appeal_id>/compare/<other_id>/     GET       L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/export/                 POST      L  -  -  -  >  >  -  -  >
appeal/<appeal_id>/files/<file_id>/        GET       L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/hold/                   POST      L  -  -  -  -  o  -  -  o
appeal/<appeal_id>/lift/                   POST      L  -  -  -  -  o  -  -  o
appeal/<appeal_id>/presence/               POST      L  -  -  -  o  o  -  o  o
appeal/<appeal_id>/print/appeal/           POST      L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/print/cover/            POST      L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/print/letter/<forwarding_id>/ POST L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/register/               POST      L  -  -  -  >  >  -  -  >
appeal/<appeal_id>/release/                POST      L  -  -  -  >  >  -  -  >
appeal/<appeal_id>/reveal/                 POST      L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/similar/                GET       L  -  -  -  o  o  -  -  o
appeal/<appeal_id>/step/                   POST      L  -  -  -  o  o  -  -  o
appeal/<object_id>/                        GET POST  L  -  -  -  >  >  -  >  >
appeal/<object_id>/change/                 GET POST  L  -  -  -  o  o  -  o  o
appeal/<object_id>/delete/                 GET POST  L  -  -  -  -  -  -  -  -
appeal/<object_id>/history/                GET POST  L  -  -  -  -  -  -  -  -
appeal/add/                                GET POST  L  -  -  -  -  -  -  -  -
appeal/enter/                              GET POST  L  -  -  -  o  o  o  -  o
appeal/enter/coupon/                       POST      L  -  -  -  >  >  >  -  >
appeal/find/                               GET POST  L  -  -  -  o  o  -  -  o
appeal/statistics/                         GET       L  -  -  -  -  o  -  o  o
appeal/statistics/statistics.csv           GET       L  -  -  -  -  o  -  o  o
appeal/statistics/statistics.xlsx          GET       L  -  -  -  -  o  -  o  o
authority/                                 GET POST  L  -  -  -  o  o  -  -  o
authority/<object_id>/                     GET POST  L  -  -  -  >  >  -  -  >
authority/<object_id>/change/              GET       L  -  -  -  o  o  -  -  o
authority/<object_id>/change/              POST      L  -  -  -  -  o  -  -  o
authority/<object_id>/delete/              GET POST  L  -  -  -  -  -  -  -  -
authority/<object_id>/history/             GET POST  L  -  -  -  -  -  -  -  -
authority/add/                             GET POST  L  -  -  -  -  o  -  -  o
department/                                GET POST  L  -  -  -  o  o  -  -  o
department/<object_id>/                    GET POST  L  -  -  -  >  >  -  -  >
department/<object_id>/change/             GET       L  -  -  -  o  o  -  -  o
department/<object_id>/change/             POST      L  -  -  -  -  o  -  -  o
department/<object_id>/delete/             GET POST  L  -  -  -  -  -  -  -  -
department/<object_id>/history/            GET POST  L  -  -  -  -  -  -  -  -
department/add/                            GET POST  L  -  -  -  -  o  -  -  o
erasureproposal/                           GET POST  L  -  -  -  -  o  -  o  o
erasureproposal/<object_id>/               GET POST  L  -  -  -  -  >  -  >  >
erasureproposal/<object_id>/change/        GET POST  L  -  -  -  -  o  -  o  o
erasureproposal/<object_id>/delete/        GET POST  L  -  -  -  -  -  -  -  -
erasureproposal/<object_id>/history/       GET POST  L  -  -  -  -  -  -  -  -
erasureproposal/<proposal_id>/approve/     POST      L  -  -  -  -  >  -  -  >
erasureproposal/<proposal_id>/decline/     POST      L  -  -  -  -  o  -  -  o
erasureproposal/add/                       GET POST  L  -  -  -  -  o  -  -  o
holiday/                                   GET POST  L  -  -  -  o  o  -  o  o
holiday/<object_id>/                       GET POST  L  -  -  -  >  >  -  >  >
holiday/<object_id>/change/                GET       L  -  -  -  o  o  -  o  o
holiday/<object_id>/change/                POST      L  -  -  -  -  o  -  -  o
holiday/<object_id>/delete/                GET POST  L  -  -  -  -  o  -  -  o
holiday/<object_id>/history/               GET POST  L  -  -  -  -  -  -  -  -
holiday/add/                               GET POST  L  -  -  -  -  o  -  -  o
journalentry/                              GET POST  L  -  -  -  -  o  -  o  o
journalentry/export/                       POST      L  -  -  -  -  >  -  >  >
officeentry/                               GET POST  L  -  -  -  -  o  -  o  o
savedfilter/                               GET POST  L  -  -  -  o  o  -  o  o
savedfilter/<object_id>/                   GET POST  L  -  -  -  >  >  -  >  >
savedfilter/<object_id>/change/            GET POST  L  -  -  -  >  >  -  >  >
savedfilter/<object_id>/delete/            GET POST  L  -  -  -  >  >  -  >  >
savedfilter/<object_id>/history/           GET POST  L  -  -  -  -  -  -  -  -
savedfilter/add/                           GET POST  L  -  -  -  o  o  -  o  o
topic/                                     GET POST  L  -  -  -  o  o  -  -  o
topic/<object_id>/                         GET POST  L  -  -  -  >  >  -  -  >
topic/<object_id>/change/                  GET       L  -  -  -  o  o  -  -  o
topic/<object_id>/change/                  POST      L  -  -  -  -  o  -  -  o
topic/<object_id>/delete/                  GET POST  L  -  -  -  -  -  -  -  -
topic/<object_id>/history/                 GET POST  L  -  -  -  -  -  -  -  -
topic/add/                                 GET POST  L  -  -  -  -  o  -  -  o
"""
# What is sent with a POST; without it a form comes back with its fault.
SENT = {"appeal/<appeal_id>/step/": {"step": "answer"}}
ACTIONS = """
appeal  register_selected  officer supervisor superuser
appeal  release_selected   officer supervisor superuser
appeal  assign_selected    officer supervisor superuser
appeal  answer_selected    officer supervisor superuser
appeal  join_selected      officer supervisor superuser
appeal  archive_selected   supervisor superuser
appeal  print_list         officer supervisor auditor superuser
appeal  print_covers       officer supervisor superuser
appeal  save_register      officer supervisor auditor superuser
holiday delete_selected    supervisor superuser
"""
SHORT = dict(
    zip(
        ("nobody", "staff", "editor", "chief", "officer", "supervisor", "operator", "auditor", "superuser"),
        WHO,
        strict=True,
    )
)


def table():
    """(route, method) and the answers of all roles."""
    lines = re.findall(r"^(\S+) +((?:GET|POST)(?: POST)?) +(.+)$", TABLE, re.MULTILINE)
    return {(route, method): cells.split() for route, methods, cells in lines for method in methods.split()}


def ask(client, office, route, method, **where):
    """The answer, with nothing of it left in the database."""
    with transaction.atomic():
        response = getattr(client, method.lower())(office.address(route, **where), SENT.get(route, {}))
        if response.streaming:
            list(response.streaming_content)  # While the rows are there.
        transaction.set_rollback(True)
    return response


def letter(response):
    if response.status_code in {301, 302}:
        return "L" if "/admin/login/" in response["Location"] else ">"
    return {200: "o", 403: "-", 405: "5"}.get(response.status_code, str(response.status_code))


def test_every_address_is_in_the_table_and_every_line_is_an_address():
    assert {route for route, _method in table()} == set(routes())


@pytest.mark.parametrize("place", range(len(WHO)), ids=WHO)
def test_each_role_gets_in_where_it_may(place):
    office, client, known = Office.furnished(), browser(WHO[place]), table()
    answers = {cell: letter(ask(client, office, *cell)) for cell in known}
    assert answers == {cell: cells[place] for cell, cells in known.items()}
    if WHO[place] == "superuser":
        only_post = {route for route, _method in known} - {route for route, method in known if method == "GET"}
        assert {letter(ask(client, office, route, "GET")) for route in only_post} == {"5"}


def test_each_role_is_offered_its_actions_and_no_other():
    known = {
        tuple(line.split()[:2]): {SHORT[role] for role in line.split()[2:]} for line in ACTIONS.split("\n") if line
    }
    found = {}
    for role in WHO[1:]:
        request = RequestFactory().get("/")
        request.user = someone(role)
        for model, model_admin in admin.site._registry.items():
            if model._meta.app_label == "appeals":
                for action in model_admin.get_actions(request):
                    found.setdefault((model._meta.model_name, action), set()).add(role)
    assert found == known


@pytest.mark.parametrize("role", WHO)
def test_an_action_that_is_not_offered_is_not_taken_either(role):
    """Sent all the same, by hand."""
    appeal, client = received(), browser(role)
    allowed = {line.split()[1] for line in ACTIONS.split("\n") if role in map(SHORT.get, line.split()[2:])}
    for action in ("register_selected", "release_selected", "save_register", "delete_selected"):
        before = (Appeal.objects.values().get(), JournalEntry.objects.count())
        answer = client.post(
            "/admin/appeals/appeal/?queue=all", {"action": action, "_selected_action": [appeal.pk], "confirm": "1"}
        )
        changed = (Appeal.objects.values().get(), JournalEntry.objects.count()) != before
        assert changed == (action == "register_selected" and action in allowed)
        assert answer.headers["Content-Type"].startswith("text/csv") == (
            action == "save_register" and action in allowed
        )


def said(response):
    """All that an answer tells, but for what differs each time: tokens, times, and the number that was asked for."""
    body = re.sub(r'(csrfmiddlewaretoken" value=|name="page" value=|nonce=)"[^"]+"|\d+', "", response.content.decode())
    varying = {"Content-Length", "ETag", "Expires"}
    return response.status_code, {name: value for name, value in response.headers.items() if name not in varying}, body


@pytest.mark.parametrize("role", [roles.PRESS_EDITOR, roles.PRESS_CHIEF, roles.APPEALS_OPERATOR, "staff"])
def test_who_has_no_business_with_appeals_cannot_learn_that_one_exists(role):
    office, client = Office.furnished(), browser(role)
    for route, method in table():
        there, nowhere = (said(ask(client, office, route, method, missing=missing)) for missing in (False, True))
        assert there == nowhere, route
    for model in (Appeal, JournalEntry):
        kind = ContentType.objects.get_for_model(model).pk
        there, nowhere = (said(client.get(f"/admin/r/{kind}/{pk}/")) for pk in (model.objects.first().pk, 999_999))
        assert there == nowhere


def test_nor_do_the_pages_of_the_whole_admin_tell_it():
    client = browser(roles.PRESS_EDITOR)
    pages = [
        "/admin/", "/admin/appeals/", "/admin/jsi18n/", "/admin/password_change/",
        "/admin/autocomplete/?app_label=appeals&model_name=appeal&field_name=joined_to&term=2026",
        "/admin/autocomplete/?app_label=appeals&model_name=journalentry&field_name=appeal&term=2026",
    ]  # fmt: skip
    before = [said(client.get(page)) for page in pages]
    received()
    assert [said(client.get(page)) for page in pages] == before
    assert "appeals/" not in client.get("/admin/").content.decode()
