"""What two rows of anything have in common, in one order: the ground of every comparison of texts.

Knows no text. The time is bounded: a passage in which nothing can be told apart has nothing in common.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

# Passages without anything that stands once in both are compared in full up to this size (length times length).
MAX_CELLS = 4000
# And all of them together up to this.
MAX_CELLS_IN_ALL = 400_000


def aligned(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """The places of what stands in both in one order, by the words that stand once in each (patience difference).

    Takes time in proportion to the length, times its logarithm.
    """
    pairs: list[tuple[int, int]] = []
    waiting, cells = [(0, len(old), 0, len(new))], MAX_CELLS_IN_ALL
    while waiting:
        left, right, low, high = waiting.pop()
        while left < right and low < high and old[left] == new[low]:
            pairs.append((left, low))
            left, low = left + 1, low + 1
        while left < right and low < high and old[right - 1] == new[high - 1]:
            right, high = right - 1, high - 1
            pairs.append((right, high))
        if left == right or low == high:
            continue
        anchors = _anchors(old, new, left, right, low, high)
        if anchors:
            pairs += anchors
            ends = [(left - 1, low - 1), *anchors, (right, high)]
            waiting += [(a + 1, b, c + 1, d) for (a, c), (b, d) in pairwise(ends)]
        elif (size := (right - left) * (high - low)) <= min(MAX_CELLS, cells):
            cells -= size
            small = SequenceMatcher(None, old[left:right], new[low:high], autojunk=False)
            for here, there, length in small.get_matching_blocks():
                pairs += [(left + here + step, low + there + step) for step in range(length)]
    return sorted(pairs)


def _anchors(
    old: Sequence[Hashable], new: Sequence[Hashable], left: int, right: int, low: int, high: int
) -> list[tuple[int, int]]:
    """The longest row, in one order, of what stands exactly once in each of the two passages."""
    here, there = Counter(old[left:right]), Counter(new[low:high])
    places = {new[place]: place for place in range(low, high) if there[new[place]] == 1}
    once = [
        (place, places[old[place]]) for place in range(left, right) if here[old[place]] == 1 and old[place] in places
    ]
    return _longest_rise(once)


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of ``pairs`` (their first numbers rise) whose second numbers rise, too."""
    tails: list[int] = []  # The least last number of a row of each length,
    last: list[int] = []  # and the pair that it belongs to.
    before: list[int] = []
    for place, (_first, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        before.append(last[length - 1] if length else -1)
        if length == len(tails):
            tails.append(second)
            last.append(place)
        else:
            tails[length], last[length] = second, place
    row = []
    place = last[-1] if last else -1
    while place >= 0:
        row.append(pairs[place])
        place = before[place]
    return row[::-1]
