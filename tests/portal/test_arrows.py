"""The arrows of the house plan hold, and the check of them can go red."""

import pytest

from .arrows import PURE, modules, violations

ALL = modules()


@pytest.mark.parametrize("module", ALL)
def test_a_module_imports_only_what_it_may(module):
    assert violations(module, ALL[module].read_text(encoding="utf-8")) == []


def test_the_modules_of_the_rules_exist():
    assert set(PURE) <= set(ALL)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("news.models", "from appeals.models import Appeal"),
        ("news.views", "import appeals"),
        ("news.templatetags.news_tags", "def tag():\n    from appeals import term"),
        ("news.management.commands.load_demo", "import appeals.casework"),
        ("news.migrations.0003_made_up", "from importlib import import_module\nimport_module('appeals.models')"),
        ("news.signals", "apps.get_model('appeals.Appeal')"),
        ("appeals.views", "from news import reading"),
        ("appeals.migrations.0003_made_up", "from news.models import Report"),
        ("portal.views", "from news.models import Report"),
        ("portal.management.commands.prepare", "from appeals import casework"),
        ("appeals.article21", "from django.utils.translation import gettext"),
        ("appeals.article21", "from . import models"),
        ("appeals.article21", "from .models import Appeal"),
        ("appeals.term", "from django.conf import settings"),
        ("appeals.names", "from portal.text import clean"),
        ("news.models", "from .views import report"),
        ("news.models", "from . import admin"),
        ("appeals.casework", "from appeals.views import check"),
        ("portal.middleware", "from . import views"),
    ],
)
def test_a_bad_import_is_seen(module, source):
    assert violations(module, source)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("portal.urls", "from news import urls"),
        ("portal.urls", "from . import views"),
        ("news.urls", "from . import views"),
        ("news.views", "from portal.caching import public_page"),
        ("appeals.article21", "import enum\nfrom . import article21_texts\nfrom .names import is_initials"),
        ("portal.urls", "from django.contrib import admin"),
        ("news.admin", "from django.contrib import admin"),
        ("appeals.captcha_urls", "from captcha.views import captcha_image"),
    ],
)
def test_a_good_import_is_left_alone(module, source):
    assert violations(module, source) == []
