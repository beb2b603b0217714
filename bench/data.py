"""python -m bench.data REPORTS APPEALS: fill the database of DATABASE_URL with invented reports and appeals.

The rows are made by the database itself from a few hundred texts: a million reports take minutes, not hours. Nothing
is done if they are there; a database with anything else in it is refused.
"""

import random
import sys

import django

django.setup()

from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from appeals.models import Appeal, JournalEntry, Series  # noqa: E402
from news.models import Category, Event, Photo, Place, Report, Topic  # noqa: E402
from news.search_index import folded  # noqa: E402
from portal.public_changes import changed  # noqa: E402
from portal.text import slugify  # noqa: E402

TEXTS, PARAGRAPHS, WORDS_EACH, YEARS = 500, 6, 40, 30
# In each text, and in one of 500 (so in one of 500 reports).
COMMON, RARE = "ҷумҳурӣ", "пирях"
CATEGORIES, PLACES, TOPICS = 6, 10, 8
BASE_APPEALS = 2000  # These are made by Django; the others are their copies.

NUMBERS = "WITH RECURSIVE numbers(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM numbers WHERE g < {last})"
# The same in each database's words.
WORDS = {
    "postgresql": {
        "time": "now() - make_interval(secs => ({last} - g) * {step} + 3600)",
        "pad": "lpad(({0})::text, {1}, '0')",
        "nothing": "'[]'::jsonb",
        "true": "true",
        "false": "false",
    },
    "sqlite": {
        "time": "datetime('now', '-' || (({last} - g) * {step} + 3600) || ' seconds')",
        "pad": "printf('%0{1}d', {0})",
        "nothing": "'[]'",
        "true": "1",
        "false": "0",
    },
}


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def texts() -> list[tuple[str, ...]]:
    """Title, address, lead, body, and the same as search reads them."""
    chance = random.Random(7)
    letters = "абвгдезиклмнопрстуфхшӣқӯҳҷғ"
    vocabulary = ["".join(chance.choices(letters, k=chance.randint(3, 11))) for _ in range(30_000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    made = []
    for number in range(TEXTS):
        title, lead, *parts = (chance.choices(vocabulary, weights, k=k) for k in (9, 18, *[WORDS_EACH] * PARAGRAPHS))
        parts[0][3:3] = [COMMON] + [RARE] * (number == 0)
        title_text, lead_text = " ".join(title).capitalize(), " ".join(lead).capitalize() + "."
        body = "".join(f"<p>{' '.join(part).capitalize()}.</p>" for part in parts)
        words = folded(title_text, lead_text, body)
        made.append((title_text, slugify(title_text), lead_text, body, words["title"], words["lead"], words["body"]))
    return made


def names() -> None:
    for model, count in ((Category, CATEGORIES), (Place, PLACES), (Topic, TOPICS)):
        kind = model.__name__.lower()
        rows = [{f"name_{code}": f"{kind} {n}" for code in ("tg", "ru", "en")} for n in range(1, count + 1)]
        model.objects.bulk_create(
            model(pk=n, slug=f"{kind}-{n}", **row) for n, row in enumerate(rows, 1)
        )  # fmt: skip


def reports(count: int) -> None:
    """As many events, each with a Tajik report, a photo and a category; the newest has the highest number."""
    words = WORDS[connection.vendor]
    known = words | {
        "numbers": NUMBERS.format(last=count),
        "time": words["time"].format(last=count, step=YEARS * 365 * 86400 // count),
        "token": words["pad"].format("g", 16),
        "digest": words["pad"].format("g", 64),
    }
    run("CREATE TEMPORARY TABLE bench_text (n integer PRIMARY KEY, title text, slug text, lead text, body text,"
        " folded_title text, folded_lead text, folded_body text)")  # fmt: skip
    with connection.cursor() as cursor:
        rows = [(number, *text) for number, text in enumerate(texts())]
        cursor.executemany("INSERT INTO bench_text VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows)
    for statement in STATEMENTS:
        run(statement.format(**known, texts=TEXTS, categories=CATEGORIES, places=PLACES, topics=TOPICS))
    run("DROP TABLE bench_text")


STATEMENTS = (
    """
    INSERT INTO news_event (id, starts_at, place_id, languages_note, created_at, updated_at) {numbers}
    SELECT g, {time}, 1 + g % {places}, '', {time}, {time} FROM numbers
    """,
    """
    INSERT INTO news_event_categories (event_id, category_id) {numbers}
    SELECT g, 1 + g % {categories} FROM numbers
    """,
    """
    INSERT INTO news_event_topics (event_id, topic_id) {numbers}
    SELECT g, 1 + (g / 5) % {topics} FROM numbers WHERE g % 5 = 0
    """,
    """
    INSERT INTO news_photo (event_id, token, image, width, height, position, caption_tg, caption_ru, caption_en,
        alt_tg, alt_ru, alt_en, decorative, credit, focal_x, focal_y, digest, ready) {numbers}
    SELECT g, {token}, 'originals/' || {token} || '.jpg', 1600, 1067, 0, 'Акс', '', '', 'Акс', '', '', {false}, '',
        50, 25, {digest}, {true} FROM numbers
    """,
    """
    INSERT INTO news_report (id, event_id, language, title, slug, lead, body, status, published_at, corrections,
        urgent_reason, digest, source_digest, revision, created_at, updated_at) {numbers}
    SELECT g, g, 'tg', title, slug, lead, body, 'published', {time}, {nothing}, '', {digest}, '', 1, {time}, {time}
    FROM numbers JOIN bench_text ON n = g % {texts}
    """,
    """
    INSERT INTO news_searchentry (report_id, language, title, lead, body) {numbers}
    SELECT g, 'tg', folded_title, folded_lead, folded_body FROM numbers JOIN bench_text ON n = g % {texts}
    """,
)


def appeals(count: int) -> None:
    """A few thousand through the models, then copies of them with other numbers, and of their journals."""
    from bench.appeals import make

    base = min(count, BASE_APPEALS)
    make(base)
    times = count // base - 1
    if times < 1:
        return
    pad = WORDS[connection.vendor]["pad"]
    entries = JournalEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    number = f"substr(a.number, 1, 5) || {pad.format(f'CAST(substr(a.number, 6) AS integer) + g * {base}', 6)}"
    place = f"a.id + g * {base}"
    copy(Appeal, times, {"id": place, "number": number, "tracking_hash": pad.format(place, 64)})
    copy(JournalEntry, times, {"id": f"a.id + g * {entries}", "appeal_id": f"a.appeal_id + g * {base}"})
    for series in Series.objects.all():
        series.last += times * base
        series.save()


def copy(model: type, times: int, other: dict[str, str]) -> None:
    """Copy all rows, ``times`` times; ``other``: what is not the same in the copies."""
    columns = [field.column for field in model._meta.concrete_fields]
    taken = ", ".join(other.get(column, f'a."{column}"') for column in columns)
    named, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
    run(f"INSERT INTO {table} ({named}) {NUMBERS.format(last=times)} "
        f"SELECT {taken} FROM {table} a CROSS JOIN numbers")  # fmt: skip


def fill(report_count: int, appeal_count: int) -> bool:
    """Make it all; False if it is there. Raises ``SystemExit`` for a database that holds something else."""
    found = Report.objects.count(), Appeal.objects.count()
    if found[0] == report_count and found[1] >= appeal_count:
        return False
    if any(found):
        raise SystemExit(f"The database holds {found[0]} reports and {found[1]} appeals: not what is asked for.")
    with transaction.atomic():
        names()
        reports(report_count)
        changed()
    appeals(appeal_count)
    numbered = [Category, Place, Topic, Event, Report, Photo, Appeal, JournalEntry]
    for sql in connection.ops.sequence_reset_sql(no_style(), numbered):
        run(sql)
    analyse()
    return True


def analyse() -> None:
    run("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


if __name__ == "__main__":
    started = timezone.now()
    if fill(int(sys.argv[1]), int(sys.argv[2])):
        print(f"Made in {(timezone.now() - started).total_seconds():.0f} s.", flush=True)
