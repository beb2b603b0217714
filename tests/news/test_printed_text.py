"""What readers see is set by the typographer; what machines read, and what is stored, is as it was written.

And every passage in another language than its page's says so.
"""

import re
from html.parser import HTMLParser

import pytest

from news import verification
from news.models import Partner, Place
from news.quotes import quotation
from portal.typography import NBSP, SOFT_HYPHEN, typeset
from tests.news import factories
from tests.pageclient import PageClient

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TITLE = 'Вохӯрӣ бо кишоварзони "Шаҳритус" - Роғун'
PRINTED = f"Вохӯрӣ бо{NBSP}кишоварзони «Шаҳритус»{NBSP}– Роғун"
BODY = '<p>Дар ш. Душанбе 25 нафар "Қонуни <strong>об</strong>"-ро... хонданд.</p>'
TAJIK = re.compile("[ғӣқӯҳҷ]", re.IGNORECASE)


def read(url):
    response = PageClient().get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.fixture
def report():
    place = Place.objects.create(slug="d", name_tg="ш. Душанбе", name_ru="г. Душанбе", name_en="Dushanbe city")
    event = factories.event(place=place)
    factories.photo(event, caption_tg="Акс дар ноҳия", credit="Акси Ҳоким")
    return factories.report(event, "tg", title=TITLE, lead="Лид дар ноҳия.", body=BODY)


def hyphenated_words(text):
    return [word for word in re.findall(rf"[\w{SOFT_HYPHEN}]+", text) if SOFT_HYPHEN in word]


def test_the_page_of_a_report_is_set(report):
    page = read(report.get_absolute_url())
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]
    assert heading.replace(SOFT_HYPHEN, "") == PRINTED
    assert hyphenated_words(heading) == [f"ки{SOFT_HYPHEN}шо{SOFT_HYPHEN}вар{SOFT_HYPHEN}зони"]
    assert f"<p>Дар{NBSP}ш.{NBSP}Душанбе 25{NBSP}нафар «Қонуни <strong>об</strong>»-ро… хонданд.</p>" in page
    assert f"Лид дар{NBSP}ноҳия." in page and f"Акс дар{NBSP}ноҳия</span>" in page
    assert f"</time>, ш.{NBSP}Душанбе" in page


@pytest.mark.parametrize("path", ["/tg/", "/tg/news/", "/tg/text/", "/tg/text/news/"])
def test_titles_of_lists_are_set(report, path):
    page = read(path)
    assert PRINTED in page.replace(SOFT_HYPHEN, "") and hyphenated_words(page)


def test_the_text_edition_is_set(report):
    page = read(f"/tg/text/news/{report.event_id}/{report.slug}/")
    assert f"Дар{NBSP}ш.{NBSP}Душанбе 25{NBSP}нафар" in page and PRINTED in page.replace(SOFT_HYPHEN, "")


def test_soft_hyphens_stand_in_headings_and_links_alone(report):
    page = read(report.get_absolute_url())
    assert SOFT_HYPHEN not in re.sub(r"<h1.*?</h1>", "", page, flags=re.DOTALL)
    assert f"<title>{typeset('', 'tg')}Вохӯрӣ бо кишоварзони &quot;Шаҳритус&quot; - Роғун" in page
    assert NBSP not in page.partition("</head>")[0]


@pytest.mark.parametrize(
    "path",
    ["/tg/feeds/rss.xml", "/tg/feeds/atom.xml", "/tg/feeds/feed.json", "/sitemap.xml", "/tg/search/?q=кишоварзони",
     "/api/v1/reports/?language=tg", "/tg/text/search/?q=кишоварзони", "/tg/news/{event}/press-kit/"],
)  # fmt: skip
def test_machines_and_those_who_copy_get_no_soft_hyphen(report, path):
    response = PageClient().get(path.format(event=report.event_id))
    assert response.status_code == 200 and SOFT_HYPHEN not in response.content.decode()


def test_nothing_that_is_stored_is_changed(report):
    read(report.get_absolute_url())
    report.refresh_from_db()
    assert (report.title, report.body) == (TITLE, BODY)


def test_a_title_copied_with_its_soft_hyphens_is_found(report):
    copied = re.search(r"<h1[^>]*>(.*?)</h1>", read(report.get_absolute_url()), re.DOTALL)[1]
    assert report.get_absolute_url() in read(f"/tg/search/?q={copied}")


def test_words_copied_from_the_page_are_verified(report):
    page = re.sub(r"<[^>]+>", "", read(report.get_absolute_url()).partition('class="prose">')[2].partition("</div>")[0])
    wanted = quotation(page.strip())
    assert "«Қонуни об»-ро… хонданд" in page
    assert [finding.kind for finding in verification.of_quotation(wanted, [report]).findings] == ["stands"]


# Passages in another language ---------------------------------------------------------------------------------------


class Passages(HTMLParser):
    """Each piece of text, and each description of a picture, with the language that its element says it is in."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}

    def __init__(self, page):
        super().__init__()
        self.languages, self.found, self.skipped = [("", "")], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        language = given.get("lang") or self.languages[-1][1]
        for name in ("alt", "aria-label", "title", "data-alt"):
            if given.get(name):
                self.found.append((given.get("data-lang") or language, given[name]))
        if tag not in self.VOID:
            self.languages.append((tag, language))

    def handle_endtag(self, tag):
        while tag not in self.VOID and self.languages.pop()[0] != tag:
            pass

    def handle_data(self, text):
        if text.strip() and self.languages[-1][0] not in {"script", "style", "title"}:
            self.found.append((self.languages[-1][1], text.strip()))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("edition", ["", "text/"])
def test_every_tajik_passage_of_another_page_says_that_it_is_tajik(report, language, edition):
    factories.partners()
    Partner.objects.update(short_name_ru="", short_name_en="")
    factories.photo(report.event, caption_tg="Ҷои дигар", alt_tg="Тасвири ҷои дигар", position=1, credit="Акси Ҳоким")
    report.event.videos.create(url="https://example.org/film", title_tg="Филми ҷашнӣ", megabytes=5)
    other = factories.report(report.event, language)
    pages = [
        other.get_absolute_url().replace(f"/{language}/", f"/{language}/{edition}", 1), f"/{language}/{edition}",
        f"/{language}/{edition}news/",
        f"/{language}/news/{report.event_id}/press-kit/",
    ]  # fmt: skip
    for url in pages:
        check(url, language)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_report_that_another_language_alone_has_is_offered_in_that_language(report, language):
    url = f"/{language}/news/{report.event_id}/{report.slug}/"
    response = PageClient().get(url, follow=True)
    assert response.redirect_chain
    check(response.redirect_chain[-1][0], language)
    found = Passages(response.content.decode()).found
    assert [lang for lang, text in found if text.replace(SOFT_HYPHEN, "") == PRINTED] == ["tg"]


def check(url, language):
    """Tajik letters stand nowhere but where the page says so."""
    found = Passages(read(url)).found
    assert found
    unmarked = [text for said, text in found if TAJIK.search(text) and said != "tg"]
    if language == "en":
        unmarked += [text for said, text in found if re.search("[а-я]", text) and said not in {"tg", "ru"}]
    assert unmarked == [], url
