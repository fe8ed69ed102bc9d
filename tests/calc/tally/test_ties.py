"""What decides ties: earlier stages, published lots, a list of names, or nobody; each recorded."""

import hashlib

import pytest

from groundswell.calc.errors import InputError, TieError
from groundswell.calc.tally.ballots import Ballot, Election
from groundswell.calc.tally.methods import Options, find
from groundswell.calc.tally.ties import (
    UNDECIDED,
    Decisions,
    Lots,
    break_tie,
    by_history,
    decisions,
    settle,
)

NAMES = ("Ada", "Ben", "Cleo")


def _election(*lines: tuple[int, str], seats: int = 1, names: str = "ABCDE") -> Election:
    ballots = tuple(Ballot(weight, tuple((names.index(sign),) for sign in ranks)) for weight, ranks in lines)
    return Election(seats, tuple(names), frozenset(), ballots)


def test_a_lot_can_be_drawn_again_by_hand() -> None:
    lots = Lots("Congress 2026")
    by_hand = hashlib.sha256(b"Congress 2026\nAda").hexdigest()
    assert lots.digest("Ada") == by_hand
    assert lots.digest("Ada") == "b320de5f8a84ca2190bc80c9ea098b996008df446c7b6babbac6b1b988394ca7"
    assert lots.order(NAMES) == tuple(sorted(NAMES, key=lots.digest))


def test_a_lot_depends_on_the_names_and_not_on_their_order() -> None:
    lots = Lots("seed")
    assert lots.order(NAMES) == lots.order(NAMES[::-1])
    assert {Lots(str(seed)).order(NAMES) for seed in range(50)} > {Lots("1").order(NAMES)}


def test_a_list_of_decisions_orders_the_names_it_has_and_no_others() -> None:
    decided = Decisions(("Cleo", "Ada"))
    assert decided.order(("Ada", "Cleo")) == ("Cleo", "Ada")
    assert decided.order(("Ada", "Ben")) is None


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        ({"Ada": 1}, 'the file of ties must hold a JSON list of names, such as ["Ada", "Ben"].'),
        (["Ada", 3], 'the file of ties must hold a JSON list of names, such as ["Ada", "Ben"].'),
        (["Ada", "Dora"], "the file of ties names “Dora”, who is no candidate."),
        (["Ada", "Ada"], "the file of ties names “Ada” twice."),
    ],
)
def test_a_wrong_list_of_decisions_is_refused(listed: object, sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        decisions(listed, NAMES)
    assert refusal.value.message == sentence


def test_the_first_of_the_order_is_chosen_to_win_and_the_last_to_go() -> None:
    decided = Decisions(("Cleo", "Ben", "Ada"))
    win = settle((0, 1, 2), names=NAMES, stage=1, question="who is elected", decider=decided, first=True)
    go = settle((0, 1, 2), names=NAMES, stage=1, question="who is excluded", decider=decided, first=False)
    assert (win.chosen, go.chosen) == (2, 0)
    assert win.how == "decision"


def test_a_tie_that_nothing_decides_names_the_tied_and_what_to_do() -> None:
    with pytest.raises(TieError) as refusal:
        settle((0, 2), names=NAMES, stage=4, question="who is excluded", decider=UNDECIDED, first=False)
    assert refusal.value.tied == ("Ada", "Cleo")
    assert refusal.value.message == (
        "Ada and Cleo are tied on stage 4 (who is excluded): draw lots in public and give the names, "
        "the winner first, as a JSON list with --ties FILE, "
        "or give a seed agreed beforehand with --seed TEXT."
    )


HISTORY = ((5, 3, 3), (5, 5, 3), (5, 5, 5))


def test_history_is_read_backwards_or_forwards_and_narrows_three_step_by_step() -> None:
    assert by_history((0, 1, 2), HISTORY, highest=True) == ((0,), 1)
    assert by_history((0, 1, 2), HISTORY, highest=False) == ((2,), 2)
    assert by_history((0, 1, 2), HISTORY, highest=True, forwards=True) == ((0,), 1)
    assert by_history((0, 1, 2), HISTORY, highest=False, forwards=True) == ((2,), 2)
    assert by_history((0, 1), ((1, 1), (2, 2)), highest=True) == ((0, 1), None)


def test_a_tie_broken_backwards_says_on_which_stage() -> None:
    tie = break_tie(
        (0, 2), names=NAMES, history=HISTORY, question="who is excluded", decider=UNDECIDED, highest=False
    )
    assert (tie.chosen, tie.how, tie.stage) == (2, "backwards", 4)
    assert tie.because == "on stage 2 Cleo had the fewest of them"


# Exclusion: on stage 1 C leads D; the exclusion of E makes them equal; the earlier stage decides.
WEAK = ((10, "A"), (9, "B"), (5, "C"), (4, "D"), (1, "ED"))


def test_the_scottish_rule_excludes_who_had_fewer_on_the_latest_unequal_stage() -> None:
    result = find("scottish-stv").count(_election(*WEAK, seats=2), Options())
    tie = result.ties[0]
    assert (tie.stage, tie.how, result.candidates[tie.chosen]) == (2, "backwards", "D")
    assert result.names(result.stages[1].excluded) == ["D"]


def test_the_scottish_rule_draws_a_lot_when_all_stages_are_equal() -> None:
    election = _election((10, "A"), (4, "B"), (4, "C"), (1, "D"), names="ABCD", seats=2)
    with pytest.raises(TieError, match=r"^B and C are tied on stage 3 "):
        find("scottish-stv").count(election, Options())
    result = find("scottish-stv").count(election, Options(Decisions(("C", "B"))))
    assert result.names(result.winners) == ["A", "C"]
    assert [tie.how for tie in result.ties] == ["decision"]


def test_the_scottish_rule_transfers_the_earlier_of_two_equal_surpluses_by_lot() -> None:
    election = _election((10, "AC"), (10, "BD"), (3, "C"), (4, "D"), seats=3)
    for order, first in ((("A", "B"), "A"), (("B", "A"), "B")):
        result = find("scottish-stv").count(election, Options(Decisions(order)))
        assert result.ties[0].question == "whose surplus is transferred first"
        assert result.stages[1].action == f"surplus of {first}"


def test_equal_surpluses_are_parted_by_the_latest_unequal_stage() -> None:
    # Quota 11. E's exclusion lifts C and D to 13 each; on stage 1 C had 10 and D had 9.
    election = _election((10, "CA"), (9, "DA"), (3, "EC"), (4, "ED"), (8, "A"), (8, "B"), seats=3)
    result = find("scottish-stv").count(election, Options())
    tie = result.ties[0]
    assert (tie.stage, tie.question, tie.how) == (2, "whose surplus is transferred first", "backwards")
    assert [stage.action for stage in result.stages[1:4]] == [
        "exclusion of E",
        "surplus of C",
        "surplus of D",
    ]
    assert result.names(result.winners) == ["C", "D", "A"]


@pytest.mark.parametrize("method", ["scottish-stv", "wigm", "irv", "meek"])
def test_every_rule_refuses_to_break_a_tie_by_itself(method: str) -> None:
    election = _election((3, "A"), (3, "B"), names="AB")
    with pytest.raises(TieError) as refusal:
        find(method).count(election, Options())
    assert refusal.value.tied == ("A", "B")
    decided = find(method).count(election, Options(Decisions(("B", "A"))))
    assert decided.names(decided.winners) == ["B"]
    assert len(decided.ties) == 1


def test_meek_counts_as_tied_whom_the_surplus_left_over_could_still_lift() -> None:
    result = find("meek").count(_election(*WEAK, seats=2), Options(Decisions(("C", "D", "A", "B", "E"))))
    assert [result.names(tie.tied) for tie in result.ties] == [["C", "D"]]
    assert result.deciding.startswith("Ties are decided by the list given")
