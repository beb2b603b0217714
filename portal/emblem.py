"""The emblem as outlines, for documents and drawn pictures: read from the one file that draws it."""

import re
from functools import lru_cache
from xml.etree import ElementTree

from django.conf import settings

SIZE = 96  # of the square that it is drawn in
_STEPS = 6
_SVG = "{http://www.w3.org/2000/svg}"
_TOKEN = re.compile(r"([MLQz])|(-?[0-9.]+)")

Point = tuple[float, float]


@lru_cache(maxsize=1)
def outlines() -> list[tuple[str, list[list[Point]]]]:
    """Colour and closed outlines of each part; the point (0, 0) is the upper left."""
    root = ElementTree.parse(settings.BASE_DIR / "static" / "img" / "emblem.svg").getroot()  # noqa: S314 (our own file)  # nosec B314
    return [(part.get("fill", ""), _polygons(part.get("d", ""))) for part in root.iter(f"{_SVG}path")]


def _polygons(drawing: str) -> list[list[Point]]:
    """The outlines of a path of moves, lines and quadratic curves, with absolute numbers alone."""
    found: list[list[Point]] = []
    command, numbers = "", []
    for letter, number in _TOKEN.findall(drawing):
        if letter:
            command, numbers = letter, []
            continue
        numbers.append(float(number))
        if len(numbers) < (4 if command == "Q" else 2):
            continue
        if command == "M":
            found.append([(numbers[0], numbers[1])])
            command = "L"  # What follows a move without a letter is a line.
        elif command == "L":
            found[-1].append((numbers[0], numbers[1]))
        else:
            found[-1] += _curve(found[-1][-1], (numbers[0], numbers[1]), (numbers[2], numbers[3]))
        numbers = []
    return found


def _curve(start: Point, bend: Point, end: Point) -> list[Point]:
    points = []
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        weights = ((1 - t) ** 2, 2 * t * (1 - t), t * t)
        x, y = (sum(w * point[axis] for w, point in zip(weights, (start, bend, end), strict=True)) for axis in (0, 1))
        points.append((x, y))
    return points
