"""The table of ``make bench``: what the load generator says is read right, and judged right."""

import math

import pytest

from bench import citizens, figures
from bench.figures import ACCEPTED, BARE, CHECK, COLD, FAR, FIRST, PLAIN, WARM, Section
from bench.load import Row
from bench.load import figures as read_figures

WRK = """Running 2s test @ http://127.0.0.1:8000
  1 threads and 16 connections
Requests/sec:   4000.00
figures {"requests": 8000, "seconds": 2.0, "bytes": 800000, "p50": 1.5, "p95": 4.0, "p99": 9.25, "failed": 3}
"""


def row(what: str, per_second: float = 100, p50: float = 1, p95: float = 1, p99: float = 1) -> Row:
    return Row(what, per_second, p50, p95, p99, 10, 10)


def section(reports: int = 10_000, vendor: str = "PostgreSQL", **other: float) -> Section:
    """One that keeps every target."""
    rows = [row(BARE, 1000), row(PLAIN, p50=1), row(WARM, 900), row(COLD, p50=9), row(FIRST, p50=10), row(FAR, p50=12)]
    rows += [row("search: a rare word", p95=30), row("search: a typo", p95=49)]
    rows += [row(CHECK, 120), row(ACCEPTED, 70, p99=400)]
    return Section(vendor, reports, 200_000, rows, {"queries": 4, "number": 5, "whole": 8}, 1.0, 100, **other)


def change(of: Section, what: str, **values: float) -> Section:
    of.rows = [row(what, **values) if one.what == what else one for one in of.rows]
    return of


def broken(*sections: Section) -> list[str]:
    return [one.what.partition(" (")[0] for one in figures.verdicts(list(sections)) if one.kept is False]


def test_the_line_of_figures_is_found_among_what_the_load_generator_says():
    assert read_figures(WRK)["requests"] == 8000
    assert read_figures(WRK)["failed"] == 3


def test_output_without_figures_is_no_row():
    with pytest.raises(ValueError, match="unable to connect"):
        read_figures("unable to connect to 127.0.0.1:1 Connection refused")


def test_every_target_is_kept_by_good_figures():
    found = figures.verdicts([section(), section(1_000_000)])
    assert [one.kept for one in found] == [True] * 21


@pytest.mark.parametrize(
    ("what", "values", "target"),
    [
        (WARM, {"per_second": 799}, "kept report: requests/s, of the bare application's"),
        (COLD, {"p50": 10.1}, "report not kept, p50: 2 ×"),
        (FAR, {"p50": 13.1}, "list, page 500: p50, of page 1's"),
        ("search: a typo", {"p95": 51}, "search, p95 of the slowest kind"),
        (ACCEPTED, {"per_second": 59}, "appeals accepted a second"),
        (ACCEPTED, {"per_second": 70, "p99": 501}, "appeals accepted, p99"),
        (CHECK, {"per_second": 99}, "forms with a new CAPTCHA a second"),
    ],
)
def test_a_figure_beyond_its_limit_is_named(what: str, values: dict[str, float], target: str):
    assert broken(change(section(), what, **values)) == [target]


def test_a_report_among_many_is_compared_with_one_among_few_on_the_same_database():
    many = change(section(1_000_000), COLD, p50=9 * 1.21)
    assert broken(section(), many)[-1] == "report not kept, p50: at 1,000,000 of that at 10,000"
    assert "at 1,000,000 of" not in str(figures.verdicts([section(vendor="SQLite"), many]))


def test_what_was_not_measured_is_neither_kept_nor_broken():
    empty = Section("SQLite", 10_000, 0)
    assert {one.kept for one in figures.verdicts([empty])} == {None}


def test_a_row_that_came_through_nginx_is_not_taken_for_the_one_without():
    found = section()
    found.rows.insert(0, Row(WARM, 1, 1, 1, 1, 1, 1, where="behind nginx, TLS"))
    assert broken(found) == []


def test_the_table_has_a_line_for_each_row_and_says_what_failed():
    found = section()
    found.rows[0].failed = 7
    lines = figures.table([found]).splitlines()
    assert len(lines) == 3 + len(found.rows)
    assert lines[3].startswith(f"| {BARE} **7 failed** | 1,000 | 1.00 ")
    assert lines[5].endswith("| 90% |")


def test_the_whole_appeal_takes_the_time_of_all_its_requests():
    whole = citizens.whole([row("a", 100, p50=2), row("b", 50, p50=3)])
    assert whole.per_second == pytest.approx(1 / (1 / 100 + 1 / 50))
    assert whole.p50 == 5
    assert math.isnan(whole.p99)


def test_the_result_takes_the_place_of_the_last_one_in_the_document(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n", encoding="utf-8")
    figures.write("new", document)
    assert document.read_text() == f"before\n{figures.BEGIN}\nnew\n{figures.END}\nafter\n"


def test_the_document_has_the_marks():
    text = figures.DOCUMENT.read_text(encoding="utf-8")
    assert text.count(figures.BEGIN) == text.count(figures.END) == 1
