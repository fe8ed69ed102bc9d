"""Which rule is found by which name.

A rule's module is imported only when its rule is asked for. To add a rule: write a `Rule` in a module
beside this one, and one line here. `Rule.count` takes the election and the options and gives the
`Result`; it raises `TieError` when nothing decides a tie, `RuleError` when the rule cannot be used.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from groundswell.calc.errors import RuleError
from groundswell.calc.tally.ballots import Election
from groundswell.calc.tally.result import Result
from groundswell.calc.tally.ties import UNDECIDED, Decider

# name -> module beside this one, attribute that holds its Rule
RULES: Final[dict[str, tuple[str, str]]] = {
    "scottish-stv": ("scottish", "SCOTTISH_STV"),
    "wigm": ("wigm", "WIGM"),
    "meek": ("meek", "MEEK"),
    "irv": ("irv", "IRV"),
    "schulze": ("condorcet", "SCHULZE"),
    "schulze-margins": ("condorcet", "SCHULZE_MARGINS"),
    "ranked-pairs": ("condorcet", "RANKED_PAIRS"),
    "approval": ("scored", "APPROVAL"),
    "score": ("scored", "SCORE"),
    "plurality": ("scored", "PLURALITY"),
    "block": ("scored", "BLOCK"),
    "two-round": ("majority", "TWO_ROUND"),
}

Unranked = Literal["last", "ignored"]


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who counts decides: what breaks ties, and what an unranked candidate means.

    `unranked` None leaves the rule's own meaning, which its result states; “last” places unranked
    candidates below all ranked ones, “ignored” expresses nothing about them.
    """

    decider: Decider = field(default=UNDECIDED)
    unranked: Unranked | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of counting and what anybody needs to know before trusting it.

    `source` cites statute or paper; `arithmetic`, `ties` and `unranked` are one sentence each.
    """

    name: str
    title: str
    source: str
    arithmetic: str
    ties: str
    unranked: str
    count: Callable[[Election, Options], Result]


def find(name: str) -> Rule:
    """Load the rule of that name. Raises `RuleError` naming the rules there are."""
    if name not in RULES:
        raise RuleError(
            "there is no rule “%(name)s”; there are %(rules)s.", name=name, rules=", ".join(RULES)
        )
    module, attribute = RULES[name]
    rule = getattr(importlib.import_module(f"groundswell.calc.tally.{module}"), attribute)
    if not isinstance(rule, Rule):
        raise TypeError(f"{module}.{attribute} is not a Rule")
    return rule
