"""The figures on docs/apportioning.md are those that the rules give."""

from pathlib import Path

from groundswell.calc.apportionment import RULES, Band, apportion, by_ladder, one_per

PAGE = (Path(__file__).parents[3] / "docs" / "apportioning.md").read_text(encoding="utf-8")
NORTH = {"North": 1000, "South": 540, "East": 310, "West": 150}


def rows(first):
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0].strip("`") in first]


def test_the_table_in_which_the_rules_part_company_is_right():
    votes = {"A": 9061, "B": 7179, "C": 5259, "D": 3319, "E": 1182}
    table = {row[0].strip("`"): row[1:] for row in rows(RULES) if len(row) == 6}
    assert set(table) == set(RULES)
    for method, seats in table.items():
        assert tuple(map(int, seats)) == apportion(votes, 26, method).seats


def test_the_marked_quotients_are_the_ten_that_win():
    result = apportion(NORTH, 10, "dhondt")
    assert result.seats == (6, 3, 1, 0)
    for row in rows(NORTH):
        for divisor, cell in enumerate(row[1:], 1):
            exact = NORTH[row[0]] * 10 // divisor
            assert float(cell.strip("*")) == exact / 10
            won = divisor <= result.by_name()[row[0]]
            assert cell.startswith("**") == won


def test_the_other_worked_figures_are_right():
    assert apportion(NORTH, 10, "hare").seats == (5, 3, 1, 1)
    parts = [one_per({"unit": 101}, 50, part=part).seats[0] for part in ("any", "major", "none")]
    assert parts == [3, 2, 2]
    bands = (Band(100, 10), Band(500, 25), Band(None, 50))
    assert by_ladder({"unit": 512}, bands).seats == (27,)
