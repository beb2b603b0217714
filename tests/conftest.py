"""The tests' surroundings: their own data folder and settings, the kinds of tests, the shared fixtures.

A kind of test needs something that a machine may lack (a browser, PostgreSQL, gettext). What is missing is
left out and named at the end of the run; with CI=true it is a failure. PORTAL_TEST_KINDS limits a run to some
kinds (comma-separated): then another run answers for the others.
"""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests import kinds

# Before anything reads the settings: no variable of this machine may change what is tested, but for the database.
for name in (
    "ALLOWED_HOSTS",
    "APPEAL_STATISTICS_PUBLIC",
    "CLAMD_SOCKET",
    "DATABASE_POOLER",
    "DATABASE_REPLICA_URL",
    "DEBUG",
    "EMAIL_HOST",
    "HTTPS",
    "OFFICE_KEY",
    "PORTAL_ENV",
    "SECRET_KEY",
    "SITE_URL",
):
    os.environ.pop(name, None)
POSTGRES_MISSING = kinds.why_no_postgres()
if POSTGRES_MISSING:
    os.environ.pop("DATABASE_URL", None)
DATA_DIR = tempfile.mkdtemp(prefix="portal-tests-")
os.environ["PORTAL_DATA_DIR"] = DATA_DIR
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

gc.set_threshold(50_000, 20, 20)  # Garbage is looked for less often: it took a tenth of the time.

# A shell ignores Ctrl-C for what it runs in the background, and every process that a test starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

import django  # noqa: E402
import hypothesis  # noqa: E402
from django.conf import settings  # noqa: E402

# What these tests ask is whether a rule holds, never how long it takes on a busy machine.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.TASKS_EAGER = settings.TASKS_EAGER_RAISES = True  # The queue has tests of its own.
settings.ANSWER_SECOND_PERSON = False  # Where tests are about something else, one officer suffices.
settings.STATIC_ROOT.mkdir()  # WhiteNoise warns of a folder that is not there.
# The settings are read. A process that runs tests beside this one would read its own too early, and share our folder.
del os.environ["DJANGO_SETTINGS_MODULE"]
django.setup()  # The folders' own conftest files import models.

from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.core.cache import cache  # noqa: E402
from pytest_django.plugin import blocking_manager_key as blocker_key  # noqa: E402

from tests.intruder import close_the_journal, open_the_journal  # noqa: E402
from tests.pageclient import PageClient  # noqa: E402

MISSING = kinds.missing(POSTGRES_MISSING)
PERMISSION = ("content_type__app_label", "codename")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is the same on every database: a run for PostgreSQL alone leaves it to the other run."""
    if [kind for kind in kinds.ALL if kinds.asked_for(kind)] != ["postgres"]:
        return
    config.hook.pytest_deselected(items=[item for item in items if not depends_on_the_database(item)])
    items[:] = [item for item in items if depends_on_the_database(item)]


def depends_on_the_database(item: pytest.Item) -> bool:
    """It touches a database, to which Django lets no other test, and does not say that any would do."""
    if item.get_closest_marker("postgres"):
        return True
    touches = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    return bool(touches) and not item.get_closest_marker("any_database")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: never look for garbage among it again."""
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for kind, why in MISSING.items():
        if item.get_closest_marker(kind):
            if IN_CI and kinds.asked_for(kind):
                pytest.fail(f"{kind}: {why}", pytrace=False)
            pytest.skip(f"{kind}: {why}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test with transactions of its own leaves the tables empty: put back the roles that migrations made.

    The journal, too, is emptied; meanwhile the database must not refuse it.
    """
    marker = item.get_closest_marker("django_db")
    begun = bool(getattr(item, "funcargs", None))  # One that was left out may stand where there is no database yet.
    emptied = begun and bool(marker and marker.kwargs.get("transaction"))
    if emptied:
        with django_db_blocker(item).unblock():
            roles = {group.name: list(group.permissions.values_list(*PERMISSION)) for group in Group.objects.all()}
            open_the_journal()
    yield
    # After the last test the database itself is gone.
    if emptied and nextitem:
        with django_db_blocker(item).unblock():
            close_the_journal()
            for name, permissions in roles.items():
                group, _made = Group.objects.get_or_create(name=name)
                of_app = {(app, codename) for app, codename in permissions}
                group.permissions.set(
                    permission
                    for permission in Permission.objects.select_related("content_type")
                    if (permission.content_type.app_label, permission.codename) in of_app
                )


def django_db_blocker(item: pytest.Item) -> Any:
    return item.config.stash[blocker_key]


def lacking() -> list[str]:
    """The kinds that this run had to answer for and could not run."""
    return [kind for kind in MISSING if kinds.asked_for(kind)]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if IN_CI and lacking() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("kinds of tests")
    database = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    terminalreporter.line(f"database: {database}")
    for kind in kinds.ALL:
        if kind in MISSING:
            failed = IN_CI and kinds.asked_for(kind)
            terminalreporter.line(
                f"{kind}: {'FAILED, with CI=true nothing may be missing' if failed else 'left out'}: {MISSING[kind]}",
                red=failed,
                yellow=not failed,
            )
        else:
            terminalreporter.line(f"{kind}: run")


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client_page(db: None) -> PageClient:
    """A client that inspects every page it fetches."""
    return PageClient()


@pytest.fixture(scope="session")
def running_portal(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Any]:
    """The real thing: ``make run`` on a free port with its own data and the demonstration content."""
    from tests.browser.portal import first_started, start

    own = tmp_path_factory.getbasetemp()
    with tempfile.TemporaryDirectory(prefix="portal-running-") as folder:
        shutil.copytree(first_started(own if worker_id == "master" else own.parent), folder, dirs_exist_ok=True)
        portal = start(folder)
        try:
            yield portal
        finally:
            output, seconds = portal.stop()
        assert output.rstrip().endswith("Stopped."), output[-2000:]
        assert "Traceback" not in output, output[-4000:]
        assert seconds < 10, f"The portal took {seconds:.1f} seconds to stop."


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A virus scanner of the tests' own; a test that stops it need not start it again."""
    from tests.appeals.clamd import Clamd

    scanner = Clamd(tmp_path_factory.mktemp("clamd"))
    yield scanner
    scanner.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, driven by Playwright; one for all tests of a run."""
    from playwright.sync_api import expect

    from tests.browser.chromium import launched

    # What is typed is saved after four seconds of rest; Playwright's own five leave a busy machine one for the answer.
    expect.set_options(timeout=15_000)
    with launched() as chromium:
        yield chromium


@pytest.fixture
def browser_page(browser: Any, running_portal: Any) -> Iterator[Any]:
    """``browser_page(java_script_enabled=False, …)`` opens a page in a context of its own, at the portal's address.

    Without a service worker, unless ``worker=True``: what a test cuts off must not come from a cache.
    """
    contexts = []

    def open_page(worker: bool = False, **options: Any) -> Any:
        contexts.append(browser.new_context(**{"base_url": running_portal.url, "locale": "en"} | options))
        if not worker:
            contexts[-1].add_init_script("delete Navigator.prototype.serviceWorker")
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()
