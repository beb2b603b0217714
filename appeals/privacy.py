"""What keeps the appeals' pages out of caches and error reports."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables


def private_page(view: Any) -> Any:
    """Keep what ``view`` takes and gives out of caches and error reports."""
    guarded = never_cache(sensitive_post_parameters()(sensitive_variables()(view)))
    return wraps(view)(guarded)
