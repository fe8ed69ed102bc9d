"""The scenario in the database: the report says every expected figure, on every day, known whenever."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

import testbase
from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts.models import Account
from groundswell.exchange.scenario.load import SignIn, load
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import queries as people
from groundswell.people.models import Asking, Attendance, Contact, Gathering, Person
from groundswell.reports.contract import as_contract
from groundswell.reports.models import Frozen
from groundswell.reports.queries import report
from groundswell.structure.actions import NewUnit, found_root
from groundswell.structure.models import Unit, UnitEvent

EXPECTED = json.loads((Path(__file__).parents[1] / "data" / "scenario" / "expected.json").read_text("utf-8"))
SMALL = Path(__file__).parents[1] / "data" / "scenario" / "small"
OPENING, CLOSING = dt.date(2023, 1, 31), dt.date(2024, 1, 31)


def asked(as_of: dt.date, since: dt.date = OPENING, **more: Any) -> dict[str, Any]:
    with scope.operator("a test"):
        return as_contract(
            report(OPERATOR, unit_code=more.pop("unit", "INT"), as_of=as_of, since=since, **more)
        )


def row(answer: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [line for line in answer["units"] if line["code"] == code]
    return dict(found)


def test_the_report_of_the_year_has_every_expected_figure(loaded: tuple[SignIn, ...]) -> None:
    answer = asked(CLOSING)
    assert {key: answer["total"][key] for key in EXPECTED["total"]} == EXPECTED["total"]
    columns = EXPECTED["units"][0].keys()
    rows = [{key: line[key] for key in columns} for line in answer["units"]]
    assert sorted(rows, key=str) == sorted(EXPECTED["units"], key=str)


def test_everybody_can_be_reached_and_is_found_by_her_e_mail_and_her_phone(
    loaded: tuple[SignIn, ...],
) -> None:
    with scope.operator("a test"):
        reached = set(Contact.objects.filter(kind="email").values_list("person", flat=True))
        assert [one.name for one in Person.objects.exclude(pk__in=reached)] == ["Tomasz Wren"]  # at a stall
        phone = Contact.objects.filter(kind="phone").order_by("pk").select_related("person")[0]
        ways = people.contacts_of([phone.person])[phone.person_id]
        assert [way.kind for way in ways] == ["email", "phone"]
        assert ways[0].value.endswith(f"@{phone.person.unit.section.code.lower()}.example.org")
        for way in ways:
            assert people.by_contact(way.kind, way.value) == [phone.person_id]


def test_the_organisers_branch_meets_this_evening_and_somebody_waits_for_an_answer(
    loaded: tuple[SignIn, ...],
) -> None:
    with scope.operator("a test"):
        unit = Unit.objects.get(code="GB-LONDON-CENTRAL")
        evenings = list(Gathering.objects.filter(unit=unit).order_by("-day"))
        assert [one.day.isoformat() for one in evenings] == [
            "2024-06-15",
            "2024-06-08",
            "2024-06-01",
            "2024-05-25",
        ]
        came = [Attendance.objects.filter(gathering=one).count() for one in evenings]
        assert came[0] == 0 < min(came[1:])
        (asking,) = Asking.objects.filter(decided_at=None)
        assert (asking.kind, asking.unit_id, asking.person.name) == ("apply", unit.pk, "Niamh Orchard")


def test_the_total_is_right_on_all_six_days(loaded: tuple[SignIn, ...]) -> None:
    found = {day: asked(dt.date.fromisoformat(day))["total"]["members"] for day in EXPECTED["totals_on"]}
    assert found == EXPECTED["totals_on"]


def test_every_unit_is_right_on_all_six_days(loaded: tuple[SignIn, ...]) -> None:
    lines = (testbase.CHECKOUT / "src/groundswell/exchange/scenario/data/headcount.csv").read_text().split()
    header, *rows = [line.split(",") for line in lines]
    for place, day in enumerate(header[1:], 1):
        answer = asked(dt.date.fromisoformat(day))
        assert {line["code"]: line["members"] for line in answer["units"]} == {
            cells[0]: int(cells[place]) for cells in rows
        }


@pytest.mark.parametrize("structure", ["then", "now"])
@pytest.mark.parametrize("day", list(EXPECTED["totals_on"]))
def test_the_identity_holds_in_every_row_and_the_rows_add_up(
    loaded: tuple[SignIn, ...], day: str, structure: str
) -> None:
    answer = asked(dt.date.fromisoformat(day), structure_of=structure)
    columns = ("members", "previous", "joined", "left", "moved_in", "moved_out")
    for line in (*answer["units"], answer["total"]):
        members, previous, joined, left, moved_in, moved_out = (line[column] for column in columns)
        assert members == previous + joined - left + moved_in - moved_out
    for column in columns:
        assert answer["total"][column] == sum(line[column] for line in answer["units"])


@pytest.mark.parametrize("known", list(EXPECTED["known_at"]))
def test_the_late_entry_is_known_from_the_day_it_was_entered(loaded: tuple[SignIn, ...], known: str) -> None:
    answer = asked(CLOSING, known_at=clock.end_of(dt.date.fromisoformat(known)))
    found = {"IT": row(answer, "IT")["members"], "INT": answer["total"]["members"]}
    assert found == EXPECTED["known_at"][known]


def test_six_sections_bear_their_old_names_in_april_and_their_new_ones_in_june(
    loaded: tuple[SignIn, ...],
) -> None:
    codes = EXPECTED["renamed_by"]["2024-06-10"]
    old = {line["code"]: line["name"] for line in EXPECTED["units"]}
    april, june = asked(dt.date(2024, 4, 30)), asked(dt.date(2024, 6, 10))
    assert {code: row(april, code)["name"] for code in codes} == {code: old[code] for code in codes}
    assert {row(june, code)["name"] for code in codes} == {"Revolutionary Communist Party"}
    others = old.keys() - set(codes)
    assert {code: row(june, code)["name"] for code in others} == {code: old[code] for code in others}


@pytest.mark.parametrize("day", list(EXPECTED["kinds_on"]))
def test_ireland_is_a_group_first_and_a_section_later_and_nothing_else_changes(
    loaded: tuple[SignIn, ...], day: str
) -> None:
    answer = asked(dt.date.fromisoformat(day))
    assert {line["code"]: line["kind"] for line in answer["units"]} == EXPECTED["kinds_on"][day]


def test_five_and_six_thousand_and_britains_thousand_are_milestones(loaded: tuple[SignIn, ...]) -> None:
    passed = {(one["unit"], one["threshold"]): one["on"] for one in asked(CLOSING)["milestones"]}
    assert passed["INT", 5000].startswith("2023-10")
    assert passed["INT", 6000].startswith("2024-01")
    assert [unit for unit, threshold in passed if threshold == 1000] == ["GB"]


def test_the_target_and_the_decisions_of_the_executive_are_in_the_report(loaded: tuple[SignIn, ...]) -> None:
    answer = asked(CLOSING)
    assert [(one["unit"], one["value"], one["by"]) for one in answer["targets"]] == [
        ("US", 1000, "2024-12-31")
    ]
    assert [(one["kind"], one["result"]) for one in answer["decisions"]] == [
        ("ratification", "unanimous"),
        ("endorsement", "overwhelming"),
        ("motion", "unanimous"),
    ]
    assert {one["body"] for one in answer["decisions"]} == {"International Executive Committee"}


def test_no_year_of_the_ten_before_grew_as_much(loaded: tuple[SignIn, ...]) -> None:
    growth = {year: asked(dt.date(year, 1, 31), dt.date(year - 1, 1, 31)) for year in range(2014, 2025)}
    found = {year: answer["total"]["growth_pct"] for year, answer in growth.items()}
    assert found.pop(2024) == 39.3
    assert all(0 < before < 39.3 for before in found.values())


def test_switzerland_grew_by_sixty_per_cent_in_six_months(loaded: tuple[SignIn, ...]) -> None:
    line = row(asked(CLOSING, dt.date(2023, 7, 31)), "CH")
    assert (line["previous"], line["members"], line["growth_pct"]) == (200, 320, 60.0)


def test_ireland_and_several_smaller_groups_more_than_doubled(loaded: tuple[SignIn, ...]) -> None:
    groups = {line["code"]: line["growth_pct"] for line in asked(CLOSING)["units"] if line["kind"] == "group"}
    assert groups["IE"] == 385.7
    assert sorted(code for code, growth in groups.items() if growth > 100) == ["IE", "NL", "NO", "PL"]


def test_the_international_bears_its_new_name_from_the_day_it_was_founded_anew(
    loaded: tuple[SignIn, ...],
) -> None:
    with scope.operator("a test"):
        names = [
            report(OPERATOR, unit_code="INT", as_of=day, since=OPENING).unit.name
            for day in (dt.date(2024, 6, 9), dt.date(2024, 6, 10))
        ]
    assert names == ["International Marxist Tendency", "Revolutionary Communist International"]


def test_italy_and_austria_prepare_what_six_sections_did(loaded: tuple[SignIn, ...]) -> None:
    with scope.operator("a test"):
        prepared = UnitEvent.objects.filter(prepared=True).values_list("unit__code", "day")
        assert sorted(prepared) == [("AT", CLOSING), ("IT", CLOSING)]


def test_illustrative_are_those_units_whose_counts_no_source_gives(loaded: tuple[SignIn, ...]) -> None:
    marked = {line["code"]: line["illustrative"] for line in asked(CLOSING)["units"]}
    assert [code for code, mark in marked.items() if not mark] == ["CA", "US", "IT", "IE"]


def test_the_year_is_public_and_says_what_the_report_says(loaded: tuple[SignIn, ...]) -> None:
    with scope.operator("a test"):
        (frozen,) = Frozen.objects.filter(published=True)
    # What is frozen says as known when; all else is what the report says now.
    assert frozen.body == asked(CLOSING) | {"known_at": frozen.known_at.isoformat()}


def test_the_sign_ins_open_with_the_passwords_that_were_handed_out(loaded: tuple[SignIn, ...]) -> None:
    offices = [(one.office, one.unit) for one in loaded]
    assert offices[0] == ("secretary", "INT")
    assert {"secretary", "treasurer", "dpo", "auditor", "organiser", "member"} == {one for one, _ in offices}
    with scope.operator("a test"):
        kept = {account.email: account.password for account in Account.objects.all()}
    first = loaded[0]
    assert check_password(first.password, kept[first.email])
    assert not check_password(loaded[1].password, kept[first.email])
    assert len({one.password for one in loaded}) == len(loaded)


def test_today_is_the_demos_day(loaded: tuple[SignIn, ...]) -> None:
    assert clock.today() == dt.date(2024, 6, 15)


def test_loading_again_changes_nothing(loaded: tuple[SignIn, ...]) -> None:
    before = asked(dt.date(2024, 6, 14))
    again = load(lambda _what, _share: None)
    assert (again.fresh, again.units, again.sign_ins) == (False, 398, ())
    assert asked(dt.date(2024, 6, 14)) == before
    with scope.operator("a test"):
        assert Frozen.objects.count() == 1


def test_where_the_passwords_cannot_be_kept_nothing_is_loaded(db: None) -> None:
    def fail(_: tuple[SignIn, ...]) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        load(lambda _what, _share: None, SMALL, hand_out=fail)
    with scope.operator("a test"):
        assert not Unit.objects.exists()


def test_another_scenario_is_loaded_by_the_same_rules(transactional_db: None) -> None:
    steps: list[float] = []
    done = load(lambda _what, share: steps.append(share), SMALL)
    assert (done.fresh, done.units) == (True, 6)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    answer = asked(CLOSING)
    assert {line["code"]: line["members"] for line in answer["units"]} == {"AA": 36, "BB": 11}
    assert asked(CLOSING, known_at=clock.end_of(CLOSING))["total"]["members"] == 46
    assert [(one["what"], one["result"]) for one in answer["decisions"]] == [
        ("A common tool shed", "carried")
    ]


def test_without_the_package_of_names_the_demo_says_what_to_install(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faker", None)
    monkeypatch.delitem(sys.modules, "groundswell.exchange.scenario.plan", raising=False)
    monkeypatch.delitem(sys.modules, "groundswell.exchange.scenario.people_names", raising=False)
    with pytest.raises(Refusal) as refusal:
        load(lambda _what, _share: None, SMALL)
    assert refusal.value.sentence == (
        "The demo needs the package “faker”: install Groundswell with its extra “demo”."
    )


@pytest.mark.parametrize("code", ["UNION", "INT"])
def test_a_database_with_another_organisation_is_left_alone(db: None, code: str) -> None:
    with scope.operator("a test"):
        union = NewUnit(code, {"en": "Union"}, "international", None, dt.date(2000, 1, 1))
        found_root(union, at=clock.now())
    with pytest.raises(Refusal, match="another organisation"):
        load(lambda _what, _share: None, SMALL)
    with scope.operator("a test"):
        assert [unit.code for unit in Unit.objects.all()] == [code]
        assert not Frozen.objects.exists()


def test_a_report_before_the_founding_or_after_today_is_refused(loaded: tuple[SignIn, ...]) -> None:
    for day in (dt.date(1991, 12, 31), dt.date(2024, 6, 16)):
        with pytest.raises(Refusal):
            asked(day, since=dt.date(1991, 1, 1))
