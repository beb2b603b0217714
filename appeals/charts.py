"""Charts drawn by the server as SVG: places in units, words beside them; no script, no style in the page.

``templates/charts/`` draws them; every number that they show stands in a table beside them, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal import scales

# The drawing in its own units; the page stretches it.
WIDTH = 360
ROW, BAR, VALUE = 36, 12, 48
HEIGHT, LEFT, RIGHT, TOP, FLOOR = 180, 36, 8, 12, 24
MOST_BARS = 12
LABEL_MAX, MOST_MARKS = 46, 7


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    words: str  # What stands beside it: the value, or what is said in its place.
    top: int
    width: float

    height = BAR

    @property
    def label_y(self) -> int:
        return self.top + 12

    @property
    def bar_y(self) -> int:
        return self.top + 17

    @property
    def words_x(self) -> float:
        return self.width + 6


@dataclass(frozen=True)
class Bars:
    """Bars that lie one under the other, each with its label above and its value behind."""

    title: str
    bars: list[Bar]

    width = WIDTH

    @property
    def height(self) -> int:
        return len(self.bars) * ROW


def bars(title: str, rows: Sequence[tuple[str, int, str]]) -> Bars:
    """Of each row the label, the value and the words beside the bar; the longest few, if they are many."""
    if len(rows) > MOST_BARS:
        rows = sorted(rows, key=lambda row: -row[1])[:MOST_BARS]
    most = max((value for _label, value, _words in rows), default=0) or 1
    room = WIDTH - VALUE
    return Bars(
        title,
        [
            Bar(_short(label), value, words, place * ROW, round(max(room * value / most, 1.0 if value else 0.0), 2))
            for place, (label, value, words) in enumerate(rows)
        ],
    )


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Line:
    """One series; where it has no value to show it is broken. Its dashes and marks differ as well as its colour."""

    name: str
    runs: list[list[Point]]

    @property
    def paths(self) -> list[str]:
        return [" ".join(f"{point.x},{point.y}" for point in run) for run in self.runs]


@dataclass(frozen=True)
class Lines:
    """Series over time: ``scale`` are the lines of the scale, ``marks`` the words under the axis."""

    title: str
    lines: list[Line]
    scale: list[tuple[float, int]]
    marks: list[tuple[float, str]]

    width, height, left, right = WIDTH, HEIGHT, LEFT, WIDTH - RIGHT


def lines(title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]]) -> Lines:
    """``series`` are names, each with a value or None for each of ``labels``."""
    most = max((value or 0 for _name, values in series for value in values), default=0)
    step = scales.step(most)
    ceiling = max(step, -(-most // step) * step)
    unit = (HEIGHT - TOP - FLOOR) / ceiling
    gap = (WIDTH - LEFT - RIGHT) / max(1, len(labels) - 1)
    places = [round(LEFT + place * gap, 2) for place in range(len(labels))]
    floor = HEIGHT - FLOOR

    def line(name: str, values: Sequence[int | None]) -> Line:
        runs: list[list[Point]] = [[]]
        for x, label, value in zip(places, labels, values, strict=True):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(Point(x, round(floor - value * unit, 2), f"{label}: {name} {value}"))
        return Line(name, [run for run in runs if run])

    every = -(-len(labels) // MOST_MARKS)
    return Lines(
        title,
        [line(name, values) for name, values in series],
        [(round(floor - number * unit, 2), number) for number in range(0, ceiling + 1, step)],
        [(x, label) for place, (x, label) in enumerate(zip(places, labels, strict=True)) if place % every == 0],
    )


def _short(label: str) -> str:
    return label if len(label) <= LABEL_MAX else label[: LABEL_MAX - 1].rstrip() + "…"
