"""The demonstration content: loaded once, never into production unasked, enough to show the site."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from news.models import Category, Event, Partner, Photo, Place, Report, Topic
from tests.news import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MODELS = (Category, Place, Topic, Partner, Event, Report, Photo, Event.categories.through, Event.topics.through)


def load(*arguments):
    said = io.StringIO()
    call_command("load_demo", "--without-pictures", *arguments, stdout=said)
    return said.getvalue()


def rows():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def test_a_second_run_changes_no_row():
    assert "Loaded" in load()
    first = rows()
    assert "loaded already" in load()
    assert rows() == first


def test_an_interrupted_load_goes_on_from_where_it_stopped():
    load()
    wanted = set(Event.objects.values_list("demo_key", flat=True))
    Event.objects.filter(pk__in=Event.objects.values_list("pk", flat=True)[:5]).delete()
    kept = {row["id"]: row for row in Event.objects.values()}
    assert "Loaded 5 events" in load()
    assert set(Event.objects.values_list("demo_key", flat=True)) == wanted
    assert {row["id"]: row for row in Event.objects.filter(pk__in=kept).values()} == kept


def test_what_staff_wrote_and_changed_is_left_alone():
    own = factories.report(factories.event(), title="Written by staff")
    load()
    demo = Report.objects.exclude(event__demo_key=None).first()
    Report.objects.filter(pk=demo.pk).update(title="Changed by staff")
    Category.objects.filter(slug="visits").update(name_en="Travels")
    Event.objects.exclude(pk__in=(demo.event_id, own.event_id)).last().delete()
    load()
    demo.refresh_from_db()
    own.refresh_from_db()
    assert (demo.title, own.title) == ("Changed by staff", "Written by staff")
    assert Category.objects.get(slug="visits").name_en == "Travels"


def test_a_production_database_is_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load()
    assert not any(rows().values())


def test_a_production_database_is_loaded_when_it_is_asked_for(settings):
    settings.PRODUCTION = True
    load("--production")
    assert Event.objects.exists()


def test_there_is_enough_to_show_the_site():
    load()
    moments = Event.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert len(moments) >= 25
    assert moments[len(moments) - 1] - moments[0] >= timedelta(days=18 * 30)
    assert Category.objects.count() == 8
    assert all(category.events.exists() for category in Category.objects.all())
    languages = [set(event.reports.values_list("language", flat=True)) for event in Event.objects.all()]
    assert all("tg" in found for found in languages)
    assert any(len(found) == 3 for found in languages) and any(len(found) < 3 for found in languages)
    assert any("ru" not in found for found in languages) and any("en" not in found for found in languages)


def test_every_report_of_it_is_public_and_every_third_is_opened():
    load()
    reports = list(Report.objects.select_related("event"))
    assert all(report.is_public and report.slug for report in reports)
    for report in reports[::3]:  # Opening all of them takes too long.
        assert Client().get(report.get_absolute_url()).status_code == 200, report.get_absolute_url()


def test_the_customers_event_is_among_it():
    load()
    event = Event.objects.get(demo_key="csc-extraordinary-2022")
    page = Client().get(event.reports.get(language="en").get_absolute_url()).content.decode()
    assert ">10.01.2022 13:45</time>, Dushanbe city</p>" in page
    assert "extraordinary meeting of the Collective Security Council" in page
    assert ">UN<" in page and ">SCO<" in page


def test_its_texts_pass_the_rules_of_the_press_desk():
    load()
    for row in [
        *Report.objects.all(),
        *Event.objects.all(),
        *Category.objects.all(),
        *Place.objects.all(),
        *Partner.objects.all(),
    ]:
        row.full_clean()
