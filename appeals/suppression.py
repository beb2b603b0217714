"""Small numbers are not published, and cannot be computed from what is.

Where few people did something, a number may tell who they are. A count from 1 to 4 is hidden ("fewer than 5"). Who
knows a sum could subtract: so beside a single hidden count the next smallest is withheld too, until no hidden count
follows from the sum and from what its own words say of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

LEAST = 5


class Hidden(StrEnum):
    """What stands in place of a count. A count that is withheld may be large."""

    FEW = "few"
    WITHHELD = "withheld"


Cell = int | Hidden


def alone(count: int) -> Cell:
    """A count that is part of no published sum."""
    return Hidden.FEW if 0 < count < LEAST else count


def part(count: int, whole: int) -> Cell:
    """A count whose whole is published: what is left of the whole must not be small either."""
    hidden = alone(count)
    return Hidden.WITHHELD if hidden == count and isinstance(alone(whole - count), Hidden) else hidden


def column(counts: Sequence[int]) -> list[Cell]:
    """Counts whose sum is published as ``alone(sum)``."""
    total = sum(counts)
    if isinstance(alone(total), Hidden):
        # Another table of the same few people must not tell which of them are none.
        return [Hidden.FEW] * len(counts)
    cells = [alone(count) for count in counts]
    while _tells(cells, total):
        shown = [(cell, place) for place, cell in enumerate(cells) if isinstance(cell, int) and cell]
        if not shown:
            return [Hidden.WITHHELD] * len(counts)
        cells[min(shown)[1]] = Hidden.WITHHELD
    return cells


def _tells(cells: Sequence[Cell], total: int) -> bool:
    """Some hidden count can have one value only."""
    shown = [cell for cell in cells if isinstance(cell, int)]
    # It is the smallest that is withheld, and whoever knows this rule knows it.
    most = min((cell for cell in shown if cell), default=math.inf)
    limits = {Hidden.FEW: (1, LEAST - 1), Hidden.WITHHELD: (LEAST, most)}
    hidden = [limits[cell] for cell in cells if isinstance(cell, Hidden)]
    rest, lows, highs = total - sum(shown), sum(low for low, _high in hidden), sum(high for _low, high in hidden)
    return any(max(low, rest - (highs - high)) == min(high, rest - (lows - low)) for low, high in hidden)
