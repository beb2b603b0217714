"""Roles are groups made by migrations; this is how a migration makes one."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PRESS_EDITOR = "Press editor"
PRESS_CHIEF = "Press chief"
APPEALS_OFFICER = "Appeals officer"
APPEALS_SUPERVISOR = "Appeals supervisor"
APPEALS_OPERATOR = "Appeals operator"
AUDITOR = "Auditor"
ALL = (PRESS_EDITOR, PRESS_CHIEF, APPEALS_OFFICER, APPEALS_SUPERVISOR, APPEALS_OPERATOR, AUDITOR)


def make_role(apps: Apps, schema_editor: BaseDatabaseSchemaEditor, app: str, name: str, codenames: set[str]) -> None:
    """Make the group ``name`` with the permissions ``codenames`` of ``app``.

    Raises ``LookupError`` if a permission does not exist: a misspelt one must not go unnoticed.
    """
    config = apps.get_app_config(app)
    # Permissions are otherwise made only after all migrations have run.
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    found = apps.get_model("auth", "Permission").objects.filter(content_type__app_label=app, codename__in=codenames)
    missing = codenames - {permission.codename for permission in found}
    if missing:
        raise LookupError(f"No such permissions in {app}: {', '.join(sorted(missing))}")
    group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
    group.permissions.add(*found)


def remove_role(apps: Apps, name: str) -> None:
    apps.get_model("auth", "Group").objects.filter(name=name).delete()
