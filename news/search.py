"""Search among the published reports of one language: one question, asked of PostgreSQL or of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connections
from django.utils import timezone
from django.utils.safestring import SafeString

from .body import words
from .models import Report, ReportQuerySet
from .search_marks import excerpt, finder, mark
from .search_words import Term, stem, suggestion, tajik_forms, terms

PAGE_SIZE, MAX_PAGES = 10, 50
# Only so many matches are weighed, the newest and those in titles: a word that is everywhere costs no more.
MOST = PAGE_SIZE * MAX_PAGES
TITLES_TO_SUGGEST_FROM = 500
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
CONFIGURATIONS = {"tg": "simple", "ru": "russian", "en": "english"}


@dataclass(frozen=True)
class Hit:
    report: Report
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Results:
    """One page of what was found."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    more: bool = False  # There are more than ``total``.
    page: int = 1
    pages: int = 0
    any_word: bool = False  # No report has all the words: these have some of them.
    suggestion: str = ""


def search(
    language: str,
    query: str,
    *,
    category: str | None = None,
    place: str | None = None,
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
) -> Results:
    """Published reports in ``language`` with the words of ``query``, the most relevant and recent first.

    The filters are slugs and whole days of the Dushanbe calendar. At most four queries.
    """
    wanted = terms(query, language)
    if not wanted:
        return Results()
    public = Report.objects.published().in_language(language)
    reports = _filtered(public, category, place, since, until)
    found, better = _find(reports, language, wanted, any_word=False), ""
    any_word = not found and len(wanted) > 1
    if not found:
        titles = public.newest_first().values_list("title", flat=True)[:TITLES_TO_SUGGEST_FROM]
        better = suggestion(query, language, titles)
    if any_word:
        found = _find(reports, language, wanted, any_word=True)
    more, found = len(found) > MOST, found[:MOST]
    pages = -(-len(found) // PAGE_SIZE)
    page = max(1, min(page, pages))
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    hits = _hits(public, shown, wanted, language)
    return Results(hits, len(found), more, page, pages, any_word and bool(found), better)


def _filtered(
    reports: ReportQuerySet, category: str | None, place: str | None, since: date | None, until: date | None
) -> ReportQuerySet:
    if category:
        reports = reports.filter(event__categories__slug=category)
    if place:
        reports = reports.filter(event__place__slug=place)
    if since:
        reports = reports.filter(event__starts_at__gte=_midnight(since))
    if until:
        reports = reports.filter(event__starts_at__lt=_midnight(until) + timedelta(days=1))
    return reports


def _midnight(day: date) -> datetime:
    day = max(FIRST_DAY, min(day, LAST_DAY))
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def _hits(public: ReportQuerySet, ids: list[int], wanted: list[Term], language: str) -> list[Hit]:
    if not ids:
        return []
    reports = {report.pk: report for report in public.filter(pk__in=ids).select_related("event__place")}
    is_found = finder(wanted, language)
    return [
        Hit(report, mark(report.title, is_found), excerpt(f"{report.lead} {words(report.body)}".strip(), is_found))
        for report in (reports[pk] for pk in ids if pk in reports)
    ]


def _find(reports: ReportQuerySet, language: str, wanted: Sequence[Term], *, any_word: bool) -> list[int]:
    """The numbers of the reports that match, best first; one more than ``MOST`` if there are more."""
    connection = connections[reports.db]
    rows = reports.order_by().values_list("pk", "event__starts_at", "event_id")
    public, parameters = rows.query.sql_with_params()
    if connection.vendor == "postgresql":
        words_sql = [CONFIGURATIONS[language], _tsquery(wanted, language, any_word)]
        sql = POSTGRESQL.format(public=public)
        arguments = [*parameters, *words_sql, *parameters, *words_sql, *words_sql, *words_sql]
    else:
        sql = SQLITE.format(public=public)
        query = _fts_query(wanted, language, any_word)
        arguments = [*parameters, f"title : ({query})", query]
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return [pk for (pk,) in cursor.fetchall()]


def _forms(term: Term, language: str) -> tuple[list[str], list[str]]:
    """Words to look for as they are, and beginnings of words."""
    whole = [form for word in term.spellings for form in (tajik_forms(word) if language == "tg" else (word,))]
    starts = list(term.spellings) if term.unfinished else []
    return [form for form in whole if not form.startswith(tuple(starts))], starts


def _tsquery(wanted: Sequence[Term], language: str, any_word: bool) -> str:
    """The words in PostgreSQL's notation; they are letters and digits alone."""
    parts = []
    for whole, starts in (_forms(term, language) for term in wanted):
        parts.append(" | ".join([f"'{form}'" for form in whole] + [f"'{start}':*" for start in starts]))
    return (" | " if any_word else " & ").join(f"({part})" for part in parts)


def _fts_query(wanted: Sequence[Term], language: str, any_word: bool) -> str:
    """The words in FTS5's notation. Russian has no stemmer there: the beginning of a word stands for it."""
    parts = []
    for term in wanted:
        whole, starts = _forms(term, language)
        if language == "ru":
            starts += [stem(word, language) for word in term.spellings if len(word) > 3]
        parts.append(" OR ".join([f'"{form}"' for form in whole] + [f'"{start}"*' for start in starts]))
    return (" OR " if any_word else " AND ").join(f"({part})" for part in parts)


# Both: how well the words fit, times an age factor that halves, in the long run, what an old report is worth.
POSTGRESQL = f"""
WITH found AS (
    (SELECT public.* FROM ({{public}}) AS public (id, starts_at, event_id)
     JOIN news_searchentry entry ON entry.report_id = public.id
     WHERE entry.title_vector @@ to_tsquery(%s::regconfig, %s)
     ORDER BY public.starts_at DESC, public.event_id DESC LIMIT {MOST // 2})
    UNION
    (SELECT public.* FROM ({{public}}) AS public (id, starts_at, event_id)
     JOIN news_searchentry entry ON entry.report_id = public.id
     WHERE entry.vector @@ to_tsquery(%s::regconfig, %s)
     ORDER BY public.starts_at DESC, public.event_id DESC LIMIT {MOST + 1})
)
SELECT found.id FROM found JOIN news_searchentry entry ON entry.report_id = found.id
ORDER BY
    (ts_rank_cd(entry.vector, to_tsquery(%s::regconfig, %s), 1)
     + CASE WHEN entry.title_vector @@ to_tsquery(%s::regconfig, %s) THEN 1 ELSE 0 END)
    * (1 + 1 / (1 + greatest(0, extract(epoch FROM now() - found.starts_at)) / 31536000)) DESC,
    found.starts_at DESC, found.event_id DESC
LIMIT {MOST + 1}
"""  # noqa: S608  # nosec B608 # numbers of this module
# The reports are looked up by number and never listed (NOT MATERIALIZED, from SQLite 3.35).
# FTS5 gives its rows by number without sorting them, so here "newest" is the report that was written last.
_NEWEST_IN_FTS = """
    SELECT public.*, bm25(news_searchindex, 10, 4, 1) AS relevance FROM news_searchindex CROSS JOIN public
    WHERE news_searchindex MATCH %s AND public.id = news_searchindex.rowid
    ORDER BY news_searchindex.rowid DESC LIMIT {limit}
"""
SQLITE = f"""
WITH public (id, starts_at, event_id) AS NOT MATERIALIZED ({{public}}), found AS (
    SELECT * FROM ({_NEWEST_IN_FTS.format(limit=MOST // 2)}) UNION ALL
    SELECT * FROM ({_NEWEST_IN_FTS.format(limit=MOST + 1)})
)
SELECT id FROM found GROUP BY id, starts_at, event_id
ORDER BY
    sum(relevance) * (1 + 1 / (1 + max(0, julianday('now') - julianday(starts_at)) / 365)),
    starts_at DESC, event_id DESC
LIMIT {MOST + 1}
"""  # noqa: S608  # nosec B608
