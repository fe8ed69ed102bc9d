"""What every command keeps, whatever it does: how it refuses, ends, and speaks to a pipe or a terminal.

Run as somebody outside runs them where streams and signals matter; the commands without a database are
quick to start, and all go through the same `main`.
"""

import argparse
import array
import datetime as dt
import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from groundswell.cli import demo, importoptions, main, streams, typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import refusals
from groundswell.cli.loading import ACCOUNTS
from groundswell.cli.main import COMMANDS
from groundswell.exchange import words
from groundswell.exchange.importing import fields
from groundswell.ground.environment import Environment

COMMAND = [sys.executable, "-m", "groundswell.cli"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A directory with files of all kinds, in which one stands."""
    (tmp_path / "votes.json").write_text(json.dumps({f"Liste {n} “Ü”": n for n in range(1, 400)}))
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00\xff")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def started(here):
    """Return a function: words, streams -> the process of a command."""
    begun = []

    def start(*words, environ=None, **streams):
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
        begun.append(subprocess.Popen([*COMMAND, *words], env={**os.environ, **(environ or {})}, **piped))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()
        one.communicate()


def test_two_lists_are_compared_where_there_is_no_database_and_no_installation(started):
    Path("list.csv").write_text("id,name,born\n1,Rosa Lind,3.2.1980\n2,Rosa Lind,1980-02-03\n")
    out, err = started("duplicates", "list.csv", environ={"GROUNDSWELL_HOME": "nowhere"}).communicate()
    assert (out.split()[:2], err) == ([b"1", b"2"], b"")


WINDOW = ("--as-of", "2024-01-31", "--since", "2023-01-31")
SHARING = ("apportion", "votes.json", "--method", "dhondt", "--seats", "99")


@pytest.mark.parametrize("word", COMMANDS)
def test_no_command_guesses_an_option_and_each_refuses_in_a_sentence(word, capsys):
    """The shortest beginning of every option that there is, and one that there is not."""
    parser = argparse.ArgumentParser()
    __import__(COMMANDS[word][0], fromlist=["add_arguments"]).add_arguments(parser)
    options = [name for action in parser._actions for name in action.option_strings if name[:2] == "--"]
    needed = ["x", "1"] if word in {"import", "person"} else ["x"]
    for option in options:
        status = main([word, *needed, f"{option[:-1]}", "--format=json"])
        said = json.loads(capsys.readouterr().out)["error"]
        assert (status, said["code"]) == (2, "usage"), option


@pytest.mark.parametrize("word", ["", *COMMANDS])
def test_the_help_of_every_command_fits_eighty_columns_and_leaves_no_option_unsaid(word, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main([*filter(None, [word]), "--help"])
    out = capsys.readouterr().out
    assert (ended.value.code, max(map(len, out.splitlines())) <= 80) == (0, True)
    assert "exit status: 0 done; 1 a check failed; 2 usage or input" in out
    if word:
        parser = argparse.ArgumentParser()
        __import__(COMMANDS[word][0], fromlist=["add_arguments"]).add_arguments(parser)
        assert [action.dest for action in parser._actions if not action.help] == []
    else:
        assert [line.split()[0] for line in out.splitlines() if line.startswith("  ")] == list(COMMANDS)


def test_the_help_names_the_presets_and_the_grounds_that_there_are():
    assert set(importoptions.PRESETS) == set(fields.presets())
    assert set(importoptions.BASES) == set(words.bases())


def test_nothing_said_is_answered_with_the_usage_and_a_sentence(capsys):
    assert main([]) == 2
    assert capsys.readouterr() == (
        "",
        "usage: groundswell [-h] COMMAND …\ngroundswell: name a command; `groundswell --help` lists them.\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("no\x1bcommand",),
        ("\udcff",),
        ("count", "folder", "--method", "irv"),
        ("count", "empty", "--method", "irv"),
        ("count", "\udcff", "--method", "irv"),
        ("count", "line\nbreak", "--method", "irv"),
        ("count", "", "--method", "irv"),
        ("count", "votes.json", "--method", "\udcff"),
        ("count", "votes.json", "--method", "irv", "--seats", "9" * 5_000),
        ("apportion", "bytes", "--method", "dhondt", "--seats", "3"),
        ("apportion", "/proc/self/mem", "--method", "dhondt", "--seats", "3"),
        ("apportion", "votes.json", "--method", "dhondt", "--seats", "3", "--seed", "\udcff"),
        ("duplicates", "\udcff"),
        ("duplicates", "folder"),
        ("duplicates", "bytes", "--threshold", "x" * 5_000),
        ("backup", "--to", ""),
        ("export", "organisation", "--out", ""),
        ("person", "export", "١"),
        ("person", "erase", "1", "--pdf", "x"),
        ("person", "export", "1", "--pdf", "folder"),
        ("import", "undo", "1", "--dry-run"),
        ("import", "organisation", "folder", "--unit", "INT"),
        ("import", "people", "folder", "--unit", "INT"),
        ("import", "people", "votes.json", "--unit", "INT", "--refused", "folder"),
        ("import", "people", "votes.json", "--unit", "INT", "--refused", "none/x.csv"),
        ("import", "people", "votes.json", "--unit", "INT", "--refused", "votes.json"),
        ("import", "people", "votes.json", "--unit", "INT", "--refused", os.devnull),
        ("import", "people", "votes.json", "--unit", "INT", "--origin", "\udcff"),
        ("found", "--name", "x", "--secretary", "a@example.org", "--founded-on", "20240101"),
        ("restore", "x"),
        ("doctor", "--checkpoint", "INT:1:\udcff"),
        ("report", *WINDOW, "--unit", ""),
        ("report", *WINDOW, "--unit="),
        ("report", *WINDOW, "--unit", " "),
        ("report", "--as-of", "", *WINDOW[2:]),
        ("rescue", "--email", "a@example.org", "--unit", ""),
        ("import", "people", "votes.json", "--unit", "INT", "--words", "a=1", "--words", ""),
    ],
)
def test_whatever_is_typed_a_refusal_is_one_line_and_an_object(here, words, capsys):
    status = main([*words, "--format", "json"])
    out, err = capsys.readouterr()
    assert (status, set(json.loads(out)["error"])) == (2, {"code", "message", "where"})
    assert (err.count("\n"), err[-2:]) == (1, ".\n")
    assert "\x1b" not in err


def test_an_option_whose_value_is_empty_is_named(here, capsys):
    for value in (["--unit", ""], ["--unit="], ["--unit", "\t"]):
        assert main(["report", *WINDOW, *value]) == 2
        assert capsys.readouterr().err == (
            "groundswell report: --unit is empty; give it a value, or leave it out.\n"
        )
    # What follows an option without a value is not its value.
    assert main(["person", "erase", "--yes", ""]) == 2
    assert capsys.readouterr().err == "groundswell person: ID is the number of a person.\n"


def test_bytes_that_are_no_text_are_refused_in_every_alphabet(started):
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for environ in (ascii_only, {"PYTHONIOENCODING": "latin-1"}, {}):
        process = started("count", "“\udcff", "--method", "irv", "--format", "json", environ=environ)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, json.loads(out)["error"]["code"], err.count(b"\n")) == (2, "input", 1)


def test_a_pipe_that_nobody_reads_a_full_disk_and_closed_streams_end_without_a_traceback(started):
    deaf = started(*SHARING)
    deaf.stdout.close()
    assert (deaf.wait(timeout=60), deaf.stderr.read()) == (141, b"")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        for words, environ in ((SHARING, {}), (("count", "--help"), {"PYTHONUNBUFFERED": "1"})):
            process = started(*words, stdout=full, environ=environ)
            said = process.communicate(timeout=60)[1]
            assert said == b"The answer cannot be written: No space left on device.\n"
            assert process.returncode == 2
        process = started("nothing", "--format=json", stderr=full)
        out = process.communicate(timeout=60)[0]
        assert (process.returncode, json.loads(out)["error"]["code"]) == (2, "usage")
    for number in (0, 1, 2):
        process = started(*SHARING, preexec_fn=lambda number=number: os.close(number))
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err, bool(out)) == (0, b"", number != 1)


def test_an_answer_that_cannot_be_written_is_not_taken_for_the_disk_of_the_home(monkeypatch, capsys):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(CommandError) as refused, refusals():
            streams.answer("The demo is loaded.\n")
        streams.answer("")
    assert refused.value.message == "The answer cannot be written: No space left on device."


def test_a_directory_that_is_gone_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROUNDSWELL_HOME", "home")
    tmp_path.rmdir()
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == "The directory you are in is gone: change into another.\n"


def waits_for_input(process):
    """Whether the process has read all that was written to it, and sleeps."""
    unread = array.array("i", [0])
    fcntl.ioctl(process.stdin, termios.FIONREAD, unread)
    state = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
    return (unread[0], state) == (0, "S")


def test_ctrl_c_ends_a_command_without_a_traceback(started):
    process = started("apportion", "-", *SHARING[2:])
    process.stdin.write(b"{")
    process.stdin.flush()
    while not waits_for_input(process):
        assert process.poll() is None, process.stderr.read()  # else it waits for ever for one that is gone
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert (process.wait(timeout=60), process.stderr.read()) == (130, b"")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-05", dt.datetime(2024, 2, 5, 23, 59, 59, 999999, dt.UTC)),
        ("2024-02-05T18:30Z", dt.datetime(2024, 2, 5, 18, 30, tzinfo=dt.UTC)),
        ("2024-02-05T18:30:15.5+01:00", dt.datetime(2024, 2, 5, 17, 30, 15, 500000, dt.UTC)),
        ("2024-02-05 18:30:00-08:00", dt.datetime(2024, 2, 6, 2, 30, tzinfo=dt.UTC)),
        ("20240205", None),
        ("2024-02-05T18:30", None),
        ("2024-02-05T18:30:00+0100", None),
        ("2024-02-05T18:30:00+99:00", None),
        ("2024-02-05\n", None),
        ("٢٠٢٤-02-05", None),
        ("2200-01-01T00:00Z", None),
    ],
)
def test_a_moment_is_a_day_or_has_its_offset_and_nothing_else_is_one(text, moment):
    if moment is not None:
        assert typed.moment(text, "--known-at") == moment
        return
    with pytest.raises(CommandError) as refused:
        typed.moment(text, "--known-at")
    assert refused.value.where == "--known-at"


def test_the_sign_ins_of_the_demo_stand_whole_on_lines_of_eighty_columns(tmp_path, capsys):
    listed = [
        {
            "office": office,
            "unit": "GB-LONDON-CENTRAL",
            "email": f"{office}.gb-london-central@example.org",
            "password": "8u53-9gxn-rb4w-f7pd",
            "totp_secret": secret,
        }
        for office, secret in (("organiser", None), ("dpo", "EVPQ23Z6BLU6RG6DDW54R64M36MXIAUN"))
    ]
    (tmp_path / ACCOUNTS).write_text(json.dumps(listed))
    demo._print_sign_ins(Environment(home=tmp_path))
    out = capsys.readouterr().out
    assert max(map(len, out.replace(str(tmp_path), "").splitlines())) <= 80
    words = out.split()
    for one in listed:
        assert {one["email"], one["password"], one["totp_secret"] or one["email"]} <= set(words)
    assert "http://localhost:8000/" in words
