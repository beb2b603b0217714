"""Who may do what, asked for once: Django asks twice, for the person's own permissions and for those of the roles."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import F, Value


class OneQuestionBackend(ModelBackend):
    """Keeps the roles that gave the permissions beside them: ``user.role_ids``."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            own = Permission.objects.filter(user=user_obj).annotate(role=Value(0))
            by_role = Permission.objects.filter(group__user=user_obj).annotate(role=F("group"))
            columns = ("content_type__app_label", "codename", "role")
            found = list(own.order_by().values_list(*columns).union(by_role.order_by().values_list(*columns)))
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename, _role in found}
            user_obj.role_ids = sorted({role for *_name, role in found if role})
        return user_obj._perm_cache
