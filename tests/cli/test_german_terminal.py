"""In a German terminal every sentence of a command is German, and nothing that programs read is."""

import argparse
import contextlib
import importlib
import json
import os
import subprocess
import sys

import pytest
from django.utils import translation

from groundswell.cli import main
from groundswell.cli import report as command
from groundswell.cli.main import COMMANDS
from groundswell.ground import language

# Made of names alone, which are the same in every language.
ALIKE = {"degressive: e.g. 100:10,500:25,*:50", "of modified-sainte-lague (1.4)"}


@pytest.fixture
def german(monkeypatch):
    """A terminal whose locale is German."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    yield
    language.speak(language.ENGLISH)


def said_in_help(word):
    """Return what the help of a command says: of the command, and of each of its options."""
    module, meaning = COMMANDS[word]
    parser = argparse.ArgumentParser(add_help=False)
    importlib.import_module(module).add_arguments(parser)
    return [language.gettext(meaning), *(action.help for action in parser._actions)]


@pytest.mark.parametrize("word", COMMANDS)
def test_every_sentence_of_the_help_is_german(word):
    english = said_in_help(word)
    with language.speaking("de"):
        german = said_in_help(word)
    assert len(english) == len(german) > 1
    assert [
        one for one, other in zip(english, german, strict=True) if one == other and one not in ALIKE
    ] == []


@pytest.mark.usefixtures("german")
def test_the_frame_of_the_help_and_what_the_reader_of_arguments_refuses_are_german(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["report", "--help"])
    out = capsys.readouterr().out
    assert out.startswith("Aufruf: groundswell report [-h] --as-of DAY")
    assert "diese Hilfe zeigen und enden" in out
    assert max(map(len, out.splitlines())) <= 80
    assert not {"usage", "options", "exit"} & set(out.replace(":", " ").split())
    assert main(["report", "--since"]) == 2
    assert capsys.readouterr().err == "groundswell report: --since: es fehlt ein Wert.\n"
    assert main(["report"]) == 2
    assert capsys.readouterr().err == "groundswell report: es fehlt: --as-of, --since.\n"


@pytest.mark.usefixtures("german")
def test_the_sentence_of_a_refusal_is_german_and_its_code_is_not(capsys):
    assert main(["report", "--as-of", "2024", "--since", "2023-01-31", "--format", "json"]) == 2
    out, err = capsys.readouterr()
    sentence = "--as-of muss ein Tag sein, geschrieben als 2024-01-31 (JJJJ-MM-TT), nicht „2024“."
    assert err == f"{sentence}\n"
    assert json.loads(out) == {"error": {"code": "bad-day", "message": sentence, "where": "--as-of"}}


def test_a_report_for_programs_is_the_same_in_every_terminal(world, monkeypatch, capsys):
    monkeypatch.setattr(command, "joined", contextlib.nullcontext)
    window = ("report", "--as-of", "2024-07-15", "--since", "2024-01-01", "--format")

    def said(form):
        assert main([*window, form]) == 0
        return capsys.readouterr().out

    english = {form: said(form) for form in ("json", "csv", "text")}
    with translation.override("de"):
        assert {form: said(form) for form in ("json", "csv")} == {
            form: english[form] for form in ("json", "csv")
        }
        text = said("text")
        assert main([*window, "json", "--unit", "NONE"]) == 2
        refused = json.loads(capsys.readouterr().out)["error"]
    assert (english["text"].count("\n"), text.count("\n")) == (len(text.splitlines()),) * 2
    assert "structure as then." in english["text"]
    assert "Struktur wie damals." in text
    assert refused["code"] == "not-found"
    assert "There is" not in refused["message"]


def test_a_started_command_speaks_german(tmp_path):
    """From the entry point, with the environment and nothing else."""
    environ = {**os.environ, "LC_ALL": "de_AT.UTF-8", "GROUNDSWELL_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "groundswell.cli", "backup"], env=environ, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"In {tmp_path} gibt es keine Installation: `groundswell found` ")
