"""A breach: written down, its 72 hours, whom it concerns, its steps, and a record that stays."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from groundswell.access import reading, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.protection import actions, queries
from groundswell.protection.actions import Told
from groundswell.protection.models import Breach, BreachStep
from groundswell.structure import actions as structure
from pageforms import send
from stage import NOW, signed_in, sql
from world import day

HOUR = dt.timedelta(hours=1)
FOUND = NOW - 10 * HOUR
TYPED = {
    "what": "A phone was lost.",
    "found_at": "2024-07-15T04:00",  # 02:00 UTC
    "readable_from": "2024-07-14T00:00",
    "units": "depot",
}


@pytest.fixture
def opened(officers):
    """Let the tramworkers' clocks show Vienna, and Ada open Chidi's record."""
    sql("update structure_unit set time_zone = 'Europe/Vienna' where code in ('TRAM', 'DEPOT')")
    officers.unit["TRAM"].refresh_from_db()
    people.put_contact(
        officers.person["chidi"], kind="email", text="chidi.cove@example.org", actor=OPERATOR, at=NOW
    )
    with signed_in(officers, "ada") as ada:
        reading.note([officers.person["chidi"].pk], actor=ada, what=reading.RECORD)
    return officers


def breach(world, **more):
    told = Told(
        **{
            "what": "A phone was lost.",
            "found_at": FOUND,
            "readable_from": NOW - 30 * HOUR,
            "units": ["DEPOT"],
        }
        | more
    )
    return actions.open_breach(world.unit["TRAM"], told, actor=OPERATOR, at=NOW)


def test_the_clock_of_72_hours_runs_from_when_it_was_found_out_by_the_units_own_clock(opened, browsers, read):
    dana = browsers("dana")
    made = dana.post("/protection/breaches/new/?unit=TRAM", TYPED)
    assert made.status_code == 302
    page = read(dana.get(made.url))
    assert "Notify the authority by 18 July 2024, 04:00 (Europe/Vienna): 62 hours left." in page
    assert "Why it is notified after" not in page
    with scope.operator("look"):
        one = Breach.objects.get()
        assert one.found_at == dt.datetime(2024, 7, 15, 2, tzinfo=dt.UTC)
        assert one.opened_by == opened.account["dana"].pk
        late = one.found_at + 73 * HOUR + HOUR / 2
        sql("update kernel_clock set ahead = %s - now() where id = 1", late)
    assert "was to be notified by 18 July 2024, 04:00 (Europe/Vienna): 1 hour late." in read(
        dana.get("/protection/breaches/")
    )
    # A notification that is late says why (art. 33(1)).
    assert "4. Why it is notified after more than 72 hours (art. 33(1)): [to be filled in]" in read(
        dana.get(made.url)
    )
    with scope.operator("back"):
        clock.set_today(NOW.date())


def test_it_says_who_could_be_read_who_was_and_whose_office_reached_them(opened, browsers, read):
    one = breach(opened)
    page = read(browsers("dana").get(f"/protection/breaches/{one.pk}/"))
    at_depot = sql("select count(*) from people_person where unit_id = %s", opened.unit["DEPOT"].pk)[0][0]
    assert f"{at_depot} persons could have been read. The record of 1 was in fact opened." in page
    assert f"Depot {at_depot} 1 0 0" in page
    for reader in ("Ada Amber organiser, Depot", "Béla Birch secretary, Tramworkers' Union"):
        assert reader in page.replace("&#x27;", "'")
    assert "Åsa Sven" not in page
    assert "Ada Amber opened the record: 1 person" in page
    # Whose record was opened stands first.
    people_of = page[page.index("The persons") :]
    assert people_of.index("Chidi Cove Depot · opened") < people_of.index("Ada Amber Depot")
    by_nobody = breach(opened, accounts=["bela@example.org"])
    page = read(browsers("dana").get(f"/protection/breaches/{by_nobody.pk}/"))
    assert f"{at_depot} persons could have been read. No record was opened through these accounts." in page


def test_what_to_write_to_the_authority_is_made_of_what_was_entered(opened, browsers, read):
    one = breach(opened, measures="All passwords were changed.")
    page = read(browsers("dana").get(f"/protection/breaches/{one.pk}/"))
    for part in (
        "Notification of a personal data breach (GDPR art. 33)",
        "1. What happened (art. 33(3)(a)): A phone was lost.",
        "e-mails and phones: 1",
        "What may come of it (art. 33(3)(c)): [to be filled in]",
        "3. What was and will be done (art. 33(3)(d)): All passwords were changed.",
    ):
        assert part in page


def test_an_account_that_others_used_reached_what_its_offices_reach(opened):
    one = breach(opened, units=(), accounts=["ADA@example.org"])
    assert one.places == [opened.unit["DEPOT"].pk]
    assert one.accounts == [opened.account["ada"].pk]
    with signed_in(opened, "dana") as dana:
        units = queries.affected_units(dana, one)
        mine = queries.opened_of(units, one.accounts, one.readable_from, NOW + HOUR)
        others = queries.opened_of(units, [opened.account["bela"].pk], one.readable_from, NOW + HOUR)
    assert (set(mine), set(others)) == ({opened.person["chidi"].pk}, set())
    for mail in ("sven@example.org", "nobody@example.org"):
        told = Told("x", FOUND, FOUND, accounts=[mail])
        with signed_in(opened, "dana") as dana, pytest.raises(Refusal, match="Nobody in your reach"):
            actions.open_breach(opened.unit["TRAM"], told, actor=dana, at=NOW)


def test_the_steps_are_ticked_each_with_its_moment_and_the_last_closes_it(opened, browsers, read):
    one, dana = breach(opened), browsers("dana")
    address = f"/protection/breaches/{one.pk}/step/"
    early = dana.post(address, {"step": "close", "answer": "done"})
    assert (early.status_code, "Tick the other steps first" in read(early)) == (422, True)
    bare = dana.post(address, {"step": "persons", "answer": "not-needed"})
    assert (bare.status_code, "Say why it is not needed" in read(bare)) == (422, True)
    for step in ("contain", "assess", "authority"):
        assert dana.post(address, {"step": step, "answer": "done", "words": f"{step}!"}).status_code == 302
    said = {"step": "persons", "answer": "not-needed", "words": "The phone was encrypted."}
    assert dana.post(address, said).status_code == 302
    page = read(dana.get(f"/protection/breaches/{one.pk}/"))
    assert "The authority was notified after 10 hours." in page
    assert "Not needed, said on 15 July 2024, 14:00 (Europe/Vienna). The phone was encrypted." in page
    again = dana.post(address, {"step": "assess", "answer": "done"})
    assert (again.status_code, "ticked already" in read(again)) == (422, True)
    assert dana.post(address, {"step": "close", "answer": "done"}).status_code == 302
    assert "This breach is closed." in read(dana.get(f"/protection/breaches/{one.pk}/"))
    closed = dana.post(f"/protection/breaches/{one.pk}/tell/", TYPED)
    assert (closed.status_code, "It is closed" in read(closed)) == (422, True)
    with scope.operator("look"), pytest.raises(IntegrityError), transaction.atomic():
        sql("update protection_breach set what = 'nothing'")


def test_it_is_told_more_exactly_as_more_is_known(opened, browsers, read):
    one, dana = breach(opened), browsers("dana")
    form = dana.get(f"/protection/breaches/{one.pk}/tell/").content.decode()
    assert 'value="2024-07-15T04:00"' in form
    assert "Time zone: Europe/Vienna." in form
    more = TYPED | {"what": "Two phones.", "readable_until": "2024-07-15T05:00"}
    assert send(dana, f"/protection/breaches/{one.pk}/tell/", more).status_code == 302
    page = read(dana.get(f"/protection/breaches/{one.pk}/"))
    assert "Two phones." in page
    assert "14 July 2024, 00:00 (Europe/Vienna) – 15 July 2024, 05:00 (Europe/Vienna)" in page


def test_the_units_it_concerns_are_written_by_name_or_by_code(opened, browsers):
    elsewhere = {"names": {"en": "Line Four"}, "day": day("1 May 2024"), "actor": OPERATOR, "at": NOW}
    structure.rename_unit(opened.unit["PIER"], **elsewhere)
    typed = TYPED | {"units": "line four\nHILL, Northern  Lines"}
    assert browsers("dana").post("/protection/breaches/new/?unit=TRAM", typed).status_code == 302
    meant = sorted(opened.unit[code].pk for code in ("LINE4", "HILL", "NORTH"))
    assert Breach.objects.get().places == meant


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("found_at", "2024-07-16T00:00", "This moment has not come yet."),
        ("found_at", "yesterday", "Write a moment like 2024-01-31 18:00."),
        ("found_at", "2024-02-30T00:00", "Write a day like 2024-01-31"),
        ("found_at", "2024-01-31T25:00", "Write a moment like 2024-01-31 18:00."),
        ("readable_from", "2024-07-15T05:00", "It was found out before the data could be read."),
        ("readable_until", "2024-07-13T00:00", "This ends before it begins."),
        ("units", "PIER", "There is no unit PIER in your reach, or several are called so"),
        ("units", "No Such Branch", "There is no unit No Such Branch in your reach, or several"),
        ("what", "", "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(opened, browsers, read, field, text, sentence):
    answer = browsers("dana").post("/protection/breaches/new/?unit=TRAM", TYPED | {field: text})
    assert answer.status_code == 422
    assert sentence in read(answer)


def test_the_auditor_reads_the_record_and_no_names(opened, browsers, read):
    one = Breach.objects.get(pk=breach(opened).pk)
    Breach.objects.filter(pk=one.pk).update(unit=opened.unit["FED"])
    quinn = browsers("quinn")
    page = read(quinn.get(f"/protection/breaches/{one.pk}/"))
    assert "A phone was lost." in page
    assert "Chidi Cove" not in page
    assert "Names stop at the section" in page
    assert quinn.get("/protection/breaches/new/").status_code == 404
    assert (
        quinn.post(f"/protection/breaches/{one.pk}/step/", {"step": "contain", "answer": "done"}).status_code
        == 404
    )
    assert BreachStep.objects.count() == 0


def test_the_officer_ends_the_sessions_of_the_accounts_it_happened_through_and_no_others(
    opened, browsers, read
):
    one = breach(opened, accounts=["ada@example.org", "dana@example.org"])
    dana, ada, elsewhere, bela = (browsers(who) for who in ("dana", "ada", "ada", "bela"))
    with scope.worker("a link"):
        token = accounts.make_link(opened.account["ada"])
    page = read(dana.get(f"/protection/breaches/{one.pk}/"))
    assert "3 sessions of these accounts are open." in page  # one is from when she opened Chidi's record
    answer = dana.post(f"/protection/breaches/{one.pk}/sessions/", follow=True)
    assert "3 sessions were ended." in read(answer)  # and her own goes on
    assert "No session of these accounts is open." in read(answer)
    assert "Sessions ended 3, last on 15 July 2024" in read(answer)
    for browser in (ada, elsewhere):
        assert browser.get("/me/").url.startswith("/accounts/login/")
    assert bela.get("/me/").status_code == 200
    assert Client().post(f"/accounts/link/{token}/").status_code == 422
    with scope.operator("look"):
        assert sql("select count(*) from access_trail where op = 'protection.breach.sessions_ended'") == [
            (1,)
        ]


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "ines", "femi"])
def test_nobody_else_ends_sessions_for_a_breach(opened, browsers, who):
    one = breach(opened, accounts=["chidi@example.org"])
    chidi = browsers("chidi")
    assert browsers(who).post(f"/protection/breaches/{one.pk}/sessions/").status_code == 404
    with signed_in(opened, who) as actor, pytest.raises((NotFound, Refusal)):
        actions.end_sessions(one, actor=actor, at=NOW)
    with signed_in(opened, who), pytest.raises(DatabaseError), transaction.atomic():
        sql("select * from protection_breach_sessions(%s, true)", one.pk)
    assert chidi.get("/me/").status_code == 200


def test_a_breach_that_names_somebody_out_of_reach_ends_none_of_her_sessions(opened, browsers):
    one, quinn = breach(opened), browsers("quinn")
    with signed_in(opened, "dana"):
        sql("update protection_breach set accounts = %s", [opened.account["quinn"].pk])
        assert sql("select * from protection_breach_sessions(%s, true)", one.pk) == [(0, 0)]
    assert quinn.get("/").status_code == 200
    assert "/accounts/logout/" in quinn.get("/").content.decode()


def test_a_closed_breach_ends_no_sessions_any_more(opened, browsers, read):
    one = breach(opened, accounts=["chidi@example.org"])
    for step in ("contain", "assess", "authority", "persons", "close"):
        actions.tick_step(one, step, actor=OPERATOR, at=NOW)
    chidi, dana = browsers("chidi"), browsers("dana")
    assert "End these sessions" not in read(dana.get(f"/protection/breaches/{one.pk}/"))
    answer = dana.post(f"/protection/breaches/{one.pk}/sessions/", follow=True)
    assert "It is closed; the record stays as it was written." in read(answer)
    assert chidi.get("/me/").status_code == 200


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "sven", "ines", "femi", "chidi"])
def test_nobody_else_knows_of_it(opened, browsers, who):
    one, browser = breach(opened), browsers(who)
    for address in ("", "new/", f"{one.pk}/", f"{one.pk}/tell/"):
        assert browser.get(f"/protection/breaches/{address}").status_code == 404
    with signed_in(opened, who) as actor:
        assert sql("select 1 from protection_breach") == []
        assert sql("update protection_breach set what = 'x' returning 1") == []
        for act in (
            lambda: actions.open_breach(opened.unit["TRAM"], Told("x", FOUND, FOUND), actor=actor, at=NOW),
            lambda: actions.tell_breach(one, Told("x", FOUND, FOUND), actor=actor, at=NOW),
            lambda: actions.tick_step(one, "contain", actor=actor, at=NOW),
        ):
            with pytest.raises((NotFound, Refusal)):
                act()
    with signed_in(opened, who), pytest.raises(DatabaseError), transaction.atomic():
        sql(
            "insert into protection_breach"
            " (unit_id, what, found_at, readable_from, places, accounts, opened_at)"
            " values (%s, 'x', now(), now(), '{1}', '{}', now())",
            opened.unit["TRAM"].pk,
        )


def test_another_sections_officer_does_not_see_it(opened, browsers):
    one = breach(opened)
    Breach.objects.filter(pk=one.pk).update(unit=opened.unit["FERRY"])
    assert browsers("dana").get(f"/protection/breaches/{one.pk}/").status_code == 404


def test_the_record_is_removed_by_nobody(opened):
    one = breach(opened)
    actions.tick_step(one, "contain", actor=OPERATOR, at=NOW)
    for table in ("protection_breachstep", "protection_breach"):
        assert sql(f"delete from {table} returning 1") == []
    assert sql("update protection_breachstep set words = 'x' returning 1") == []


@pytest.mark.parametrize(
    "change", ["what = ''", "places = '{}'", "readable_until = readable_from - interval '1 hour'"]
)
def test_the_database_refuses_a_breach_that_cannot_be(opened, change):
    breach(opened)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"update protection_breach set {change}")
