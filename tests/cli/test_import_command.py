"""`groundswell import`: a spreadsheet of members comes in, again, and is undone."""

import contextlib
import csv
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from groundswell.access.actor import OPERATOR
from groundswell.cli import importing as command
from groundswell.cli import main
from groundswell.exchange import actions, words
from groundswell.exchange.actions import looking
from groundswell.exchange.models import Batch, Line
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Contact, Membership, Person, Standing
from groundswell.protection import actions as protection
from groundswell.protection.models import Consent, Purpose
from groundswell.structure import actions as structure
from groundswell.structure.models import Unit
from stage import NOW, known, own, sql
from world import day

HEADER = "Vorname;Nachname;E-Mail;Telefon;Ort;Mitglied seit;Bezahlt bis;Schlagworte;Bemerkung"
ROWS = [
    "Wilma;Weide;wilma@example.org;0660 1111111;Wien;31.1.2024;31.12.2024;chor, auto;singt",
    "Xaver;Ximen;xaver@example.org;;Wien;1.2.2024;;;",
    "Yvonne;Yew;;0660 2222222;Graz;;;;",
    "Zoe;Zinc;zoe@example.org;;Graz;32.1.2024;;;",
    "Béla;Birch;;;;;;;",
]


@pytest.fixture
def run(world, monkeypatch, capfd):
    """Return a function: words -> (exit, what was printed as JSON or None, what stood on stderr)."""
    monkeypatch.setattr(command, "joined", contextlib.nullcontext)

    def ran(*words):
        status = main(["import", *map(str, words), "--format", "json"])
        out, err = capfd.readouterr()
        return status, json.loads(out), err

    return ran


@pytest.fixture
def listed(tmp_path):
    def write(*rows, header=HEADER, encoding="utf-8"):
        path = tmp_path / "liste.csv"
        path.write_bytes("\r\n".join([header, *rows]).encode(encoding))
        return path

    return write


def counts(said):
    return {name: said[name] for name in ("new", "known", "doubtful", "refused")}


def test_a_list_of_members_comes_in_and_stands_in_the_figures(run, listed, world):
    before = own("DEPOT", "15 July 2024")
    status, said, err = run("people", listed(*ROWS), "--unit", "DEPOT")
    assert (status, err) == (0, "")
    assert counts(said) == {"new": 3, "known": 1, "doubtful": 0, "refused": 1}
    after = own("DEPOT", "15 July 2024")
    assert after[0] == before[0] + 3
    assert after[2] == before[2] + 2  # Wilma and Xaver joined; nobody knows when Yvonne did
    wilma = Person.objects.get(name="Wilma Weide")
    assert (wilma.town, wilma.unit.code) == ("Wien", "DEPOT")
    values = [one.value for one in queries.contacts_of([wilma])[wilma.pk]]
    assert values == ["wilma@example.org", "+436601111111"]
    assert queries.tags_of(wilma) == ["auto", "chor"]
    assert queries.paid_until(wilma) == day("31 December 2024")
    assert queries.notes_of(wilma)[0].text == "singt"


def test_the_encoding_of_a_list_can_be_said(run, listed, world):
    path = listed("Łucja;Śliwa;;;;;;;", encoding="cp1250")
    words = ("people", path, "--unit", "DEPOT", "--encoding")
    assert run(*words, "windows-1250")[0] == 0
    assert Person.objects.filter(name="Łucja Śliwa").exists()
    status, said, _err = run(*words, "klingon")
    assert (status, said["error"]["code"], said["error"]["where"]) == (2, "no-encoding", "--encoding")


def test_whose_phones_are_can_be_said(run, listed, world):
    Unit.objects.update(country="")
    words = ("people", listed(*ROWS), "--unit", "DEPOT", "--country")
    assert run(*words, "xx")[1]["error"] == {
        "code": "bad-country",
        "message": "--country: “xx” is no country; write its two letters, as AT.",
        "where": "--country",
    }
    assert run(*words, "at")[0] == 0
    wilma = Person.objects.get(name="Wilma Weide")
    assert "+436601111111" in [one.value for one in queries.contacts_of([wilma])[wilma.pk]]


def test_what_is_refused_comes_back_as_a_file_with_its_reason(run, listed):
    _status, said, _err = run("people", listed(*ROWS), "--unit", "DEPOT")
    with Path(said["refused_file"]).open(encoding="utf-8-sig", newline="") as stream:
        header, row = list(csv.reader(stream))
    assert header == [*HEADER.split(";"), "Why it was not taken in"]
    assert row[:4] == ["Zoe", "Zinc", "zoe@example.org", ""]
    assert row[-1] == "“32.1.2024” is no day; write it like 31 January 2024."


def test_what_is_no_file_of_its_own_is_not_said_to_be_missing(run, tmp_path):
    for path, said in (
        (tmp_path, f"{tmp_path.name} is no file of its own"),
        (tmp_path / "a", "There is no file a"),
    ):
        status, answer, _err = run("people", path, "--unit", "DEPOT")
        assert (status, answer["error"]["code"]) == (2, "no-file")
        assert answer["error"]["message"].startswith(said)


def test_the_same_file_twice_doubles_nobody(run, listed):
    path = listed(*ROWS)
    run("people", path, "--unit", "DEPOT")
    people_then, contacts, stays = Person.objects.count(), Contact.objects.count(), Membership.objects.count()
    _status, said, _err = run("people", path, "--unit", "DEPOT")
    assert counts(said) == {"new": 0, "known": 4, "doubtful": 0, "refused": 1}
    assert (Person.objects.count(), Contact.objects.count(), Membership.objects.count()) == (
        people_then,
        contacts,
        stays,
    )


def test_who_left_is_no_member_again_because_a_list_names_her(run, listed, world):
    (held,) = Membership.objects.filter(person=world.person["femi"], home=True, recorded__upper_inf=True)
    people.leave(held, day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    _status, said, _err = run("people", listed("Femi;Fern;;;;;;;"), "--unit", "DEPOT")
    assert counts(said) == {"new": 0, "known": 1, "doubtful": 0, "refused": 0}
    of_femi = Membership.objects.filter(
        person=world.person["femi"], home=True, valid__contains=day("15 July 2024")
    )
    assert not of_femi.filter(recorded__upper_inf=True).exists()
    # A list that says when she joined again is believed.
    run("people", listed("Femi;Fern;;;;10.7.2024;;;"), "--unit", "DEPOT")
    assert of_femi.filter(recorded__upper_inf=True).count() == 1


def test_a_basis_that_is_none_is_refused_and_one_that_is_stands_on_the_list(run, listed):
    status, said, _err = run("people", listed(*ROWS), "--unit", "DEPOT", "--basis", "nonsense")
    assert (status, said["error"]["code"], said["error"]["where"]) == (2, "no-basis", "--basis")
    assert not Batch.objects.exists()
    word = next(iter(words.bases()))
    assert run("people", listed(*ROWS), "--unit", "DEPOT", "--basis", word)[0] == 0
    assert Batch.objects.get().basis == word


def test_who_is_too_young_to_be_written_down_is_refused_with_the_years_it_needs(run, listed):
    rows = ("Tiny;Tot;5.5.2019", "Vera;Vine;5.5.1990")
    _status, said, _err = run(
        "people", listed(*rows, header="Vorname;Nachname;Geburtsdatum"), "--unit", "DEPOT", "--dates", "dmy"
    )
    assert counts(said) == {"new": 1, "known": 0, "doubtful": 0, "refused": 1}
    assert "Nobody under 14 is written down here" in Path(said["refused_file"]).read_text(
        encoding="utf-8-sig"
    )
    assert not Person.objects.filter(name__contains="Tiny").exists()


def test_a_dry_run_says_the_same_and_writes_nothing_but_the_file_it_is_given(run, listed, tmp_path):
    people_then = Person.objects.count()
    words = ("people", listed(*ROWS), "--unit", "DEPOT", "--dry-run")
    _status, said, _err = run(*words)
    assert counts(said) == {"new": 3, "known": 1, "doubtful": 0, "refused": 1}
    assert (said["batch"], said["refused_file"]) == (None, None)
    assert [path.name for path in tmp_path.iterdir()] == ["liste.csv"]
    _status, said, _err = run(*words, "--refused", tmp_path / "why.csv")
    assert said["refused_file"] == str(tmp_path / "why.csv")
    assert "32.1.2024" in (tmp_path / "why.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "why.csv").stat().st_mode & 0o077 == 0
    assert (Person.objects.count(), Batch.objects.count()) == (people_then, 0)


def test_where_the_refused_rows_cannot_be_written_nobody_is_brought_in(run, listed, tmp_path):
    path = listed(*ROWS)
    (tmp_path / "folder").mkdir()
    (tmp_path / "liste.refused.csv").mkdir()
    places = (tmp_path / "folder", tmp_path / "none" / "x.csv", path, os.devnull)
    for more in ((), *(("--refused", place) for place in places)):
        status, said, err = run("people", path, "--unit", "DEPOT", *more)
        assert (status, said["error"]["code"], said["error"]["where"]) == (2, "cannot-write", "--refused")
        assert err.count("\n") == 1
    assert not Batch.objects.exists()
    assert not (tmp_path / "none").exists()
    status, said, _err = run("people", path, "--unit", "DEPOT", "--refused", tmp_path / "there.csv")
    assert (status, said["new"], said["refused_file"]) == (0, 3, str(tmp_path / "there.csv"))


def test_an_import_whose_refused_rows_find_no_room_after_all_still_says_its_number(run, listed, tmp_path):
    _status, said, _err = run("people", listed(*ROWS), "--unit", "DEPOT")
    tally = Counter({"new": 3, "known": 1})
    answer, lacking = command._answer(Batch.objects.get(), tally, tmp_path / "gone" / "x.csv")
    assert answer == said | {"refused_file": None}
    assert lacking.startswith(f"The refused rows cannot be written to {tmp_path}/gone/x.csv: No such file")


def test_a_kind_that_is_none_is_refused_by_a_dry_run_too(run, listed):
    for more in ((), ("--dry-run",)):
        status, said, _err = run("people", listed(*ROWS), "--unit", "DEPOT", "--kind", "foo", *more)
        assert (status, said["error"]["code"], said["error"]["where"]) == (2, "no-kind", "--kind")
    assert run("people", listed(*ROWS), "--unit", "DEPOT", "--kind", "contact")[1]["new"] == 3
    assert not Membership.objects.filter(person__name="Wilma Weide").exists()


def test_what_goes_with_a_list_alone_is_refused_elsewhere_and_undoes_nothing(run, listed):
    _status, said, _err = run("people", listed(*ROWS), "--unit", "DEPOT")
    status, refused, _err = run("undo", said["batch"], "--dry-run")
    assert (status, refused["error"]["where"]) == (2, "--dry-run")
    assert Person.objects.filter(name="Wilma Weide").exists()
    assert run("undo", said["batch"])[0] == 0


def test_an_import_is_undone_as_one_act_and_the_figures_are_those_before(run, listed, world):
    before = own("DEPOT", "15 July 2024")
    people.put_paid_until(world.person["bela"], day=day("1 May 2024"), source="hand", actor=OPERATOR, at=NOW)
    rows = [*ROWS[:3], "Béla;Birch;bela@example.org;;;;30.6.2025;bass;"]
    _status, said, _err = run("people", listed(*rows), "--unit", "DEPOT")
    assert queries.paid_until(world.person["bela"]) == day("30 June 2025")
    status, undone, _err = run("undo", said["batch"])
    assert (status, undone.pop("batch")) == (0, said["batch"])
    assert undone == {"erased": 3, "taken_away": 1, "stay": 0, "wait": 0}
    assert own("DEPOT", "15 July 2024") == before
    assert not Person.objects.filter(name="Wilma Weide").exists()
    assert not Contact.objects.exists()
    assert queries.tags_of(world.person["bela"]) == []
    assert queries.paid_until(world.person["bela"]) == day("1 May 2024")
    assert Line.objects.filter(sealed__isnull=False).count() == 0
    status, _out, err = run("undo", said["batch"])
    assert (status, err) == (2, "This import is undone already.\n")


def test_whoever_was_built_upon_stays_when_the_import_is_undone(run, listed, world):
    _status, said, _err = run("people", listed(*ROWS[:2]), "--unit", "DEPOT")
    wilma = Person.objects.get(name="Wilma Weide")
    later = known("15 July 2024")
    people.write_note(wilma, text="She came.", visibility="organisers", actor=OPERATOR, at=later)
    _status, undone, _err = run("undo", said["batch"])
    assert (undone["erased"], undone["stay"], undone["wait"]) == (1, 1, 0)
    assert queries.home_of(wilma) is not None


def test_nobody_is_guessed(run, listed, world):
    people.put_contact(world.person["ada"], kind="email", text="a@example.org", actor=OPERATOR, at=NOW)
    rows = [
        "Otto;Other;a@example.org;;;;;;",  # the e-mail of somebody else
        "Ada;Amber;other@example.org;;;;;;",  # her name, another e-mail
        "Ada;;a@example.org;;;;;;",  # her e-mail and part of her name
    ]
    _status, said, _err = run("people", listed(*rows), "--unit", "DEPOT")
    assert counts(said) == {"new": 0, "known": 1, "doubtful": 2, "refused": 0}
    whys = Line.objects.filter(batch=said["batch"], outcome="doubtful").order_by("number").values_list("why")
    assert [why for (why,) in whys] == ["other-name", "other-contact"]


def test_two_rows_of_one_file_that_are_the_same_person_become_one(run, listed):
    rows = ["Wilma;Weide;wilma@example.org;;;;;;", "Wilma;Weide;wilma@example.org;0660 1111111;;;;;"]
    _status, said, _err = run("people", listed(*rows), "--unit", "DEPOT")
    assert counts(said) == {"new": 1, "known": 1, "doubtful": 0, "refused": 0}
    assert Contact.objects.count() == 2


def test_days_that_nobody_can_tell_are_asked(run, listed):
    path = listed("Wilma Weide;1/2/2024", header="Name;Joined")
    status, said, err = run("people", path, "--unit", "DEPOT")
    assert (status, said["error"]["code"], said["error"]["where"]) == (2, "which-order", "--dates")
    assert "Joined" in err
    status, said, _err = run("people", path, "--unit", "DEPOT", "--dates", "mdy")
    joined = Membership.objects.get(person__name="Wilma Weide").valid.lower
    assert (status, joined) == (0, day("2 January 2024"))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_encodings_are_recognised(run, listed, encoding):
    rows = ["Jürgen;Müller;j@example.org;;Köln;;;;", "Zoë;Ångström;z@example.org;;Malmö;;;;"]
    _status, said, _err = run("people", listed(*rows, encoding=encoding), "--unit", "DEPOT")
    assert said["new"] == 2
    assert Person.objects.filter(name__in=["Jürgen Müller", "Zoë Ångström"]).count() == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("people", "nowhere.csv", "--unit", "DEPOT"), "no-file"),
        (("people", "", "--unit", "DEPOT"), "usage"),
        (("undo", "١"), "no-batch"),
        (("people", "liste.csv"), "no-file"),
        (("undo", "99999"), "not-found"),
        (("undo", "many"), "no-batch"),
    ],
)
def test_what_cannot_be_is_one_sentence(run, words, code):
    status, said, err = run(*words)
    assert (status, said["error"]["code"]) == (2, code)
    assert err.count("\n") == 1


def test_a_list_goes_to_no_unit_that_is_not_there_or_reports_by_number(run, listed):
    path = listed(*ROWS)
    for unit, code in (("NOWHERE", "not-found"), ("BUS", "by-number")):
        status, said, _err = run("people", path, "--unit", unit)
        assert (status, said["error"]["code"]) == (2, code), unit
    assert run("people", path)[1]["error"]["code"] == "usage"
    assert run("people", path, "--unit", "DEPOT", "--preset", "fax")[1]["error"]["code"] == "no-preset"


def test_formulas_come_back_as_text(run, listed):
    _status, said, _err = run("people", listed("=cmd|calc;Zinc;no address;;;;;;", ROWS[0]), "--unit", "DEPOT")
    with Path(said["refused_file"]).open(encoding="utf-8-sig", newline="") as stream:
        row = list(csv.reader(stream))[1]
    assert row[0] == "'=cmd|calc"


def test_what_is_paid_is_not_doubled(run, listed):
    path = listed(*ROWS)
    run("people", path, "--unit", "DEPOT")
    run("people", path, "--unit", "DEPOT")
    assert Standing.objects.count() == 1


def test_an_interrupted_import_goes_on_and_doubles_nobody(run, listed, world, monkeypatch):
    rows = [f"Person{number};Number;p{number}@example.org;;;;;;" for number in range(12)]
    path = listed(*rows)
    monkeypatch.setattr(actions.running, "CHUNK", 5)
    batch = actions.stage(
        path, name="l.csv", unit=world.unit["DEPOT"], wanted=actions.Wanted(), actor=OPERATOR, at=NOW
    )
    assert actions.run_chunk(batch, at=NOW, most=5) == 5
    assert Line.objects.filter(batch=batch, outcome="waiting").count() == 7
    while actions.run_chunk(batch, at=NOW, most=5):
        pass
    done = actions.finish(batch, actor=OPERATOR, at=NOW)
    assert (done.new, done.rows) == (12, 12)
    counted = "select count(distinct person_id), count(*) from exchange_line where batch_id = %s"
    assert sql(counted, done.pk) == [(12, 12)]


def test_a_list_says_who_agreed_to_words_that_are_named(run, listed, world):
    purpose = Purpose.objects.get(code="newsletter")
    protection.write_text(world.unit["TRAM"], purpose, language="en", words="Yes.", actor=OPERATOR, at=NOW)
    path = listed("Wilma Weide;ja", "Xaver Ximen;2024-02-01", header="Name;Newsletter")
    assert run("people", path, "--unit", "DEPOT", "--dry-run")[1]["new"] == 2  # without words it is left out
    said = ("--words", "newsletter=1", "--agreed-on", "2024-03-01")
    assert run("people", path, "--unit", "DEPOT", *said)[1]["new"] == 2
    found = Consent.objects.order_by("given_at").values_list("person__name", "given_at__date", "given_by")
    assert list(found) == [
        ("Xaver Ximen", day("1 February 2024"), None),
        ("Wilma Weide", day("1 March 2024"), None),
    ]
    for wrong in (("--words", "newsletter=9"), ("--words", "newsletter"), ("--agreed-on", "20240301")):
        status, said, _err = run("people", path, "--unit", "DEPOT", *wrong)
        assert (status, said["error"]["where"]) == (2, wrong[0])


def test_units_are_named_in_a_list_and_what_two_are_called_is_asked_for(run, listed, world):
    row = {"kind": "branch", "parent": "NORTH", "country": "AT", "recorded_at": NOW}
    new = structure.NewUnit(code="HILL2", names={"de": "Hill Line"}, founded_on=day("1 May 2024"), **row)
    structure.found_units([new], actor=OPERATOR, at=NOW)
    header = "Name;Ortsgruppe"
    path = listed("Wilma Weide;Line FOUR", "Zoe Zinc;hill line", "Yvo Yarrow;Nowhere at all", header=header)
    words = ("people", path, "--unit", "TRAM")
    for more in ((), ("--dry-run",), ("--unit-named", "Hill Line=PIER")):
        status, said, err = run(*words, *more)
        assert (status, said["error"]["code"], said["error"]["where"]) == (2, "which-unit", "--unit-named")
        assert "Hill Line (HILL, Southern Lines) and Hill Line (HILL2, Northern Lines)" in err
    for wrong in ("HILL", "=HILL", "Hill Line="):
        assert run(*words, "--unit-named", wrong)[1]["error"]["code"] == "usage"
    assert counts(run(*words, "--dry-run", "--unit-named", "Hill Line=-")[1])["refused"] == 2
    status, said, _err = run(*words, "--unit-named", "HILL LINE=HILL2")
    assert (status, counts(said)) == (0, {"new": 2, "known": 0, "doubtful": 0, "refused": 1})
    homes = Person.objects.filter(name__in=("Wilma Weide", "Zoe Zinc")).order_by("name")
    assert [one.unit.code for one in homes] == ["LINE4", "HILL2"]
    assert "Nowhere at all" in Path(said["refused_file"]).read_text(encoding="utf-8-sig")


def test_lines_in_which_nobody_stands_are_named_with_their_reason(run, listed):
    path = listed(ROWS[0], "Summe: 52;;;;;;;;", "Seite 1 von 2;;;;;;;;")
    for more in (("--dry-run",), ()):
        status, said, err = run("people", path, "--unit", "DEPOT", *more)
        assert (status, err, counts(said)) == (0, "", {"new": 1, "known": 0, "doubtful": 0, "refused": 0})
        assert [(one["row"], one["said"]) for one in said["passed_over"]] == [
            (3, "Summe: 52"),
            (4, "Seite 1 von 2"),
        ]
        assert said["passed_over"][1]["why"] == "The number of a page."
    text = command._text({"batch": 1, "passed_over": said["passed_over"][1:]})
    assert text == "batch: 1\npassed over: 1\n  row 4: Seite 1 von 2 (The number of a page.)\n"
    assert command._text({"passed_over": []}) == "passed over: 0\n"


def test_known_people_and_former_members_are_dealt_with_as_the_page_does_and_a_dry_run_says_so(
    run, listed, world, monkeypatch
):
    monkeypatch.setattr(looking, "CHUNK", 1)
    header = "Name;E-Mail;Ort;Eintritt"
    rows = [
        "Dana Dale;;Wien;",
        "Chidi Cove;;Wien;",
        "Zoe Zinc;zoe@example.org;;",
        "Zoe Zinc;zoe@example.org;Graz;",
    ]
    words = ("people", listed(*rows, header=header), "--unit", "DEPOT")
    kinds = ("new", "known", "rejoining", "former", "repeated", "doubtful")

    def told(*more):
        status, said, err = run(*words, *more)
        assert (status, err) == (0, "")
        return [said[one] for one in kinds]

    def towns():
        return list(
            Person.objects.filter(name__in=("Dana Dale", "Chidi Cove")).values_list("town", flat=True)
        )

    assert told("--dry-run") == told("--dry-run", "--known", "leave") == [1, 3, 0, 1, 1, 0]
    assert told("--dry-run", "--rejoin-on", "2024-07-01") == [1, 3, 1, 0, 1, 0]
    assert Person.objects.filter(name="Zoe Zinc").count() == 0
    assert told("--known", "leave") == [1, 3, 0, 1, 1, 0]
    assert towns() == ["", ""]
    assert Batch.objects.latest("pk").mapping["known"] == "leave"
    assert told("--rejoin-on", "2024-07-01") == [0, 4, 1, 0, 0, 0]
    assert towns() == ["Wien", "Wien"]
    assert queries.home_of(world.person["dana"]).valid.lower == day("1 July 2024")
    for wrong, code in (("2024-07-16", "in-the-future"), ("1.7.2024", "bad-day")):
        for more in ((), ("--dry-run",)):
            status, said, _err = run(*words, "--rejoin-on", wrong, *more)
            assert (status, said["error"]["code"], said["error"]["where"]) == (2, code, "--rejoin-on")
    for option in (("--known", "leave"), ("--rejoin-on", "2024-07-01"), ("--unit-named", "a=b")):
        assert run("undo", "1", *option)[1]["error"]["where"] == option[0]
