"""The database itself refuses to change the journal, on SQLite and on PostgreSQL, whoever asks."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.state import ProjectState

from appeals import append_only
from appeals.models import Appeal, JournalEntry, OfficeEntry
from tests.appeals.citizen import Citizen

pytestmark = pytest.mark.django_db
COLUMNS = "id, appeal_id, at, actor_id, action, detail, previous_hash, hash"


@pytest.fixture
def appeal():
    Citizen().appeal()
    return Appeal.objects.get()


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def office_entry():
    return OfficeEntry.objects.create(actor=User.objects.create_user("auditor"), action="journal")


CHANGES = {
    "update": lambda: JournalEntry.objects.update(action="opened"),
    "delete": lambda: JournalEntry.objects.all().delete(),
    "raw delete": lambda: JournalEntry.objects.all()._raw_delete("default"),
    "bulk update": lambda: JournalEntry.objects.bulk_update(JournalEntry.objects.all(), ["action"]),
    "update in SQL": lambda: sql("UPDATE appeals_journalentry SET action = 'opened'"),
    "delete in SQL": lambda: sql("DELETE FROM appeals_journalentry"),
    "upsert": lambda: JournalEntry.objects.bulk_create(
        [*JournalEntry.objects.all()], update_conflicts=True, unique_fields=["id"], update_fields=["action"]
    ),
    "other exports": lambda: (office_entry(), OfficeEntry.objects.update(action="list")),
    "no exports": lambda: (office_entry(), OfficeEntry.objects.all().delete()),
}
ONE_ENGINE = {
    "sqlite": {
        "replace": f"REPLACE INTO appeals_journalentry ({COLUMNS}) SELECT {COLUMNS} FROM appeals_journalentry",
        "replace in its place": f"REPLACE INTO appeals_journalentry ({COLUMNS}) SELECT {COLUMNS.replace('id,', '999,', 1)} "
        "FROM appeals_journalentry",
    },
    "postgresql": {
        "truncate": "TRUNCATE appeals_journalentry",
        "truncate all": "TRUNCATE appeals_appeal CASCADE",
        "as a replica": "SET LOCAL session_replication_role = replica; DELETE FROM appeals_journalentry",
    },
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_change_of_the_journal_is_taken(appeal, change):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()
    assert appeal.journal.get().action == "received"


def test_nor_one_that_only_this_database_knows(appeal):
    for statement in ONE_ENGINE[connection.vendor].values():
        connection.check_constraints()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql(statement)
        assert appeal.journal.get().action == "received"


def test_the_models_say_so_before_the_database_does(appeal):
    for entry in (appeal.journal.get(), office_entry()):
        for change in (entry.save, entry.delete):
            with pytest.raises(TypeError, match="append-only"):
                change()


def test_after_all_migrations_every_trigger_is_there():
    assert append_only.missing(connection) == []


def test_a_trigger_that_is_gone_or_does_nothing_is_named(appeal):
    connection.check_constraints()
    append_only.unprotect(connection, append_only.JOURNAL)
    with pytest.raises(CommandError, match="lets the journal be changed: no trigger appeals_journalentry_") as wrong:
        call_command("verify_journal")
    assert wrong.value.returncode == 1
    append_only.protect(connection, append_only.JOURNAL)
    call_command("verify_journal")


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_makes_the_table_anew_puts_the_triggers_back(appeal):
    """SQLite drops them with the old table; PostgreSQL keeps them. The line that migrations end with serves both."""
    state = ProjectState.from_apps(JournalEntry._meta.apps)
    model = state.apps.get_model("appeals", "JournalEntry")
    old, new = model._meta.get_field("hash"), models.CharField(max_length=65)
    new.set_attributes_from_name("hash")
    new.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)
        assert bool(append_only.missing(connection)) == (connection.vendor == "sqlite")
        append_only.guard(append_only.JOURNAL)(None, editor)
        assert append_only.missing(connection) == []
    with connection.schema_editor() as editor:
        editor.alter_field(model, new, old)
        append_only.guard(append_only.JOURNAL)(None, editor)
