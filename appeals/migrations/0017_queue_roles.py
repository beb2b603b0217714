"""Supervisors share a saved filter with the whole office."""

from django.db import migrations

from portal.roles import APPEALS_SUPERVISOR, make_role


def make(apps, schema_editor):
    make_role(apps, schema_editor, "appeals", APPEALS_SUPERVISOR, {"share_filter"})


class Migration(migrations.Migration):
    dependencies = [("appeals", "0016_saved_filters")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
