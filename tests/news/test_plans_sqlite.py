"""What SQLite does for a report among many: it walks along the times, and neither reads nor sorts the archive."""

import pytest
from django.db import connection
from django.test import Client

from news.models import Report

from . import factories


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="what SQLite does")
@pytest.mark.parametrize("page", ["report", "list", "category"])
def test_no_index_but_that_of_times_is_walked_along(page):
    reports = factories.many_reports(400)
    factories.category().events.set([report.event for report in reports])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = []

    def explain(execute, sql, params, many, context):
        if sql.lstrip("( ").startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                plan.extend(f"{row[3]} {sql}" for row in cursor.fetchall())
        return execute(sql, params, many, context)

    path = {"report": Report.objects.get(pk=reports[200].pk).get_absolute_url(), "list": "/en/news/",
            "category": "/en/news/category/meetings/"}[page]  # fmt: skip
    with connection.execute_wrapper(explain):
        assert Client().get(path).status_code == 200
    assert any("INDEX events_by_time" in step for step in plan)
    assert not [step for step in plan if "reports_by_publishing" in step]
    if page == "report":
        assert not any("news_event_categories_category_id" in step for step in plan)
