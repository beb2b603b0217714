"""The regions, cities and districts of Tajikistan, from ``data/divisions.csv``."""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from portal.text import alphabetical

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


def regions(language: str = "") -> list[Division]:
    """In the order of the ``language``'s alphabet, else in the file's."""
    return list(_in_order("", language))


def districts_of(region: str, language: str = "") -> list[Division]:
    """In the order of the ``language``'s alphabet, else in the file's."""
    return list(_in_order(region, language))


@lru_cache(maxsize=100)  # Each form asks for all of them. Bounded: a region may be what somebody typed.
def _in_order(parent: str, language: str) -> tuple[Division, ...]:
    found = [division for division in divisions().values() if division.parent == parent]
    return tuple(sorted(found, key=lambda division: alphabetical(division.name(language))) if language else found)


def name(code: str, language: str) -> str:
    """The division's name in ``language``; "" for a code that is none."""
    division = divisions().get(code)
    return division.name(language) if division else ""
