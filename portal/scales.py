"""The scale beside a chart."""

from __future__ import annotations

_STEPS = (1, 2, 5)


def step(top: int) -> int:
    """The distance of the lines: 1, 2 or 5 times a power of ten, so that there are at most five."""
    power = 1
    while True:
        for one in _STEPS:
            if top <= 5 * one * power:
                return one * power
        power *= 10
