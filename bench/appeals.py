"""python -m bench.appeals [200000] [--keep]: how long the office's lists take among so many appeals.

On the database of DATABASE_URL, in a test database that is removed again (--keep: left for the next run). Each page
goes through the whole of Django, for an officer who is signed in; the appeals are invented and their boxes empty.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("PORTAL_DATA_DIR", tempfile.mkdtemp(prefix="portal-bench-"))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from appeals.divisions import regions  # noqa: E402
from appeals.models import Appeal, Department, JournalEntry, Message, Series, Topic  # noqa: E402
from appeals.queues import QUEUES  # noqa: E402

ROUNDS, BATCH, OFFICERS, DEPARTMENTS, DAYS = 30, 2000, 40, 8, 1500
LIST = "/admin/appeals/appeal/"
Status = Appeal.Status
# Of a hundred appeals; the rest are answered. The open ones are the youngest.
OPEN_MIX = {Status.RECEIVED: 15, Status.REGISTERED: 60, Status.WAITING: 10, Status.FORWARDED: 15}
ENDED_MIX = {Status.ANSWERED: 85, Status.NOT_EXAMINED: 9, Status.WITHDRAWN: 3, Status.JOINED: 3}
OPEN_SHARE = 0.08


def staff() -> tuple[list[User], list[Department], list[Topic]]:
    users = User.objects.bulk_create(User(username=f"officer{n}", is_staff=True) for n in range(OFFICERS))
    names = [{"name_tg": f"{n}", "name_ru": f"{n}", "name_en": f"{n}"} for n in range(DEPARTMENTS)]
    departments = Department.objects.bulk_create(Department(**name) for name in names)
    for number, user in enumerate(users):
        user.groups.set(Group.objects.filter(name="Appeals officer"))
        departments[number % DEPARTMENTS].members.add(user)
    return users, departments, Topic.objects.bulk_create(Topic(**name) for name in names)


def make(number: int) -> None:
    chance, now, (users, departments, topics) = random.Random(7), timezone.now(), staff()
    codes = [region.code for region in regions()]
    series: dict[int, int] = {}
    for start in range(0, number, BATCH):
        appeals = []
        for step in range(start, min(start + BATCH, number)):
            received = now - timedelta(days=DAYS * (1 - (step + 1) / number) ** 1.5)
            series[received.year] = series.get(received.year, 0) + 1
            appeal = Appeal(
                number=f"{received.year}-{series[received.year]:06d}", tracking_hash=f"{step:064d}", digest="0" * 64,
                language=chance.choice(["tg", "tg", "ru"]), applicant="individual", region=chance.choice(codes),
                kind=chance.choice(["application", "request", "proposal", "complaint"]), received_at=received,
                verdict=chance.choice(["examined"] * 9 + ["for_officer"]), topic=chance.choice(topics),
                sealed_key=b"0" * 100, box=b"0" * 1200, policy_version="1",
            )  # fmt: skip
            stand(appeal, chance, step / number > 1 - OPEN_SHARE, users, departments)
            appeals.append(appeal)
        with_journal(Appeal.objects.bulk_create(appeals), chance)
    Series.objects.bulk_create(Series(year=year, last=last) for year, last in series.items())


def stand(appeal: Appeal, chance: random.Random, is_open: bool, users: list[User], of: list[Department]) -> None:
    """Give an appeal the place that it has come to."""
    mix = OPEN_MIX if is_open or chance.random() < 0.002 else ENDED_MIX
    appeal.status = chance.choices(list(mix), list(mix.values()))[0]
    appeal.crime = "claimed" if chance.random() < 0.01 else "not_claimed"
    if appeal.status == Status.RECEIVED:
        appeal.held = "haste" if chance.random() < 0.05 else ""
        return
    appeal.registered_at = appeal.received_at + timedelta(days=1)
    appeal.due_on = (appeal.registered_at + timedelta(days=chance.choice([30, 30, 60, 90]))).date()
    place = chance.randrange(OFFICERS)
    if chance.random() < 0.9:
        appeal.department = of[place % DEPARTMENTS]
        appeal.officer = users[place] if chance.random() < 0.85 else None
    if appeal.status == Status.WAITING:
        appeal.paused_at = appeal.received_at
        appeal.wait_until = timezone.localdate() + timedelta(days=chance.randint(-5, 12))
    if appeal.status == Status.REGISTERED and chance.random() < 0.03:
        appeal.prepared_by = appeal.officer
    if mix is ENDED_MIX:
        appeal.ended_at = appeal.registered_at + timedelta(days=chance.randint(3, 40))


def with_journal(appeals: list[Appeal], chance: random.Random) -> None:
    entries, messages = [], []
    for appeal in appeals:
        actions = ["received", "registered", "opened", "assigned"][: 1 if appeal.status == Status.RECEIVED else 4]
        previous = ""
        for action in actions:
            entry = JournalEntry(appeal=appeal, at=appeal.received_at, action=action, previous_hash=previous)
            previous = entry.hash = entry.computed_hash()
            entries.append(entry)
        for author in ["applicant", "office"][: chance.randrange(3)]:
            messages.append(Message(appeal=appeal, author=author, kind="added", at=appeal.received_at, box=b"0"))
    JournalEntry.objects.bulk_create(entries, BATCH)
    Message.objects.bulk_create(messages, BATCH)


def pages() -> dict[str, str]:
    found = {}
    for name in QUEUES:
        found[f"{name}, first page"] = f"?queue={name}"
        found[f"{name}, page 50"] = f"?queue={name}&p=50"
        found[f"{name}, filtered"] = f"?queue={name}&region=TJ-SU&kind=complaint&verdict=for_officer"
    found |= {
        "number": "?q=000123",
        "number of a year": "?q=2026-000123",
        "nothing found": "?queue=all&topic=1&channel=post",
    }
    return {name: LIST + query for name, query in found.items()} | {"dashboard": "/admin/"}


def measure(client: Client, name: str, url: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url, follow=True)
    assert response.status_code == 200, (url, response.status_code)
    queries = list(asked.captured_queries)  # The next request empties them.
    taken, busy = [], time.process_time()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get(url, follow=True)
        taken.append((time.perf_counter() - start) * 1000)
    busy = (time.process_time() - busy) * 1000 / ROUNDS  # The share of Python alone: steady on a busy machine too.
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    kb = len(response.content) // 1024
    print(
        f"{name:24} {len(queries):3} queries  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  Python {busy:4.0f} ms  {kb} kB",
        flush=True,
    )


def main() -> None:
    numbers, keep = [int(word) for word in sys.argv[1:] if word.isdigit()], "--keep" in sys.argv
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
    try:
        started = time.perf_counter()
        if not Appeal.objects.exists():
            make(numbers[0] if numbers else 200_000)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE" if connection.vendor != "postgresql" else "VACUUM ANALYZE")
        print(f"{connection.vendor}: {Appeal.objects.count()} appeals, made in {time.perf_counter() - started:.0f} s")
        client = Client(HTTP_ACCEPT_LANGUAGE="ru")
        client.force_login(User.objects.get(username="officer0"))
        client.get(LIST)  # The first page of a session notes it down.
        for name, url in pages().items():
            measure(client, name, url)
    finally:
        if not keep:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["testserver"]  # Not the whole test environment: it looks into every template.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    main()
