"""Whoever is under 18 is read by the offices of her own unit, and by none above it; figures count her."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from groundswell.access import personal, reading, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.duplicates import actions as duplicates
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import searching
from groundswell.people.models import Asking, Membership, Person
from groundswell.people.searching import Asked
from groundswell.protection import actions, queries
from groundswell.protection.models import Purpose
from groundswell.structure import actions as structure
from groundswell.structure.models import Change
from pageforms import send
from stage import NOW, ask, field, signed_in, sql
from world import PASSWORD, TODAY, day

# A number without a name, that a figure or the work of an officer needs; and what belongs to the offices of a
# list, who brought it.
COUNTED = {"people_movement", "people_transfer", "accounts_mandate", "exchange_line"}
# Of a pair she is the other: her number is the greater.
HERS = {"duplicates_likeness": "other_id"}
# Above her unit: its section's secretary, treasurer and data protection officer, and an auditor.
ABOVE = ("bela", "jonas", "dana", "gita")
# What Ada, organiser of the depot, reads of everybody there.
READ_BY_ORGANISERS = {
    "duplicates_likeness",
    "keys.personkey",
    "people_asking",
    "people_attendance",
    "people_contact",
    "people_customvalue",
    "people_membership",
    "people_note",
    "people_person",
    "people_standing",
    "people_tag",
    "protection_consent",
}


@pytest.fixture
def mila(officers):
    """Let there be Mila, a member of the depot who is 16, with all that can hang on somebody."""
    world = officers
    give = {"unit": world.unit["TRAM"], "office": "auditor", "day": TODAY, "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(world.person["gita"], **give)
    world.account["gita"] = accounts.create_account(
        world.person["gita"], email="gita@example.org", password=PASSWORD, actor=OPERATOR
    )
    depot = world.unit["DEPOT"]
    world.person["mila"] = mila = people.add_person(
        depot, name="Mila Maple", actor=OPERATOR, at=NOW, minor=True
    )
    say = {"actor": OPERATOR, "at": NOW}
    people.join(mila, unit=depot, day=day("1 July 2024"), **say)
    people.put_contact(mila, kind="email", text="mila@example.org", **say)
    people.put_tags(mila, words=["choir"], actor=OPERATOR)
    people.put_paid_until(mila, day=day("1 December 2024"), source="hand", **say)
    for circle in ("organisers", "secretaries", "protection"):
        people.write_note(mila, text=f"for {circle}", visibility=circle, **say)
    people.put_values(mila, values={field(world, "TRAM", "Plays"): "drums"}, before={}, **say)
    evening = people.hold_gathering(depot, day=day("5 July 2024"), title="July", **say)
    people.put_came(evening, mila, came=True, **say)
    with signed_in(world, "ada") as ada:
        people.ask_to_transfer(mila, to=world.unit["HILL"], actor=ada, at=NOW)
    actions.write_text(world.unit["TRAM"], _newsletter(), language="en", words="I agree.", **say)
    actions.give_consent(mila, _newsletter(), how="paper", old_enough=True, **say)
    duplicates.put_side_by_side(mila, world.person["pavel"], **say)
    return mila


def _newsletter():
    return Purpose.objects.get(code="newsletter")


def rows_of(mila) -> set[str]:
    """Return the tables of which the session sees a row of hers."""
    return {
        one.table
        for one in personal.tables()
        if not one.via and one.export | (one.table == "keys.personkey")
        if sql(
            f"select 1 from {one.table} where {HERS.get(one.table, one.person)} = %s limit 1",
            mila.pk,
        )
    }


def test_her_unit_reads_all_that_hangs_on_her_and_nobody_above_a_row(officers, mila):
    actions.place_hold(mila, why="a dispute", actor=OPERATOR, at=NOW)
    with signed_in(officers, "ada") as ada:
        reading.note([mila.pk], actor=ada, what=reading.RECORD)
        assert rows_of(mila) - COUNTED == READ_BY_ORGANISERS
    for who in ABOVE:
        with signed_in(officers, who):
            seen = rows_of(mila) - COUNTED
        # What a data protection officer answers for: that she was read, and what keeps her.
        assert seen == ({"access_reading", "people_hold"} if who == "dana" else set()), who


def test_the_contents_of_her_trail_are_as_shut_as_her_record(officers, mila):
    asked = "select count(*) from access_trailpayload where person_id = %s"
    for who, seen in (("ada", False), ("bela", False), ("gita", False), ("dana", False)):
        with signed_in(officers, who):
            assert bool(sql(asked, mila.pk)[0][0]) is seen, who
    with signed_in(officers, "gita"):
        assert sql(asked, officers.person["chidi"].pk)[0][0] > 0
    with signed_in(officers, "dana"):
        actions_of = sql(asked, officers.person["chidi"].pk)[0][0]
    assert actions_of > 0


def test_figures_count_her_and_a_drill_down_names_her_to_her_unit_alone(officers, mila, browsers, read):
    assert ask("DEPOT", "15 July 2024").total.members == 5
    page = "/report/drill/?unit=DEPOT&figure=joined&since=2024-06-30&as_of=2024-07-15"
    assert "Mila Maple" in read(browsers("ada").get(page))
    told = read(browsers("bela").get(page))
    assert "Mila Maple" not in told
    assert "a person whose name is erased or not open to you" in told


@pytest.mark.parametrize("text", ["Mila", "mila map", "Mlia Maple", "mila@example.org"])
def test_she_is_found_by_her_unit_and_by_nobody_above_it(officers, mila, text):
    for who, found in (("ada", True), ("bela", False), ("dana", False)):
        with signed_in(officers, who) as acting:
            rows = searching.found(acting, Asked(text=text), today=TODAY).rows
            assert (mila.pk in {row.pk for row in rows}) is found, who
            assert (mila.pk in searching.everybody(acting, Asked(text=text), today=TODAY, most=99)) is found


def test_her_page_says_who_reads_it_and_no_office_above_opens_it(officers, mila, browsers, read):
    page = read(browsers("ada").get(f"/people/{mila.pk}/"))
    assert "She is under 18: the offices of Depot see this record, and none above it." in page
    assert "Nobody decides about her yet" in page
    for who in ABOVE:
        assert browsers(who).get(f"/people/{mila.pk}/").status_code == 404, who
    assert "Mila" not in read(browsers("bela").get("/people/?unit=DEPOT"))
    assert "Mila" not in read(browsers("dana").get("/duplicates/"))
    assert "Mila" not in read(browsers("bela").get("/people/asked/"))


def test_a_gathering_counts_her_where_her_name_is_not_shown(officers, mila, browsers, read):
    (key,) = sql("select id from people_gathering where title = 'July'")[0]
    for who, named in (("ada", True), ("bela", False)):
        page = read(browsers(who).get(f"/gatherings/{key}/"))
        assert "1 came." in page
        assert ("Mila Maple" in page) is named, who


def test_whoever_becomes_an_office_of_her_unit_reads_her_and_whose_office_ends_does_not(officers, mila):
    give = {"unit": officers.unit["DEPOT"], "office": "treasurer", "day": TODAY, "actor": OPERATOR, "at": NOW}
    held = accounts.give_mandate(officers.person["femi"], **give)
    with signed_in(officers, "femi"):
        assert Person.objects.filter(pk=mila.pk).exists()
        assert rows_of(mila) - COUNTED == {
            "keys.personkey",
            "people_membership",
            "people_person",
            "people_standing",
        }
    accounts.end_mandate(held, day=TODAY, actor=OPERATOR, at=NOW)
    with signed_in(officers, "femi"):
        assert rows_of(mila) == set()


def test_the_unit_that_hers_was_merged_into_reads_her_and_none_above_that_one(officers, mila, browsers, read):
    give = {"unit": officers.unit["LINE4"], "office": "secretary", "day": TODAY, "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(officers.person["femi"], **give)
    with signed_in(officers, "femi"):
        assert not Person.objects.filter(pk=mila.pk).exists()
    merge = {"into": officers.unit["LINE4"], "day": TODAY, "actor": OPERATOR, "at": NOW}
    structure.merge_units(officers.unit["DEPOT"], **merge)
    assert sql("select structure_reach_wrong()") == []
    for who, sees in (("femi", True), ("ada", False), ("bela", False)):
        with signed_in(officers, who):
            assert Person.objects.filter(pk=mila.pk).exists() is sees, who
    accounts.give_mandate(officers.person["jonas"], **give | {"office": "organiser"})
    page = read(browsers("jonas").get(f"/people/{mila.pk}/"))
    assert "the offices of Line Four see this record" in page
    assert "Nobody decides about her yet" not in page
    with scope.operator("undoing"):
        structure.undo_change(Change.objects.latest("pk"), actor=OPERATOR, at=NOW)
        assert sql("select structure_reach_wrong()") == []
    with signed_in(officers, "femi"):
        assert not Person.objects.filter(pk=mila.pk).exists()


def test_she_comes_as_a_guest_to_the_offices_of_that_unit_alone(officers, mila):
    give = {"office": "organiser", "day": TODAY, "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(officers.person["femi"], unit=officers.unit["LINE4"], **give)
    accounts.give_mandate(officers.person["chidi"], unit=officers.unit["HILL"], **give)
    people.be_guest(mila, unit=officers.unit["LINE4"], day=TODAY, actor=OPERATOR, at=NOW)
    # The guest's unit, and the one she asks to go to.
    for who in ("femi", "chidi"):
        with signed_in(officers, who) as acting:
            assert rows_of(mila) >= {"people_person", "people_contact", "people_asking"} - (
                {"people_asking"} if who == "femi" else set()
            )
            assert mila.pk in {
                row.pk for row in searching.found(acting, Asked(text="Mila"), today=TODAY).rows
            }
    with signed_in(officers, "bela"):
        assert rows_of(mila) - COUNTED == set()


def test_a_request_of_hers_opens_her_record_to_her_officer_until_it_is_answered(
    officers, mila, browsers, read
):
    dana = browsers("dana")
    assert dana.get(f"/protection/people/{mila.pk}/copy.json").status_code == 404
    with signed_in(officers, "dana") as acting, pytest.raises(DatabaseError), transaction.atomic():
        actions.hand_out(mila, actor=acting, at=NOW)
    pair = f"/people/duplicates/{sql('select id from duplicates_likeness')[0][0]}/"
    assert dana.get(pair).status_code == 404
    assert "write down on its page that she asks for a correction" in read(browsers("ada").get(pair))
    with signed_in(officers, "ada") as ada:
        request = actions.ask(mila, "copy", actor=ada, at=NOW)
    assert "Mila Maple asks for a copy" in read(dana.get("/protection/"))
    assert "They are one: merge them" in read(dana.get(pair))
    assert "drums" in dana.get(f"/protection/people/{mila.pk}/copy.json").content.decode()
    with signed_in(officers, "bela"):
        assert rows_of(mila) - COUNTED == set()
    with signed_in(officers, "dana") as acting:
        actions.grant(request, actor=acting, at=NOW)
        assert rows_of(mila) - COUNTED == {"access_reading", "protection_datarequest"}
    assert dana.get(f"/protection/people/{mila.pk}/copy.json").status_code == 404


def test_her_officer_erases_her_when_she_asks_and_opens_no_record_by_a_request_of_his_own(officers, mila):
    own = """insert into protection_datarequest (person_id, unit_id, kind, asked_at, due_on)
        values (%s, %s, 'copy', now(), now())"""
    for unit in ("DEPOT", "TRAM"):
        with signed_in(officers, "dana"), pytest.raises(DatabaseError), transaction.atomic():
            sql(own, mila.pk, officers.unit[unit].pk)
    with signed_in(officers, "ada") as ada:
        request = actions.ask(mila, "erase", actor=ada, at=NOW)
    with signed_in(officers, "dana") as dana:
        actions.grant(request, actor=dana, at=NOW)
    assert not Person.objects.filter(pk=mila.pk).exists()


def test_a_lot_that_falls_on_her_stays_shut_and_the_sheet_says_so(officers, mila, browsers, read):
    browser = browsers("gita")
    sheet = read(
        browser.get(
            browser.post("/protection/sample/", {"unit": "DEPOT", "as_of": "2024-07-15", "size": "200"}).url
        )
    )
    assert "Chidi Cove" in sheet
    assert "Mila" not in sheet
    assert "1 record that was drawn is not here" in sheet


def test_a_breach_counts_her_and_names_her_to_her_unit(officers, mila, browsers, read):
    told = actions.Told(what="A phone was lost.", found_at=NOW, readable_from=NOW, units=["DEPOT"])
    breach = actions.open_breach(officers.unit["TRAM"], told, actor=OPERATOR, at=NOW)
    known = Person.objects.filter(unit=officers.unit["DEPOT"]).count()
    page = read(browsers("dana").get(f"/protection/breaches/{breach.pk}/"))
    assert f"{known} persons could have been read." in page
    assert "1 person is under 18: the offices of her own unit know her" in page
    assert "Mila" not in page
    with signed_in(officers, "bela"), pytest.raises(DatabaseError), transaction.atomic():
        queries.held_in([officers.unit["DEPOT"]])


def test_an_office_she_holds_is_seen_with_what_she_is_called(officers, mila, browsers, read):
    give = {"unit": officers.unit["DEPOT"], "office": "organiser", "day": TODAY, "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(mila, **give)
    page = read(browsers("bela").get("/offices/?unit=DEPOT"))
    assert "Ada Amber" in page
    assert "Mila" in page
    assert "Maple" not in page


def test_a_page_of_names_is_judged_by_its_index_alone(officers):
    page = """explain select p.id, p.sort_key from people_person p
        where p.unit_id = any(array(select unnest(scope_units()))) order by p.sort_key, p.id limit 51"""
    with signed_in(officers, "bela"):
        for other in ("seqscan", "bitmapscan"):
            sql(f"set local enable_{other} = off")
        plan = "\n".join(line for (line,) in sql(page))
    assert "Index Only Scan using people_person_by_name" in plan


# --- saying it


def test_an_organiser_says_it_and_takes_it_back_and_the_trail_knows(officers, browsers, read):
    chidi, ada = officers.person["chidi"], browsers("ada")
    page = read(ada.get(f"/people/{chidi.pk}/"))
    assert "We ask because whoever is under 18 is shown to the offices of her own unit alone" in page
    her_page, age = f"/people/{chidi.pk}/", f"/people/{chidi.pk}/age/"
    send(ada, age, {"minor": "yes", "of_age_on": "2026-03-09"}, page=her_page)
    assert "under 18 until 1 April 2026" in read(ada.get(f"/people/{chidi.pk}/"))
    with scope.operator("a look"):
        assert set(Membership.objects.filter(person=chidi).values_list("minor", flat=True)) == {True}
    with signed_in(officers, "bela"):
        assert not Person.objects.filter(pk=chidi.pk).exists()
    send(ada, age, {"minor": "no", "of_age_on": "2026-03-09"}, page=her_page)
    with scope.operator("a look"):
        chidi.refresh_from_db()
        assert (chidi.minor, chidi.of_age_on) == (False, None)
        assert set(Membership.objects.filter(person=chidi).values_list("minor", flat=True)) == {False}
        assert sql("select count(*) from access_trail where op = 'people.person.age_said'") == [(2,)]


@pytest.mark.parametrize("until", ["2024-07-15", "2024-01-01", "2042-08-01", "0001-01-01"])
def test_a_day_on_which_nobody_under_18_comes_of_age_is_refused_beside_its_field(
    officers, browsers, until, read
):
    chidi = officers.person["chidi"]
    answer = browsers("ada").post(f"/people/{chidi.pk}/age/", {"minor": "yes", "of_age_on": until})
    assert answer.status_code == 422
    with scope.operator("a look"):
        chidi.refresh_from_db()
    assert not chidi.minor


def test_a_secretary_above_shuts_a_record_and_cannot_open_it_again(officers, browsers, read):
    chidi, bela = officers.person["chidi"], browsers("bela")
    told = send(bela, f"/people/{chidi.pk}/age/", {"minor": "yes"}, page=f"/people/{chidi.pk}/")
    assert (told.status_code, told["Location"]) == (302, "/people/")
    assert "She is under 18: from now on the offices of her own unit alone see her." in read(
        bela.get("/people/")
    )
    assert bela.post(f"/people/{chidi.pk}/age/", {}).status_code == 404
    for statement in (
        "update people_person set minor = false, of_age_on = null",
        f"select people_say_age({chidi.pk}, false, null)",
        "update people_membership set ended_at = now(), valid = daterange(lower(valid), current_date)",
    ):
        with signed_in(officers, "bela"), transaction.atomic():
            try:
                with transaction.atomic():
                    sql(statement)
            except DatabaseError:
                pass
    with scope.operator("a look"):
        chidi.refresh_from_db()
    assert chidi.minor


def test_she_sees_herself_and_does_not_say_her_own_age(officers, browsers, read):
    chidi = officers.person["chidi"]
    people.say_age(chidi, young=True, actor=OPERATOR, at=NOW)
    browser = browsers("chidi")
    assert "under 18" in read(browser.get("/me/"))
    assert browser.post(f"/people/{chidi.pk}/age/", {}).status_code == 422
    with (
        signed_in(officers, "chidi"),
        pytest.raises(DatabaseError, match="people_say_age"),
        transaction.atomic(),
    ):
        sql("update people_person set minor = false where id = %s", chidi.pk)


def test_whoever_writes_her_down_from_above_is_led_back_to_the_list(officers, browsers, read):
    new = {"name": "Nele New", "old_enough": "yes", "minor": "yes", "kind": "member", "day": "2024-07-15"}
    new |= {"email": "nele@example.org"}
    told = browsers("bela").post("/people/new/?unit=DEPOT", new, follow=True)
    assert told.redirect_chain == [("/people/", 302)]
    with scope.operator("a look"):
        nele = Person.objects.get(name="Nele New")
        assert nele.minor
        assert Membership.objects.get(person=nele).minor
    with signed_in(officers, "bela"):
        assert rows_of(nele) - COUNTED == set()
    page = read(browsers("ada").get(f"/people/{nele.pk}/"))
    assert "nele@example.org" in page
    # Her own unit's office stays on her page.
    again = browsers("ada").post("/people/new/", new | {"name": "Nora New", "email": "", "kind": "contact"})
    with scope.operator("a look"):
        assert again.url == f"/people/{Person.objects.get(name='Nora New').pk}/"


def test_she_comes_of_age_by_herself_where_her_month_is_known(officers, mila):
    people.say_age(mila, young=True, of_age_on=day("2 September 2024"), actor=OPERATOR, at=NOW)
    people.say_age(officers.person["chidi"], young=True, actor=OPERATOR, at=NOW)
    assert people.come_of_age(today=day("30 September 2024")) == 0
    assert people.come_of_age(today=day("1 October 2024")) == 1
    with signed_in(officers, "bela"):
        assert rows_of(mila) >= {"people_person", "people_membership", "people_contact"}
        assert not Person.objects.filter(pk=officers.person["chidi"].pk).exists()
        mila.refresh_from_db()
        assert (mila.minor, mila.of_age_on) == (False, None)


def test_a_month_is_kept_of_nobody_who_is_of_age(officers):
    with pytest.raises(DatabaseError), transaction.atomic(), scope.operator("a test"):
        sql("alter table people_person disable trigger people_age_is_said")
    sql("update people_person set of_age_on = '2030-01-01' where id = %s", officers.person["chidi"].pk)
    officers.person["chidi"].refresh_from_db()
    assert officers.person["chidi"].of_age_on is None


def test_who_asked_is_told_by_her_unit_and_a_transfer_goes_through_by_itself(officers, mila):
    asking = Asking.objects.get(person=mila)
    with signed_in(officers, "bela") as bela, pytest.raises((NotFound, Refusal, Asking.DoesNotExist)):
        people.accept(Asking.objects.get(pk=asking.pk), actor=bela, at=NOW)
    Asking.objects.update(due_on=TODAY - dt.timedelta(days=1))
    with scope.worker("the night"):
        assert people.accept_due(at=NOW) == 1
    mila.refresh_from_db()
    assert mila.unit_id == officers.unit["HILL"].pk
    with signed_in(officers, "ada"):
        # What she was here, came to here and asked from here stays with her former unit, as of everybody.
        assert rows_of(mila) - COUNTED == {"people_membership", "people_attendance", "people_asking"}
