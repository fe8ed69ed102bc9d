"""`groundswell count` as it is used from outside: its options, its refusals, what it prints and loads.

How fast it starts is measured in `bench/tally.py`; that it loads little is held here.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import main

DATA = Path(__file__).parents[2] / "data" / "calc" / "tally"
WARD = DATA / "eilean-siar-2017-ward-7.blt"
TIED = '3 1\n3 1 0\n3 2 0\n1 3 0\n0\n"Ada"\n"Ben"\n"Cleo"\n"Tied"\n'


@pytest.fixture
def tied(tmp_path: Path) -> Path:
    path = tmp_path / "tied.blt"
    path.write_text(TIED, encoding="utf-8")
    return path


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in ("count", *words)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def _json(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    status, out, err = _run(capsys, *words, "--format", "json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_contract_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = _json(capsys, WARD, "--method", "scottish-stv")
    keys = {"method", "seats", "quota", "winners", "rounds", "ties", "ranking"}
    assert keys <= set(found)
    assert found["seats"] == 4
    assert [found["quota"], found["ranking"], len(found["rounds"])] == ["283.00000", None, 5]
    assert found["rounds"][3]["excluded"] == ["Lesley MCKENZIE (Ind)"]
    assert found["rounds"][4]["elected"] == ["Neil MACKAY (Ind)"]
    assert found["rounds"][4]["totals"]["Neil MACKAY (Ind)"] == "357.65915"
    for one in found["rounds"]:
        assert {"n", "totals", "elected", "excluded", "exhausted"} <= set(one)


@pytest.mark.parametrize(("method", "places"), [("scottish-stv", 5), ("wigm", 5), ("meek", 9)])
def test_figures_have_the_places_of_the_rule(
    capsys: pytest.CaptureFixture[str], method: str, places: int
) -> None:
    found = _json(capsys, WARD, "--method", method)
    figures = [figure for one in found["rounds"] for figure in one["totals"].values()]
    assert {len(figure.partition(".")[2]) for figure in [*figures, found["quota"]]} == {places}


def test_seats_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(_json(capsys, WARD, "--method", "scottish-stv", "--seats", 2)["winners"]) == 2


def test_a_tie_stops_the_count_until_a_list_or_a_seed_decides_it(
    capsys: pytest.CaptureFixture[str], tied: Path, tmp_path: Path
) -> None:
    status, out, err = _run(capsys, tied, "--method", "irv", "--format", "json")
    assert status == 2
    assert err.startswith("Ada and Ben are tied on stage 2 (who is excluded)")
    assert json.loads(out)["error"]["code"] == "tie"
    ties = tmp_path / "ties.json"
    ties.write_text('["Ben", "Ada", "Cleo"]', encoding="utf-8")
    found = _json(capsys, tied, "--method", "irv", "--ties", ties)
    assert found["winners"] == ["Ben"]
    assert found["ties"][0] | {"because": ""} == {
        "round": 2,
        "question": "who is excluded",
        "tied": ["Ada", "Ben"],
        "chosen": "Ada",
        "how": "decision",
        "because": "",
    }
    found = _json(capsys, tied, "--method", "irv", "--seed", "Congress 4")
    assert found["winners"] == ["Ada"]
    assert "Congress 4" in found["deciding"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('["Ada", "Dora"]', "ties.json: the file of ties names “Dora”, who is no candidate."),
        ("{}", 'ties.json: the file of ties must hold a JSON list of names, such as ["Ada", "Ben"].'),
        ("Ada, Ben", "ties.json, line 1, column 1: this is not JSON (Expecting value)."),
        ("[" * 100_000, "ties.json: the JSON is nested too deeply."),
        ("9" * 5_000, "ties.json: a number has more than 100 digits."),
    ],
)
def test_a_wrong_list_of_ties_is_refused(
    capsys: pytest.CaptureFixture[str], tied: Path, tmp_path: Path, content: str, reason: str
) -> None:
    ties = tmp_path / "ties.json"
    ties.write_text(content, encoding="utf-8")
    status, _, err = _run(capsys, tied, "--method", "irv", "--ties", ties)
    assert (status, err.replace(f"{tmp_path}/", "")) == (2, reason + "\n")


def test_a_list_and_a_seed_exclude_each_other(capsys: pytest.CaptureFixture[str], tied: Path) -> None:
    status, _, err = _run(capsys, tied, "--method", "irv", "--ties", "a", "--seed", "b")
    assert status == 2
    assert "not allowed with argument" in err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--method", "borda"), "there is no rule “borda”; there are scottish-stv, "),
        (("--method", "irv", "--seats", "0"), "--seats 0: at least 1 seat must be filled."),
        (("--method", "irv", "--seats", "x"), "groundswell count: argument --seats: “x” is no whole number"),
        (("--method", "irv", "--seats", "9" * 5_000), "groundswell count: argument --seats: “9999"),
        (
            ("--method", "irv", "--seed", ""),
            "groundswell count: --seed is empty; give it a value, or leave it out.",
        ),
        (("--method", "irv", "--seed", "\udcff"), "--seed holds a line break or a sign"),
        (
            ("--method", "meek", "--seats", "9"),
            "tied.blt: line 1: there are more seats (9) than candidates (3).",
        ),
        (("--method", "irv", "--unranked", "last"), "irv counts nothing for unranked candidates"),
        ((), "groundswell count: the following arguments are required: --method."),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tied: Path, words: tuple[str, ...], reason: str
) -> None:
    status, out, err = _run(capsys, tied, *words)
    assert (status, out) == (2, "")
    assert err.startswith(reason)
    assert err.count("\n") == 1


def test_a_wrong_file_is_refused_with_its_name_and_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "votes.blt"
    path.write_text(TIED.replace("3 2 0", "3 4 0"), encoding="utf-8")
    status, out, err = _run(capsys, path, "--method", "irv", "--format=json")
    sentence = "votes.blt: line 3: there is no candidate “4”; they are numbered 1 to 3."
    assert (status, err) == (2, sentence + "\n")
    assert json.loads(out) == {"error": {"code": "input", "message": sentence, "where": "line 3"}}


def test_a_file_that_is_missing_or_a_folder_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert _run(capsys, tmp_path / "no.blt", "--method", "irv")[2] == (
        "no.blt: the file cannot be read: No such file or directory.\n"
    )
    assert _run(capsys, tmp_path, "--method", "irv")[2].endswith("cannot be read: Is a directory.\n")


def test_tables_are_read_by_their_name_and_need_seats(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "votes.CSV"
    path.write_text("Ada;Ben\r\n1;2\r\n1;\r\n2;1\r\n", encoding="utf-8")
    assert _run(capsys, path, "--method", "irv")[::2] == (
        2,
        "a CSV file says nothing of seats: give --seats N.\n",
    )
    assert _json(capsys, path, "--method", "irv", "--seats", 1)["winners"] == ["Ada"]


def test_what_was_recognised_in_the_file_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "votes.blt"
    path.write_bytes(TIED.replace("Ada", "Zoë").replace("3 2 0", "2 2 0").encode("latin-1"))
    found = _json(capsys, path, "--method", "irv")
    assert found["winners"] == ["Zoë"]
    assert found["notes"][0] == "The file was read as Latin-1, since line 6 is not UTF-8."


@pytest.mark.parametrize("name", ["text", "html", "sheet"])
def test_the_other_formats_are_printed(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, out, _ = _run(capsys, WARD, "--method", "scottish-stv", "--format", name)
    assert status == 0
    assert "357.65915" in out


def _fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_names_are_printed_in_any_locale(tmp_path: Path) -> None:
    path = tmp_path / "votes.blt"
    path.write_text(TIED.replace("Ada", "Zoë").replace("3 2 0", "2 2 0"), encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from groundswell.cli import main; main(sys.argv[1:])",
            *("count", str(path), "--method", "irv", "--format", "json"),
        ],
        capture_output=True,
        check=True,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert json.loads(done.stdout.decode("utf-8"))["winners"] == ["Zoë"]


def test_counting_loads_neither_django_nor_the_network_nor_the_other_rules() -> None:
    code = (
        f"import sys; sys.argv = ['groundswell', 'count', {str(WARD)!r}, '--method', 'scottish-stv'];"
        "from groundswell.cli import main; main();"
        "print('LOADED', [name for name in sys.modules if name.split('.')[0] in "
        "('django', 'psycopg', 'socket', 'asyncio', 'numpy') or name.endswith(('meek', 'condorcet'))])"
    )
    assert _fresh(code).splitlines()[-1] == "LOADED []"
