"""Three reports side by side: the Tajik source, translations that fall behind it, and saves that come too late."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from news.desk.stale import number
from news.models import Event, Report
from portal.roles import PRESS_CHIEF, PRESS_EDITOR
from portal.text import LATIN
from tests.news import factories
from tests.news.desk import ADD, Desk, errors, fields_of, report_fields

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
TAJIK = "<p>Имрӯз вохӯрӣ баргузор гардид.</p>"


@pytest.fixture
def editor(db):
    return Desk(factories.staff(PRESS_EDITOR, username="editor"))


@pytest.fixture
def other(db):
    user = factories.staff(PRESS_EDITOR, username="other")
    User.objects.filter(pk=user.pk).update(first_name="Zarina", last_name="Sharifova")
    return Desk(user)


@pytest.fixture
def event(db):
    return factories.event(place=factories.place())


@pytest.fixture
def source(event):
    return factories.report(event, "tg", status="draft", published_at=None, body=TAJIK)


@pytest.fixture
def russian(event, source):
    return factories.report(
        event, "ru", status="draft", published_at=None, body="<p>Встреча.</p>", source_digest=source.digest
    )


def change(event: Event) -> str:
    return f"/admin/news/event/{event.pk}/change/"


def page(desk: Desk, event: Event, query: str = "") -> str:
    response = desk.client.get(change(event) + query, headers=ENGLISH)
    assert response.status_code == 200
    return response.content.decode()


def prefix(desk: Desk, event: Event, language: str) -> str:
    """The name of the form in which the report in ``language`` is written."""
    shown = desk.client.get(change(event))
    forms = shown.context["inline_admin_formsets"][0].formset.forms
    found = next(form.prefix for form in forms if form.code == language)
    assert f"{found}-title" in fields_of(shown).fields
    return found


def typed(desk: Desk, event: Event, language: str, **values: str) -> dict[str, str]:
    form = prefix(desk, event, language)
    return {f"{form}-{name}": value for name, value in values.items()}


def post(desk: Desk, event: Event, fields: dict, changes: dict):
    """Send a page that was opened before: ``fields`` as it showed them, with ``changes`` typed into it."""
    return desk.client.post(change(event), fields | changes | {"_save": "1"}, headers=ENGLISH)


# The source beside the field ------------------------------------------------------------------------------------------


def test_the_tajik_text_as_saved_stands_beside_the_fields_of_a_translation(editor, event, russian, source):
    Report.objects.get(pk=source.pk)
    shown = page(editor, event)
    section = shown[shown.index('data-language="ru"') : shown.index('data-language="en"')]
    assert f'<div class="report__original" lang="tg" data-source="title">{source.title}</div>' in section
    assert TAJIK in section
    own = shown[shown.index('data-language="tg"') : shown.index('data-language="ru"')]
    assert "report__original" not in own


def test_reports_stand_in_the_order_of_the_languages_whatever_the_order_of_their_making(editor, event):
    for language in ("en", "ru", "tg"):
        factories.report(event, language, status="draft", published_at=None)
    shown = page(editor, event)
    assert [shown.index(f'data-language="{code}"') for code in ("tg", "ru", "en")] == sorted(
        shown.index(f'data-language="{code}"') for code in ("tg", "ru", "en")
    )


def test_a_heading_says_language_state_and_number_of_words(editor, event, russian):
    factories.report(event, "en", status="review", published_at=None, body="One two three.")
    shown = page(editor, event)
    section = shown[shown.index('data-language="en"') :]
    head = section[: section.index("</h3>")]
    assert ">English</span>" in head and "in review" in head and "<span data-count>3</span>" in head


def test_the_form_costs_the_same_queries_for_one_report_and_for_three(editor, event, source, django_assert_num_queries):
    with_one = counted(editor, event)
    factories.report(event, "ru", status="draft", published_at=None, body="<p>a</p>" * 50)
    factories.report(event, "en", status="draft", published_at=None)
    assert counted(editor, event) <= with_one + 6


def counted(desk: Desk, event: Event) -> int:
    page(desk, event)
    with CaptureQueriesContext(connection) as queries:
        page(desk, event)
    return len(queries)


# Translations that fall behind ----------------------------------------------------------------------------------------


def test_a_first_translation_remembers_the_tajik_text_that_the_page_showed(editor, event, source):
    assert errors(editor.send(change(event), typed(editor, event, "ru", title="Встреча", body="Текст."))) == []
    assert Report.objects.get(language="ru").source_digest == source.digest


def test_a_translation_written_together_with_the_tajik_text_remembers_that_text(editor):
    both = report_fields(0, "tg", "Вохӯрӣ", "Матн.") | report_fields(1, "ru", "Встреча", "Текст.")
    when = {"starts_at_0": "10.01.2022", "starts_at_1": "13:45", "categories": [str(factories.category().pk)]}
    assert errors(editor.send(ADD, when | both)) == []
    made = {report.language: report for report in Report.objects.all()}
    assert made["ru"].source_digest == made["tg"].digest != ""
    assert made["tg"].source_digest == ""


def test_a_change_of_the_tajik_text_is_shown_with_its_words_at_the_translation(editor, event, source, russian):
    assert "The Tajik text changed" not in page(editor, event)
    source.body = TAJIK.replace("Имрӯз", "Дирӯз")
    source.save()
    shown = page(editor, event)
    section = shown[shown.index('data-language="ru"') : shown.index('data-language="en"')]
    assert "The Tajik text changed since this translation was saved." in section
    assert "Имрӯз" in section[section.index("<del>") : section.index("</del>")]
    assert "Дирӯз" in section[section.index("<ins>") : section.index("</ins>")]


def test_a_source_whose_old_version_is_lost_is_still_known_to_have_changed(editor, event, source, russian):
    source.body = "<p>Дирӯз.</p>"
    source.save()
    source.history.all().delete()
    assert "is no longer kept" in page(editor, event)


def test_a_translation_is_up_to_date_again_only_when_somebody_says_so(editor, event, source, russian):
    source.body = "<p>Дирӯз.</p>"
    source.save()
    editor.send(change(event), typed(editor, event, "ru", title="Встреча была вчера"))
    russian.refresh_from_db()
    assert russian.title == "Встреча была вчера" and russian.source_digest != source.digest
    editor.send(change(event), typed(editor, event, "ru", up_to_date="on"))
    russian.refresh_from_db()
    assert russian.source_digest == source.digest
    assert "The Tajik text changed" not in page(editor, event)


def test_who_translated_an_older_source_is_not_taken_to_know_the_newer_one(editor, event, source):
    opened = editor.open(change(event)).fields
    source.body = "<p>Дирӯз.</p>"
    source.save()
    name = prefix(editor, event, "ru")
    assert errors(post(editor, event, opened, {f"{name}-title": "Встреча", f"{name}-body": "Текст."})) == []
    made = Report.objects.get(language="ru")
    assert made.source_digest not in ("", source.digest)
    assert "The Tajik text changed" in page(editor, event)


@pytest.mark.parametrize("said", ["x" * 64, "0" * 63, "\x00", "<script>", "0" * 5000])
def test_a_made_up_digest_is_not_stored(said, editor, event, source):
    changes = typed(editor, event, "ru", title="Встреча", seen_source=said)
    assert errors(editor.send(change(event), changes)) == []
    assert Report.objects.get(language="ru").source_digest == ""


# Start from the Tajik text --------------------------------------------------------------------------------------------


def copy(desk: Desk, event: Event, language: str):
    token = desk.open(change(event)).fields["csrfmiddlewaretoken"]
    url = f"/admin/news/event/{event.pk}/copy/{language}/"
    return desk.client.post(url, {"csrfmiddlewaretoken": token}, headers=ENGLISH, follow=True)


def test_a_translation_starts_as_a_draft_with_the_tajik_text(editor, event, source):
    response = copy(editor, event, "ru")
    made = Report.objects.get(language="ru")
    assert (made.title, made.lead, made.body, made.status) == (source.title, source.lead, source.body, "draft")
    assert made.source_digest == source.digest
    assert made.history.get().history_user == editor.user
    assert "A draft with the Tajik text was made" in response.content.decode()
    assert "Started from the Tajik text: Русский" in [
        entry.get_change_message() for entry in LogEntry.objects.filter(user=editor.user)
    ]


def test_a_published_source_is_copied_as_a_draft(editor, event):
    factories.report(event, "tg")
    copy(editor, event, "en")
    assert Report.objects.get(language="en").status == "draft"


def test_a_report_that_exists_is_never_copied_over(editor, event, source, russian):
    response = copy(editor, event, "ru")
    russian.refresh_from_db()
    assert russian.body == "<p>Встреча.</p>" and Report.objects.count() == 2
    assert "There is a report in this language already" in response.content.decode()


def test_without_a_tajik_text_there_is_nothing_to_start_from(editor, event):
    assert "There is no Tajik text yet" in copy(editor, event, "ru").content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize("language", ["tg", "de", "..", "RU"])
def test_nothing_is_copied_into_another_language_than_the_translations(language, editor, event, source):
    assert copy(editor, event, language).status_code == 404
    assert Report.objects.count() == 1


def test_copying_needs_the_right_a_token_and_a_post(editor, event, source):
    url = f"/admin/news/event/{event.pk}/copy/ru/"
    assert editor.client.get(url).status_code == 405
    assert editor.client.post(url).status_code == 403
    stranger = Desk(factories.staff(username="stranger"))
    token = stranger.client.cookies["csrftoken"].value
    assert stranger.client.post(url, {"csrfmiddlewaretoken": token}).status_code == 403
    assert Report.objects.count() == 1


# Saves that come too late ---------------------------------------------------------------------------------------------


def test_a_stale_save_is_refused_with_who_when_and_what_and_keeps_what_was_typed(editor, other, event, source):
    opened = editor.open(change(event)).fields
    other.send(change(event), {"reports-0-body": "Дирӯз вохӯрӣ баргузор гардид."})
    response = post(editor, event, opened, {"reports-0-body": "Имрӯз суҳбат баргузор гардид."})
    shown = response.content.decode()
    source.refresh_from_db()
    assert source.body == "<p>Дирӯз вохӯрӣ баргузор гардид.</p>"
    assert "Zarina Sharifova" in shown
    assert "Имрӯз суҳбат баргузор гардид." in shown[shown.index('id="id_reports-0-body"') :]
    notice = shown[shown.index("report__notice--conflict") :]
    assert "Дирӯз" in notice[notice.index("<del>") : notice.index("</del>")]
    assert "Save mine over it" in notice


def stale(editor: Desk, other: Desk, event: Event) -> dict:
    """The page of ``editor`` with typed text, after ``other`` has saved; returns what was sent."""
    opened = editor.open(change(event)).fields
    assert errors(other.send(change(event), {"reports-0-lead": "Сарсухани дигар."})) == []
    return opened | {"reports-0-title": "Сарлавҳаи нав"}


def test_saving_over_needs_the_explicit_word_and_leaves_what_was_not_typed(editor, other, event, source):
    sent = stale(editor, other, event)
    assert post(editor, event, sent, {}).status_code == 200
    assert post(editor, event, sent, {}).status_code == 200, "sending the same again is no word"
    source.refresh_from_db()
    said = {"reports-0-overwrite": str(source.revision)}
    assert post(editor, event, sent, said).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.lead) == ("Сарлавҳаи нав", "Сарсухани дигар.")


def test_the_word_is_for_the_version_that_was_shown_and_for_none_after_it(editor, other, event, source):
    sent = stale(editor, other, event)
    shown = Report.objects.get(pk=source.pk).revision
    other.send(change(event), {"reports-0-lead": "Боз як сарсухан."})
    assert post(editor, event, sent, {"reports-0-overwrite": str(shown)}).status_code == 200
    source.refresh_from_db()
    assert source.lead == "Боз як сарсухан." and source.title != "Сарлавҳаи нав"


@pytest.mark.parametrize("word", ["", "on", "0", "999999999", "-1", "\x00", "1e9"])
def test_any_other_word_does_not_save_over(word, editor, other, event, source):
    sent = stale(editor, other, event)
    assert post(editor, event, sent, {"reports-0-overwrite": word}).status_code == 200
    source.refresh_from_db()
    assert source.title != "Сарлавҳаи нав"


@pytest.mark.parametrize("seen", ["", "x", "-5", "\x00", "9" * 5000, "²"])
def test_a_page_that_does_not_say_what_it_showed_is_taken_for_an_old_one(seen, editor, event, source):
    response = editor.send(change(event), {"reports-0-seen_revision": seen, "reports-0-title": "Дигар"})
    assert response.status_code == 200
    source.refresh_from_db()
    assert source.title != "Дигар"


def test_numbers_are_read_from_digits_alone():
    assert [number(text) for text in ("12", " 12", "²", "１", "1" * 10, None, ["1"])] == [12, 0, 0, 0, 0, 0, 0]


def test_what_somebody_else_saved_in_another_language_stops_nobody(editor, other, event, source, russian):
    opened = editor.open(change(event)).fields
    assert errors(other.send(change(event), {"reports-0-title": "Сарлавҳаи дигар"})) == []
    assert post(editor, event, opened, {"reports-1-title": "Другой заголовок"}).status_code == 302
    titles = dict(Report.objects.values_list("language", "title"))
    assert titles == {"tg": "Сарлавҳаи дигар", "ru": "Другой заголовок"}


def test_a_report_that_somebody_made_meanwhile_is_a_sentence_and_no_fault(editor, other, event, source):
    opened = editor.open(change(event)).fields
    name = prefix(editor, event, "ru")
    assert errors(other.send(change(event), typed(other, event, "ru", title="Встреча", body="Первый."))) == []
    sent = opened | {f"{name}-title": "Совещание", f"{name}-body": "Второй."}
    response = post(editor, event, sent, {})
    shown = response.content.decode()
    assert response.status_code == 200
    assert "Zarina Sharifova" in shown and "Второй." in shown and "already exists" not in shown
    assert Report.objects.get(language="ru").title == "Встреча"
    assert Report.objects.count() == 2
    revision = Report.objects.get(language="ru").revision
    assert post(editor, event, sent, {f"{name}-overwrite": str(revision)}).status_code == 302
    assert Report.objects.get(language="ru").body == "<p>Второй.</p>"
    assert Report.objects.count() == 2


def test_a_report_made_meanwhile_stops_nobody_who_wrote_none(editor, other, event, source):
    opened = editor.open(change(event)).fields
    assert errors(other.send(change(event), typed(other, event, "ru", title="Встреча"))) == []
    assert post(editor, event, opened, {"reports-0-title": "Сарлавҳаи нав"}).status_code == 302
    assert set(Report.objects.values_list("title", flat=True)) == {"Встреча", "Сарлавҳаи нав"}


def test_an_editor_cannot_save_over_what_was_published_meanwhile(editor, event, source):
    opened = editor.open(change(event)).fields
    source.status = Report.Status.PUBLISHED
    source.save()
    for word in ("", str(source.revision)):
        post(editor, event, opened, {"reports-0-title": "Дигар", "reports-0-overwrite": word})
    source.refresh_from_db()
    assert source.title != "Дигар" and source.status == "published"


def test_an_editor_cannot_write_over_a_report_that_was_made_and_published_meanwhile(editor, event, source):
    opened = editor.open(change(event)).fields
    name = prefix(editor, event, "ru")
    made = factories.report(event, "ru")
    sent = {f"{name}-title": "Совещание", f"{name}-overwrite": str(made.revision)}
    response = post(editor, event, opened, sent)
    assert response.status_code == 200
    assert "a press chief changes it now" in response.content.decode()
    made.refresh_from_db()
    assert made.title != "Совещание"


def test_a_report_saved_meanwhile_is_not_deleted_unseen(event, source, other):
    chief = Desk(factories.staff(PRESS_CHIEF, username="chief"))
    opened = chief.open(change(event)).fields
    other.send(change(event), {"reports-0-title": "Дигар"})
    assert post(chief, event, opened, {"reports-0-DELETE": "on"}).status_code == 200
    assert Report.objects.exists()
    assert errors(chief.send(change(event), {"reports-0-DELETE": "on"})) == []
    assert not Report.objects.exists()


# The facts of the event -----------------------------------------------------------------------------------------------


def test_facts_that_somebody_changed_meanwhile_are_not_saved_over(editor, other, event, source):
    opened = editor.open(change(event)).fields
    assert errors(other.send(change(event), {"starts_at_1": "15:00"})) == []
    response = post(editor, event, opened, {"starts_at_1": "16:30"})
    shown = response.content.decode()
    event.refresh_from_db()
    assert event.starts_at == factories.local("2022-01-10 15:00")
    assert "Zarina Sharifova" in shown
    assert "<del>10.01.2022 15:00</del> <ins>10.01.2022 16:30</ins>" in shown
    word = shown[shown.index('name="facts_overwrite" value="') :].split('"')[3]
    assert post(editor, event, opened, {"starts_at_1": "16:30", "facts_overwrite": word}).status_code == 302
    event.refresh_from_db()
    assert event.starts_at == factories.local("2022-01-10 16:30")


def test_who_changed_no_facts_leaves_those_of_the_other(editor, other, event, source):
    section = factories.category("speeches", "Speeches", "Суханрониҳо", "Выступления")
    opened = editor.open(change(event)).fields
    assert errors(other.send(change(event), {"starts_at_1": "15:00", "categories": [str(section.pk)]})) == []
    assert post(editor, event, opened, {"reports-0-title": "Сарлавҳаи нав"}).status_code == 302
    event.refresh_from_db()
    assert event.starts_at == factories.local("2022-01-10 15:00")
    assert event.category_list == [section]


def test_a_save_of_a_report_makes_nobodys_facts_old(editor, other, event, source, russian):
    opened = editor.open(change(event)).fields
    assert errors(other.send(change(event), {"reports-1-title": "Другой"})) == []
    assert post(editor, event, opened, {"starts_at_1": "16:30"}).status_code == 302


@pytest.mark.parametrize("seen", ["", "[]", "{", "null", "[" * 3000, json.dumps({"starts_at": {"a": 1}}), "\x00"])
def test_broken_facts_of_a_page_are_no_fault(seen, editor, event, source):
    assert editor.send(change(event), {"facts_seen": seen, "starts_at_1": "16:30"}).status_code == 200
    assert editor.send(change(event), {"facts_seen": seen, "reports-0-title": "Дигар"}).status_code == 302


# Who saved ------------------------------------------------------------------------------------------------------------


def test_every_version_knows_who_saved_it(editor, other, event, source):
    editor.send(change(event), {"reports-0-title": "Якум"})
    other.send(change(event), {"reports-0-title": "Дуюм"})
    saved = list(source.history.order_by("history_id").values_list("title", "history_user__username"))[1:]
    assert saved == [("Якум", "editor"), ("Дуюм", "other")]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_the_same_moment_come_one_after_the_other():
    event = factories.event()
    factories.report(event, "tg", status="draft", published_at=None)
    desks = [Desk(factories.staff(PRESS_EDITOR, username=name)) for name in ("one", "two", "three")]
    pages = [desk.open(change(event)).fields for desk in desks]

    def save(number: int) -> int:
        try:
            title = {"reports-0-title": f"Сарлавҳа {number}", "reports-1-title": f"Заголовок {number}"}
            return post(desks[number], event, pages[number], title).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(save, range(3)))
    assert answers == [200, 200, 302]
    assert Report.objects.filter(event=event).count() == 2


# The text of a field --------------------------------------------------------------------------------------------------


def test_the_same_text_written_in_another_way_makes_no_version(editor, event, source):
    editor.send(change(event), {"reports-0-body": TAJIK.replace("<p>", '<p class="MsoNormal">')})
    assert source.history.count() == 1


def test_a_text_without_end_is_refused_beside_its_field(editor, event, source):
    response = editor.send(change(event), {"reports-0-body": "а" * 500_001})
    assert response.status_code == 200 and errors(response)
    source.refresh_from_db()
    assert source.body == TAJIK


def test_the_language_of_a_saved_report_cannot_be_changed(editor, event, source):
    editor.send(change(event), {"reports-0-language": "en", "reports-0-title": "Дигар"})
    source.refresh_from_db()
    assert (source.language, source.title) == ("tg", "Дигар")


# Names and their addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["category", "place", "topic", "partner"])
def test_a_name_is_added_and_its_field_brings_the_portals_table_of_letters(kind, db):
    chief = Desk(factories.staff(PRESS_CHIEF, username="chief"))
    url = f"/admin/news/{kind}/add/"
    shown = chief.client.get(url)
    field = shown.context["adminform"].form["slug"].field
    assert json.loads(field.widget.attrs["data-latin"]) == LATIN
    assert "js/slug-latin.js" in shown.content.decode()
    typed_in = {"name_tg": "Ғафуров", "name_ru": "Гафуров", "name_en": "Ghafurov", "url": "https://example.org/"}
    names = fields_of(shown, f"{kind}_form").fields | typed_in | {"slug": "ghafurov", "_save": "1"}
    refused = chief.client.post(url, names | {"slug": "ғафуров"})
    assert refused.status_code == 200 and refused.context["errors"]
    assert chief.client.post(url, names).status_code == 302
