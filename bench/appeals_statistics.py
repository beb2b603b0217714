"""python -m bench.appeals_statistics [200000]: how long the figures of a year take, on the database of DATABASE_URL.

The appeals are made of chance, in a test database that is removed again.
"""

import os
import random
import sys
import tempfile
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_DATA_DIR", tempfile.mkdtemp(prefix="portal-bench-"))

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from appeals import article21, bursts, divisions, statistics, term  # noqa: E402
from appeals.choices import Kind  # noqa: E402
from appeals.models import Appeal, Authority, Forwarding, JournalEntry, Topic  # noqa: E402
from appeals.periods import month, year  # noqa: E402

Status = Appeal.Status
ENDS = {Status.ANSWERED: 80, Status.REGISTERED: 9, Status.NOT_EXAMINED: 6, Status.WITHDRAWN: 3, Status.FORWARDED: 2}
ROUNDS, JOURNAL = 5, 5


def appeal(number: int, chance: random.Random, topics: list[Topic]) -> Appeal:
    received = timezone.now() - timedelta(minutes=chance.randrange(2 * 365 * 1440))
    registered = received + timedelta(hours=chance.randrange(70))
    [status] = chance.choices(list(ENDS), ENDS.values())
    ended = registered + timedelta(days=chance.triangular(1, 60, 20))
    ends = status not in {Status.REGISTERED, Status.FORWARDED}
    return Appeal(
        number=f"{number:011d}", tracking_hash=f"{number:064d}", digest="0" * 64,
        language=chance.choice(("tg", "ru", "en")), applicant="individual", kind=chance.choice(Kind.values),
        region=chance.choice(divisions.regions()).code, status=status, verdict="examined",
        grounds=chance.sample(list(article21.Ground), chance.randrange(4)) if chance.random() < 0.1 else [],
        policy_version="", channel=chance.choice(Appeal.Channel.values), topic=chance.choice(topics),
        received_at=received, registered_at=registered, due_on=term.due_on(registered, 30),
        ended_at=ended if ends else None, satisfied=chance.choice((True, False, None)),
        network_mark=f"{chance.randrange(2**64):016x}",
        sealed_key=chance.randbytes(80), sealed_to_code=chance.randbytes(72), box=chance.randbytes(1500),
    )  # fmt: skip


def make(number: int) -> None:
    chance = random.Random(7)
    topics = Topic.objects.bulk_create(Topic(name_tg=f"{n}", name_ru=f"{n}", name_en=f"{n}") for n in range(25))
    authority = Authority.objects.create(name_tg="1", name_ru="1", name_en="1")
    for start in range(0, number, 2000):
        made = Appeal.objects.bulk_create(appeal(n, chance, topics) for n in range(start, start + 2000))
        forwarded = [Forwarding(appeal=one, authority=authority, at=one.registered_at) for one in made[::10]]
        Forwarding.objects.bulk_create(forwarded)
        entries = []
        for one in made:
            for step in range(JOURNAL):
                action = "reopened" if step == 0 and one.pk % 25 == 0 else "opened"
                chain = {"previous_hash": f"{step:064d}", "hash": "0" * 64}
                entries.append(JournalEntry(appeal=one, at=one.received_at, action=action, **chain))
        JournalEntry.objects.bulk_create(entries)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    connection.creation.create_test_db(verbosity=0)
    try:
        make(number)
        today = term.local_day(timezone.now())
        for name, work in (
            ("a year", lambda: statistics.count(year(today)).total["received"]),
            ("a month", lambda: statistics.count(month(today)).total["received"]),
            ("alerts", lambda: len(bursts.alerts())),
        ):
            taken = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                with CaptureQueriesContext(connection) as asked:
                    found = work()
                taken.append((time.perf_counter() - start) * 1000)
            print(f"{connection.vendor} {number} {name}: best {min(taken):.0f} ms, worst {max(taken):.0f} ms, ", end="")
            print(f"{len(asked)} queries, found {found}")
            if "-v" in sys.argv:
                for query in asked.captured_queries:
                    print("  ", query["time"], query["sql"][:2500])
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
