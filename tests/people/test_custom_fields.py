"""What units ask of their people besides: as data, for themselves and all below, under each person's key."""

import datetime as dt
import decimal
import re

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import custom, queries
from groundswell.people.models import CustomField, CustomValue, Person
from pageforms import send
from stage import NOW, actor, field, own_fields, signed_in, sql


@pytest.fixture
def asked(world):
    """Let the union ask for a trade, and the depot for what else there is."""
    return own_fields(world)


def put(person, values, before=None, by=OPERATOR):
    people.put_values(person, values=values, before=before or {}, actor=by, at=NOW)


def kept(person) -> dict[str, str]:
    return {one.field.label: custom.shown(one.field.type, one.value) for one in queries.values_of(person)}


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_type_is_kept_as_what_it_is_and_emptied_again(world, asked):
    bela = world.person["bela"]
    put(
        bela,
        {
            asked["trade"]: "fitter",
            asked["shifts"]: ["night", "early"],
            asked["years"]: decimal.Decimal("12.50"),
            asked["steward"]: False,
            asked["trained"]: dt.date(2024, 5, 3),
            asked["words"]: "  a  drum “日本” ",
        },
    )
    assert kept(bela) == {
        "Trade": "fitter",
        "Shifts": "early, night",
        "Years here": "12.5",
        "Shop steward": "no",
        "Trained on": "3 May 2024",
        "Brings along": "a drum “日本”",
    }
    put(
        bela,
        {asked["words"]: "", asked["shifts"]: []},
        {asked["words"]: "a drum “日本”", asked["shifts"]: ["early", "night"]},
    )
    assert "Brings along" not in kept(bela)
    assert "Shifts" not in kept(bela)
    stored = sql("select value from people_customvalue where field_id = %s", asked["trade"].pk)
    assert b"fitter" not in bytes(stored[0][0])


def test_what_no_field_takes_is_refused_in_a_sentence(world, asked):
    bela = world.person["bela"]
    for name, value, sentence in (
        ("trade", "pilot", "not among the choices"),
        ("shifts", ["early", "noon"], "“noon” is not among"),
        ("words", "x" * 501, "at most 500"),
    ):
        with pytest.raises(Refusal, match=sentence):
            put(bela, {asked[name]: value})
    with pytest.raises(Refusal, match="not asked here any more"):
        put(bela, {field(world, "HILL", "Of the hill"): "x"})
    people.end_field(asked["words"], ended=True, actor=OPERATOR, at=NOW)
    with pytest.raises(Refusal, match="not asked here any more"):
        put(bela, {asked["words"]: "x"})
    for wrong, sentence in (
        ({"label": " "}, "Say what is asked"),
        ({"kind": "colour"}, "Choose what is written"),
        ({"kind": "choice"}, "Write what may be chosen"),
        ({"kind": "choice", "options": [str(n) for n in range(41)]}, "at most 40"),
    ):
        given = {"label": "x", "kind": "text", "options": (), **wrong}
        with pytest.raises(Refusal, match=sentence):
            people.add_field(world.unit["DEPOT"], actor=OPERATOR, at=NOW, **given)
    with pytest.raises(Refusal, match="“driver” may have been chosen already"):
        people.change_field(asked["trade"], label="Trade", options=["fitter"], actor=OPERATOR)


def test_two_who_write_the_same_do_not_undo_each_other_unseen(world, asked):
    bela, trade = world.person["bela"], asked["trade"]
    put(bela, {trade: "driver"})
    with pytest.raises(Refusal, match="changed this meanwhile to “driver”"):
        put(bela, {trade: "fitter"})
    put(bela, {trade: "fitter"}, {trade: "driver"})
    assert kept(bela) == {"Trade": "fitter"}


def test_a_branch_reads_what_is_asked_above_it_and_only_its_secretaries_ask(world, asked):
    with signed_in(world, "ada"):
        assert [one.label for one in queries.fields_of(world.unit["DEPOT"])][:2] == ["Trade", "Shifts"]
        with pytest.raises(Refusal, match="do not include this right"):
            people.add_field(
                world.unit["DEPOT"], label="x", kind="text", options=(), actor=actor(world, "ada"), at=NOW
            )
    with signed_in(world, "sven"):
        with pytest.raises(NotFound):
            queries.field_for(actor(world, "sven"), asked["trade"].pk)
        assert sql("update people_customfield set label = 'x' returning id") == []
    with signed_in(world, "bela"):
        assert queries.field_for(actor(world, "bela"), asked["words"].pk).label == "Brings along"
    assert [one.label for one in queries.fields_of(world.unit["HILL"])] == ["Trade"]


def test_what_is_kept_is_seen_by_those_who_may_reach_her_and_by_herself(world, asked):
    chidi = world.person["chidi"]
    put(chidi, {asked["trade"]: "driver"})
    for who, seen in (("ada", 1), ("bela", 1), ("chidi", 1), ("jonas", 0), ("sven", 0), ("ines", 0)):
        with signed_in(world, who):
            assert CustomValue.objects.count() == seen, who
    with signed_in(world, "sven"), pytest.raises((Refusal, NotFound)):
        put(chidi, {asked["trade"]: "fitter"}, by=actor(world, "sven"))
    # It goes with her when she moves, and what her new branch does not ask is still kept.
    Person.objects.filter(pk=chidi.pk).update(unit=world.unit["HILL"])
    assert CustomValue.objects.get(person=chidi).unit_id == world.unit["HILL"].pk


def test_the_database_refuses_fields_that_make_no_sense(world, asked):
    for changed in ("type = 'colour'", "label = ''", "options = '{}'", "key = 'shifts', unit_id = %s"):
        given = [world.unit["DEPOT"].pk] if "%s" in changed else []
        with pytest.raises((IntegrityError, DatabaseError), match="people_customfield"), transaction.atomic():
            sql(f"update people_customfield set {changed} where id = %s", *given, asked["trade"].pk)


def test_a_secretary_asks_and_an_organiser_answers_from_the_pages(world, browser_of):
    bela, ada, person = browser_of("bela"), browser_of("ada"), world.person["bela"]
    # Where nothing is asked for the page says so, and to whoever may say what is, where.
    none, where = ada.get(f"/people/{person.pk}/fields/"), 'href="/people/fields/?unit=DEPOT"'
    assert "Her unit asks for nothing of its own." in text_of(none)
    assert where not in none.content.decode()
    assert where in bela.get(f"/people/{person.pk}/fields/").content.decode()
    refused = bela.post("/people/fields/?unit=DEPOT", {"label": "Trade", "kind": "choice", "options": ""})
    assert refused.status_code == 422
    assert "Write what may be chosen" in text_of(refused)
    added = {"label": "Trade", "kind": "choice", "options": "driver\nfitter"}
    assert bela.post("/people/fields/?unit=DEPOT", added).status_code == 302
    made = CustomField.objects.get(label="Trade")
    name = f"field_{made.pk}"
    page = ada.get(f"/people/{person.pk}/fields/")
    assert f'name="initial-{name}"' in page.content.decode()
    answered = ada.post(f"/people/{person.pk}/fields/", {name: "fitter", f"initial-{name}": ""})
    assert answered.status_code == 302
    assert "Trade fitter" in text_of(ada.get(f"/people/{person.pk}/"))
    late = ada.post(f"/people/{person.pk}/fields/", {name: "driver", f"initial-{name}": ""})
    assert late.status_code == 422
    assert "changed this meanwhile to “fitter”" in text_of(late)
    # What was not touched is not written, whatever it shows.
    assert ada.post(f"/people/{person.pk}/fields/", {name: "", f"initial-{name}": ""}).status_code == 302
    assert kept(person) == {"Trade": "fitter"}
    more = {"label": "Craft", "options": "driver\nfitter\nother"}
    assert send(bela, f"/people/fields/{made.pk}/", more).status_code == 302
    # Said twice, by two at once say, it is said once.
    for _again in range(2):
        assert bela.post(f"/people/fields/{made.pk}/end/", {"asked": "no"}).status_code == 302
    assert "not asked since" in text_of(bela.get("/people/fields/?unit=DEPOT"))
    assert "Craft fitter" in text_of(ada.get(f"/people/{person.pk}/"))


def test_whoever_may_not_decide_finds_nothing_at_those_addresses(world, browser_of, asked):
    for who in ("ada", "jonas", "sven"):
        browser = browser_of(who)
        assert browser.get("/people/fields/?unit=DEPOT").status_code == 404, who
        assert browser.get(f"/people/fields/{asked['trade'].pk}/").status_code == 404, who
        assert browser.post(f"/people/fields/{asked['trade'].pk}/end/").status_code == 404, who
    assert browser_of("sven").get(f"/people/{world.person['bela'].pk}/fields/").status_code == 404
    assert "Trade" not in text_of(browser_of("jonas").get(f"/people/{world.person['bela'].pk}/"))


def test_the_page_of_fields_asks_as_often_for_three_as_for_one(world, browser_of):
    browser = browser_of("bela")

    def asked_for() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/people/fields/?unit=DEPOT").status_code == 200
        return len(captured)

    field(world, "DEPOT", "One")
    asked_for()
    one = asked_for()
    field(world, "TRAM", "Two")
    field(world, "DEPOT", "Three")
    assert asked_for() == one == 9
