"""The empty form is made once for each language, and never holds what anybody typed."""

import pytest
from django.test import Client

from appeals import views


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["tg", "ru", "en"])
def test_the_page_is_the_same_as_one_that_is_made_anew(language, monkeypatch):
    kept = Client().get(f"/{language}/appeals/write/")
    monkeypatch.setattr(views, "blank_fields", lambda form: None)
    anew = Client().get(f"/{language}/appeals/write/")
    tokens = [page.cookies["csrftoken"].value for page in (kept, anew)]
    assert tokens[0] != tokens[1]

    def fields(page):
        text = page.content.decode()
        return text[text.index("<fieldset") : text.index("</form>")]

    assert fields(kept) == fields(anew) and 'name="surname"' in fields(kept)


@pytest.mark.django_db
def test_who_begins_to_write_reads_nothing_of_who_wrote_before():
    Client().get("/ru/appeals/write/")
    writer = Client()
    writer.post("/ru/appeals/write/", {"surname": "Марворидова", "text": "Слово, которого нет", "stay": "1"})
    assert "Марворидова" in writer.get("/ru/appeals/write/").content.decode()
    page = Client().get("/ru/appeals/write/").content.decode()
    assert "Марворидова" not in page and "Слово, которого нет" not in page
