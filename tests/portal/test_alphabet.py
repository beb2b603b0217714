"""Lists of names stand in the order of the alphabet of the page's language, whatever the database makes of it."""

import re

import pytest
from django.contrib.admin.sites import site
from django.test import RequestFactory
from django.utils import translation

from appeals.desk.assigning import AssignFields
from appeals.desk.filters import FilterForm, offer
from appeals.desk.steps_end import ConfirmCrimeForm
from appeals.desk.steps_work import ClassifyForm, ForwardForm
from appeals.models import Authority, Department
from appeals.models import Topic as AppealTopic
from appeals.person_forms import PersonForm
from appeals.statistics_words import row_names
from news.models import Place, Topic
from news.search_form import SearchForm
from portal.text import alphabetical
from tests.news.factories import staff

TAJIK = ["Гулистон", "Ғарм", "Истаравшан", "Ӣсфара", "Кӯлоб", "Қубодиён", "Узун", "Ӯротеппа", "Хуҷанд", "Ҳисор", "Чорбоғ", "Ҷайҳун", "Шаҳритус"]  # fmt: skip
RUSSIAN = ["Ёвон", "Елок", "Яван", "Айни", "Жар", "Бохтар", "Щит", "Эр", "Юз", "Цех", "Ырыс", "Шах", "Ура"]
IN_RUSSIAN = ["Айни", "Бохтар", "Елок", "Ёвон", "Жар", "Ура", "Цех", "Шах", "Щит", "Ырыс", "Эр", "Юз", "Яван"]


def fill(model, **values):
    model.objects.all().delete()
    pairs = list(zip(TAJIK, RUSSIAN, strict=True))
    for number, (tg, ru) in enumerate([*pairs[1::2], *pairs[::2]]):
        slug = {"slug": f"name-{number}"} if model in {Place, Topic} else {}
        model.objects.create(name_tg=tg, name_ru=ru, name_en=f"Name {number:02}", **slug, **values)


def chosen(choices, names):
    return [str(label) for _value, label in choices if str(label) in names]


@pytest.fixture(params=["tg", "ru"])
def names(request):
    with translation.override(request.param):
        yield TAJIK if request.param == "tg" else IN_RUSSIAN


@pytest.mark.django_db
def test_places_in_the_search(names):
    fill(Place)
    assert chosen(SearchForm().fields["place"].choices, names) == names


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Place, Topic, Department, Authority, AppealTopic])
def test_lists_of_the_admin(names, model):
    fill(model)
    rows = site.get_model_admin(model).get_queryset(RequestFactory().get("/"))
    language = translation.get_language()
    assert [getattr(row, f"name_{language}") for row in rows] == names


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Place, Department])
def test_a_list_of_names_may_be_empty(model):
    model.objects.all().delete()
    assert list(site.get_model_admin(model).get_queryset(RequestFactory().get("/"))) == []


@pytest.mark.django_db
def test_places_and_topics_of_an_event_and_the_filter_of_the_events(client):
    fill(Place)
    fill(Topic)
    client.force_login(staff("Press chief"))
    client.cookies["django_language"] = "tg"
    page = client.get("/admin/news/event/add/").content.decode()
    select = re.search(r'<select name="place".*?</select>', page, re.DOTALL)[0]
    assert [name for name in re.findall(r">([^<]+)</option>", select) if name in TAJIK] == TAJIK
    assert re.findall(r'name="topics"[^>]*>\s*([^<]+?)\s*</label>', page) == TAJIK
    listed = client.get("/admin/news/event/").content.decode()
    assert re.findall(r"place__id__exact=\d+\"[^>]*>\s*([^<]+?)\s*</a>", listed) == TAJIK


@pytest.mark.django_db
def test_what_an_officer_chooses_from(names):
    for model in (Department, Authority, AppealTopic):
        fill(model, **({"takes_crime": True} if model is Authority else {}))
    forms = [
        (AssignFields, "department"),
        (ClassifyForm, "topic"),
        (ForwardForm, "authorities"),
        (ConfirmCrimeForm, "authority"),
    ]
    for form, field in forms:
        assert chosen(form.base_fields[field].choices, names) == names, form
    filters = FilterForm({}, offer(staff()))
    assert (
        chosen(filters.fields["topic"].choices, names) == chosen(filters.fields["department"].choices, names) == names
    )
    assert chosen(row_names()["topic"].items(), names) == names


def test_regions_and_districts_of_the_form(names):
    form = PersonForm()
    regions = [label for value, label in form.fields["region"].choices if value]
    assert regions[:-1] == sorted(regions[:-1], key=alphabetical) and len(regions) == 6
    groups = [(label, group) for label, group in form.fields["district"].choices if isinstance(group, list)]
    assert [label for label, _group in groups] == regions[:-1]
    for _label, group in groups:
        districts = [name for _code, name in group]
        assert districts == sorted(districts, key=alphabetical)
    drawn = re.findall(r"<option value=\"[^\"]+\">([^<]+)<", str(form["district"]))
    assert drawn == [name for _label, group in groups for _code, name in group]
