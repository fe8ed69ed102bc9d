"""The ballots of a Meek count as a tree: what a pass over all ballots would give, without the pass.

A node stands for the elected candidates that a paper has passed, in the order in which it ranks them;
in it the papers are sorted by the next candidate who is still in. Only the elected open a further
node, so that the tree grows with the elected and not with the length of the ballots. Papers move only
when a candidate is elected or excluded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from groundswell.calc.tally.ballots import Ballot
from groundswell.calc.tally.piles import papers_in

HOPEFUL: Final = 0
ELECTED: Final = 1
EXCLUDED: Final = 2


@dataclass(slots=True)
class Node:
    """Papers that have passed the same elected candidates in the same order.

    `hopeful`: the papers whose next candidate is a hopeful; `elected`: the nodes behind the next
    elected; `papers` counts what stands in each of these; `spent`: papers that name nobody further.
    """

    hopeful: dict[int, list[Ballot]] = field(default_factory=dict)
    elected: dict[int, "Node"] = field(default_factory=dict)
    papers: dict[int, int] = field(default_factory=dict)
    spent: int = 0

    def add(self, ballots: Iterable[Ballot], after: int | None, status: Sequence[int]) -> None:
        """Sort papers into this node by their next candidate behind `after` (None: from the front)."""
        found: dict[int, list[Ballot]] = {}
        spent: list[Ballot] = []
        for ballot in ballots:
            ranks = iter(ballot.ranks)
            if after is not None:
                for group in ranks:
                    if group[0] == after:
                        break
            for group in ranks:
                if status[group[0]] != EXCLUDED:
                    found.setdefault(group[0], []).append(ballot)
                    break
            else:
                spent.append(ballot)
        self.spent += papers_in(spent)
        for candidate, pile in found.items():
            self.papers[candidate] = self.papers.get(candidate, 0) + papers_in(pile)
            if status[candidate] == ELECTED:
                self.elected.setdefault(candidate, Node()).add(pile, candidate, status)
            else:
                self.hopeful.setdefault(candidate, []).extend(pile)

    def elect(self, candidate: int, status: Sequence[int]) -> None:
        """Open the node behind a candidate who has just been elected, here and everywhere below."""
        for node in self.elected.values():
            node.elect(candidate, status)
        pile = self.hopeful.pop(candidate, None)
        if pile is not None:
            self.elected[candidate] = Node()
            self.elected[candidate].add(pile, candidate, status)

    def exclude(self, candidate: int, status: Sequence[int]) -> None:
        """Pass the papers of a candidate who has just been excluded on, here and everywhere below."""
        for node in self.elected.values():
            node.exclude(candidate, status)
        pile = self.hopeful.pop(candidate, None)
        if pile is not None:
            del self.papers[candidate]
            self.add(pile, candidate, status)

    def distribute(self, weight: int, keeps: Sequence[int], unit: int, votes: list[int]) -> int:
        """Give each candidate her part of papers that arrive here worth `weight` each.

        Adds to `votes`; gives what no candidate receives. All in units of 1/`unit` vote; a kept part
        is rounded up.
        """
        spent = self.spent * weight
        papers = self.papers
        for candidate in self.hopeful:
            votes[candidate] += weight * papers[candidate]
        for candidate, node in self.elected.items():
            kept = -(-weight * keeps[candidate] // unit)
            votes[candidate] += kept * papers[candidate]
            if weight > kept:
                spent += node.distribute(weight - kept, keeps, unit, votes)
        return spent
