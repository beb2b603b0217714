"""How often each report is read: a number a day, and nothing about who read it."""

from __future__ import annotations

from django.db import models


class DailyReads(models.Model):
    """How many times a report was opened on a day of the Dushanbe calendar."""

    report = models.ForeignKey("news.Report", models.CASCADE, related_name="daily_reads")
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "day"], name="one_count_a_day")]

    def __str__(self) -> str:
        return f"{self.report_id}, {self.day}: {self.count}"
