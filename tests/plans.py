"""What PostgreSQL does for the questions of a page: it is asked again for each, with EXPLAIN ANALYZE."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

SORTS = {"Sort", "Incremental Sort"}


@dataclass(repr=False)
class Plan:
    """One question and how it was answered."""

    sql: str
    nodes: list[dict[str, Any]]

    @property
    def rows_read(self) -> int:
        """The rows that were taken out of tables and indexes, also those that were thrown away."""
        return max((read_by(node) for node in self.nodes if "Scan" in node["Node Type"]), default=0)

    @property
    def rows_scanned(self) -> int:
        """The rows of the largest table that was read through, without an index."""
        through = [node for node in self.nodes if node["Node Type"] == "Seq Scan" and node["Actual Loops"]]
        return max((round(read_by(node) / node["Actual Loops"]) for node in through), default=0)

    @property
    def rows_sorted(self) -> int:
        return max((taken_by_sort(node) for node in self.nodes if node["Node Type"] in SORTS), default=0)

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Each scan with the rows that it reads."""
        scans = [node for node in self.nodes if "Scan" in node["Node Type"]]
        return [(step_of(node), read_by(node)) for node in scans]

    @property
    def shape(self) -> list[str]:
        """The steps, with the index or the table that each reads."""
        return [step_of(node) for node in self.nodes]

    def __repr__(self) -> str:
        numbers = f"read {self.rows_read}, scanned {self.rows_scanned}, sorted {self.rows_sorted}"
        return "\n".join([numbers, self.sql, *(f"  {step}" for step in self.shape)])


def step_of(node: dict[str, Any]) -> str:
    return f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name', '')}"


def read_by(node: dict[str, Any]) -> int:
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])


def taken_by_sort(node: dict[str, Any]) -> int:
    """A sort with a limit gives few rows, but takes all that come from below."""
    below = node["Plans"][0]
    return round(below["Actual Rows"] * below["Actual Loops"])


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


@dataclass
class Asked:
    plans: list[Plan] = field(default_factory=list)

    def worst(self, what: str) -> int:
        return max((getattr(plan, what) for plan in self.plans), default=0)

    @property
    def shapes(self) -> list[list[str]]:
        return [plan.shape for plan in self.plans]


@contextmanager
def plans() -> Iterator[Asked]:
    """The plans of all that is read within."""
    asked = Asked()

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH", "(")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
                told = cursor.fetchone()[0]
            told = json.loads(told) if isinstance(told, str) else told
            asked.plans.append(Plan(sql, list(nodes_of(told[0]["Plan"]))))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield asked
