"""What each role of the office may do; operators enter what others say or send, and see nothing else."""

from django.db import migrations

from portal.roles import (
    APPEALS_OFFICER,
    APPEALS_OPERATOR,
    APPEALS_SUPERVISOR,
    AUDITOR,
    make_role,
    remove_role,
)

OFFICER = {
    "assign_appeal", "forward_appeal", "rule_on_appeal", "reveal_identity", "enter_appeal", "print_appeal",
    "view_department", "view_authority", "view_topic", "view_answertemplate",
}  # fmt: skip
SUPERVISOR = OFFICER | {
    "approve_answer", "export_appeals", "archive_appeal", "view_statistics",
    "add_department", "change_department", "add_authority", "change_authority", "add_topic", "change_topic",
    "add_answertemplate", "change_answertemplate",
}  # fmt: skip
ROLES = {
    APPEALS_OFFICER: OFFICER,
    APPEALS_SUPERVISOR: SUPERVISOR,
    APPEALS_OPERATOR: {"enter_appeal"},
    AUDITOR: {"view_statistics"},
}


def make(apps, schema_editor):
    for name, codenames in ROLES.items():
        make_role(apps, schema_editor, "appeals", name, codenames)


def remove(apps, schema_editor):
    remove_role(apps, APPEALS_OPERATOR)


class Migration(migrations.Migration):
    dependencies = [("appeals", "0010_the_office")]
    operations = [migrations.RunPython(make, remove)]
