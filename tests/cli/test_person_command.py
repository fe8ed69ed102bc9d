"""`groundswell person`: what it prints, what it writes, and that it asks before it erases."""

import contextlib
import io
import json

import pytest

from groundswell.cli import main
from groundswell.cli import person as command
from groundswell.people.models import Person


@pytest.fixture
def run(world, monkeypatch, capfd):
    """Return a function: words -> (exit, what stood on stdout, what stood on stderr)."""
    monkeypatch.setattr(command, "joined", contextlib.nullcontext)

    def ran(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main(["person", *map(str, words)]), *capfd.readouterr()

    return ran


def test_export_prints_everything_as_json_and_writes_a_document(run, world, tmp_path):
    chidi = world.person["chidi"].pk
    (tmp_path / "chidi.pdf").touch(mode=0o644)
    status, out, err = run("export", chidi, "--pdf", tmp_path / "chidi.pdf")
    made = json.loads(out)
    assert (status, err) == (0, "")
    assert (made["format"], made["person"], made["name"]) == ("groundswell-person/1", chidi, "Chidi Cove")
    assert {"people_person", "people_membership", "accounts_account"} <= {
        one["table"] for one in made["tables"] if one["rows"]
    }
    assert (tmp_path / "chidi.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "chidi.pdf").stat().st_mode & 0o077 == 0


def test_erase_says_what_goes_and_asks(run, world):
    chidi = world.person["chidi"].pk
    status, out, err = run("erase", chidi, typed="no\n")
    assert (status, out) == (2, "")
    assert err.startswith(f"Person {chidi} is Chidi Cove, Depot.\n")
    assert "Person: 1, goes" in err
    assert "stays for the figures" in err
    assert "7 days" in err
    assert "35 days" in err
    assert "Nothing was erased" in err
    assert Person.objects.filter(pk=chidi).exists()
    status, out, _ = run("erase", chidi, typed="yes\n")
    assert status == 0
    assert "is erased" in out
    assert not Person.objects.filter(pk=chidi).exists()


def test_erase_with_yes_answers_as_json(run, world):
    femi = world.person["femi"].pk
    status, out, err = run("erase", femi, "--yes", "--format", "json")
    made = json.loads(out)
    assert (status, err) == (0, "")
    assert (made["person"], made["gone"]["people_person"], made["memberships_ended"]) == (femi, 1, 2)
    assert (made["backup_days_keys"], made["backup_days_names"]) == (7, 35)
    assert made["without_secretary"] == []


def test_erasing_the_only_secretary_says_so_before_and_after(run, world):
    bela, alone = world.person["bela"].pk, "No secretary is left in TRAM then; `groundswell rescue`"
    assert alone in run("erase", bela, typed="no\n")[2]
    status, out, _ = run("erase", bela, "--yes")
    assert (status, alone in out) == (0, True)


@pytest.mark.parametrize("number", ["999999999", "0", "x", "9" * 30])
def test_a_number_of_nobody_is_one_sentence(run, number):
    for what in ("export", "erase"):
        status, out, err = run(what, number, "--yes")
        assert (status, out) == (2, "")
        assert err.count("\n") == 1
