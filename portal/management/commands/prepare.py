"""Make everything ready for a start: tables, static files, demonstration content, the first login.

What is ready is left as it is, so that a second start takes a moment and changes nothing.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.stopping import stop_with_children
from portal.worker import keep_order, load_tasks


class Command(BaseCommand):
    help = "Bring the database, the static files, the demonstration content and the first login up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="the portal's address, for the message")

    def handle(self, **options: Any) -> None:
        with stop_with_children():
            make_data_folder()
            self.migrate()
            load_tasks()
            keep_order()
            if not settings.DEBUG:  # With DEBUG the files are served from where they are written.
                self.collect_static()
                call_command("error_pages", verbosity=0)
            self.load_demo()
            call_command("make_staff", site=options["site"], stdout=self.stdout)

    def migrate(self) -> None:
        try:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}".strip()) from None
        if plan:
            self.say(f"Bringing the database up to date: {len(plan)} migrations …")
            call_command("migrate", interactive=False, verbosity=0)

    def collect_static(self) -> None:
        note = settings.DATA_DIR / "static.digest"
        digest = static_digest()
        if note.exists() and note.read_text() == digest and settings.STATIC_ROOT.exists():
            return
        self.say("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        note.write_text(digest)

    def load_demo(self) -> None:
        """Load it into a database in which nobody has a login yet; after an interrupted load, the rest of it."""
        if not settings.PRODUCTION and not get_user_model().objects.exists():
            call_command("load_demo", stdout=self.stdout)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def make_data_folder() -> None:
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        settings.MEDIA_ROOT.mkdir(exist_ok=True)
    except OSError as error:
        raise CommandError(f"The data folder cannot be made (PORTAL_DATA_DIR moves it): {error}") from None


def static_digest() -> str:
    """Names, sizes and times of all static files where they are written: it changes when one of them does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = (storage.path(path), storage.size(path), storage.get_modified_time(path).timestamp())
            digest.update(repr(stat).encode())
    return digest.hexdigest()
