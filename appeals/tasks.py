"""What the appeals have done by a worker: see ``portal.tasks``."""

from portal.tasks import periodic

from . import casework


@periodic(minutes=5, lease=1800, needs_key=True)
def scan_held_files() -> None:
    casework.scan_held()
