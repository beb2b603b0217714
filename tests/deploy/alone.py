"""A portal in a process of a test's own, without a server: its pages are asked for by Django's client."""

import os


def set_up() -> None:
    """The portal of the environment's database and data folder; pages without collected static files, tasks at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.TASKS_EAGER = True
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
