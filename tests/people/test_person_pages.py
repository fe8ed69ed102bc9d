"""The pages of a person: what each office sees of her, and what becomes of her in a few taps."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.access import reading, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.people import actions as people
from groundswell.people import choosing, hooks, queries
from groundswell.people.models import Asking, Contact, Membership, Person
from groundswell.structure import actions as structure
from groundswell.structure.models import Unit
from pageforms import send
from stage import NOW, actor, own, signed_in
from world import PASSWORD, at, day


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().replace("<wbr>", "")))


def page_of(browser, person) -> str:
    return text_of(browser.get(f"/people/{person.pk}/"))


def home(person) -> Membership | None:
    with scope.operator("look"):
        return queries.home_of(person)


def ask(person) -> Asking:
    return Asking.objects.get(person=person, decided_at=None)


@pytest.fixture
def ada(world):
    ada = world.person["ada"]
    people.put_contact(ada, kind="email", text="ada.amber@example.org", actor=OPERATOR, at=NOW)
    people.write_note(ada, text="Sings bass.", visibility="secretaries", actor=OPERATOR, at=NOW)
    people.put_paid_until(ada, day=day("31 December 2024"), source="hand", actor=OPERATOR, at=NOW)
    return ada


def test_each_office_sees_of_a_person_what_its_work_needs(world, browser_of, ada):
    secretary = page_of(browser_of("bela"), ada)
    assert "member since 1 March 2015, paid until 31 December 2024" in secretary
    assert "ada.amber@example.org" in secretary
    assert "Sings bass." in secretary
    assert "Called" in secretary
    treasurer = page_of(browser_of("jonas"), ada)
    assert "paid until 31 December 2024" in treasurer
    assert "ada.amber@example.org" not in treasurer
    assert "Sings bass." not in treasurer
    assert "Called" not in treasurer
    organiser = page_of(browser_of("ada"), world.person["dana"])
    assert "Dana Dale" in organiser
    assert browser_of("sven").get(f"/people/{ada.pk}/").status_code == 404
    assert browser_of("ines").get(f"/people/{ada.pk}/").status_code == 404
    assert browser_of("bela").get("/people/999999/").status_code == 404


def test_that_her_record_was_opened_is_there_for_her_to_read(world, browser_of):
    chidi = world.person["chidi"]
    browser_of("bela").get(f"/people/{chidi.pk}/")
    with signed_in(world, "chidi"):
        (receipt,) = reading.of(chidi.pk)
    assert (receipt.what, receipt.office, receipt.name) == ("record", "secretary", "Béla Birch")


def test_she_sees_her_own_page_and_asks_there_for_what_others_decide(world, browser_of):
    chidi = world.person["chidi"]
    herself = browser_of("chidi")
    assert "Say that she leaves" in page_of(herself, chidi)
    assert herself.get(f"/people/{chidi.pk}/leave/").status_code == 404
    herself.post(f"/people/{chidi.pk}/ask-leave/", {"words": "No time any more."})
    assert "says that she leaves" in page_of(browser_of("bela"), chidi)
    browser_of("bela").post(f"/people/asked/{ask(chidi).pk}/", {"answer": "accept"})
    assert home(chidi) is None


def test_somebody_is_written_down_with_a_name_and_found_on_the_next_list(world, browser_of):
    ada = browser_of("ada")
    with scope.operator("a branch that says no country lies in its section's"):
        Unit.objects.filter(code="DEPOT").update(country="")
    said = {"name": "Wilma Willow", "old_enough": "yes", "kind": "contact", "phone": "0660 1234567"}
    refused = ada.post("/people/new/?unit=DEPOT", said | {"email": "wilma at home"})
    assert (refused.status_code, "is no e-mail address." in text_of(refused)) == (422, True)
    made = ada.post("/people/new/?unit=DEPOT", said | {"email": "wilma@müller.example"})
    assert made.status_code == 302
    for written in ("wilma", "WILMA@müller.example", "wilma@xn--mller-kva.example"):
        assert "Wilma Willow" in text_of(ada.get("/people/", {"q": written})), written
    for number in ("%2B43 660 1234567", "0660/1234567"):
        assert "Wilma Willow" in text_of(ada.get(f"/people/?q={number}"))
    with scope.operator("look"):
        assert Contact.objects.get(person__name="Wilma Willow", kind="phone").value == "+436601234567"


def test_nobody_is_written_down_in_a_unit_that_has_ended(world, browser_of):
    with scope.operator("a merger"):
        said = {"day": day("1 July 2024"), "actor": OPERATOR, "at": NOW}
        structure.merge_units(world.unit["DEPOT"], into=world.unit["LINE4"], **said)
    said = {"name": "Wilma Willow", "kind": "contact", "old_enough": "yes"}
    for unit, status in (("DEPOT", 422), ("LINE4", 302)):
        answer = browser_of("bela").post(f"/people/new/?unit={unit}", said)
        refused = "The unit ended on 1 July 2024" in text_of(answer)
        assert (answer.status_code, refused) == (status, status == 422)


def test_whoever_is_known_already_is_shown_before_she_is_written_down_twice(world, browser_of, ada):
    bela = browser_of("bela")
    said = {"name": "A. Amber", "kind": "member", "email": "ADA.amber@example.org", "day": "2024-07-01"}
    said["old_enough"] = "yes"
    answer = bela.post("/people/new/?unit=DEPOT", said)
    assert answer.status_code == 422
    assert "Is she one of these?" in text_of(answer)
    assert "the same e-mail" in text_of(answer)
    assert 'value="A. Amber"' in answer.content.decode()
    assert bela.post("/people/new/?unit=DEPOT", said | {"sure": "on"}).status_code == 302
    with scope.operator("look"):
        assert home(Person.objects.get(name="A. Amber")).kind_id == "member"


def test_an_organiser_writes_down_contacts_and_lets_nobody_join(world, browser_of):
    said = {"name": "Wilma Willow", "old_enough": "yes", "kind": "member"}
    refused = browser_of("ada").post("/people/new/?unit=DEPOT", said)
    assert refused.status_code == 422
    assert browser_of("ada").get("/people/new/?unit=HILL").status_code == 404
    assert browser_of("jonas").get("/people/new/").status_code == 404


def test_an_organiser_proposes_what_a_secretary_accepts_with_one_tap(world, browser_of):
    dana = world.person["dana"]
    send(browser_of("ada"), f"/people/{dana.pk}/edit/", {"town": "Graz"})
    assert Person.objects.get(pk=dana.pk).town == ""
    bela = browser_of("bela")
    assert "For Dana Dale is proposed: Town: Graz." in text_of(bela.get("/people/asked/"))
    bela.post(f"/people/asked/{ask(dana).pk}/", {"answer": "accept"})
    assert Person.objects.get(pk=dana.pk).town == "Graz"
    # What was changed after it was proposed is not undone, and she is told what is left to do.
    send(browser_of("ada"), f"/people/{dana.pk}/edit/", {"town": "Linz"})
    send(bela, f"/people/{dana.pk}/edit/", {"town": "Wels"})
    bela.post(f"/people/asked/{ask(dana).pk}/", {"answer": "accept"})
    said = "“Town” was changed after this was proposed, and is “Wels” now. Refuse what was proposed,"
    assert said in text_of(bela.get("/people/asked/"))
    assert Person.objects.get(pk=dana.pk).town == "Wels"


def test_a_transfer_to_another_union_is_asked_for_seen_on_both_sides_and_accepted_there(
    world, browser_of, ada
):
    bela, sven = browser_of("bela"), browser_of("sven")
    before = own("TRAM", "15 July 2024"), own("FERRY", "15 July 2024")
    bela.post(f"/people/{ada.pk}/transfer/", {"unit": "pier", "words": "She moved house."})
    assert home(ada).unit.code == "DEPOT"
    assert "asks to go from Depot to Pier" in text_of(bela.get("/people/asked/"))
    seen = text_of(sven.get("/people/asked/"))
    assert "Ada Amber asks to go from Depot to Pier." in seen
    assert "Accepted by itself after 29 July 2024." in seen
    assert bela.post(f"/people/asked/{ask(ada).pk}/", {"answer": "accept"}).status_code == 302
    assert home(ada).unit.code == "DEPOT"  # not hers to accept
    sven.post(f"/people/asked/{ask(ada).pk}/", {"answer": "accept", "next": "/people/asked/"})
    assert home(ada).unit.code == "PIER"
    with scope.operator("look"):
        tram, ferry = own("TRAM", "15 July 2024"), own("FERRY", "15 July 2024")
    assert (tram[0], tram[5]) == (before[0][0] - 1, before[0][5] + 1)
    assert (ferry[0], ferry[4]) == (before[1][0] + 1, before[1][4] + 1)
    assert bela.get(f"/people/{ada.pk}/").status_code == 404
    assert "came to Pier by transfer from Depot" in page_of(sven, ada)


def test_who_decides_whether_she_may_come_sees_what_she_is_and_how_to_ask_her(world, browser_of, ada):
    sven = browser_of("sven")
    assert sven.get(f"/people/{ada.pk}/").status_code == 404
    people.ask_to_transfer(ada, to=world.unit["PIER"], actor=actor(world, "bela"), at=NOW)
    page = page_of(sven, ada)
    assert "member since 1 March 2015" in page
    assert "ada.amber@example.org" in page
    assert "Sings bass." not in page  # what her branch wrote about her stays there
    answer = sven.post(f"/people/asked/{ask(ada).pk}/", {"answer": "refuse"}, follow=True)
    assert answer.redirect_chain == [("/people/asked/", 302)]
    assert "Refused: Ada Amber asks to go from Depot to Pier." in text_of(answer)
    assert sven.get(f"/people/{ada.pk}/").status_code == 404


def test_the_section_that_has_a_guest_reaches_her_and_its_treasurer_does_not(world, browser_of, ada):
    people.be_guest(ada, unit=world.unit["PIER"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    assert "ada.amber@example.org" in page_of(browser_of("sven"), ada)
    give = {"unit": world.unit["FERRY"], "office": "treasurer", "day": day("1 January 2024")}
    accounts.give_mandate(world.person["femi"], actor=OPERATOR, at=NOW, **give)
    page = page_of(browser_of("femi"), ada)
    assert "Ada Amber" in page
    assert "ada.amber@example.org" not in page
    # Its auditor sees nobody whom she did not draw.
    with scope.operator("an auditor of the section"):
        accounts.give_mandate(world.person["chidi"], actor=OPERATOR, at=NOW, **give | {"office": "auditor"})
    assert browser_of("chidi").get(f"/people/{ada.pk}/").status_code == 404


def test_inside_a_section_the_secretary_transfers_at_once(world, browser_of, ada):
    browser_of("bela").post(f"/people/{ada.pk}/transfer/", {"unit": "HILL"})
    assert home(ada).unit.code == "HILL"


def test_a_transfer_nobody_answers_is_accepted_after_the_days_of_the_section(world, ada):
    people.ask_to_transfer(ada, to=world.unit["PIER"], actor=actor(world, "bela"), at=NOW)
    assert people.accept_due(at=NOW) == 0
    Asking.objects.filter(person=ada).update(due_on=day("14 July 2024"))
    assert people.accept_due(at=NOW) == 1
    assert home(ada).unit.code == "PIER"


def test_a_transfer_of_somebody_who_has_left_is_taken_back(world, ada):
    people.ask_to_transfer(ada, to=world.unit["PIER"], actor=actor(world, "bela"), at=NOW)
    people.leave(home(ada), day=day("15 July 2024"), actor=OPERATOR, at=NOW)
    Asking.objects.filter(person=ada).update(due_on=day("14 July 2024"))
    assert people.accept_due(at=NOW) == 0
    assert Asking.objects.get(person=ada).decision == "withdrawn"


def test_what_somebody_decides_while_the_worker_goes_through_them_stays_decided(world, ada, monkeypatch):
    chidi = world.person["chidi"]
    for one in (ada, chidi):
        people.ask_to_transfer(one, to=world.unit["PIER"], actor=actor(world, "bela"), at=NOW)
    Asking.objects.all().update(due_on=day("14 July 2024"))

    def meanwhile(moved, *_more):
        if ada in moved:
            people.refuse(Asking.objects.get(person=chidi), actor=OPERATOR, at=NOW, reason="not this year")

    monkeypatch.setattr(hooks, "when_moving", [*hooks.when_moving, meanwhile])
    assert people.accept_due(at=NOW) == 1
    asked = Asking.objects.get(person=chidi)
    assert (asked.decision, asked.reason) == ("refused", "not this year")
    assert home(chidi).unit.code == "DEPOT"


def test_nobody_takes_in_a_member_of_elsewhere_who_did_not_ask(world, ada):
    with scope.session(world.signed_in("sven")), connection.cursor() as cursor:
        cursor.execute("select count(*) from people_asking")
        assert cursor.fetchone() == (0,)
    people.ask_to_transfer(ada, to=world.unit["HILL"], actor=OPERATOR, at=NOW)
    assert home(ada).unit.code == "HILL"


@pytest.mark.parametrize("reason", ["no \0", "n" * 201])
def test_a_reason_that_cannot_be_kept_is_refused_and_decides_nothing(world, browser_of, ada, reason):
    with signed_in(world, "bela") as bela:
        people.ask_to_transfer(ada, to=world.unit["PIER"], actor=bela, at=NOW)
    address = f"/people/asked/{ask(ada).pk}/"
    answer = browser_of("sven").post(address, {"answer": "refuse", "reason": reason})
    assert answer.status_code == 302
    assert ask(ada).decision == ""


def test_a_contact_applies_and_is_accepted_or_refused(world, browser_of):
    pavel = world.person["pavel"]
    bela = browser_of("bela")
    browser_of("ada").post(f"/people/{pavel.pk}/apply/", {"words": "He drives line 4."})
    assert ' name="reason"' in bela.get(f"/people/{pavel.pk}/").content.decode()
    bela.post(f"/people/asked/{ask(pavel).pk}/", {"answer": "refuse", "reason": "not yet"})
    assert (home(pavel), "not yet" in page_of(bela, pavel)) == (None, True)
    browser_of("ada").post(f"/people/{pavel.pk}/apply/", {})
    bela.post(f"/people/asked/{ask(pavel).pk}/", {"answer": "accept"})
    assert home(pavel).valid.lower == day("15 July 2024")
    # The newest first, also of one day.
    told = page_of(bela, pavel)
    happened = ("joined Depot as a member", "was accepted", "not yet", "He drives line 4.")
    assert sorted(happened, key=told.rindex) == list(happened)


@pytest.mark.parametrize(
    ("what", "said", "done"),
    [
        ("leave", {"day": "2024-07-10", "reason": "moved abroad"}, "left Depot"),
        ("kind", {"kind": "supporter", "day": "2024-07-10"}, "joined Depot as a supporter"),
        ("guest", {"unit": "HILL", "day": "2024-07-10"}, "became a guest of Hill Line"),
        ("paid", {"day": "2025-01-31"}, "paid until 31 January 2025"),
    ],
)
def test_each_deed_takes_one_form_and_stands_in_her_timeline(world, browser_of, ada, what, said, done):
    bela = browser_of("bela")
    assert bela.get(f"/people/{ada.pk}/{what}/").status_code == 200
    assert bela.post(f"/people/{ada.pk}/{what}/", said).status_code == 302
    assert done in page_of(bela, ada)


def test_whoever_left_joins_again(world, browser_of, ada):
    bela = browser_of("bela")
    bela.post(f"/people/{ada.pk}/leave/", {"day": "2024-07-10"})
    assert "former member, until 10 July 2024" in page_of(bela, ada)
    bela.post(f"/people/{ada.pk}/join/", {"kind": "member", "day": "2024-07-12"})
    assert home(ada).valid.lower == day("12 July 2024")


def test_the_past_is_put_right_and_a_day_to_come_refused(world, browser_of):
    chidi = world.person["chidi"]
    bela = browser_of("bela")
    said = {"membership": str(home(chidi).pk), "what": "began", "day": "2024-05-01"}
    bela.post(f"/people/{chidi.pk}/correct/", said)
    assert home(chidi).valid.lower == day("1 May 2024")
    late = bela.post(f"/people/{chidi.pk}/leave/", {"day": "2024-12-01"})
    assert late.status_code == 422
    assert "has not come yet" in text_of(late)
    never = {"membership": str(home(chidi).pk), "what": "never"}
    bela.post(f"/people/{chidi.pk}/correct/", never)
    assert "contact" in page_of(bela, chidi)
    # Once more, from a page that was still open.
    again = bela.post(f"/people/{chidi.pk}/correct/", never)
    assert (again.status_code, "there is nothing to put right." in text_of(again)) == (422, True)


def test_what_is_refused_keeps_what_was_typed(world, browser_of, ada):
    bela = browser_of("bela")
    for address, said in (
        ("contact", {"text": "no address at all"}),
        ("note", {"text": "", "visibility": "organisers"}),
        ("transfer", {"unit": "Atlantis"}),
        ("edit", {"name": "  "}),
    ):
        answer = bela.post(f"/people/{ada.pk}/{address}/", said)
        assert answer.status_code == 422, address
    assert (
        'value="no address at all"'
        in bela.post(f"/people/{ada.pk}/contact/", {"text": "no address at all"}).content.decode()
    )


def test_contacts_tags_and_notes_are_put_and_taken_away_on_the_page(world, browser_of):
    dana = world.person["dana"]
    ada = browser_of("ada")
    ada.post(f"/people/{dana.pk}/contact/", {"text": "dana@example.org", "label": "home"})
    ada.post(f"/people/{dana.pk}/tags/", {"tags": "choir, van"})
    ada.post(f"/people/{dana.pk}/note/", {"text": "Call in August.", "visibility": "organisers"})
    answer = ada.get(f"/people/{dana.pk}/")
    # Her circles stand there in full: a list to open would cut them off on a phone.
    circles = re.findall(
        r'<input type="radio" name="visibility" value="(\w+)"[^>]*?( checked)?>', answer.text
    )
    assert circles == [("organisers", " checked")]
    page = text_of(answer)
    for said in ("dana@example.org", "choir", "Call in August."):
        assert said in page
    assert "Dana Dale" in text_of(ada.get("/people/?tag=choir"))
    with scope.operator("look"):
        contact = Contact.objects.get(person=dana)
    assert browser_of("sven").post(f"/people/{dana.pk}/contact/{contact.pk}/drop/").status_code == 404
    ada.post(f"/people/{dana.pk}/contact/{contact.pk}/drop/")
    twice = ada.post(f"/people/{dana.pk}/contact/{contact.pk}/drop/", follow=True)
    assert "It was taken away already." in text_of(twice)
    assert "Neither an e-mail nor a phone is known." in page_of(ada, dana)


def test_memberships_lapse_where_a_section_says_so_and_nobody_paid(world, ada):
    from groundswell.people.models import SectionRule

    SectionRule.objects.create(unit=world.unit["TRAM"], lapse_months=3)
    assert people.lapse_due(at=at("31 March 2025")) == 0
    people.put_paid_until(ada, day=day("31 March 2024"), source="hand", actor=OPERATOR, at=NOW)
    assert people.lapse_due(at=at("30 June 2024")) == 0
    assert people.lapse_due(at=at("15 July 2024")) == 1
    assert home(ada) is None


def test_somebody_of_a_protected_unit_goes_by_her_call_name(world, browser_of):
    gerda = people.add_person(world.unit["HILL"], name="Gerda Grimm", call_name="Gee", actor=OPERATOR, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("update structure_unit set protected = true where code = 'HILL'")
    page = page_of(browser_of("bela"), gerda)
    assert "Gee" in page
    assert "Grimm" not in page


def test_the_number_of_queries_of_a_page_does_not_grow_with_what_hangs_on_her(world, browser_of):
    dana, bela = world.person["dana"], browser_of("bela")
    counts = []
    for more in (1, 2):
        for number in range(more):
            text = f"d{number}@example.org"
            people.put_contact(dana, kind="email", text=text, actor=OPERATOR, at=NOW)
            people.write_note(dana, text=text, visibility="organisers", actor=OPERATOR, at=NOW)
        bela.get(f"/people/{dana.pk}/")
        with CaptureQueriesContext(connection) as seen:
            bela.get(f"/people/{dana.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1] == 38


def test_a_member_signs_in_and_is_no_door_to_others(world, browser_of):
    world.account["dana"] = accounts.create_account(
        world.person["hana"], email="hana@example.org", password=PASSWORD, actor=OPERATOR
    )
    assert browser_of("dana").get(f"/people/{world.person['ada'].pk}/").status_code == 404


def test_every_label_of_her_page_leads_to_its_own_field(world, browser_of, ada):
    page = browser_of("bela").get(f"/people/{ada.pk}/").content.decode()
    names = re.findall(r' id="([^"]+)"', page)
    assert len(set(names)) == len(names)
    assert 'for="note_text"' in page
    assert 'for="contact_text"' in page


def test_a_unit_is_found_by_its_name_also_among_too_many_to_choose_from(world, browser_of, ada, monkeypatch):
    monkeypatch.setattr(choosing, "MOST_SUGGESTED", 1)
    bela = browser_of("bela")
    assert "<datalist" not in bela.get(f"/people/{ada.pk}/transfer/").content.decode()
    assert bela.post(f"/people/{ada.pk}/transfer/", {"unit": "hill line"}).status_code == 302
    # What is nearly so called, or called so twice, is offered with its code; what is not, is said to be none.
    for typed, said in (
        ("Hil Lin", "Which one do you mean: Hill Line (HILL)?"),
        ("lin", "Which one do you mean: Hill Line (HILL) or Line Four (LINE4)?"),
        ("nowhere", "There is no unit of this name or code in which members meet."),
    ):
        refused = bela.post(f"/people/{ada.pk}/transfer/", {"unit": typed})
        assert (refused.status_code, said in text_of(refused)) == (422, True), typed


def test_what_an_organiser_asked_for_she_takes_back_and_does_not_ask_for_twice(world, browser_of):
    ada, pavel = browser_of("ada"), world.person["pavel"]
    page = f"/people/{pavel.pk}/"
    assert f'href="{page}apply/"' in ada.get(page).content.decode()
    ada.post(f"{page}apply/", {"kind": "member"})
    waits = ada.get(page).content.decode()
    assert (f'href="{page}apply/"' in waits, 'value="withdraw"' in waits) == (False, True)
    (asked,) = Asking.objects.all()
    for who in ("jonas", "sven"):
        browser_of(who).post(f"/people/asked/{asked.pk}/", {"answer": "withdraw"})
        assert Asking.objects.filter(decided_at=None).exists()
    ada.post(f"/people/asked/{asked.pk}/", {"answer": "withdraw"})
    assert Asking.objects.get().decision == "withdrawn"
    assert f'href="{page}apply/"' in ada.get(page).content.decode()


def test_what_her_secretary_does_without_an_answer_is_accepted_by_that_and_waits_no_more(world, browser_of):
    bela, pavel, chidi = browser_of("bela"), world.person["pavel"], world.person["chidi"]
    people.ask_to_join(pavel, actor=OPERATOR, at=NOW)
    people.ask_to_leave(chidi, actor=OPERATOR, at=NOW)
    bela.post(f"/people/{pavel.pk}/join/", {"kind": "member", "day": "2024-07-15"})
    bela.post(f"/people/{chidi.pk}/leave/", {"day": "2024-07-15"})
    Asking.objects.filter(kind="apply").update(decided_at=None, decision="")  # as where a list let her join
    bela.post(f"/people/asked/{Asking.objects.get(kind='apply').pk}/", {"answer": "accept"})
    assert "Nothing waits" in text_of(bela.get("/people/asked/"))
    assert set(Asking.objects.values_list("kind", "decision")) == {
        ("apply", "accepted"),
        ("leave", "accepted"),
    }


def test_what_was_put_right_stays_in_her_timeline_struck(world, browser_of):
    bela = browser_of("bela")
    never = bela.get(f"/people/{world.person['lio'].pk}/").content.decode()
    assert '<s>joined Hill Line as a member</s><span class="note">corrected on 2 July 2024</span>' in never
    earlier = text_of(bela.get(f"/people/{world.person['rosa'].pk}/"))
    assert "15 January 2024 joined Hill Line as a member" in earlier
    assert "1 February 2024 joined Hill Line as a member corrected on 10 March 2024" in earlier
    # What nobody corrected is not struck.
    assert "<s>" not in bela.get(f"/people/{world.person['ada'].pk}/").content.decode()


def test_what_is_asked_for_her_names_her_and_says_who_decides_and_languages_go_by_name(world, browser_of):
    hana = world.person["hana"]
    ada_page, bela_page = (
        text_of(browser_of(who).get(f"/people/{world.person[whom].pk}/transfer/"))
        for who, whom in (("ada", "chidi"), ("bela", "hana"))
    )
    for words in ("Chidi Cove, Depot", "Both units are told, and the other one decides.", "Ask for it Back"):
        assert words in ada_page
    assert "Hana Heath, Line Four" in bela_page
    assert "Transfer Back" in bela_page
    assert "the other one decides" not in bela_page
    bela, address = browser_of("bela"), f"/people/{hana.pk}/edit/"
    assert send(bela, address, {"languages": "German, tr"}).status_code == 302
    assert Person.objects.get(pk=hana.pk).languages == ["de", "tr"]
    assert 'value="German, Turkish"' in bela.get(address).content.decode()
    refused = send(bela, address, {"languages": "German, Martian"})
    assert (refused.status_code, "“Martian” is no language" in text_of(refused)) == (422, True)
    assert 'value="German, Martian"' in refused.content.decode()
    corrected = text_of(bela.get(f"/people/{hana.pk}/correct/"))
    assert "Line Four: since 15 April 2024" in corrected


def test_what_happened_leads_whoever_decides_to_where_its_day_is_put_right(world, browser_of):
    chidi, bela = world.person["chidi"], browser_of("bela")
    page = f"/people/{chidi.pk}/"
    right = f"{page}correct/?membership={queries.home_of(chidi).pk}&what=began"
    pages = [browser_of(who).get(page).content.decode() for who in ("bela", "ada")]
    assert [f'href="{right.replace("&", "&amp;")}"' in one for one in pages] == [True, False]
    assert re.search(r'value="began"[^>]* checked', bela.get(right).content.decode())
    assert bela.get(f"{page}correct/?what=never").status_code == 400
