"""When people come, how long they waited, and what that amounts to: no sockets, no clock of its own.

The load is open: people come when they come, whether or not those before them were served. So a wait is counted from
the moment at which somebody meant to ask; what the generator was late is part of it, and is told beside it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# Arrivals that the generator sent later than this were held up by the generator, not by the server.
LATE = 0.05


def moments(count: int, seconds: float, seed: int) -> list[float]:
    """When ``count`` people come within ``seconds``, each by chance: a Poisson process of which the number is known."""
    chance = random.Random(seed)
    return sorted(chance.uniform(0, seconds) for _ in range(count))


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed; NaN of none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    place = -(-len(ordered) * share // 1)  # rounded up
    return ordered[max(0, min(len(ordered), int(place)) - 1)]


@dataclass
class Tally:
    """What a generator saw. ``waits``: seconds by kind of request; ``lags``: how late each arrival was sent."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    lags: list[float] = field(default_factory=list)

    def wait(self, what: str, seconds: float) -> None:
        self.waits.setdefault(what, []).append(seconds)

    def fail(self, what: str, why: str) -> None:
        self.failures[f"{what}: {why}"] += 1

    @property
    def failed(self) -> int:
        return self.failures.total()

    def ms(self, what: str, share: float) -> float:
        return percentile(self.waits.get(what, []), share) * 1000

    def late(self) -> float:
        """The share of arrivals that were sent late."""
        return sum(lag > LATE for lag in self.lags) / len(self.lags) if self.lags else 0.0

    def lag_ms(self, share: float) -> float:
        return percentile(self.lags, share) * 1000

    def as_json(self) -> dict[str, Any]:
        return {"waits": self.waits, "failures": dict(self.failures), "lags": self.lags}

    @classmethod
    def of_json(cls, told: dict[str, Any]) -> Tally:
        return cls(told["waits"], Counter(told["failures"]), told["lags"])
