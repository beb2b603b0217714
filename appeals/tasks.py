"""What the office has done by a worker: see ``portal.tasks``."""

from portal.tasks import periodic

from . import expiry


@periodic(hours=1)
def erase_expired() -> None:
    expiry.erase()
