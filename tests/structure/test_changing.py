"""Units founded, renamed, promoted, moved, merged, dissolved: who may, what is refused, what remains."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.reports.drilldown import drill
from groundswell.structure import actions as structure
from groundswell.structure import happened, placemap, queries, unitpages
from groundswell.structure.models import Change, Unit
from stage import NOW, ask, known, newcomer, own, row, signed_in, somebody
from world import at, day

BY_OPERATOR = {"actor": OPERATOR, "at": NOW}
NEW = structure.NewUnit("VALLEY", {"en": "Valley Line"}, "branch", "SOUTH", day("1 June 2024"))


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.sentence.endswith(".")
    assert "%(" not in refused.value.sentence
    return refused.value.code


def fresh(world, code):
    return Unit.objects.get(pk=world.unit[code].pk)


def keys(world, *codes):
    return "/" + "".join(f"{world.unit[code].pk}/" for code in codes)


def test_a_founded_branch_lies_below_its_region_and_belongs_to_its_section(world):
    made = structure.found_unit(NEW, **BY_OPERATOR)
    assert made.path == keys(world, "FED", "TRAM", "SOUTH") + f"{made.pk}/"
    assert made.section == world.unit["TRAM"]
    nodes = [node.code for node in queries.tree(OPERATOR, on=day("15 July 2024"))]
    assert nodes[nodes.index("SOUTH") :][:3] == ["SOUTH", "HILL", "VALLEY"]
    assert "VALLEY" not in [node.code for node in queries.tree(OPERATOR, on=day("31 May 2024"))]


@pytest.mark.parametrize(
    ("names", "read_in_german"),
    [
        ({"de": "Hafen", "el": "Λιμάνι", "en": "Harbour"}, "Hafen"),
        ({"el": "Λιμάνι", "en": "Harbour", "fr": "Port"}, "Harbour"),
        ({"el": "Λιμάνι", "fr": "Port"}, "Λιμάνι"),
        ({"fr": "Port"}, "Port"),
    ],
)
def test_a_name_is_read_in_ones_language_else_in_english_else_in_the_units_own(world, names, read_in_german):
    new = replace(NEW, names=names, languages=("el", "fr"))
    made = structure.found_unit(new, **BY_OPERATOR)
    with translation.override("de-AT"):
        assert queries.called([made.pk], day("15 July 2024"))[made.pk].name == read_in_german


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "valley"}, "bad-code"),
        ({"code": "HILL"}, "code-taken"),
        ({"code": "V" * 41}, "bad-code"),
        ({"code": "VALLEY\n"}, "bad-code"),
        ({"names": {}}, "no-name"),
        ({"names": {"en": " "}}, "no-name"),
        ({"names": {"en": "A\x00B"}}, "bad-name"),
        ({"names": {"en": "\ud800"}}, "bad-name"),
        ({"names": {"en": "x" * 201}}, "long-name"),
        ({"kind": "cell"}, "no-kind"),
        ({"kind": "section"}, "order"),
        ({"parent": "MOON"}, "no-parent"),
        ({"time_zone": "Europe/Moon"}, "bad-time-zone"),
        ({"time_zone": "localtime"}, "bad-time-zone"),
        ({"currency": "EURO"}, "bad-currency"),
        ({"country": "Austria"}, "bad-country"),
        ({"latitude": 91.0, "longitude": 0.0}, "off-the-globe"),
        ({"latitude": 47.0}, "off-the-globe"),
        ({"locale": "x" * 21}, "bad-language"),
        ({"languages": ("x" * 21,)}, "bad-language"),
        ({"town": "x" * 121}, "long-town"),
        ({"founded_on": dt.date(1, 1, 1)}, "day-out-of-range"),
        ({"founded_on": dt.date(9999, 12, 31)}, "day-out-of-range"),
        ({"founded_on": dt.date(2024, 7, 16)}, "in-the-future"),
        ({"founded_on": dt.date(1999, 12, 31)}, "older-than-parent"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_a_sentence(world, change, code):
    assert refusal_of(lambda: structure.found_unit(replace(NEW, **change), **BY_OPERATOR)) == code
    assert not Unit.objects.filter(code="VALLEY").exists()


def test_a_bulk_load_is_all_or_nothing_and_for_whoever_runs_the_server(world):
    wrong = [NEW, replace(NEW, code="MOON", parent="SUN")]
    assert refusal_of(lambda: structure.found_units(wrong, **BY_OPERATOR)) == "no-parent"
    assert not Unit.objects.filter(code="VALLEY").exists()
    with signed_in(world, "ines") as ines:
        assert refusal_of(lambda: structure.found_units([NEW], actor=ines, at=NOW)) == "not-allowed"
    assert structure.found_units([], **BY_OPERATOR) == {}


def test_founding_in_bulk_equals_founding_one_by_one(world):
    twins = [replace(NEW, code="ONE"), replace(NEW, code="TWO", parent="ONE")]
    single = [structure.found_unit(one, **BY_OPERATOR) for one in twins]
    bulk = structure.found_units(
        [replace(one, code=f"B-{one.code}", parent=one.parent.replace("ONE", "B-ONE")) for one in twins],
        **BY_OPERATOR,
    )
    described = [
        [(unit.path.count("/"), unit.section_id, unit.kind_id, unit.holds_names) for unit in units]
        for units in (single, bulk.values())
    ]
    assert described[0] == described[1]
    nodes = {node.code: node for node in queries.tree(OPERATOR, on=day("15 July 2024"))}
    assert nodes["ONE"].depth == nodes["B-ONE"].depth == 3
    assert nodes["TWO"].depth == nodes["B-TWO"].depth == 4


def test_an_organisation_is_founded_once(world):
    assert refusal_of(lambda: structure.found_root(replace(NEW, parent=None), at=NOW)) == "already-founded"


def test_a_name_holds_from_its_day_and_the_old_one_before(world):
    names = {
        str(period.valid.lower): period.names["en"] for period in queries.name_history(world.unit["FERRY"])
    }
    assert names == {"2000-01-01": "Ferry Crews' Union", "2024-05-01": "Sailors' Union"}
    named = [
        {line.code: line.name for line in ask("FED", on).lines}["FERRY"]
        for on in ("30 April 2024", "1 May 2024")
    ]
    assert named == ["Ferry Crews' Union", "Sailors' Union"]


def test_names_and_kinds_are_those_that_were_known(world):
    structure.rename_unit(
        world.unit["BUS"],
        names={"en": "Coach Crews"},
        day=day("2 May 2024"),
        actor=OPERATOR,
        at=at("1 July 2024"),
    )
    shown = {
        moment: {
            line.code: (line.name, line.kind)
            for line in ask("FED", "10 June 2024", known_at=known(moment)).lines
        }["BUS"]
        for moment in ("31 May 2024", "10 June 2024", "1 July 2024")
    }
    assert shown == {
        "31 May 2024": ("Busworkers' Association", "group"),
        "10 June 2024": ("Busworkers' Association", "section"),
        "1 July 2024": ("Coach Crews", "section"),
    }


def test_now_shows_both_ends_in_todays_structure_and_a_dissolved_unit_where_it_lay_last(world):
    structure.move_unit(world.unit["HILL"], parent=world.unit["FERRY"], day=day("1 July 2024"), **BY_OPERATOR)
    window = ("30 April 2024", "31 January 2024")
    then, now = (row("FED", "TRAM", *window, structure_of=which) for which in ("then", "now"))
    assert (then[0] - now[0], then[1] - now[1]) == (2, 2)
    valley = world.unit["VALLEY"] = structure.found_unit(NEW, **BY_OPERATOR)
    brief = newcomer(world, "VALLEY", "2 June 2024")
    people.leave(brief, day=day("20 June 2024"), **BY_OPERATOR)
    structure.dissolve_unit(valley, day=day("1 July 2024"), **BY_OPERATOR)
    assert row("SOUTH", "VALLEY", "30 June 2024", "31 May 2024", structure_of="now") == (0, 0, 1, 1, 0, 0)
    assert row("SOUTH", "VALLEY", "15 July 2024", "31 May 2024") == (0, 0, 1, 1, 0, 0)
    assert "VALLEY" not in {line.code for line in ask("SOUTH", "15 July 2024", "1 July 2024").lines}


@pytest.mark.parametrize("known_at", [None, known("31 May 2024")])
def test_members_of_long_ago_count_in_the_unit_of_today_that_nobody_knew_of_then(world, known_at):
    new = replace(NEW, code="EAST", kind="region", parent="TRAM", founded_on=day("1 July 2024"))
    east = structure.found_unit(new, **BY_OPERATOR)
    structure.move_unit(world.unit["HILL"], parent=east, day=day("1 July 2024"), **BY_OPERATOR)
    window = {"known_at": known_at, "structure_of": "now"}
    assert (
        row("TRAM", "EAST", "30 April 2024", "31 January 2024", **window)[:2]
        == (own("HILL", "30 April 2024", "31 January 2024", known_at=known_at)[:2])
    )
    now, then = (
        row("TRAM", "total", "30 April 2024", "31 January 2024", known_at=known_at, structure_of=which)
        for which in ("now", "then")
    )
    assert now[:4] == then[:4]
    opened = drill(
        OPERATOR,
        unit_code="TRAM",
        row_code="EAST",
        as_of=day("30 April 2024"),
        since=day("31 January 2024"),
        **window,
    )
    assert opened.number == own("HILL", "30 April 2024", known_at=known_at)[0]


def test_a_move_stands_with_what_was_left_and_what_was_come_to_and_earlier_events_where_they_were(world):
    structure.rename_unit(world.unit["HILL"], names={"en": "Hill"}, day=day("1 May 2024"), **BY_OPERATOR)
    structure.move_unit(world.unit["HILL"], parent=world.unit["NORTH"], day=day("1 July 2024"), **BY_OPERATOR)
    structure.rename_unit(world.unit["HILL"], names={"en": "Hills"}, day=day("9 July 2024"), **BY_OPERATOR)
    told = {
        (code, then): [
            one.what
            for one in happened.events_between(
                world.unit[code], day("30 April 2024"), day("15 July 2024"), then=then
            )
        ]
        for code in ("SOUTH", "NORTH")
        for then in (True, False)
    }
    assert told == {
        ("SOUTH", True): ["renamed", "moved"],
        ("NORTH", True): ["moved", "renamed"],
        ("SOUTH", False): [],
        ("NORTH", False): ["renamed", "moved", "renamed"],
    }


def test_a_moved_branch_carries_todays_path_and_section_with_all_below_it(world):
    structure.move_unit(
        world.unit["SOUTH"], parent=world.unit["FERRY"], day=day("1 July 2024"), **BY_OPERATOR
    )
    hill = fresh(world, "HILL")
    assert (hill.path, hill.section_id) == (
        keys(world, "FED", "FERRY", "SOUTH", "HILL"),
        world.unit["FERRY"].pk,
    )
    assert fresh(world, "DEPOT").section_id == world.unit["TRAM"].pk


def test_a_unit_is_not_moved_into_itself_nor_below_itself(world):
    for code in ("TRAM", "SOUTH", "HILL"):
        assert (
            refusal_of(
                lambda code=code: structure.move_unit(
                    world.unit["TRAM"], parent=world.unit[code], day=day("1 July 2024"), **BY_OPERATOR
                )
            )
            == "circle"
        )
    assert refusal_of(
        lambda: structure.move_unit(
            world.unit["FED"], parent=world.unit["FED"], day=day("1 July 2024"), **BY_OPERATOR
        )
    ) in {"circle", "root"}
    # Nor merged into what lay in it on one of these days.
    south, north = world.unit["SOUTH"], world.unit["NORTH"]
    structure.move_unit(north, parent=south, day=day("1 June 2024"), **BY_OPERATOR)
    structure.move_unit(north, parent=world.unit["TRAM"], day=day("10 June 2024"), **BY_OPERATOR)
    merge = {"into": north, "day": day("5 June 2024"), **BY_OPERATOR}
    assert refusal_of(lambda: structure.merge_units(south, **merge)) == "circle"


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (dt.date(1, 1, 1), "day-out-of-range"),
        (dt.date(9999, 12, 31), "day-out-of-range"),
        (dt.date(1999, 12, 31), "before-founding"),
        (dt.date(2024, 7, 16), "in-the-future"),
    ],
)
def test_no_change_happens_on_a_day_that_cannot_be(world, on, code):
    hill, change = world.unit["HILL"], {"day": on, **BY_OPERATOR}
    for act in (
        lambda: structure.rename_unit(hill, names={"en": "x"}, **change),
        lambda: structure.found_anew(hill, names={"en": "x"}, **change),
        lambda: structure.promote_unit(hill, kind="region", **change),
        lambda: structure.move_unit(hill, parent=world.unit["NORTH"], **change),
        lambda: structure.merge_units(hill, into=world.unit["DEPOT"], **change),
        lambda: structure.dissolve_unit(hill, **change),
        lambda: structure.announce(hill, what="founded-anew", **change),
    ):
        assert refusal_of(act) == code


def test_a_merged_unit_is_not_changed_any_more(world):
    structure.merge_units(world.unit["DOCK"], into=world.unit["PIER"], day=day("1 July 2024"), **BY_OPERATOR)
    assert fresh(world, "DOCK").dissolved_on == day("1 July 2024")
    change = {"day": day("10 July 2024"), **BY_OPERATOR}
    for act in (
        lambda: structure.rename_unit(world.unit["DOCK"], names={"en": "x"}, **change),
        lambda: structure.merge_units(world.unit["PIER"], into=world.unit["DOCK"], **change),
        lambda: structure.move_unit(world.unit["HILL"], parent=world.unit["DOCK"], **change),
        lambda: structure.found_unit(replace(NEW, parent="DOCK"), **BY_OPERATOR),
    ):
        assert refusal_of(act) == "dissolved"


def test_the_branches_of_a_merged_region_lie_in_the_other_until_that_is_undone(world):
    south, north, hill = (world.unit[code] for code in ("SOUTH", "NORTH", "HILL"))
    structure.merge_units(south, into=north, day=day("1 July 2024"), **BY_OPERATOR)
    nodes = {node.code: node for node in queries.tree(OPERATOR, on=day("15 July 2024"))}
    assert "SOUTH" not in nodes
    assert (nodes["HILL"].parent_id, nodes["HILL"].depth) == (north.pk, 3)
    assert row("TRAM", "NORTH", "15 July 2024", "30 June 2024") == (10, 9, 0, 0, 1, 0)
    assert row("NORTH", "HILL", "15 July 2024", "30 June 2024") == (1, 0, 0, 0, 1, 0)
    assert own("SOUTH", "15 July 2024", "30 June 2024") == (0, 1, 0, 0, 0, 1)
    assert fresh(world, "HILL").path == keys(world, "FED", "TRAM", "NORTH", "HILL")
    shown = unitpages.unit(OPERATOR, fresh(world, "NORTH"), day("15 July 2024"))
    assert "HILL" in {one.code for one in shown["below"]}
    dissolve = {"day": day("10 July 2024"), **BY_OPERATOR}
    assert refusal_of(lambda: structure.dissolve_unit(north, **dissolve)) == "has-units"
    structure.undo_change(Change.objects.latest("id"), **BY_OPERATOR)
    assert fresh(world, "HILL").path == keys(world, "FED", "TRAM", "SOUTH", "HILL")
    assert placemap.within(queries.parent_periods(), south.pk, day("15 July 2024")) == [hill.pk]


def test_what_came_into_a_unit_after_the_day_of_which_its_own_end_is_told_later_counts_where_that_went(world):
    there, came = own("DEPOT", "30 June 2024")[0], own("LINE4", "30 June 2024")[0]
    structure.merge_units(
        world.unit["LINE4"], into=world.unit["DEPOT"], day=day("10 July 2024"), **BY_OPERATOR
    )
    structure.merge_units(world.unit["DEPOT"], into=world.unit["HILL"], day=day("1 July 2024"), **BY_OPERATOR)
    assert own("DEPOT", "15 July 2024", "30 June 2024") == (0, there, 0, 0, 0, there)
    assert own("HILL", "15 July 2024", "30 June 2024")[4] == there + came


def test_a_region_of_many_branches_is_merged_and_that_undone_by_as_many_questions_as_one_of_one(world):
    south, north, asked = world.unit["SOUTH"], world.unit["NORTH"], []
    for codes in (["HILL"], ["HILL", "VALLEY", "BRIDGE"]):
        new = [replace(NEW, code=code) for code in codes[1:]]
        structure.found_units(new, **BY_OPERATOR)
        with CaptureQueriesContext(connection) as merging:
            structure.merge_units(south, into=north, day=day("1 July 2024"), **BY_OPERATOR)
        lie = {unit.path for unit in Unit.objects.filter(code__in=codes)}
        assert lie == {f"{north.path}{unit.pk}/" for unit in Unit.objects.filter(code__in=codes)}
        with CaptureQueriesContext(connection) as undoing:
            structure.undo_change(Change.objects.latest("id"), **BY_OPERATOR)
        lie = {unit.path for unit in Unit.objects.filter(code__in=codes)}
        assert lie == {f"{south.path}{unit.pk}/" for unit in Unit.objects.filter(code__in=codes)}
        asked.append((len(merging), len(undoing)))
    assert asked[0] == asked[1]


def test_a_unit_with_units_or_members_in_it_is_not_dissolved_and_an_empty_one_is(world):
    change = {"day": day("10 July 2024"), **BY_OPERATOR}
    assert refusal_of(lambda: structure.dissolve_unit(world.unit["SOUTH"], **change)) == "has-units"
    assert refusal_of(lambda: structure.dissolve_unit(world.unit["HILL"], **change)) == "has-members"
    assert refusal_of(lambda: structure.dissolve_unit(world.unit["BUS"], **change)) == "has-members"
    for who in ("rosa", "noor"):
        people.leave(world.membership[who], day=day("10 July 2024"), **BY_OPERATOR)
    structure.dissolve_unit(world.unit["HILL"], **change)
    assert fresh(world, "HILL").dissolved_on == day("10 July 2024")
    assert "HILL" not in {node.code for node in queries.tree(OPERATOR, on=day("10 July 2024"))}
    assert "HILL" in {node.code for node in queries.tree(OPERATOR, on=day("9 July 2024"))}


def test_a_unit_is_not_dissolved_on_the_day_it_was_founded(world):
    made = structure.found_unit(NEW, **BY_OPERATOR)
    assert refusal_of(lambda: structure.dissolve_unit(made, day=NEW.founded_on, **BY_OPERATOR)) == "no-day"
    structure.dissolve_unit(made, day=day("2 June 2024"), **BY_OPERATOR)
    assert queries.called([made.pk], day("15 July 2024"))[made.pk].name == "Valley Line"


def test_a_unit_is_not_dissolved_on_a_day_on_which_somebody_was_still_in_it(world):
    people.leave(world.membership["rosa"], day=day("10 July 2024"), **BY_OPERATOR)
    people.leave(world.membership["noor"], day=day("10 July 2024"), **BY_OPERATOR)
    assert (
        refusal_of(lambda: structure.dissolve_unit(world.unit["HILL"], day=day("9 July 2024"), **BY_OPERATOR))
        == "has-members"
    )


def test_members_out_of_the_actors_sight_keep_a_unit_alive_too(world):
    """The Federation's secretary sees no names; that must not make a union look empty to her."""
    pier = world.unit["PIER"]
    with signed_in(world, "ines") as ines:
        assert (
            refusal_of(lambda: structure.dissolve_unit(pier, day=day("10 July 2024"), actor=ines, at=NOW))
            == "has-members"
        )


@pytest.mark.parametrize("who", ["ada", "jonas", "olga", "quinn", "chidi"])
def test_only_secretaries_change_structure(world, who):
    with signed_in(world, who) as acting:
        for act in (
            lambda: structure.found_unit(replace(NEW, parent="DEPOT"), actor=acting, at=NOW),
            lambda: structure.rename_unit(
                world.unit["DEPOT"], names={"en": "x"}, day=day("1 July 2024"), actor=acting, at=NOW
            ),
        ):
            assert refusal_of(act) in {"not-allowed", "not-found"}


def test_a_secretary_changes_what_lies_below_her_and_never_her_own_units_place(world):
    change = {"day": day("1 July 2024"), "at": NOW}
    with signed_in(world, "bela") as bela:
        structure.rename_unit(world.unit["TRAM"], names={"en": "Tram Crews"}, actor=bela, **change)
        structure.move_unit(world.unit["HILL"], parent=world.unit["NORTH"], actor=bela, **change)
        structure.promote_unit(world.unit["LINE4"], kind="region", actor=bela, **change)
        made = structure.found_unit(NEW, actor=bela, at=NOW)
        structure.dissolve_unit(made, actor=bela, **change)
        for act in (
            lambda: structure.promote_unit(world.unit["TRAM"], kind="group", actor=bela, **change),
            lambda: structure.dissolve_unit(world.unit["TRAM"], actor=bela, **change),
        ):
            assert refusal_of(act) == "not-allowed"
        for act in (
            lambda: structure.move_unit(world.unit["HILL"], parent=world.unit["FERRY"], actor=bela, **change),
            lambda: structure.rename_unit(world.unit["PIER"], names={"en": "x"}, actor=bela, **change),
            lambda: structure.merge_units(world.unit["HILL"], into=world.unit["PIER"], actor=bela, **change),
        ):
            with pytest.raises(NotFound):
                act()
    with signed_in(world, "ines") as ines:
        structure.promote_unit(world.unit["BUS"], kind="group", actor=ines, day=day("10 July 2024"), at=NOW)


def test_a_unit_of_a_higher_kind_does_not_come_to_lie_within_a_lower_one(world):
    change = {"day": day("1 July 2024"), **BY_OPERATOR}
    assert refusal_of(lambda: structure.promote_unit(world.unit["HILL"], kind="section", **change)) == "order"


def test_a_unit_of_strange_code_is_not_there(world):
    for code in ("MOON", "hill", "\x00", "\ud800", "x" * 5000, "' or 1=1 --", ""):
        with pytest.raises(NotFound):
            queries.unit_by_code(OPERATOR, code)
    assert queries.unit_by_code(OPERATOR, None) == world.unit["FED"]


def test_whoever_is_signed_out_sees_no_tree(world):
    from groundswell.access.actor import ANONYMOUS

    with pytest.raises(NotFound):
        queries.tree(ANONYMOUS, on=day("15 July 2024"))
    with signed_in(world, "chidi") as chidi:
        assert len(queries.tree(chidi, on=day("15 July 2024"))) == 11


def test_someone_new_is_known_to_no_unit_by_being_written_down(world):
    before = row("FED", "total", "15 July 2024")
    somebody(world, "HILL")
    assert row("FED", "total", "15 July 2024") == before
