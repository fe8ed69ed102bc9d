"""Second implementations of the pairwise and adding rules, naive on purpose, no shared code."""

from fractions import Fraction
from itertools import pairwise, permutations


def table(ballots, count, unranked):
    """Count each duel on its own, ballot by ballot."""
    cells = [[Fraction(0)] * count for _ in range(count)]
    for weight, ranks in ballots:
        place = {index: rank for rank, group in enumerate(ranks) for index in group}
        for a in range(count):
            for b in range(count):
                if unranked == "ignored" and (a not in place or b not in place):
                    continue
                if place.get(a, 99) < place.get(b, 99):
                    cells[a][b] += weight
    return cells


def strongest(cells, margins):
    """Try every chain between any two candidates."""
    count = len(cells)
    best = [[Fraction(0)] * count for _ in range(count)]
    for length in range(2, count + 1):
        for chain in permutations(range(count), length):
            links = [link(cells, a, b, margins) for a, b in pairwise(chain)]
            start, end = chain[0], chain[-1]
            best[start][end] = max(best[start][end], min(links))
    return best


def link(cells, a, b, margins):
    if cells[a][b] <= cells[b][a]:
        return Fraction(0)
    return cells[a][b] - cells[b][a] if margins else cells[a][b]


def schulze_ranking(cells, margins):
    best = strongest(cells, margins)
    return peel(lambda a, b: best[a][b] > best[b][a], len(cells))


def peel(beats, count):
    left, groups = set(range(count)), []
    while left:
        top = {a for a in left if not any(beats(b, a) for b in left)}
        groups.append(top)
        left -= top
    return groups


def locked_pairs(cells, order):
    """Lock pairs in the given order of candidates; None when equal pairs need no order."""
    count = len(cells)
    pairs = [(a, b) for a in range(count) for b in range(count) if cells[a][b] > cells[b][a]]
    pairs.sort(key=lambda p: (-cells[p[0]][p[1]], cells[p[1]][p[0]], order.index(p[0]), -order.index(p[1])))
    locked = set()
    for winner, loser in pairs:
        if not reaches(locked, loser, winner):
            locked.add((winner, loser))
    return locked


def reaches(locked, start, end):
    if start == end:
        return True
    return any(reaches(locked, b, end) for a, b in locked if a == start)
