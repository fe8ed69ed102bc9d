"""A demo of wrong files is refused before anything is made for it, and two that load at once are one."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import testbase
from groundswell.cli import main
from groundswell.exchange.scenario import reading
from groundtools import Machine, free_port


@pytest.mark.parametrize("words", [["demo"], ["demo", "--no-serve"]])
def test_a_wrong_count_is_named_before_anything_is_made(tmp_path, monkeypatch, capsys, words):
    files, home = tmp_path / "data", tmp_path / "home"
    shutil.copytree(reading.DATA, files)
    counts = files / "headcount.csv"
    counts.write_text(counts.read_text().replace(",515\n", ",516\n"))
    monkeypatch.setattr(reading.read, "__defaults__", (files,))
    for name in [name for name in os.environ if name.startswith("GROUNDSWELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(home))
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("GROUNDSWELL_DEMO", "1")  # which `demo` says itself, and nobody takes back
    assert main(words) == 2
    assert capsys.readouterr().err == (
        "headcount.csv, line 3: 2024-01-31 “516” is not what units.csv says of IT "
        "(published: 515 members, +25 % in the year).\n"
    )
    assert [path.name for path in home.iterdir() if path.name != "demo.lock"] == []


@pytest.mark.drill
def test_two_that_load_the_demo_of_one_home_at_once_load_it_once():
    with tempfile.TemporaryDirectory(prefix="gs-", dir=testbase.shelf()) as place:
        machine = Machine(Path(place) / "home", free_port())
        command = [sys.executable, "-m", "groundswell.cli", "demo", "--no-serve"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        both = [subprocess.Popen(command, env=machine.environ(), **pipes) for _ in range(2)]
        said = [one.communicate(timeout=300) for one in both]
        assert [one.returncode for one in both] == [0, 0], said
        assert {out for out, _err in said} == {f"The demo is loaded in {machine.home}.\n"}
        answer = machine.run("report", "--as-of", "2024-01-31", "--since", "2023-01-31", "--format", "csv")
        assert ",total,6030," in answer.stdout
        assert machine.processes() == set()
