from django.db import migrations

from portal.roles import AUDITOR, make_role


def make_auditor(apps, schema_editor):
    make_role(apps, schema_editor, "portal", AUDITOR, {"view_securityevent"})


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("portal", "0002_staff_security"),
    ]

    operations = [migrations.RunPython(make_auditor, migrations.RunPython.noop)]
