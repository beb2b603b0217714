"""Reports of errors to a collector that speaks Sentry's language, for ``SENTRY_DSN`` alone.

A report says the kind of the error, the places in the code, the route and the request's number: no message (it may
quote), no variables, no body, no address, no breadcrumbs.
"""

from __future__ import annotations

from typing import Any

import sentry_sdk
from django.core.signals import got_request_exception

from . import __version__
from .logs import about
from .tasks import task_failed

# All that a report may carry. What another version of the library adds is left out until somebody has looked at it.
KEPT = {"event_id", "timestamp", "level", "platform", "exception", "release", "environment"}
OF_ERROR = {"type", "module", "stacktrace"}
OF_FRAME = {"filename", "abs_path", "function", "module", "lineno", "in_app"}


def start(dsn: str, **options: Any) -> None:
    sentry_sdk.init(
        dsn,
        release=__version__,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=bare,
        **options,
    )
    got_request_exception.connect(report, dispatch_uid="error_reports")
    task_failed.connect(report, dispatch_uid="error_reports")


def report(**_signal: Any) -> None:
    """The error at hand."""
    sentry_sdk.capture_exception()


def bare(event: Any, _hint: Any) -> Any:
    errors = [{name: error[name] for name in OF_ERROR & set(error)} for error in event["exception"]["values"]]
    for error in errors:
        frames = (error.get("stacktrace") or {}).get("frames", [])
        error["stacktrace"] = {"frames": [{name: frame[name] for name in OF_FRAME & set(frame)} for frame in frames]}
    kept = {name: event[name] for name in KEPT & set(event)}
    return kept | {"exception": {"values": errors}, "tags": {name: str(value) for name, value in about.get().items()}}
