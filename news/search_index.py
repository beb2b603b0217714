"""What search reads: every report's words, folded, beside the report and kept with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

from portal.fold import fold_words

from .body import words

if TYPE_CHECKING:
    from .models import Report


class SearchEntry(models.Model):
    """The folded words of a report, written whenever the report is.

    The fold and the text without its marks are made here and not in SQL: SQLite's ``lower()`` knows no
    Cyrillic, and both databases then index the very same words. A table of its own keeps lists from reading
    every text twice. The index over it is the database's work (migration 0003): generated columns on
    PostgreSQL, an FTS5 table with triggers on SQLite.
    """

    report = models.OneToOneField("news.Report", models.CASCADE, primary_key=True, related_name="search_entry")
    language = models.CharField(max_length=2)
    title = models.TextField()
    lead = models.TextField()
    body = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(report_id=report.pk, language=report.language, **folded(report.title, report.lead, report.body))

    @classmethod
    def write(cls, reports: Iterable[Report]) -> None:
        """Make the entries of ``reports`` say what the reports say."""
        cls.objects.bulk_create(
            (cls.of(report) for report in reports),
            batch_size=200,
            update_conflicts=True,
            unique_fields=["report"],
            update_fields=["language", "title", "lead", "body"],
        )


def folded(title: str, lead: str, body: str) -> dict[str, str]:
    """The three texts of a report as search reads them."""
    texts = {"title": title, "lead": lead, "body": words(body)}
    return {name: " ".join(fold_words(text)) for name, text in texts.items()}
