"""Offices on their pages: given to members and guests, ended, handed over; the last secretary stays."""

import datetime as dt
import json
import re

import pytest
from django.core import mail
from django.test import Client

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import queries, tasks
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Membership
from groundswell.structure import actions as structure
from groundswell.structure.models import Change
from stage import NOW, actor, newcomer, signed_in, sql
from world import at, day

TODAY = dt.date(2024, 7, 15)


def window(world, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.account[who])
    return client


def accounts_of_the_depot(world):
    """Let femi be secretary of the depot, where somebody asks to join."""
    with signed_in(world, "bela") as bela:
        return accounts.give_mandate(
            world.person["femi"], unit=world.unit["DEPOT"], office="secretary", day=TODAY, actor=bela, at=NOW
        )


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def test_an_office_is_given_to_members_and_guests_of_its_unit_or_below_and_to_nobody_else(world):
    given = {"day": TODAY, "at": NOW}
    with signed_in(world, "bela") as bela:
        # femi is a member of the depot; the depot lies in NORTH and in TRAM.
        for unit in ("DEPOT", "NORTH", "TRAM"):
            accounts.give_mandate(
                world.person["femi"], unit=world.unit[unit], office="organiser", actor=bela, **given
            )
        # A member of another branch, of another union, one who left, one who never was, a stranger.
        for who in ("emre", "olga", "dana", "lio", "pavel"):
            with pytest.raises(Refusal) as refused:
                accounts.give_mandate(
                    world.person[who], unit=world.unit["DEPOT"], office="organiser", actor=bela, **given
                )
            assert refused.value.code == "not-a-member", who
            assert "Let her join or be a guest first." in refused.value.sentence
    with signed_in(world, "sven") as sven:
        # femi is a guest of the pier.
        accounts.give_mandate(
            world.person["femi"], unit=world.unit["PIER"], office="organiser", actor=sven, **given
        )


def test_nobody_learns_who_belongs_where_by_asking_outside_her_reach(world):
    with signed_in(world, "bela"):
        assert queries.belongs(world.person["femi"].pk, world.unit["DEPOT"], TODAY)
        assert not queries.belongs(world.person["olga"].pk, world.unit["PIER"], TODAY)
    with signed_in(world, "ines"):
        assert queries.belongs(world.person["olga"].pk, world.unit["PIER"], TODAY)
    with signed_in(world, "ada"):
        assert not queries.belongs(world.person["femi"].pk, world.unit["DEPOT"], TODAY)


def tell_of_office():
    """Do the job that tells of an office; return whether she was told, and by which subjects."""
    ((said,),) = sql("select args::text from procrastinate_jobs where task_name like '%%tell_of_office'")
    mail.outbox.clear()
    return tasks.tell_of_office.func(**json.loads(said)), [one.subject for one in mail.outbox]


def test_an_office_is_given_from_the_phone_and_carries_its_rights_at_once(world):
    bela, chidi = window(world, "bela"), window(world, "chidi")
    assert chidi.get("/offices/").status_code == 404
    page = bela.get("/offices/give/DEPOT/").content.decode()
    (offices,) = re.findall(r'<select name="office".*?</select>', page, re.DOTALL)
    assert [code for code in re.findall(r'value="(\w*)"', offices) if code] == [
        "secretary",
        "treasurer",
        "dpo",
        "auditor",
        "organiser",
    ]
    said = {"email": "chidi@example.org", "office": "treasurer", "day": "2024-07-15"}
    for wrong in ("nobody@example.org", "olga@example.org"):
        answer = bela.post("/offices/give/DEPOT/", said | {"email": wrong})
        assert answer.status_code == 422
        assert "Nobody who belongs to Depot or a unit below it signs in" in answer.content.decode()
    assert bela.post("/offices/give/DEPOT/", said).url == "/offices/?unit=DEPOT"
    page = bela.get("/offices/?unit=DEPOT").content.decode()
    assert "She is told of it by mail, and on her first page." in page
    assert "Chidi Cove" in page
    # She hears of it: on Today, where nobody else does; and by mail, in her own unit's language.
    told = "you hold an office: treasurer, Depot."
    assert f"Since 15 July 2024 {told}" in chidi.get("/").content.decode()
    assert told not in bela.get("/").content.decode()
    assert tell_of_office() == (True, ["Dir wurde ein Amt gegeben"])
    assert chidi.get("/offices/?unit=DEPOT").status_code == 200
    # Ended, its rights end at the next request.
    (mandate,) = Mandate.objects.filter(person=world.person["chidi"])
    assert chidi.get(f"/offices/{mandate.pk}/end/").status_code == 404
    assert bela.post(f"/offices/{mandate.pk}/end/", {"day": "2024-07-15"}).status_code == 302
    assert chidi.get("/offices/?unit=DEPOT").status_code == 404
    assert told not in chidi.get("/").content.decode()
    assert tell_of_office() == (False, [])


def called(browser, address, text):
    """Return who is found on the page by a text, each with what stands beside her and her number."""
    found = re.findall(
        r'<span>([^<]+) <span class="note">([^<]+)</span></span><a class="button" href="\?person=(\d+)">',
        browser.get(address, {"q": text}).content.decode(),
    )
    return [(name, note, int(number)) for name, note, number in found]


def test_whoever_may_hold_an_office_is_found_by_her_name_and_nobody_else(world):
    bela, chidi, femi = window(world, "bela"), world.person["chidi"], world.person["femi"]
    address = "/offices/give/DEPOT/"
    assert called(bela, address, "chi") == [("Chidi Cove", "Depot, member since 3 May 2024", chidi.pk)]
    # A member of another branch, of another union, one who left, one who never was, and herself.
    for nobody in ("Emre", "Ольга", "Dana", "Pavel", "Béla"):
        assert called(bela, address, nobody) == []
    assert "Nobody who may hold it is called so, of those you see" in bela.get(f"{address}?q=Emre").text
    assert [name for name, *_rest in called(bela, "/offices/give/TRAM/", "Emre")] == ["Emre Elm"]
    page = bela.get(f"{address}?person={chidi.pk}").text
    assert "Chidi Cove will hold it in Depot." in page
    assert f'href="{address}">Choose somebody else' in page
    assert 'name="email"' not in page
    said = {"office": "treasurer", "day": "2024-07-15"}
    assert bela.post(f"{address}?person={chidi.pk}", said).url == "/offices/?unit=DEPOT"
    (mandate,) = Mandate.objects.filter(person=chidi)
    handed = f"/offices/{mandate.pk}/hand-over/"
    assert called(bela, handed, "Femi")[0][2] == femi.pk
    assert called(bela, handed, "Chidi") == []
    herself = bela.post(f"{handed}?person={chidi.pk}", {"day": "2024-07-15"})
    assert (herself.status_code, "She holds this office herself" in herself.text) == (422, True)
    # Whose person nobody may choose is chosen by no address either.
    refused = bela.post(f"{handed}?person={world.person['emre'].pk}", {"day": "2024-07-15"})
    assert refused.status_code == 422
    assert "Emre Elm takes it over." in refused.text
    assert bela.post(f"{handed}?person={femi.pk}", {"day": "2024-07-15"}).status_code == 302
    assert [one.office for one in actor(world, "femi").mandates] == ["treasurer"]
    # Names stop at the section: whoever sees none gives it by the e-mail.
    page = window(world, "ines").get("/offices/give/TRAM/?q=chi").text
    assert "Find her by name" not in page
    assert 'name="email"' in page
    assert "Chidi" not in page


def test_finding_whom_to_give_an_office_asks_the_same_number_of_questions_for_one_and_for_three(
    world, django_assert_num_queries
):
    bela = window(world, "bela")
    for new in (1, 2):
        with scope.operator("they join"):
            for _number in range(new):
                newcomer(world, "DEPOT", "1 July 2024")
        with django_assert_num_queries(14):
            found = called(bela, "/offices/give/TRAM/", "new")
        assert len(found) == {1: 1, 2: 3}[new]


def test_the_pages_of_units_and_persons_name_the_offices_and_lead_to_giving_them(world):
    bela, ada = window(world, "bela"), window(world, "ada")
    unit = bela.get("/units/DEPOT/").content.decode()
    assert "Ada Amber" in unit
    assert "/offices/give/DEPOT/" in unit
    assert "/offices/give/DEPOT/" not in ada.get("/units/DEPOT/").content.decode()
    person = bela.get(f"/people/{world.person['chidi'].pk}/").content.decode()
    assert f"/offices/give/DEPOT/?person={world.person['chidi'].pk}" in person
    assert "/offices/give/" not in ada.get(f"/people/{world.person['chidi'].pk}/").content.decode()
    held = bela.get(f"/people/{world.person['ada'].pk}/").content.decode()
    assert "took up an office: organiser, Depot" in held
    # Who left, and who never was a member, may hold none.
    for who in ("dana", "pavel"):
        assert "/offices/give/" not in bela.get(f"/people/{world.person[who].pk}/").text
    # The secretary of the federation sees no members, but who holds an office.
    federation = window(world, "ines").get("/offices/?unit=FED").content.decode()
    assert "Béla Birch" in federation
    assert "Chidi Cove" not in federation


def test_the_page_of_a_unit_names_whoever_held_an_office_there_on_the_day_it_shows(world):
    ada, bela = world.mandate["ada"], window(world, "bela")
    said = {"email": "chidi@example.org", "day": "2024-07-15"}
    assert bela.post(f"/offices/{ada.pk}/hand-over/", said).status_code == 302
    shown = {on: bela.get(f"/units/DEPOT/?on={on}").text for on in ("2019-12-31", "2024-07-14", "2024-07-15")}
    assert {on: ("Ada Amber" in page, "Chidi Cove" in page) for on, page in shown.items()} == {
        "2019-12-31": (False, False),
        "2024-07-14": (True, False),
        "2024-07-15": (False, True),
    }
    assert "Nobody holds an office here." in shown["2019-12-31"]
    # Nobody ends or gives an office on the page of a day past.
    assert "Give an office" not in shown["2024-07-14"]
    assert "/hand-over/" not in shown["2024-07-14"]
    # Above the section whoever holds an office is named; whoever sees no figures of it learns of none.
    assert "Ada Amber" in window(world, "ines").get("/units/DEPOT/?on=2024-07-14").text
    for who in ("sven", "femi"):
        assert "Ada Amber" not in window(world, who).get("/units/DEPOT/?on=2024-07-14").text
    with signed_in(world, "sven"):
        assert queries.called_by_mandate([ada.pk]) == {}


def test_the_list_of_offices_asks_the_same_number_of_questions_for_one_and_for_many(
    world, django_assert_num_queries
):
    bela = window(world, "bela")
    bela.get("/offices/?unit=DEPOT")
    for code in ("DEPOT", "TRAM"):
        with django_assert_num_queries(11):
            bela.get(f"/offices/?unit={code}")


def test_an_office_is_handed_over_with_a_list_of_what_is_open(world):
    ines = window(world, "ines")
    mandate = world.mandate["bela"]
    with scope.operator("a stranger asks to join"):
        people.ask_to_join(world.person["pavel"], actor=OPERATOR, at=NOW)
    page = ines.get(f"/offices/{mandate.pk}/hand-over/").content.decode()
    assert "Béla Birch, secretary in" in page
    # Names stop at the section, and with them what its members ask for.
    assert "1 request waits for a decision." not in page
    below = accounts_of_the_depot(world)
    page = window(world, "bela").get(f"/offices/{below.pk}/hand-over/").content.decode()
    assert "1 request waits for a decision." in page
    answer = ines.post(
        f"/offices/{mandate.pk}/hand-over/", {"email": "chidi@example.org", "day": "2024-07-15"}
    )
    assert answer.status_code == 302
    assert [one.office for one in actor(world, "chidi").mandates] == ["secretary"]
    assert actor(world, "bela").mandates == ()
    # Whoever takes it over is told all that waits, each with its address, and finds it on her first page.
    with scope.operator("her language"):
        type(world.person["chidi"]).objects.filter(pk=world.person["chidi"].pk).update(locale="en")
    ((said,),) = sql("select args::text from procrastinate_jobs where task_name like '%%tell_of_office'")
    assert tasks.tell_of_office.func(**json.loads(said))
    (letter,) = mail.outbox
    assert letter.to == ["chidi@example.org"]
    assert "From 15 July 2024 on you hold an office" in letter.body
    assert "- 1 request waits for a decision.\n  http://localhost:8000/people/asked/" in letter.body
    assert "Pavel" not in letter.body
    today = window(world, "chidi").get("/").content.decode()
    assert ("Pavel Pine" in today, 'value="accept"' in today) == (True, True)


def test_the_last_secretary_neither_loses_her_office_nor_leaves_until_there_is_another(world):
    with signed_in(world, "ines") as ines:
        end = {"day": TODAY, "actor": ines, "at": NOW}
        assert refusal_of(lambda: accounts.end_mandate(world.mandate["bela"], **end)) == "last-secretary"
    with signed_in(world, "bela") as bela:
        leave = {"day": TODAY, "actor": bela, "at": NOW}
        assert refusal_of(lambda: people.leave(world.membership["bela"], **leave)) == "last-secretary"
        people.leave(world.membership["ada"], **leave)
    with signed_in(world, "ines") as ines:
        accounts.give_mandate(
            world.person["chidi"], unit=world.unit["TRAM"], office="secretary", day=TODAY, actor=ines, at=NOW
        )
        accounts.end_mandate(world.mandate["bela"], day=TODAY, actor=ines, at=NOW)
    assert actor(world, "bela").mandates == ()


def test_secretaries_go_one_at_a_time_so_that_two_at_once_do_not_count_on_each_other(world):
    def waits_for_others():
        ((held,),) = sql(
            "select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
            " and (classid::bigint << 32 | objid::bigint) = hashtext('secretaries'))"
        )
        return held

    held = accounts_of_the_depot(world)
    assert not waits_for_others()
    with signed_in(world, "bela") as bela:
        said = {"day": TODAY, "actor": bela, "at": NOW}
        accounts.give_mandate(world.person["chidi"], unit=world.unit["DEPOT"], office="secretary", **said)
        accounts.end_mandate(held, **said)
        assert waits_for_others()


def test_the_office_of_a_secretary_to_come_is_taken_back_and_keeps_nobody(world):
    chidi, depot = world.person["chidi"], world.unit["DEPOT"]
    with signed_in(world, "bela") as bela:
        said = {"unit": depot, "office": "secretary", "day": day("1 August 2024"), "actor": bela, "at": NOW}
        wrong = accounts.give_mandate(world.person["femi"], **said)
        accounts.end_mandate(wrong, day=day("1 August 2024"), actor=bela, at=NOW)
        accounts.give_mandate(chidi, **said)
        people.transfer(world.membership["chidi"], to=world.unit["LINE4"], day=TODAY, actor=bela, at=NOW)
    assert not Mandate.objects.filter(unit=depot, office="secretary", recorded__upper_inf=True).exists()


def test_nobody_is_given_an_office_in_a_unit_that_has_ended_or_was_not_there_yet(world):
    """Whoever was a member of a merged branch stays one, and is found there still."""
    bela, femi = window(world, "bela"), world.person["femi"]
    said = {"email": "femi@example.org", "office": "treasurer", "day": "1999-12-31"}
    early = bela.post("/offices/give/DEPOT/", said)
    assert (early.status_code, "founded on 1 January 2000" in early.text) == (422, True)
    with signed_in(world, "bela") as actor_:
        depot, line4 = world.unit["DEPOT"], world.unit["LINE4"]
        structure.merge_units(depot, into=line4, day=TODAY, actor=actor_, at=NOW)
    late = bela.post("/offices/give/DEPOT/", said | {"day": "2024-07-15"})
    assert (late.status_code, "ended on 15 July 2024" in late.text) == (422, True)
    assert not Mandate.objects.filter(person=femi).exists()
    for page in ("/offices/?unit=DEPOT", "/units/DEPOT/", f"/people/{femi.pk}/"):
        assert "/offices/give/DEPOT/" not in bela.get(page).text, page
    assert "/offices/give/LINE4/" in bela.get("/units/LINE4/").text


def test_an_office_from_a_day_to_come_is_not_said_to_be_held(world):
    femi, held = world.person["femi"], {"unit": world.unit["DEPOT"], "office": "auditor", "at": NOW}
    with signed_in(world, "bela") as bela:
        accounts.give_mandate(femi, day=day("20 August 2024"), actor=bela, **held)
    page = window(world, "bela").get("/offices/?unit=DEPOT").text
    assert "1 office is held. 1 more begins later." in page
    assert "from 20 August 2024 on" in page
    assert "since 20 August 2024" not in page


def test_her_other_offices_end_with_her_membership(world):
    with signed_in(world, "bela") as bela:
        people.leave(world.membership["ada"], day=day("1 July 2024"), actor=bela, at=NOW)
    assert actor(world, "ada").mandates == ()
    held = sql(
        "select valid::text from accounts_mandate where person_id = %s and upper_inf(recorded)",
        world.person["ada"].pk,
    )
    assert held == [("[2020-01-01,2024-07-01)",)]


def test_who_moves_keeps_just_the_offices_of_units_in_which_she_still_is(world):
    give = {"office": "organiser", "day": TODAY, "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(world.person["jonas"], unit=world.unit["LINE4"], **give)
    with signed_in(world, "bela") as bela:
        for who in ("ada", "jonas"):
            people.transfer(world.membership[who], to=world.unit["HILL"], day=TODAY, actor=bela, at=NOW)
    assert actor(world, "ada").mandates == ()
    assert [one.office for one in actor(world, "jonas").mandates] == ["treasurer"]


def test_who_is_still_a_guest_keeps_her_office_there(world):
    ada = world.person["ada"]
    with signed_in(world, "bela") as bela:
        people.transfer(world.membership["ada"], to=world.unit["HILL"], day=TODAY, actor=bela, at=NOW)
        people.be_guest(ada, unit=world.unit["DEPOT"], day=TODAY, actor=bela, at=NOW)
        give = {"unit": world.unit["DEPOT"], "office": "organiser", "day": TODAY}
        accounts.give_mandate(ada, actor=bela, at=NOW, **give)
    clock.set_today(day("16 July 2024"))
    with signed_in(world, "bela") as bela:
        moved = {
            "to": world.unit["LINE4"],
            "day": day("16 July 2024"),
            "actor": bela,
            "at": at("16 July 2024"),
        }
        people.transfer(persons.home_of(ada), **moved)
    assert [one.office for one in actor(world, "ada").mandates] == ["organiser"]
    with signed_in(world, "bela") as bela:
        (guest,) = Membership.objects.filter(person=ada, home=False, recorded__upper_inf=True)
        people.leave(guest, day=day("16 July 2024"), actor=bela, at=at("16 July 2024"))
    assert actor(world, "ada").mandates == ()
    clock.set_today(TODAY)


def test_whose_membership_never_was_holds_no_office_by_it(world):
    with signed_in(world, "bela") as bela:
        people.withdraw(world.membership["ada"], actor=bela, at=NOW)
    with scope.operator("the only secretary"):
        refused = refusal_of(lambda: people.withdraw(world.membership["sven"], actor=OPERATOR, at=NOW))
    assert refused == "last-secretary"
    assert actor(world, "ada").mandates == ()


def test_the_only_secretary_does_not_move_away_from_what_she_answers_for(world):
    with signed_in(world, "sven") as sven:
        asked = people.ask_to_transfer(world.person["sven"], to=world.unit["HILL"], actor=sven, at=NOW)
    with signed_in(world, "bela") as bela:
        assert refusal_of(lambda: people.accept(asked, actor=bela, at=NOW)) == "last-secretary"
    assert [one.office for one in actor(world, "sven").mandates] == ["secretary"]


def test_an_office_that_ended_with_a_split_holds_again_when_the_split_is_undone(world):
    with signed_in(world, "bela") as bela:
        new = structure.NewUnit("DEPOT2", {"en": "Depot Two"}, "branch", "NORTH", TODAY)
        chosen = [world.membership["ada"].pk]
        structure.split_unit(world.unit["DEPOT"], new=new, members=chosen, actor=bela, at=NOW)
        assert actor(world, "ada").mandates == ()
        change = Change.objects.filter(what="split").latest("pk")
        structure.undo_change(change, actor=bela, at=at("16 July 2024"))
    assert [one.office for one in actor(world, "ada").mandates] == ["organiser"]


def test_an_office_with_a_term_goes_over_for_the_rest_of_it(world):
    ada, bela = world.mandate["ada"], window(world, "bela")
    with scope.operator("somebody without an account"):
        new = newcomer(world, "DEPOT", "1 May 2024").person
    ended = bela.post(f"/offices/{ada.pk}/end/", {"day": "2024-12-31"}, follow=True)
    assert "The office ends on 31 December 2024, and its rights with it; until then" in ended.text
    ada = Mandate.objects.get(person=world.person["ada"], recorded__upper_inf=True)
    address = f"/offices/{ada.pk}/hand-over/?person={new.pk}"
    assert "organiser in Depot until 31 December 2024." in bela.get(address).text
    for late in ("2024-12-31", "2025-02-01"):
        assert "This mandate ends on 31 December 2024 already" in bela.post(address, {"day": late}).text
    answer = bela.post(address, {"day": "2024-08-01"}, follow=True)
    # She has no account, so that no mail tells her of it.
    assert "The office is handed over. She has no account yet" in answer.text
    assert sql("select count(*) from procrastinate_jobs where task_name like '%%tell_of_office'") == [(0,)]
    with signed_in(world, "bela"):
        hers = Mandate.objects.get(person=new)
    assert (hers.valid.lower, hers.valid.upper) == (day("1 August 2024"), day("31 December 2024"))
    back = bela.post(f"/offices/{hers.pk}/end/", {"day": "2024-08-01"}, follow=True)
    assert "The office is taken back, and its rights with it." in back.text
    said = {"office": "auditor", "day": "2024-07-15"}
    given = bela.post(f"/offices/give/DEPOT/?person={new.pk}", said, follow=True)
    assert "She has no account yet" in given.text
    given = bela.post("/offices/give/DEPOT/", {**said, "email": "chidi@example.org"}, follow=True)
    assert "The office is given" in given.text
    assert "no account" not in given.text


def test_where_no_mail_is_sent_nobody_is_said_to_be_told_by_it(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    ines = window(world, "ines")
    address = f"/offices/{world.mandate['bela'].pk}/hand-over/"
    answer = ines.post(address, {"email": "chidi@example.org", "day": "2024-07-15"}, follow=True)
    assert (
        "This installation sends no mail: tell her; it stands on her first page, too."
        in answer.content.decode()
    )
    assert sql("select count(*) from procrastinate_jobs where task_name like '%%tell_of_office'") == [(0,)]


def test_a_unit_is_rescued_only_when_no_secretary_is_left_who_can_sign_in_and_all_are_told(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    said = {"name": "", "actor": OPERATOR, "day": TODAY, "at": NOW}
    with scope.operator("a rescue"):
        fed, has_signed_in = (
            world.unit["FED"],
            "update accounts_account set last_login = now() where email = %s",
        )
        sql(has_signed_in, "ines@example.org")
        assert refusal_of(lambda: accounts.rescue(fed, email="quinn@example.org", **said)) == "secretary-left"
        sql("update accounts_account set is_active = false where email = 'ines@example.org'")
        soon = {"office": "secretary", "day": day("1 August 2024"), "actor": OPERATOR, "at": NOW}
        accounts.give_mandate(world.person["quinn"], unit=fed, **soon)  # does not bar her from being it now
        account, token = accounts.rescue(fed, email="Quinn@example.org", **said)
        assert (account, len(token) >= 43) == (world.account["quinn"], True)
        assert sorted(one.office for one in actor(world, "quinn").mandates) == ["auditor", "secretary"]
        assert sql("select count(*) from access_trail where op = 'accounts.secretary.rescued'") == [(1,)]
        # Whose e-mail was misspelt never comes: who never has signed in keeps nobody from being rescued.
        assert queries.secretaries_who_sign_in(fed) == 0
        sql(has_signed_in, "quinn@example.org")
        assert refusal_of(lambda: accounts.rescue(fed, email="new@example.org", **said)) == "secretary-left"
        # Above the highest unit nobody gives an office: her successor comes from the server, or a second one.
        instead = accounts.Left(instead_of="Quinn@example.org")
        accounts.rescue(fed, email="olga@example.org", left=instead, **said)
        assert [one.office for one in actor(world, "quinn").mandates] == ["auditor"]
        assert sorted(one.office for one in actor(world, "olga").mandates) == ["dpo", "secretary"]
        again = refusal_of(lambda: accounts.rescue(fed, email="new@example.org", left=instead, **said))
        assert again == "no-secretary"
        sql(has_signed_in, "olga@example.org")
        accounts.rescue(fed, email="quinn@example.org", left=accounts.Left(beside=True), **said)
        assert queries.secretaries_who_sign_in(fed) == 2
    assert tasks.tell_of_rescue.func(code="FED") == 4
    assert {letter.to[0] for letter in mail.outbox} == {
        "bela@example.org",
        "olga@example.org",
        "quinn@example.org",
        "sven@example.org",
    }
    with signed_in(world, "ines") as ines, pytest.raises(Refusal):
        accounts.rescue(world.unit["FED"], email="x@example.org", **(said | {"actor": ines}))
