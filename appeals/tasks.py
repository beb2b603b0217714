"""What a worker does for the appeals: see ``portal.tasks``."""

from portal.tasks import periodic

from . import casework


@periodic(at="03:00", lease=3600)
def erase_approved() -> None:
    """At night: on PostgreSQL the tables are locked for the seconds in which they are written anew."""
    casework.expire()
    for _number in casework.work_off():
        pass
