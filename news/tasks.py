"""What the newsroom has done by a worker: see ``portal.tasks``. Modules with tasks of their own are named here."""

from portal.tasks import periodic

from . import announcing, link_check, subscription_rules
from .desk import working_copies as working_copies


@periodic(minutes=1, lease=180)
def announce_reports() -> None:
    announcing.take_back_withdrawn()
    announcing.announce_new()


@periodic(at="07:00", lease=600)
def send_digests() -> None:
    announcing.send_digests()


@periodic(hours=1)
def erase_unconfirmed_subscriptions() -> None:
    subscription_rules.erase_unconfirmed()


@periodic(at="03:30", lease=3600)
def check_links() -> None:
    link_check.check_internal_links()
    link_check.check_external_links()
