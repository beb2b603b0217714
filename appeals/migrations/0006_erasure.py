"""Erasure by two people, holds, and the journal's head on the appeal. Supervisors erase; the auditor looks on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from portal.roles import APPEALS_SUPERVISOR, AUDITOR, make_role


def make_roles(apps, schema_editor):
    supervisor = {"view_erasureproposal", "propose_erasure", "approve_erasure", "hold_appeal"}
    make_role(apps, schema_editor, "appeals", APPEALS_SUPERVISOR, supervisor)
    make_role(apps, schema_editor, "appeals", AUDITOR, {"view_erasureproposal"})


def note_heads(apps, schema_editor):
    entries = apps.get_model("appeals", "JournalEntry").objects.filter(appeal=OuterRef("pk"))
    last = Coalesce(Subquery(entries.order_by("-id").values("hash")[:1]), models.Value(""))
    apps.get_model("appeals", "Appeal").objects.update(journal_head=last)


def keep_no_samples(apps, schema_editor):
    """PostgreSQL's statistics hold samples of a column's values: none of addresses and letters."""
    _set_statistics(schema_editor, 0)


def keep_samples(apps, schema_editor):
    _set_statistics(schema_editor, -1)


def _set_statistics(schema_editor, target):
    if schema_editor.connection.vendor == "postgresql":
        for column in ("to", "subject", "text", "html"):
            schema_editor.execute(f'ALTER TABLE portal_message ALTER COLUMN "{column}" SET STATISTICS {target}')


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0005_applicants_and_codes"),
        ("portal", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("", "waits"), ("erased", "erased"), ("left", "left as it is")],
                        default="",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ErasureProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "waits for a second person"),
                            ("approved", "approved, being erased"),
                            ("done", "erased"),
                            ("declined", "declined"),
                            ("expired", "nobody decided in time"),
                        ],
                        db_index=True,
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("until", models.DateField(verbose_name="kept until")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("done_at", models.DateTimeField(null=True, verbose_name="erased at")),
            ],
            options={
                "verbose_name": "proposal to erase",
                "verbose_name_plural": "proposals to erase",
                "ordering": ["-id"],
                "permissions": [
                    ("propose_erasure", "Can propose to erase appeals"),
                    ("approve_erasure", "Can approve or decline the erasure of appeals"),
                    ("hold_appeal", "Can put appeals on hold"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.AddField(
            model_name="appeal",
            name="erased_at",
            field=models.DateTimeField(null=True, verbose_name="erased at"),
        ),
        migrations.AddField(
            model_name="appeal",
            name="on_hold_since",
            field=models.DateTimeField(null=True, verbose_name="on hold since"),
        ),
        migrations.AddField(
            model_name="appeal",
            name="journal_head",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(
                condition=models.Q(("erased_at", None)), fields=["status", "ended_at"], name="appeals_to_erase"
            ),
        ),
        migrations.AddField(
            model_name="erasureitem",
            name="appeal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="erasures", to="appeals.appeal"
            ),
        ),
        migrations.AddField(
            model_name="erasureproposal",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="erasureproposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="erasureitem",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="appeals.erasureproposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasureitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "")), fields=("appeal",), name="one_erasure_at_a_time"
            ),
        ),
        migrations.RunPython(note_heads, migrations.RunPython.noop),
        migrations.RunPython(keep_no_samples, keep_samples),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
