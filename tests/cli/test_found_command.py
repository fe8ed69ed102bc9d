"""`groundswell found`: a real organisation starts here, and only once."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

import testbase
from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.access.slots import waiting
from groundswell.accounts.models import Account
from groundswell.accounts.queries import actor_of
from groundswell.cli import found as command
from groundswell.cli import main, migrate
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.structure.models import Unit
from groundtools import migrated_home
from stage import sql

LINK = re.compile(r"http\S+(/accounts/link/[^/\s]+/)")


@pytest.fixture
def run(db, monkeypatch, capfd):
    """Return a function: words -> (exit, stdout, stderr), on the empty database of this test."""

    class Installation:
        cluster = None

    monkeypatch.setattr(command, "joined", lambda **_: contextlib.nullcontext(Installation))
    monkeypatch.setattr(migrate, "migrate", lambda _: None)
    monkeypatch.setattr(migrate, "prepare_installed_server", lambda: None)

    def ran(*words):
        status = main(["found", *words])
        return status, *capfd.readouterr()

    return ran


@pytest.mark.parametrize(
    ("kind", "code"),
    [("international", "INT"), ("section", "ONE"), ("group", "ONE"), ("region", "ONE"), ("branch", "ONE")],
)
def test_an_organisation_of_any_size_starts_with_a_link_that_signs_its_secretary_in_once(run, kind, code):
    status, out, err = run("--name", "Seven Friends", "--secretary", "Amy@Example.org", "--kind", kind)
    assert (status, err) == (0, "")
    assert f"Seven Friends is founded; its code is {code}." in out
    address = LINK.search(out)[1]
    client = Client(headers={"accept-language": "en"})
    assert client.get(address).status_code == 200
    signed = client.post(address, follow=True)
    assert signed.status_code == 200
    assert signed.redirect_chain != []
    # Her office demands a second factor, which she is led to before anything else.
    first = client.get(f"/units/{code}/")
    assert (first.status_code, first.url) == (302, f"/accounts/factors/?next=/units/{code}/")
    assert "Seven Friends" in client.get(first.url).content.decode()
    assert Client().post(address).status_code == 422


def test_the_language_of_the_name_is_kept_as_readers_of_it_ask_for_it(run):
    run("--name", "Sieben", "--secretary", "amy@example.org", "--language", "DE-at")
    with scope.operator("a test"):
        assert sql(
            "select u.locale, u.languages, n.names ->> 'de-AT'"
            " from structure_unit u join structure_unitname n on n.unit_id = u.id"
        ) == [("de-AT", ["de-AT"], "Sieben")]


def test_what_goes_with_its_country_need_not_be_said(run):
    run("--name", "Sieben", "--secretary", "amy@example.org", "--kind", "branch", "--country", "ch")
    with scope.operator("a test"):
        assert sql("select country, currency, time_zone from structure_unit") == [
            ("CH", "CHF", "Europe/Zurich")
        ]


def test_the_first_mandate_is_the_secretarys_and_reaches_everything(run):
    run("--name", "Seven Friends", "--secretary", "amy@example.org", "--secretary-name", "Amy Ash")
    with scope.operator("a test"):
        assert sql(
            "select p.name, m.office, u.code"
            " from accounts_mandate m join people_person p on p.id = m.person_id"
            " join structure_unit u on u.id = m.unit_id"
        ) == [("Amy Ash", "secretary", "INT")]


def test_she_is_led_to_bring_in_the_list_she_has_until_somebody_is_written_down(run):
    run("--name", "Seven Friends", "--secretary", "amy@example.org", "--kind", "branch")
    with scope.operator("a test"):
        amy, asked = actor_of(Account.objects.get()), "Nobody but you is written down yet"
        (first,) = [one for one in waiting(amy, clock.today()) if asked in one.sentence]
        assert first.href == "/lists/import/"
        people.add_person(Unit.objects.get(), name="Bob Birch", actor=OPERATOR, at=clock.now())
        assert not [one for one in waiting(amy, clock.today()) if asked in one.sentence]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--secretary", "x"), "e-mail address"),
        (("--secretary", "a b@example.org"), "e-mail address"),
        (("--secretary", "a@b@c"), "e-mail address"),
        (("--secretary", "x" * 260 + "@example.org"), "e-mail address"),
        (("--kind", "cell"), "no kind of unit"),
        (("--code", "int"), "capital letters, digits"),
        (("--name", "  "), "--name is empty"),
        (("--name", "x" * 300), "300 characters"),
        (("--name", "\udcff"), "cannot be written"),
        (("--name", "Seven\nFriends"), "--name holds a line break"),
        (("--secretary-name", "Amy\x1b[2J"), "--secretary-name holds a line break"),
        (("--secretary-name", "x" * 300), "300 characters"),
        (("--currency", "EURO"), "three capital letters"),
        (("--country", "XX"), "no country"),
        (("--country", "Austria"), "no country"),
        (("--language", "klingon language of the stars"), "no language"),
        (("--time-zone", "Europe/Moon"), "no time zone"),
        (("--founded-on", "2024-02-30"), "the calendar has no such day"),
        (("--founded-on", "0000-01-01"), "the calendar has no such day"),
        (("--founded-on", "20240101"), "written as 2024-01-31"),
        (("--founded-on", "2024-W05"), "written as 2024-01-31"),
        (("--founded-on", ""), "--founded-on is empty"),
        (("--secretary-n", "Amy"), "unrecognized arguments: --secretary-n Amy"),
        (("--founded-on", "10000-01-01"), "written as 2024-01-31"),
        (("--founded-on", "0001-01-01"), "1800 to 2199"),
        (("--founded-on", "2199-12-31"), "has not come yet"),
    ],
)
def test_it_refuses_in_one_sentence_and_founds_nothing(run, words, said):
    status, out, err = run("--name", "Seven", "--secretary", "amy@example.org", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    with scope.operator("a test"):
        assert sql("select 1 from structure_unit union all select 1 from accounts_account") == []


def test_a_second_organisation_in_one_database_is_refused_and_the_first_stays(run):
    assert run("--name", "First", "--secretary", "amy@example.org")[0] == 0
    status, out, err = run("--name", "Second", "--secretary", "bob@example.org")
    assert (status, out) == (2, "")
    assert "already holds an organisation" in err


def test_without_a_name_or_a_secretary_nothing_is_founded(run):
    for words in (("--name", "Seven"), ("--secretary", "amy@example.org"), ()):
        status, out, err = run(*words)
        assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("many", "bare"),
    [(2, False), *(pytest.param(many, True, marks=pytest.mark.drill) for many in (2, 6))],
)
def test_of_several_at_once_one_founds_a_branch_and_it_reports_itself(many, bare):
    """On a bare machine the whole way: keys, server, roles, migrations. Whoever comes second is refused."""
    with tempfile.TemporaryDirectory(prefix="gs", dir=testbase.shelf()) as folder:
        home = Path(folder) / "home"
        if not bare:
            subprocess.run(["cp", "-a", migrated_home(), home], check=True)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL_")}

        def groundswell(*words):
            return subprocess.Popen(
                [sys.executable, "-m", "groundswell.cli", *words],
                env={**plain, "GROUNDSWELL_HOME": str(home)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )

        founding = ("found", "--name", "Seven Friends", "--secretary", "amy@example.org", "--kind", "branch")
        running = [groundswell(*founding) for _ in range(many)]
        ended = [(*one.communicate(timeout=120), one.returncode) for one in running]
        (first,) = (one for one in ended if one[2] == 0)
        assert LINK.search(first[0])
        assert first[1] == ""
        ended.remove(first)
        said = "This database already holds an organisation; `groundswell found` works on an empty one.\n"
        assert ended == [("", said, 2)] * (many - 1)
        today = timezone.now().date().isoformat()
        told = groundswell("report", "--as-of", today, "--since", "2024-01-01", "--format", "json")
        assert '"unit": "ONE"' in told.communicate(timeout=120)[0]
        assert told.returncode == 0
