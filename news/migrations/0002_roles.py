"""Press editors write; press chiefs also publish, delete and keep the lists of names."""

from django.db import migrations

from portal.roles import PRESS_CHIEF, PRESS_EDITOR, make_role, remove_role

MODELS = ("event", "report", "photo")
NAMES = ("category", "place", "topic", "partner")
EDITOR = {f"{verb}_{model}" for verb in ("view", "add", "change") for model in MODELS} | {
    *(f"view_{name}" for name in NAMES),
    "add_place",
    "add_topic",
    "delete_photo",
}
CHIEF = (
    EDITOR
    | {"publish_report"}
    | {f"{verb}_{model}" for verb in ("add", "change", "delete") for model in (*NAMES, *MODELS)}
)


def make(apps, schema_editor):
    make_role(apps, schema_editor, "news", PRESS_EDITOR, EDITOR)
    make_role(apps, schema_editor, "news", PRESS_CHIEF, CHIEF)


def remove(apps, schema_editor):
    remove_role(apps, PRESS_EDITOR)
    remove_role(apps, PRESS_CHIEF)


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, remove)]
