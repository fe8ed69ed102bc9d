"""`groundswell serve` that is refused: a demo is heard on this machine alone, whichever command serves it."""

import os

import pytest

from groundswell.cli import main
from groundswell.ground import environment


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home in which nothing has been made, and nothing said of another database."""
    for name in [name for name in os.environ if name.startswith("GROUNDSWELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GROUNDSWELL_HOST", "192.0.2.7", "The demo listens on localhost only, not on 192.0.2.7"),
        ("GROUNDSWELL_HOST", "::", "The demo listens on localhost only, not on ::"),
        ("GROUNDSWELL_PUBLIC_URL", "https://members.example.org", "The demo runs in a home of its own"),
    ],
)
def test_a_demo_is_served_to_this_machine_alone_whether_it_is_said_or_seen(
    home, monkeypatch, capsys, name, value, said
):
    monkeypatch.setenv(name, value)
    assert main(["serve"]) == 2  # of an own organisation it is only that there is none yet
    assert capsys.readouterr().err.startswith("There is no installation in")
    monkeypatch.setenv("GROUNDSWELL_DEMO", "1")
    assert (main(["serve"]), capsys.readouterr().err.startswith(said)) == (2, True)
    monkeypatch.delenv("GROUNDSWELL_DEMO")
    (home / environment.DEMO_ACCOUNTS).write_text("[]")
    assert (main(["serve"]), capsys.readouterr().err.startswith(said)) == (2, True)
