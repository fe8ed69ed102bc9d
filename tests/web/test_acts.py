"""What is done most stands first, what is rarer behind one word."""

import pytest

from groundswell.web import acts

JOIN, MOVE, LEAVE = ("Let her join", "/join/"), ("Transfer", "/transfer/"), ("She leaves", "/leave/")


@pytest.mark.parametrize(
    ("offered", "chief", "beside", "menu"),
    [
        ([], None, (), ()),
        ([JOIN], JOIN, (), ()),
        ([JOIN, MOVE], JOIN, (MOVE,), ()),
        ([JOIN, MOVE, LEAVE], JOIN, (), (MOVE, LEAVE)),
    ],
)
def test_the_first_act_is_a_button_and_a_menu_of_one_is_none(offered, chief, beside, menu):
    found = acts.led(offered)
    assert (found.chief, found.beside, found.menu) == (chief, beside, menu)
    assert bool(found) is bool(offered)


@pytest.mark.parametrize(
    ("offered", "beside", "menu"), [([], (), ()), ([MOVE], (MOVE,), ()), ([MOVE, LEAVE], (), (MOVE, LEAVE))]
)
def test_where_no_act_comes_first_all_are_in_the_menu(offered, beside, menu):
    found = acts.level(offered)
    assert (found.chief, found.beside, found.menu) == (None, beside, menu)
    assert bool(found) is bool(offered)
