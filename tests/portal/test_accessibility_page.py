"""The page that says what was tested for people with disabilities, what was not, and how to tell of a barrier."""

import pytest

from portal.caching import PUBLIC

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_stands_in_each_language_and_asks_the_database_nothing(
    client_page, language, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = client_page.get(f"/{language}/accessibility/")
    page = response.content.decode()
    assert response.status_code == 200
    assert (response["Cache-Control"], response.cookies) == (PUBLIC, {})
    assert "WCAG 2.2" in page and "2212520" in page
    assert f'<a href="/{language}/appeals/">' in page.partition('id="report"')[2]


@pytest.mark.parametrize("page", ["", "text/", "appeals/", "nothing/"])
def test_the_foot_of_every_page_leads_there(client_page, page):
    assert 'href="/en/accessibility/"' in client_page.get(f"/en/{page}").content.decode()
