"""The regions, cities and districts of Tajikistan, from ``data/divisions.csv``."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ABROAD = "abroad"


@dataclass(frozen=True)
class Division:
    """A region, or a city or district of one (then ``parent`` is the region's code)."""

    code: str
    parent: str
    names: tuple[tuple[str, str], ...]

    def name(self, language: str) -> str:
        names = dict(self.names)
        return names.get(language, names["tg"])


@cache
def divisions() -> dict[str, Division]:
    """Every division by its code, in the file's order."""
    path = Path(__file__).parent / "data" / "divisions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Division(row["code"], row["parent"], tuple((code, row[code]) for code in ("tg", "ru", "en")))
            for row in csv.DictReader(file)
        }


def regions() -> list[Division]:
    return [division for division in divisions().values() if not division.parent]


def districts_of(region: str) -> list[Division]:
    return [division for division in divisions().values() if division.parent == region]


def name(code: str, language: str) -> str:
    """The division's name in ``language``; "" for a code that is none."""
    division = divisions().get(code)
    return division.name(language) if division else ""
