"""While an update runs, yesterday's code meets today's tables: no migration takes away or demands what it does not know.

The rule is in docs/operations.md ("Update"): a release only adds; what it no longer needs goes with a later one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

OURS = ("appeals", "news", "portal")
# Whatever the old code reads, writes or leaves out, these do not stand in its way.
HARMLESS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
)
# The last ones of version 1.0.0: before it no older version had to be kept running.
FIRST_RELEASE = {"appeals": "0019", "news": "0008", "portal": "0004"}
# "app.migration": why the old code goes on all the same, though the check cannot see it.
ALLOWED: dict[str, str] = {}


def faults(app: str, operations: list[Operation], state: ProjectState) -> tuple[list[str], ProjectState]:
    """What of these operations of one migration stands in the way of the code before them, and the state after them."""
    made: set[str] = set()
    found = []
    for operation in operations:
        after = state.clone()
        operation.state_forwards(app, after)
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        elif getattr(operation, "model_name_lower", None) not in made and not isinstance(operation, HARMLESS):
            found += [f"{operation.describe()}: {why}" for why in reasons(app, operation, state, after)]
        state = after
    return found, state


def reasons(app: str, operation: Operation, before: ProjectState, after: ProjectState) -> Iterator[str]:
    if isinstance(operation, migrations.AddField):
        yield from demands(operation.field)
    elif isinstance(operation, migrations.AlterField):
        key = (app, operation.model_name_lower)
        yield from narrowed(field(before.models[key], operation.name), field(after.models[key], operation.name))
    elif isinstance(operation, migrations.AddConstraint):
        yield "the old code may write what it forbids"
    elif isinstance(operation, (migrations.RunPython, migrations.RunSQL)):
        yield "what it does to rows and tables cannot be seen here"
    else:
        yield "the old code reads and writes what it takes away"


def field(model: ModelState, name: str) -> models.Field:
    return model.fields[name]


def demands(new: models.Field) -> Iterator[str]:
    """Why the old code, which does not know this column, could no longer write a row."""
    if new.many_to_many or new.null or new.generated or new.has_db_default():
        return
    yield "the old code leaves it out: null=True or db_default"


def narrowed(old: models.Field, new: models.Field) -> Iterator[str]:
    """Why what the old code writes would no longer be taken, or found."""
    if old.null and not new.null and not new.has_db_default():
        yield "the old code writes NULL"
    if new.unique and not old.unique:
        yield "the old code may write the same twice"
    if old.get_internal_type() != new.get_internal_type() or old.db_column != new.db_column:
        yield "the old code reads and writes the former column"
    if (new.max_length or 0) < (old.max_length or 0):
        yield "the old code may write longer texts"


def judged(since: dict[str, str]) -> dict[str, list[str]]:
    """The faults of each migration of ours that came after those, by "app.migration"."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    state, found = ProjectState(), {}
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    for app, name in plan:
        migration = loader.get_migration(app, name)
        if app in OURS and name[:4] > since.get(app, ""):
            found[f"{app}.{name}"], state = faults(app, migration.operations, state)
        else:
            state = migration.mutate_state(state, preserve=False)
    return {name: said for name, said in found.items() if said}


def test_the_old_code_can_run_beside_every_migration_since_the_first_release():
    found = judged(FIRST_RELEASE)
    assert {name: said for name, said in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) <= set(found), "what is allowed no longer needs to be"
    assert all(len(why) > 20 for why in ALLOWED.values()), "say why"


def test_the_check_sees_what_was_dangerous_before_the_first_release():
    found = judged({})
    assert any("revision" in said for said in found["news.0006_newsroom"])
    assert "appeals.0007_way_of_an_appeal" not in found, "it adds only what may be null"
    assert "portal.0002_staff_security" not in found, "it only makes new tables"


TEXT = models.CharField(max_length=10, default="")
MODEL = [migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True)), ("text", TEXT)])]
MAYBE = [migrations.AddField("thing", "maybe", models.IntegerField(null=True))]


@pytest.mark.parametrize(
    ("operation", "dangerous"),
    [
        (migrations.AddField("thing", "new", models.IntegerField(default=1)), True),
        (migrations.AddField("thing", "new", models.IntegerField(default=1, db_default=1)), False),
        (migrations.AddField("thing", "new", models.IntegerField(null=True)), False),
        (migrations.AddField("thing", "new", models.ManyToManyField("portal.thing")), False),
        (migrations.AlterField("thing", "maybe", models.IntegerField()), True),
        (migrations.AlterField("thing", "maybe", models.IntegerField(db_default=0)), False),
        (migrations.AlterField("thing", "maybe", models.BigIntegerField(null=True)), True),
        (migrations.AlterField("thing", "text", models.CharField(max_length=9, default="")), True),
        (migrations.AlterField("thing", "text", models.CharField(max_length=20, default="")), False),
        (migrations.AlterField("thing", "text", models.CharField(max_length=10, default="", unique=True)), True),
        (migrations.RemoveField("thing", "text"), True),
        (migrations.RenameField("thing", "text", "words"), True),
        (migrations.RenameModel("Thing", "Other"), True),
        (migrations.AlterModelTable("thing", "other"), True),
        (migrations.DeleteModel("thing"), True),
        (migrations.AddConstraint("thing", models.UniqueConstraint(fields=["text"], name="one")), True),
        (migrations.AddIndex("thing", models.Index(fields=["text"], name="quick")), False),
        (migrations.RunSQL("SELECT 1"), True),
        (migrations.RunPython(migrations.RunPython.noop), True),
    ],
)
def test_the_check_tells_what_stands_in_the_way(operation, dangerous):
    found, state = faults("portal", MODEL + MAYBE, ProjectState())
    assert found == [], "a table of the same migration is nobody's yet"
    assert bool(faults("portal", [operation], state)[0]) is dangerous


def test_what_version_1_0_0_consists_of_is_there():
    names = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for app, number in FIRST_RELEASE.items():
        assert any(of == app and name.startswith(number) for of, name in names), app
