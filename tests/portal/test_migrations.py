"""The migrations say what the models say."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

OURS = {"portal", "news", "appeals"}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_of_data_can_be_undone():
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    stuck = [
        f"{app}.{name}"
        for (app, name), migration in migrations.items()
        if app in OURS
        for operation in migration.operations
        if isinstance(operation, (RunPython, RunSQL)) and not operation.reversible
    ]
    assert stuck == []
