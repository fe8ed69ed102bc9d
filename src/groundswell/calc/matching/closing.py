"""What pairs say together: who is one with one of two that are one person is one with both.

Where A and B are one person with probability p and B and C with q, A and C are with at least p + q - 1
(Fréchet's bound, without a word on dependence). Along a path that is one less the doubts of its steps.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

# Somebody written down more often than this is an address many share, not one person.
MOST_ROWS: Final = 50


def closed(scores: Mapping[tuple[int, int], float], threshold: float) -> dict[tuple[int, int], float]:
    """Return the pairs (left < right) with those that follow from them, each with its probability."""
    near: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for (left, right), score in scores.items():
        near[left][right] = near[right][left] = 1.0 - score
    found = dict(scores)
    for start in sorted(near):
        if len(near[start]) <= MOST_ROWS:
            for row, doubt in _reached(near, start, 1.0 - threshold).items():
                if start < row and 1.0 - doubt > found.get((start, row), 0.0):
                    found[start, row] = 1.0 - doubt
    return found


def _reached(near: Mapping[int, Mapping[int, float]], start: int, most: float) -> dict[int, float]:
    """Return the least doubt of each row that a path leads to with no more than `most`."""
    doubts = {start: 0.0}
    queue = [(0.0, start)]
    while queue and len(doubts) <= MOST_ROWS:
        doubt, row = heapq.heappop(queue)
        if doubt > doubts[row]:
            continue
        for other, step in near[row].items():
            there = doubt + step
            if there <= most and there < doubts.get(other, 2.0):
                doubts[other] = there
                heapq.heappush(queue, (there, other))
    return doubts
