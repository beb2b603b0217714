"""Every page of an appeal's way asks the database a fixed number of questions, however much there is."""

import pytest

from appeals import casework
from appeals.models import Appeal
from tests.appeals.citizen import Citizen, picture, values
from tests.appeals.follower import Follower

pytestmark = pytest.mark.django_db


def count(django_assert_max_num_queries, client, url):
    with django_assert_max_num_queries(100) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", ["", "write/", "track/", "verify/", "resume/"])
def test_a_page_without_a_draft_asks_nothing(page, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(f"/en/appeals/{page}").status_code == 200


def test_the_draft_costs_one_question_with_one_file_or_ten(django_assert_num_queries):
    for files in (1, 10):
        citizen = Citizen()
        citizen.write(values(stay="1", attachments=[picture() for _ in range(files)]))
        with django_assert_num_queries(1):
            citizen.client.get(citizen.url("write/"))


def test_the_check_page_costs_the_same_for_one_person_or_twenty(django_assert_max_num_queries):
    asked = set()
    for people in (1, 20):
        citizen = Citizen()
        others = {f"with-{place}-surname": "Саидова" for place in range(people)}
        assert citizen.write(values(applicant="group") | others).status_code == 302
        asked.add(count(django_assert_max_num_queries, citizen.client, citizen.url("check/")))
    assert len(asked) == 1
    assert max(asked) <= 10


def test_the_case_costs_the_same_with_one_message_or_twenty(officer, django_assert_max_num_queries):
    follower = Follower(*Citizen().appeal())
    casework.register(Appeal.objects.get(), officer)
    follower.open()
    asked = set()
    for messages in (1, 19):
        for number in range(messages):
            follower.do("message", text=f"Паёми {number}")
        asked.add(count(django_assert_max_num_queries, follower.client, follower.url()))
    assert len(asked) == 1
    assert max(asked) <= 8
