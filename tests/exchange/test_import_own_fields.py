"""Columns that mean a field which a unit added: recognised by its title, understood by its type, undone."""

import datetime as dt
import decimal

import files
import pytest
from test_import_pages import chosen, staged, understood

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions as exchange
from groundswell.exchange import queries
from groundswell.exchange.importing import added
from groundswell.exchange.importing.fields import Field
from groundswell.exchange.models import Batch, Line, RememberedMapping
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import custom
from groundswell.people import queries as people_queries
from groundswell.people.models import CustomValue, Person
from stage import NOW, own_fields
from world import TODAY

HEADER = ("Name", "Trade", "Shifts", "Years here", "Shop steward", "Trained on", "Brings along", "Telefon")
ZOE = ("Zoe Zinc", "FITTER", "night; early", "12.5", "ja", "31.1.2024", "a  drum", "")


@pytest.fixture
def asked(world):
    """Let the union ask for a trade, and the depot for what else there is."""
    return own_fields(world)


def kept(person) -> dict[str, str]:
    return {
        one.field.label: custom.shown(one.field.type, one.value) for one in people_queries.values_of(person)
    }


def taken_in(batch: Batch, at=NOW) -> Batch:
    exchange.start(batch, actor=OPERATOR)
    while exchange.run_chunk(batch, at=at):
        pass
    return exchange.finish(batch, actor=OPERATOR, at=NOW)


def brought(tmp_path, world, *rows, unit="DEPOT", header=HEADER, **wanted):
    path = files.written(tmp_path, files.text(rows=rows, header=header, separator="|"), "list.csv")
    said = exchange.Wanted(**wanted)
    return exchange.stage(path, name="list.csv", unit=world.unit[unit], wanted=said, actor=OPERATOR, at=NOW)


def test_columns_with_the_titles_of_fields_are_understood_shown_kept_once_and_undone(
    world, asked, browser_of
):
    ada = browser_of("ada")
    batch = staged(ada, ZOE, header=HEADER)
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "Trade: fitter · Shifts: early, night · Years here: 12.5 · Shop steward: yes" in page
    assert not CustomValue.objects.exists()
    taken_in(batch)
    zoe = Person.objects.get(name="Zoe Zinc")
    once = {
        "Trade": "fitter",
        "Shifts": "early, night",
        "Years here": "12.5",
        "Shop steward": "yes",
        "Trained on": "31 January 2024",
        "Brings along": "a drum",
    }
    assert kept(zoe) == once
    again = staged(ada, ZOE, header=HEADER)
    assert "Nothing is new." in ada.get(f"/lists/import/{again.pk}/").content.decode()
    taken_in(again, NOW + dt.timedelta(hours=1))
    assert (again.known, kept(zoe)) == (1, once)
    assert CustomValue.objects.count() == 6
    exchange.undo(again, actor=OPERATOR, at=NOW)
    assert kept(zoe) == once
    exchange.undo(batch, actor=OPERATOR, at=NOW)
    assert not CustomValue.objects.exists()


def test_what_stands_in_a_field_stays_and_an_undone_list_takes_only_its_own_away(world, asked, tmp_path):
    chidi = world.person["chidi"]
    people.put_values(chidi, values={asked["trade"]: "driver"}, before={}, actor=OPERATOR, at=NOW)
    batch = taken_in(brought(tmp_path, world, ("Chidi Cove", "fitter", "late", "", "", "", "", "")))
    assert (batch.known, kept(chidi)) == (1, {"Trade": "driver", "Shifts": "late"})
    exchange.undo(batch, actor=OPERATOR, at=NOW)
    assert "Shifts" not in kept(chidi)


def test_whose_field_was_changed_since_stays_when_the_list_is_undone(world, asked, tmp_path):
    batch = taken_in(brought(tmp_path, world, ZOE))
    zoe = Person.objects.get(name="Zoe Zinc")
    later = NOW.replace(year=NOW.year + 1)
    before = {asked["words"]: "a drum"}
    people.put_values(zoe, values={asked["words"]: "a flute"}, before=before, actor=OPERATOR, at=later)
    assert exchange.undo(batch, actor=OPERATOR, at=later).stay == 1
    assert kept(zoe)["Brings along"] == "a flute"


def test_a_choice_that_is_none_is_refused_with_the_choices_and_the_rest_comes_in(world, asked, browser_of):
    ada = browser_of("ada")
    batch = staged(ada, ZOE, ("Yvo Yarrow", "pilot", "", "", "", "", "", ""), header=HEADER)
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "“pilot” is not among the choices of “Trade”: driver, fitter." in page
    assert list(Line.objects.filter(batch=batch).order_by("number").values_list("outcome", flat=True)) == [
        "waiting",
        "refused",
    ]


def test_days_of_a_field_that_can_be_read_in_two_ways_are_asked(world, asked, browser_of, tmp_path):
    ada = browser_of("ada")
    answer = chosen(ada, ("Zoe Zinc", "3/5/2024"), header=("Name", "Trained on"))
    refused = understood(ada, answer)
    assert refused.status_code == 422
    assert "cannot be told from the days in Trained on" in refused.content.decode()
    batch = Batch.objects.get(pk=int(understood(ada, answer, dates="mdy").url.split("/")[-2]))
    taken_in(batch)
    assert kept(Person.objects.get(name="Zoe Zinc")) == {"Trained on": "5 March 2024"}


def test_which_column_is_which_field_is_remembered_and_a_field_that_ended_is_left_out(
    world, asked, browser_of
):
    ada = browser_of("ada")
    said = {"column_1": f"own_{asked['trade'].pk}"}
    understood(ada, chosen(ada, ("Zoe Zinc", "driver"), header=("Name", "Beruf")), **said)
    key = f"own_{asked['trade'].pk}"
    assert RememberedMapping.objects.get().mapping["fields"] == ["name", key]
    again = chosen(ada, ("Yvo Yarrow", "fitter"), header=("Name", "Beruf"))
    assert f'value="{key}" selected' in ada.get(again.url).content.decode()
    people.end_field(asked["trade"], ended=True, actor=OPERATOR, at=NOW)
    page = ada.get(again.url).content.decode()
    assert key not in page
    assert 'value="name" selected' in page


def test_a_list_goes_by_the_fields_of_its_own_unit_and_those_above_and_by_no_others(world, asked, tmp_path):
    assert {one.label for one in queries.added_fields(world.unit["LINE4"]).values()} == {"Trade"}
    batch = brought(tmp_path, world, ("Zoe Zinc", "fitter", "late", "", "", "", "", ""), unit="LINE4")
    taken_in(batch)
    assert kept(Person.objects.get(name="Zoe Zinc")) == {"Trade": "fitter"}
    assert queries.added_fields(world.unit["PIER"]) == {}
    with pytest.raises(Refusal, match="There is no such field"):
        brought(
            tmp_path,
            world,
            ("Zoe Zinc", "late"),
            header=("Name", "Shifts"),
            unit="PIER",
            mapping=exchange_mapping("name", f"own_{asked['shifts'].pk}"),
        )


def exchange_mapping(*fields):
    from groundswell.exchange.importing.mapping import ColumnMapping

    return ColumnMapping(fields, ("",) * len(fields))


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1,234.5", decimal.Decimal("1234.5")),
        ("number", "1.234,5", decimal.Decimal("1234.5")),
        ("number", "1 234,5", decimal.Decimal("1234.5")),
        ("number", "-12", decimal.Decimal(-12)),
        ("number", "0.125", decimal.Decimal("0.125")),
        ("number", "1.234", "two ways"),
        ("number", "12 apples", "is no number"),
        ("number", "9" * 15, "can hold"),
        ("yesno", "Nein", False),
        ("yesno", "x", True),
        ("yesno", "maybe", "neither yes nor no"),
        ("choices", "a, b", ["a, b"]),
        ("choices", "c, d", ["c", "d"]),
        ("choices", "c; e", "not among the choices"),
        ("text", "x" * 501, "at most 500"),
    ],
)
def test_a_cell_is_understood_by_the_type_of_its_field_or_refused(kind, cell, value):
    options = ("a, b", "c", "d") if kind == "choices" else ()
    one = Field("own_1", "Asked", number=1, type=kind, options=options)
    if isinstance(value, str):
        with pytest.raises(Refusal, match=value):
            added.read(cell, one, order="", today=TODAY)
    else:
        assert custom.unpacked(kind, added.read(cell, one, order="", today=TODAY)) == value
