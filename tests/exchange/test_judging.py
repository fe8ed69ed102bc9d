"""Who a row is: known, new, or for a person to say."""

import pytest
from hypothesis import strategies as st

from groundswell.exchange.importing.judging import DOUBTFUL, KNOWN, NEW, Known, Traits
from sampling import sampled

ADA, AMBER, BOB = "ada", "amber", "bob"
E1, E2, P1, P2 = b"e1", b"e2", b"p1", b"p2"


def row(*words, town="", emails=(), phones=(), unit=1):
    return Traits(frozenset(words), unit, town, frozenset(emails), frozenset(phones))


def judged(one, *others):
    known = Known()
    for number, other in enumerate(others, start=1):
        known.add(number, other)
    verdict = known.judge(one)
    return verdict.outcome, verdict.why


HER = row(ADA, AMBER, town="graz", emails=[E1], phones=[P1])


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (row(ADA, AMBER, emails=[E1]), (KNOWN, "")),
        (row(ADA, emails=[E1]), (KNOWN, "")),
        (row(BOB, emails=[E1]), (DOUBTFUL, "other-name")),
        (row(ADA, AMBER), (KNOWN, "")),
        (row(ADA, AMBER, town="linz"), (DOUBTFUL, "other-town")),
        (row(ADA, AMBER, emails=[E2]), (DOUBTFUL, "other-contact")),
        (row(ADA, AMBER, emails=[E2], phones=[P2]), (NEW, "")),
        (row(ADA, AMBER, emails=[E2], phones=[P1]), (KNOWN, "")),
        (row(ADA, AMBER, unit=2), (NEW, "")),
        (row(BOB), (NEW, "")),
    ],
)
def test_a_row_is_known_new_or_doubtful(one, verdict):
    assert judged(one, HER) == verdict


def test_of_two_of_one_name_nobody_is_chosen():
    assert judged(row(ADA, AMBER), HER, row(ADA, AMBER, town="graz")) == (DOUBTFUL, "several")


TRAITS = st.builds(
    row,
    st.sampled_from([ADA, BOB]),
    town=st.sampled_from(["", "graz", "linz"]),
    emails=st.sets(st.sampled_from([E1, E2]), max_size=2),
    phones=st.sets(st.sampled_from([P1, P2]), max_size=1),
)


@sampled(25, 500, st.lists(TRAITS, max_size=6))
def test_whoever_was_taken_in_is_never_new_again(rows):
    known = Known()
    for number, one in enumerate(rows, start=1):
        if known.judge(one).outcome == NEW:
            known.add(number, one)
            assert known.judge(one).outcome != NEW
