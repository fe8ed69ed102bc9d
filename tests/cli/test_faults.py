"""A command that fails of a fault of the program says one sentence, and keeps where it rose."""

import json
import stat

import pytest

from groundswell.cli import count, main
from groundswell.ground import faultfile, language


@pytest.fixture
def failing(tmp_path, monkeypatch):
    """A command with a fault, which is about somebody, and a home for it that there is not yet."""
    home = tmp_path / "home"
    monkeypatch.setenv("GROUNDSWELL_HOME", str(home))
    monkeypatch.delenv("GROUNDSWELL_TRACEBACK")

    def fail(options):
        try:
            int("ann.canary@example.org")
        except ValueError as problem:
            raise LookupError("of ann.canary@example.org") from problem

    monkeypatch.setattr(count, "run", fail)
    return home


WORDS = ("count", "canary.blt", "--method", "approval")


def test_where_a_fault_rose_stands_in_a_file_of_the_home_that_nobody_else_reads(failing, capsys):
    failing.mkdir()
    assert main([*WORDS, "--format", "json"]) == 1
    out, err = capsys.readouterr()
    path = failing / "faults.log"
    assert err == (
        "`groundswell count` was ended by a fault of the program (LookupError): where it rose stands in "
        f"{path}, without anything of a record.\n"
    )
    assert json.loads(out) == {"error": {"code": "fault", "message": err.strip(), "where": str(path)}}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = path.read_text()
    assert " groundswell count\n  LookupError\n    groundswell.cli.main, line " in written
    assert f"    {__name__}, line " in written
    assert "\n  from ValueError\n" in written
    assert "canary" not in written
    assert main(WORDS) == 1
    assert path.read_text().count(" groundswell count\n") == 2
    assert capsys.readouterr().out == ""


def test_a_file_of_faults_has_a_bound(failing, monkeypatch):
    failing.mkdir()
    monkeypatch.setattr(faultfile, "MOST_BYTES", 10)
    assert [main(WORDS), main(WORDS), main(WORDS)] == [1, 1, 1]
    assert sorted(path.name for path in failing.iterdir()) == ["faults.log", "faults.old.log"]


@pytest.mark.parametrize("home", ["missing", "in the way", "of nobody"])
def test_without_a_home_it_says_how_the_fault_is_seen_and_makes_none(failing, monkeypatch, capsys, home):
    if home == "in the way":
        failing.write_text("")
    if home == "of nobody":
        monkeypatch.setenv("GROUNDSWELL_HOME", "~nobody-of-this-name/home")
    before = list(failing.parent.iterdir())
    assert main(WORDS) == 1
    assert "(LookupError): GROUNDSWELL_TRACEBACK=1 before it shows" in capsys.readouterr().err
    assert list(failing.parent.iterdir()) == before


def test_it_is_said_in_german(failing, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    try:
        assert main(WORDS) == 1
    finally:
        language.speak(language.ENGLISH)
    assert "an einem Fehler des Programms" in capsys.readouterr().err


def test_whoever_mends_the_program_sees_it_whole(failing, monkeypatch):
    monkeypatch.setenv("GROUNDSWELL_TRACEBACK", "1")
    with pytest.raises(LookupError, match="canary"):
        main(WORDS)
