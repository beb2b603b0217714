"""What the press roles may do with films, preview links, old addresses and subscriptions; digests of what is stored."""

from django.db import migrations

from news.statement import text_digest
from portal.roles import PRESS_CHIEF, PRESS_EDITOR, make_role

EDITOR = {
    "view_video",
    "add_video",
    "change_video",
    "delete_video",
    "view_previewlink",
    "add_previewlink",
    "view_brokenlink",
    "view_oldaddress",
}
CHIEF = EDITOR | {
    "change_previewlink",
    "view_draftreading",
    "add_oldaddress",
    "change_oldaddress",
    "delete_oldaddress",
    "view_subscription",
    "delete_subscription",
}


def make(apps, schema_editor):
    make_role(apps, schema_editor, "news", PRESS_EDITOR, EDITOR)
    make_role(apps, schema_editor, "news", PRESS_CHIEF, CHIEF)


def digest(apps, schema_editor):
    reports = apps.get_model("news", "Report").objects
    for report in reports.filter(digest="").iterator(chunk_size=200):
        said = text_digest(report.language, report.title, report.lead, report.body)
        reports.filter(pk=report.pk).update(digest=said)


class Migration(migrations.Migration):
    dependencies = [("news", "0006_newsroom")]
    operations = [
        migrations.RunPython(make, migrations.RunPython.noop),
        migrations.RunPython(digest, migrations.RunPython.noop),
    ]
