"""python -m bench.search [20000]: how long search takes among so many reports, on the database of DATABASE_URL.

They are made of invented words, in a test database that is removed again.
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

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from news.models import Event, Report  # noqa: E402
from news.search import search  # noqa: E402

WORDS_EACH, COMMON, RARE, ROUNDS = 400, "ҷумҳурӣ", "пирях", 60


def make(number: int) -> None:
    chance = random.Random(7)
    letters = "абвгдезиклмнопрстуфхшӣқӯҳҷғ"
    vocabulary = ["".join(chance.choices(letters, k=chance.randint(3, 11))) for _ in range(30_000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    now = timezone.now()
    for start in range(0, number, 1000):
        steps = range(start, min(start + 1000, number))
        events = Event.objects.bulk_create(Event(starts_at=now - timedelta(hours=8 * step)) for step in steps)
        reports = []
        for step, event in zip(steps, events, strict=True):
            text = chance.choices(vocabulary, weights, k=WORDS_EACH) + [COMMON] + [RARE] * (step % 1000 == 0)
            chance.shuffle(text)
            title, body = " ".join(text[:9]), f"<p>{' '.join(text)}</p>"
            published = {"status": Report.Status.PUBLISHED, "published_at": now}
            reports.append(Report(event=event, language="tg", title=title[:300], slug="x", body=body, **published))
        Report.objects.bulk_create(reports)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    connection.creation.create_test_db(verbosity=0)
    try:
        make(number)
        for name, query in (("common", COMMON), ("rare", RARE), ("both", f"{COMMON} {RARE}"), ("typo", "пирйахх")):
            taken = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                total = search("tg", query).total
                taken.append((time.perf_counter() - start) * 1000)
            p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
            print(f"{connection.vendor} {number} {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {total} found")
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
