"""Officers register and read appeals; auditors read the journal and no appeal's words."""

from django.db import migrations

from portal.roles import APPEALS_OFFICER, APPEALS_SUPERVISOR, AUDITOR, make_role, remove_role

OFFICER = {"view_appeal", "view_journalentry", "register_appeal", "read_content"}
ROLES = {APPEALS_OFFICER: OFFICER, APPEALS_SUPERVISOR: OFFICER, AUDITOR: {"view_appeal", "view_journalentry"}}


def make(apps, schema_editor):
    for name, codenames in ROLES.items():
        make_role(apps, schema_editor, "appeals", name, codenames)


def remove(apps, schema_editor):
    for name in ROLES:
        remove_role(apps, name)


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, remove)]
