"""Officers ask and answer; supervisors also replace lost codes."""

from django.db import migrations

from portal.roles import APPEALS_OFFICER, APPEALS_SUPERVISOR, make_role


def make(apps, schema_editor):
    make_role(apps, schema_editor, "appeals", APPEALS_OFFICER, {"answer_appeal"})
    make_role(apps, schema_editor, "appeals", APPEALS_SUPERVISOR, {"answer_appeal", "replace_code"})


class Migration(migrations.Migration):
    dependencies = [("appeals", "0003_correspondence_and_keys")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
