"""No small number is published, and none follows from the sums that are."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.suppression import Hidden, alone, column, part

F, W = Hidden.FEW, Hidden.WITHHELD
counts = st.lists(st.integers(0, 12), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("given_counts", "published"),
    [
        ([12, 30, 8], [12, 30, 8]),
        ([12, 0, 8], [12, 0, 8]),
        ([3, 30, 8], [F, 30, W]),  # 41 − 30 − 8 would be 3.
        ([3, 2, 30], [F, F, 30]),
        ([4, 4, 30], [F, F, W]),  # Two numbers under 5 whose sum is 8.
        ([1, 1, 30, 9], [F, F, 30, W]),
        ([4, 4], [W, W]),
        ([7], [7]),
        ([2, 1, 0], [F, F, F]),  # The sum itself is small: another table must not tell which of them are none.
        ([0, 0], [0, 0]),
    ],
)
def test_what_is_published_of_a_column(given_counts, published):
    assert column(given_counts) == published


def possible(cells, total):
    """Every way to fill in the hidden cells that agrees with the sum and with the words."""
    limits = {F: range(5) if isinstance(alone(total), Hidden) else range(1, 5), W: range(total + 1)}
    ways = product(*([cell] if isinstance(cell, int) else limits[cell] for cell in cells))
    return [way for way in ways if (sum(way) == total if isinstance(alone(total), int) else 0 < sum(way) < 5)]


@given(counts)
def test_no_hidden_count_follows_from_the_sum(given_counts):
    cells, total = column(given_counts), sum(given_counts)
    ways = possible(cells, total)
    assert tuple(given_counts) in ways
    for place, cell in enumerate(cells):
        if isinstance(cell, Hidden):
            assert len({way[place] for way in ways}) > 1
        else:
            assert cell == given_counts[place]
            assert cell == 0 or cell >= 5


def test_the_check_itself_sees_a_leak():
    assert {way[0] for way in possible([F, 30, 8], 41)} == {3}


@pytest.mark.parametrize(
    ("count", "whole", "published"),
    [(8, 20, 8), (20, 20, 20), (0, 20, 0), (3, 20, F), (18, 20, W), (0, 3, W), (2, 3, F), (0, 0, 0)],
)
def test_a_part_tells_nothing_of_a_small_rest(count, whole, published):
    assert part(count, whole) == published
