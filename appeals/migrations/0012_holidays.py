"""Days off: the public holidays that fall on the same day each year, for three years; supervisors keep the rest.

The days of Ramazon and Qurbon move each year and are made known shortly before: staff enter them.
"""

from datetime import date

from django.db import migrations, models

from portal.roles import APPEALS_OFFICER, APPEALS_SUPERVISOR, AUDITOR, make_role

YEARS = (2026, 2027, 2028)
HOLIDAYS = {
    (1, 1): "Соли нав",
    (3, 8): "Рӯзи Модар",
    (3, 21): "Иди Наврӯз",
    (3, 22): "Иди Наврӯз",
    (3, 23): "Иди Наврӯз",
    (3, 24): "Иди Наврӯз",
    (5, 1): "Рӯзи байналмилалии якдилии меҳнаткашон",
    (5, 9): "Рӯзи Ғалаба",
    (6, 27): "Рӯзи Ваҳдати миллӣ",
    (9, 9): "Рӯзи Истиқлоли давлатӣ",
    (11, 6): "Рӯзи Конститутсия",
}
ROLES = {
    APPEALS_OFFICER: {"view_holiday"},
    APPEALS_SUPERVISOR: {"view_holiday", "add_holiday", "change_holiday", "delete_holiday"},
    AUDITOR: {"view_holiday"},
}


def enter(apps, schema_editor):
    apps.get_model("appeals", "Holiday").objects.bulk_create(
        apps.get_model("appeals", "Holiday")(date=date(year, month, day), name=name)
        for year in YEARS
        for (month, day), name in HOLIDAYS.items()
    )


def make(apps, schema_editor):
    for name, codenames in ROLES.items():
        make_role(apps, schema_editor, "appeals", name, codenames)


class Migration(migrations.Migration):
    dependencies = [("appeals", "0011_office_roles")]
    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(unique=True, verbose_name="day")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "working",
                    models.BooleanField(
                        default=False,
                        help_text="A Saturday or Sunday that is worked in place of another day.",
                        verbose_name="working day",
                    ),
                ),
            ],
            options={"verbose_name": "day off", "verbose_name_plural": "days off", "ordering": ["date"]},
        ),
        migrations.RunPython(enter, migrations.RunPython.noop),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
