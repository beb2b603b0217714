"""The front page by hand: pinned events, kept by press chiefs."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from portal.roles import PRESS_CHIEF, make_role

CHIEF = {f"{verb}_frontpin" for verb in ("view", "add", "change", "delete")}


def allow(apps, schema_editor):
    make_role(apps, schema_editor, "news", PRESS_CHIEF, CHIEF)


def forbid(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects
    permissions.filter(content_type__app_label="news", codename__in=CHIEF).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0004_workflow"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrontPin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "0: leads the page"), (1, "1"), (2, "2"), (3, "3"), (4, "4")],
                        default=0,
                        help_text="0 leads the page, 1 to 4 stand under it. Of two with the same place the one pinned last has it.",
                        validators=[django.core.validators.MaxValueValidator(4)],
                        verbose_name="place on the front page",
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Dushanbe time. Empty: until it is taken off.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="front_pin",
                        to="news.event",
                        verbose_name="event",
                    ),
                ),
            ],
            options={
                "verbose_name": "event on the front page",
                "verbose_name_plural": "front page",
                "ordering": ["position", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("position__lte", 4)), name="front_page_has_five_places")
                ],
            },
        ),
        migrations.RunPython(allow, forbid),
    ]
