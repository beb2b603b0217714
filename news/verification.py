"""Whether a text stands on the site as somebody has it, and since when.

Two questions: of a digest, which a print carries, and of words that are quoted. Only texts that were public are
ever confirmed (see ``news.public_versions``); the work for one question is bounded, whatever is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from . import quotes
from .models import Report
from .public_versions import Version, public_versions
from .search import search
from .word_diff import compare_texts

MOST_REPORTS = 20  # that say word for word the same
MOST_FOUND = 3  # reports that a quotation is shown in
MOST_TEXTS = 30  # saved texts of one report that a quotation is looked for in
MOST_COMPARED = 3000  # characters of a quotation that are shown beside what stands on the site
_ADDRESS = re.compile(r"(?:^|/)(?:news/)?([0-9]{1,18})(?:/|$)")


@dataclass(frozen=True)
class Finding:
    """What the site says of a text: it ``stands``, it was ``changed`` since, or its report was ``withdrawn``."""

    kind: str
    since: datetime
    until: datetime | None = None
    report: Report | None = None  # the public report, to link to
    passage: quotes.Passage | None = None


@dataclass(frozen=True)
class Answer:
    """What was found of a quotation; or, if a report was named and has it nowhere, the words that come nearest."""

    findings: list[Finding]
    compared_with: Report | None = None
    difference: SafeString | None = None


# Of a digest ------------------------------------------------------------------------------------------------------


def of_digest(digest: str) -> list[Finding]:
    """Every report that has, or had while it was public, the text with this digest. Two queries, four if one had."""
    now = timezone.now()
    history = Report.history.model.objects
    # Whatever was not yet public is passed over here already: the time of the answer tells nothing of it either.
    saved = history.filter(digest=digest, status=Report.Status.PUBLISHED, published_at__lte=now)
    saved = saved.exclude(event__embargo_until__gt=now).order_by().values("id").distinct()
    numbers = list(saved.values_list("id", flat=True)[:MOST_REPORTS])
    versions = public_versions(numbers)
    public = _public(numbers, digest)
    findings = [
        # Published before the portal kept versions: known as it is since its last change.
        Finding("stands", _last_change(report), None, report)
        for report in public.values()
        if report.digest == digest and report.pk not in versions
    ]
    for number in sorted(versions):
        stood = [version for version in versions[number] if version.digest == digest]
        if stood:
            findings.append(_finding(stood[-1], public.get(number)))
    return findings


def _finding(version: Version, report: Report | None) -> Finding:
    if report is None:
        return Finding("withdrawn", version.since, version.until or timezone.now())
    if version.until is None and report.digest == version.digest:
        return Finding("stands", version.since, None, report)
    return Finding("changed", version.since, version.until, report)


def _public(numbers: list[int], digest: str) -> dict[int, Report]:
    wanted = Report.objects.published().filter(Q(pk__in=numbers) | Q(digest=digest))
    return {report.pk: report for report in wanted.select_related("event__place")[: 2 * MOST_REPORTS]}


def _last_change(report: Report) -> datetime:
    return max(report.updated_at, report.published_at, report.event.embargo_until or report.published_at)


# Of words ---------------------------------------------------------------------------------------------------------


def report_number(typed: str) -> int | None:
    """The number of the event in the address that a person typed or pasted, or the bare number."""
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*$", "", typed.strip(), flags=re.IGNORECASE)
    found = _ADDRESS.search(path)
    return int(found[1]) if found else None


def named_reports(event_id: int) -> list[Report]:
    """The public reports about an event, that of the page's language first. One query."""
    reports = Report.objects.published().filter(event=event_id).select_related("event__place")
    return sorted(reports, key=lambda report: (report.language != get_language(), report.language))


def of_quotation(wanted: str, named: list[Report]) -> Answer:
    """Where ``wanted`` (from ``quotes.quotation``) stands: in the reports that were named, else in any."""
    reports = named or _likely(wanted)
    found = [(report, passage) for report in reports if (passage := quotes.find(wanted, _said(report)))]
    if found:
        return Answer([_standing(report, passage, wanted) for report, passage in found[:MOST_FOUND]])
    earlier = [finding for report in named if (finding := _earlier(report, wanted))]
    if earlier or not named:
        return Answer(earlier)
    return _nearest(wanted, named)


def _likely(wanted: str) -> list[Report]:
    """Public reports with the longest words of the quotation: of the page's language, else of another."""
    words = quotes.telling_words(wanted)
    codes = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != get_language())
    for code in codes:
        results = search(code, words)
        if results.hits and not results.any_word:
            return [hit.report for hit in results.hits]
    return []


def _said(report: Report) -> str:
    return quotes.said(report.title, report.lead, report.body)


def _standing(report: Report, passage: quotes.Passage, wanted: str) -> Finding:
    """Since when the words have stood in the report without a break."""
    since = _last_change(report)
    for number, (version, text) in enumerate(_texts(report)):
        if (number == 0 and version.until) or not quotes.find(wanted, text):
            break
        since = version.since
    return Finding("stands", since, None, report, passage)


def _earlier(report: Report, wanted: str) -> Finding | None:
    """The latest public text of the report that had the words, if one had."""
    for version, text in _texts(report):
        if passage := quotes.find(wanted, text):
            return Finding("changed", version.since, version.until, report, passage)
    return None


def _texts(report: Report) -> list[tuple[Version, str]]:
    """The public texts of a report, the latest first. Three queries."""
    versions = public_versions([report.pk]).get(report.pk, [])[: -MOST_TEXTS - 1 : -1]
    fields = ("history_id", "title", "lead", "body")
    rows = Report.history.model.objects.filter(pk__in=[version.row for version in versions]).values_list(*fields)
    texts = {row[0]: quotes.said(*row[1:]) for row in rows}
    return [(version, texts[version.row]) for version in versions if version.row in texts]


def _nearest(wanted: str, named: list[Report]) -> Answer:
    quoted = wanted[:MOST_COMPARED]
    for report in named:
        if like := quotes.nearest(quoted, _said(report)):
            return Answer([], report, compare_texts(quotes.compared(like), quoted).html)
    return Answer([], named[0])
