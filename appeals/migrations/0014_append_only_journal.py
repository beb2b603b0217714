"""The database refuses changes of the journal; auditors and supervisors look through all of it, officers no more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from appeals import append_only
from portal.roles import APPEALS_OFFICER, APPEALS_SUPERVISOR, AUDITOR, make_role

SEES_ALL = {"view_journalentry", "view_officeentry"}


def make_roles(apps, schema_editor):
    for role in (APPEALS_SUPERVISOR, AUDITOR):
        make_role(apps, schema_editor, "appeals", role, SEES_ALL)
    officers = apps.get_model("auth", "Group").objects.get(name=APPEALS_OFFICER)
    officers.permissions.remove(*officers.permissions.filter(codename="view_journalentry"))


def restore_roles(apps, schema_editor):
    make_role(apps, schema_editor, "appeals", APPEALS_OFFICER, {"view_journalentry"})


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0013_topics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("journal", "the journal was exported"),
                            ("list", "a list of appeals was exported"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("detail", models.JSONField(default=dict, verbose_name="filter")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-id"],
                "default_permissions": ("view",),
            },
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
                verbose_name="who",
            ),
        ),
        migrations.AddIndex("journalentry", models.Index(fields=["at", "id"], name="journal_by_time")),
        migrations.AddIndex("journalentry", models.Index(fields=["actor", "at", "id"], name="journal_by_actor")),
        migrations.AddIndex("journalentry", models.Index(fields=["action", "at", "id"], name="journal_by_action")),
        migrations.RunPython(make_roles, restore_roles),
        *(
            migrations.RunPython(append_only.guard(table), append_only.unguard(table))
            for table in (append_only.JOURNAL, append_only.OFFICE_JOURNAL)
        ),
    ]
