"""Majorities and quorum: whether a motion is carried, and what it would have needed.

A majority is a share *of something*: of the votes (yes and no), of the votes cast (with abstentions),
of those present, or of those entitled. “More than half” and “at least two thirds” differ when the share
comes out even; both are written. Wordings after Robert's Rules of Order, 12th ed., § 44, and the
practice of statutes. Nothing is rounded: what is needed is the smallest whole number that suffices.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from groundswell.calc.errors import InputError, Words

Base = Literal["votes", "cast", "present", "entitled"]
WORDS: dict[Base, Words] = {
    "votes": Words("yes and no votes"),
    "cast": Words("votes cast, abstentions included"),
    "present": Words("those present"),
    "entitled": Words("those entitled"),
}


@dataclass(frozen=True, slots=True)
class Show:
    """A vote: `yes`, `no` and `abstain` in votes, `present` and `entitled` in the same unit."""

    yes: int
    no: int
    abstain: int = 0
    present: int | None = None
    entitled: int | None = None

    def __post_init__(self) -> None:
        counted = (
            (Words("yes votes"), self.yes),
            (Words("no votes"), self.no),
            (Words("abstaining votes"), self.abstain),
        )
        for what, votes in counted:
            if votes < 0:
                raise InputError(
                    "there are %(votes)s %(what)s; there must be 0 or more.", votes=votes, what=what
                )
        if self.present is not None and self.present < self.base("cast"):
            raise InputError(
                "%(cast)s votes are cast and only %(present)s are present.",
                cast=self.base("cast"),
                present=self.present,
            )
        if self.entitled is not None and self.entitled < max(self.base("cast"), self.present or 0):
            raise InputError(
                "more vote or are present than the %(entitled)s who are entitled.", entitled=self.entitled
            )

    def base(self, of: Base) -> int:
        """Give the number of which a share is taken. Raises `InputError` if it was not counted."""
        found = {
            "votes": self.yes + self.no,
            "cast": self.yes + self.no + self.abstain,
            "present": self.present,
            "entitled": self.entitled,
        }[of]
        if found is None:
            raise InputError("the rule needs the number of %(what)s, which is missing.", what=WORDS[of])
        return found


@dataclass(frozen=True, slots=True)
class Majority:
    """What a motion needs: `share` of a base, exceeded (`over`) or reached."""

    share: Fraction
    of: Base
    over: bool

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or (self.over and self.share == 1):
            raise InputError("a majority of %(share)s cannot be had.", share=self.share)

    def needed(self, base: int) -> int:
        """Give the smallest number of yes votes that suffices, at least 1."""
        exact = self.share * base
        whole = exact.numerator // exact.denominator
        return max(1, whole + 1 if self.over or exact > whole else whole)

    def describe(self) -> str:
        """Write the majority out."""
        return f"{'more than' if self.over else 'at least'} {self.share} of the {WORDS[self.of]}"


SIMPLE = Majority(Fraction(1, 2), "votes", over=True)


def absolute(of: Base) -> Majority:
    """Give more than half of a base."""
    return Majority(Fraction(1, 2), of, over=True)


def qualified(share: Fraction, of: Base) -> Majority:
    """Give at least a share of a base, such as two thirds."""
    return Majority(share, of, over=False)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who must take part: a share of those entitled, `over` or reached; counted `by` presence or votes."""

    share: Fraction
    over: bool = False
    by: Literal["present", "cast"] = "present"

    def needed(self, entitled: int) -> int:
        """Give the smallest number that makes the quorum."""
        exact = self.share * entitled
        whole = exact.numerator // exact.denominator
        return whole + 1 if self.over or exact > whole else whole


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the motion is carried; `needed` yes votes of `base`; the quorum; and the sentence."""

    carried: bool
    yes: int
    needed: int
    base: int
    quorate: bool | None
    quorum_needed: int | None
    sentence: str


def decide(show: Show, majority: Majority, quorum: Quorum | None = None) -> Decision:
    """Say whether the motion is carried. An equal vote carries nothing; nor does one without quorum.

    Raises `InputError` when a number that the rule needs was not counted.
    """
    base = show.base(majority.of)
    needed = majority.needed(base)
    enough = show.yes >= needed
    quorate: bool | None = None
    quorum_needed: int | None = None
    told = f"{show.yes} yes, {show.no} no, {show.abstain} abstaining"
    if quorum is not None:
        taking_part = show.base(quorum.by)
        quorum_needed = quorum.needed(show.base("entitled"))
        quorate = taking_part >= quorum_needed
        told += f"; quorum {'met' if quorate else 'missed'}: {taking_part} of {quorum_needed} needed"
    carried = enough and quorate is not False
    sentence = (
        f"{'Carried' if carried else 'Not carried'}: {told}; {needed} yes votes needed "
        f"({majority.describe()}, here {base})."
    )
    return Decision(carried, show.yes, needed, base, quorate, quorum_needed, sentence)
