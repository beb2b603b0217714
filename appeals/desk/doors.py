"""The doors of the office's pages: who may not look at a kind of thing does not learn which of them there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern


class Doors:
    """Mixed into an admin."""

    @property
    def urls(self) -> list[URLPattern]:
        patterns = super().urls  # Of all parts of the admin, whoever adds them.
        for pattern in patterns:
            pattern.callback = self._closed(pattern.callback)
        return patterns

    def _closed(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Refuse an address that names a row before the row is looked for: the same answer whether it exists or not."""

        @wraps(view)
        def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            names_a_row = bool(kwargs.keys() - {"extra_context"})
            if names_a_row and self.admin_site.has_permission(request) and not self.has_view_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return closed

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Django's log of changes is not what happened to an appeal: that is its journal."""
        raise PermissionDenied
