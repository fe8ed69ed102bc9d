"""`groundswell duplicates`, as somebody outside calls it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import main

LIST = """\
id,given,family,born,email,street,town,postcode
1,Anna,Berg,1980-02-03,anna@example.org,Lange Gasse 12,Graz,8010
2,Otto,Berg,1982-07-19,otto@example.org,Lange Gasse 12,Graz,8010
3,Jürgen,Lindqvist,1991-11-30,jl@example.org,Am Hof 3,Linz,4020
x-4,Ana,Berg,1980-02-03,anna@example.org,Lange G. 12,Graz,8010
"""
OTHER = "record_id;Vorname;Nachname;Geburtsdatum;E-Mail\n07;Jürgen;Lindquist;30.11.1991;jl@example.org\n"


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = main([str(word) for word in ("duplicates", *words)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def _json(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    status, out, err = _run(capsys, *words, "--format", "json")
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_one_list_is_searched_within_and_two_across(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    within = _json(capsys, listed)
    assert [pair[:2] for pair in within["pairs"]] == [["1", "x-4"]]
    assert within["threshold"] == 0.5 <= within["pairs"][0][2] <= 1
    other = tmp_path / "other.csv"
    other.write_text(OTHER, encoding="utf-8")
    assert [pair[:2] for pair in _json(capsys, listed, other)["pairs"]] == [["3", "07"]]
    assert [pair[:2] for pair in _json(capsys, other, listed)["pairs"]] == [["07", "3"]]
    status, out, _err = _run(capsys, listed)
    assert (status, out.split("\t")[:2]) == (0, ["1", "x-4"])
    assert _json(capsys, listed, "--threshold", "1")["pairs"] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_every_encoding_says_the_same(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(LIST.replace("\n", "\r\n").encode(encoding))
    assert [pair[:2] for pair in _json(capsys, path)["pairs"]] == [["1", "x-4"]]


@pytest.mark.parametrize("text", ["id,given\n1,Anna\n", "id,given\n1,Anna\n2\n3,,,,\n"])
def test_a_list_in_which_nobody_can_stand_twice_has_no_pairs(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    assert _json(capsys, path) == {"pairs": [], "threshold": 0.5}


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", "empty-file", "list.csv: The file is empty."),
        (
            "given,family\nAnna,Berg\n",
            "columns",
            "list.csv has no column “id”; its columns are given, family.",
        ),
        ("id,id,given\n1,2,Anna\n", "columns", "list.csv has more than one column of ids"),
        ("id,shoe\n1,42\n", "columns", "list.csv has nothing to compare"),
        ("id,given\n1,Anna\n1,Otto\n", "input", "list.csv: The id “1” stands in two rows"),
        ("id,given\n1,Anna\n,Otto\n", "ids", "The row 2 below the header has no id"),
        ('id,given\n1,"Anna\n2,Otto\n', "open-quote", "The quote that opens in line 2 is never closed"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(
    text: str, code: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    status, out, err = _run(capsys, path, "--format", "json")
    assert status == 2
    assert sentence in err
    assert err.count("\n") == 1
    assert json.loads(out)["error"]["code"] == code


def test_a_file_that_is_not_there_and_a_threshold_that_is_none_are_refused(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(capsys, tmp_path / "none.csv") == (
        2,
        "",
        "none.csv cannot be read: No such file or directory.\n",
    )
    status, _out, err = _run(capsys, listed, "--threshold", "1.5")
    assert (status, err) == (2, "--threshold 1.5: a probability is above 0 and at most 1.\n")


def test_it_is_a_program_of_its_own_that_needs_no_database(listed: Path) -> None:
    # In a process of its own: beside Django, set up by these tests, what it lacks by itself does not show.
    words = [sys.executable, "-m", "groundswell.cli", "duplicates", str(listed), "--format", "json"]
    done = subprocess.run(words, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [pair[:2] for pair in json.loads(done.stdout)["pairs"]] == [["1", "x-4"]]
