"""Each wrong scenario file is refused in one sentence that names file, line and value."""

import shutil
from pathlib import Path

import pytest

from groundswell.exchange.scenario.reading import DATA, read, read_source
from groundswell.exchange.scenario.tables import ScenarioProblem

EXPECTED = Path(__file__).parents[1] / "data" / "scenario" / "expected.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("units.csv", "headcount.csv", "facts.toml", "source.csv", "towns.csv"):
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_scenario_is_read_whole() -> None:
    scenario = read()
    assert [len(scenario.units), len(scenario.days)] == [25, 6]
    assert [sum(unit.kind == kind for unit in scenario.units) for kind in ("section", "group")] == [16, 9]
    assert sum(unit.counts[-1] for unit in scenario.units) == 6030
    assert len(read_source()) == 43


def test_units_whose_counts_are_published_are_not_illustrative_and_the_others_are() -> None:
    published = {unit.code for unit in read().units if not unit.illustrative}
    assert published == {"IT", "CA", "US", "IE"}


def test_the_answers_beside_the_files_agree_with_them(folder: Path) -> None:
    shutil.copy(EXPECTED, folder / "expected.json")
    assert read(folder) == read()


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "headcount.csv",
            "IE,7,14",
            "IE,7,x",
            "headcount.csv, line 7: 2023-07-31 “x” is not a whole number.",
        ),
        (
            "headcount.csv",
            "IE,7,14",
            "IE,7,-1",
            "headcount.csv, line 7: 2023-07-31 “-1” is not a whole number.",
        ),
        ("headcount.csv", "IE,7,14", "IE,7,", "headcount.csv, line 7: 2023-07-31 “” is not a whole number."),
        (
            "headcount.csv",
            "IE,7,14",
            "IE,7,1.5",
            "headcount.csv, line 7: 2023-07-31 “1.5” is not a whole number.",
        ),
        (
            "headcount.csv",
            "IE,7,14",
            "IE,7,٣",
            "headcount.csv, line 7: 2023-07-31 “٣” is not a whole number.",
        ),
        ("headcount.csv", "IE,7,14", "IE,7", "headcount.csv, line 7: has 6 values, the header has 7."),
        (
            "headcount.csv",
            "ZA,24",
            "XX,1,1,1,1,1,1\nZA,24",
            "headcount.csv, line 26: code “XX” is not in units.csv.",
        ),
        ("headcount.csv", "ZA,24", "GB,24", "headcount.csv, line 26: code “GB” appears twice."),
        ("headcount.csv", "code,", "unit,", "headcount.csv, line 1: the column “code” is missing."),
        (
            "headcount.csv",
            "2023-07-31,2023-09-30",
            "2023-09-30,2023-07-31",
            "headcount.csv, line 1: column “2023-07-31” does not come after 2023-09-30.",
        ),
        (
            "headcount.csv",
            "2023-07-31",
            "2023-07-32",
            "headcount.csv, line 1: column “2023-07-32” is not a day (write it as 2024-01-31).",
        ),
        (
            "headcount.csv",
            "2023-07-31",
            "0001-07-31",
            "headcount.csv, line 1: column “0001-07-31” is not a day between 1800-01-01 and 2999-12-31.",
        ),
        (
            "headcount.csv",
            ",502,515",
            ",502,516",
            (
                "headcount.csv, line 3: 2024-01-31 “516” is not what units.csv says of IT "
                "(published: 515 members, +25 % in the year)."
            ),
        ),
        (
            "headcount.csv",
            "22,31,34",
            "22,31,999",
            (
                "headcount.csv: IE: 999 members on 2024-01-31 are out of reach, "
                "3 branches in towns.csv hold at most 120."
            ),
        ),
        ("units.csv", "currency,", "", "units.csv, line 1: the column “currency” is missing."),
        (
            "units.csv",
            "Ireland,group",
            "Ireland,party",
            "units.csv, line 7: kind “party” is none of section, group.",
        ),
        (
            "units.csv",
            "GB,GB,Britain",
            "UK,GB,Britain",
            "units.csv, line 2: code “UK” has no line in headcount.csv.",
        ),
        (
            "units.csv",
            "EUR,no,illustrative,pt",
            "EUR,no,illustrative,",
            "units.csv, line 24: languages “” names no language.",
        ),
        ("towns.csv", "GB,en=London", "XX,en=London", "towns.csv, line 2: country “XX” is not in units.csv."),
        (
            "towns.csv",
            ",51.5085,",
            ",151.5,",
            "towns.csv, line 2: latitude “151.5” does not lie between -90 and 90.",
        ),
        (
            "facts.toml",
            "GB = 2024-05-03",
            "XY = 2024-05-03",
            "facts.toml, line 14: XY “XY” is not in units.csv.",
        ),
        (
            "facts.toml",
            'from_kind = "group"',
            'from_kind = "section"',
            "facts.toml, line 24: from_kind “section” is not what IE is in units.csv.",
        ),
        (
            "facts.toml",
            "recorded_on = 2024-02-05",
            "recorded_on = 2024-01-25",
            "facts.toml, line 102: recorded_on “2024-01-25” does not come after 2024-01-31.",
        ),
        (
            "facts.toml",
            "persons = 2",
            "persons = 14",
            "facts.toml, line 103: persons “14” is more than IT gained after 2023-12-31 (13).",
        ),
        (
            "facts.toml",
            "[100, 250, 500, 1000, 5000, 6000]",
            "[100, 50]",
            "facts.toml, line 35: thresholds “[100, 50]” does not ascend.",
        ),
        ("facts.toml", "[late_entry]", "[late_entries]", "facts.toml: the table [late_entry] is missing."),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    folder: Path, file: str, old: str, new: str, sentence: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(ScenarioProblem) as refusal:
        read(folder)
    assert str(refusal.value) == sentence


def test_a_total_that_is_not_the_expected_one_is_refused(folder: Path) -> None:
    shutil.copy(EXPECTED, folder / "expected.json")
    change(folder, "headcount.csv", "ZA,24,25", "ZA,25,25")
    with pytest.raises(ScenarioProblem) as refusal:
        read(folder)
    assert str(refusal.value) == (
        "headcount.csv: the counts of 2023-01-31 add up to 4,331, expected.json says 4,330."
    )


@pytest.mark.parametrize("file", ["units.csv", "headcount.csv", "towns.csv", "facts.toml"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ScenarioProblem) as refusal:
        read(folder)
    assert str(refusal.value) == f"{file}: the file is missing."


@pytest.mark.parametrize("file", ["units.csv", "headcount.csv", "towns.csv", "facts.toml"])
def test_a_file_that_is_no_text_is_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"\xff\xfe\x00code")
    with pytest.raises(ScenarioProblem) as refusal:
        read(folder)
    assert str(refusal.value) == f"{file}: the file is not UTF-8 text."


def test_broken_toml_is_refused_with_the_parsers_line(folder: Path) -> None:
    change(folder, "facts.toml", "[international]", "[international")
    with pytest.raises(ScenarioProblem, match=r"^facts\.toml: is not TOML: .*line 4"):
        read(folder)


def test_a_line_of_the_source_may_not_appear_twice(folder: Path) -> None:
    change(folder, "source.csv", "F02,", "F01,")
    with pytest.raises(ScenarioProblem) as refusal:
        read_source(folder)
    assert str(refusal.value) == "source.csv, line 3: id “F01” appears twice."
