"""Consent: to words of a version, given and withdrawn in one tap, and asked before anything is done by it."""

import datetime as dt
import json
import re
from html import unescape

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Person
from groundswell.protection import actions, queries
from groundswell.protection.models import Consent, ConsentText, Purpose
from stage import NOW, signed_in, sql
from world import day

AGAIN = """insert into protection_consent (person_id, unit_id, purpose_id, text_id, given_at, how)
select person_id, unit_id, {purpose}, text_id, given_at, how from protection_consent"""
WITHDRAWN_AND_NOT = """update protection_consent set withdrawn_at = given_at;
update protection_consent set withdrawn_at = null"""
LATER = NOW + dt.timedelta(days=1)


def purpose(code="newsletter"):
    return Purpose.objects.get(code=code)


def write(world, words="I agree to letters.", code="newsletter", unit="TRAM", **more):
    said = {"language": "en", "actor": OPERATOR, "at": NOW} | more
    return actions.write_text(world.unit[unit], purpose(code), words=words, **said)


def give(world, who="chidi", code="newsletter", **more):
    said = {"how": "paper", "actor": OPERATOR, "at": NOW} | more
    return actions.give_consent(world.person[who], purpose(code), **said)


def test_nobody_agrees_before_there_are_words(officers):
    with pytest.raises(Refusal, match="to which words"):
        give(officers)
    write(officers)
    give(officers)
    assert queries.has_consent(officers.person["chidi"], "newsletter")
    assert not queries.has_consent(officers.person["chidi"], "photographs")


def test_a_new_version_leaves_what_was_agreed_to_with_its_words(officers, browsers, read):
    for words in ("First words.", "Second words."):
        write(officers, words)
    given = give(officers)
    assert given.text.words == "Second words."
    write(officers, "Third words.")
    given.refresh_from_db()
    assert given.text.words == "Second words."
    assert queries.has_consent(officers.person["chidi"], "newsletter")
    page = read(browsers("ada").get(f"/people/{officers.person['chidi'].pk}/"))
    assert "Agreed on 15 July 2024, on paper, to version 2 of 3." in page
    assert "There are newer words; until they are agreed to, these hold." in page
    assert "Second words. The words to agree to now: Third words." in page
    hers = read(browsers("chidi").get("/me/"))
    assert "Second words. The words to agree to now: Third words." in hers
    assert give(officers).text.words == "Third words."
    assert Consent.objects.count() == 2
    assert "The words to agree to now" not in read(browsers("chidi").get("/me/"))


def test_a_version_in_another_language_is_the_same_version_and_the_person_reads_her_own(officers):
    write(officers, "English words.")
    german = write(officers, "Deutsche Worte.", language="de", translation=True)
    assert german.number == 1
    with pytest.raises(Refusal, match="stands in this language already"):
        write(officers, "Noch einmal.", language="de", translation=True)
    Person.objects.filter(pk=officers.person["chidi"].pk).update(languages=["de"])
    officers.person["chidi"].refresh_from_db()
    assert give(officers).text == german


def test_withdrawing_ends_every_consent_to_the_purpose_and_stays_as_proof(officers):
    write(officers)
    give(officers)
    write(officers, "More words.")
    give(officers)
    chidi = officers.person["chidi"]
    assert actions.withdraw_consent(chidi, purpose(), actor=OPERATOR, at=LATER) == 2
    assert not queries.has_consent(chidi, "newsletter")
    assert [one.withdrawn_at for one in queries.consents_of(chidi)] == [LATER, LATER]
    assert actions.withdraw_consent(chidi, purpose(), actor=OPERATOR, at=LATER) == 0


def test_many_are_asked_about_with_one_question(officers):
    write(officers)
    several = [officers.person[who].pk for who in ("ada", "chidi", "femi", "emre")]
    for who in ("ada", "femi"):
        give(officers, who)
    with CaptureQueriesContext(connection) as seen:
        found = queries.consenting(several, "newsletter")
    assert found == {officers.person["ada"].pk, officers.person["femi"].pk}
    assert len(seen) == 1


def test_whoever_goes_to_another_section_is_asked_anew_there(officers, browsers, read):
    write(officers)
    give(officers)
    chidi = officers.person["chidi"]
    sql("update people_person set unit_id = %s where id = %s", officers.unit["PIER"].pk, chidi.pk)
    chidi = officers.person["chidi"] = Person.objects.select_related("unit").get(pk=chidi.pk)
    assert [one.unit_id for one in queries.consents_of(chidi)] == [officers.unit["PIER"].pk]
    assert not queries.has_consent(chidi, "newsletter")
    write(officers, "Letters of the ferries.", unit="FERRY")
    page = browsers("sven").get(f"/people/{chidi.pk}/")
    assert "towards Tramworkers' Union; here it does not hold." in read(page).replace("&#x27;", "'")
    assert "The words to agree to now: Letters of the ferries." in read(page)
    assert "Agreed on paper" in read(page)
    with scope.operator("anew"):
        give(officers)
        assert queries.has_consent(chidi, "newsletter")


def test_where_she_only_asks_to_come_it_is_read_and_written_down_by_nobody(officers, browsers, read):
    write(officers)
    give(officers)
    chidi = officers.person["chidi"]
    with signed_in(officers, "bela") as bela:
        people.ask_to_transfer(chidi, to=officers.unit["PIER"], actor=bela, at=NOW)
    shown = {who: read(browsers(who).get(f"/people/{chidi.pk}/")) for who in ("ada", "sven")}
    assert all("I agree to letters." in page for page in shown.values())
    assert {who: "Withdraw" in page for who, page in shown.items()} == {"ada": True, "sven": False}


def test_she_agrees_and_withdraws_by_herself_on_her_own_page(officers, browsers, read):
    text = write(officers)
    chidi = browsers("chidi")
    assert "Not agreed to." in read(chidi.get("/me/"))
    address = f"/me/consent/?purpose={purpose().pk}&text={text.pk}"
    assert chidi.post(address, {"answer": "form"}).status_code == 302
    page = read(chidi.get("/me/"))
    assert "Agreed on 15 July 2024, by herself, to version 1 of 1." in page
    assert "I agree to letters." in page
    assert chidi.post(address, {"answer": "withdraw"}).status_code == 302
    assert "Agreed on 15 July 2024, withdrawn on 15 July 2024." in read(chidi.get("/me/"))
    # What others would have to say of her she cannot say herself.
    assert "Say how she agreed" in read(chidi.post(address, {"answer": "paper"}, follow=True))
    assert Consent.objects.filter(withdrawn_at=None).count() == 0


def test_an_organiser_and_the_officer_write_it_down_in_one_tap(officers, browsers, read):
    text = write(officers)
    chidi = officers.person["chidi"].pk
    address = f"/people/{chidi}/"
    act = f"/protection/people/{chidi}/consent/?purpose={purpose().pk}&text={text.pk}"
    page = read(browsers("ada").get(address))
    assert "Member since 3 May 2024 (Depot): no consent is needed" in page
    assert "Agreed aloud" in page
    assert browsers("ada").post(act, {"answer": "said"}).headers["Location"] == address
    assert "Agreed on 15 July 2024, aloud" in read(browsers("dana").get(address))
    browsers("dana").post(act, {"answer": "withdraw"})
    told = read(browsers("ada").get(address))
    assert "withdrawn on 15 July 2024" in told
    assert told.index("withdrew her consent: Newsletter") < told.index("agreed to: Newsletter")
    assert "consent: Newsletter" not in read(browsers("jonas").get(address))


def test_the_basis_without_consent_is_said_of_members_former_members_and_contacts(officers, browsers, read):
    for who, said in (
        ("dana", "A former member since 9 May 2024"),
        ("pavel", "In regular contact, last heard of on 1 June 2024"),
    ):
        page = read(browsers("ada").get(f"/people/{officers.person[who].pk}/"))
        assert said in page
        assert "art. 9(2)(d)" in page


@pytest.mark.parametrize("who", ["jonas", "sven", "ines", "olga", "quinn", "femi"])
def test_nobody_else_sees_gives_or_withdraws_it(officers, browsers, who):
    write(officers)
    give(officers)
    chidi, newsletter, text = officers.person["chidi"], purpose(), ConsentText.objects.get()
    address = f"/protection/people/{chidi.pk}/consent/?purpose={newsletter.pk}"
    assert browsers(who).post(address, {"answer": "withdraw"}).status_code == 404
    with signed_in(officers, who) as actor:
        assert sql("select 1 from protection_consent") == []
        assert not queries.has_consent(chidi, "newsletter")
        assert sql("update protection_consent set withdrawn_at = now() returning 1") == []
        with pytest.raises((NotFound, Refusal)):
            actions.give_consent(chidi, newsletter, how="paper", actor=actor, at=NOW)
        with pytest.raises((NotFound, Refusal)):
            actions.withdraw_consent(chidi, newsletter, actor=actor, at=NOW)
    with signed_in(officers, who), pytest.raises(DatabaseError), transaction.atomic():
        sql(
            "insert into protection_consent (person_id, unit_id, purpose_id, text_id, given_at, how)"
            " values (%s, %s, %s, %s, now(), 'said')",
            chidi.pk,
            chidi.unit_id,
            newsletter.pk,
            text.pk,
        )
    with scope.operator("look"):
        assert queries.has_consent(chidi, "newsletter")


def test_the_secretary_of_the_section_writes_the_words_and_no_other(officers, browsers, read):
    address = f"/protection/consents/{purpose().pk}/?unit=TRAM"
    bela = browsers("bela")
    assert "used to send me the newsletter" in read(bela.get(address))
    assert "There are no words yet" in read(bela.get("/protection/consents/?unit=DEPOT"))
    said = {"language": "en", "version": "new", "words": "By letter."}
    assert bela.post(address, said).status_code == 302
    assert ConsentText.objects.get().words == "By letter."
    assert "Version 1, English, since 15 July 2024" in read(bela.get("/protection/consents/?unit=DEPOT"))
    for unit in ("DEPOT", "NORTH"):
        refused = bela.post(f"/protection/consents/{purpose().pk}/?unit={unit}", said)
        assert (refused.status_code, "is the section’s to say" in read(refused)) == (422, True)
    for who in ("sven", "ada", "dana", "ines"):
        assert browsers(who).post(address, said).status_code == 404
    assert ConsentText.objects.count() == 1


def test_a_section_asks_for_something_more_and_no_more(officers, browsers, read):
    bela, sven = browsers("bela"), browsers("sven")
    assert bela.post("/protection/consents/?unit=DEPOT", {"label": "Festival choir"}).status_code == 422
    assert bela.post("/protection/consents/?unit=TRAM", {"label": "Festival choir"}).status_code == 302
    with scope.operator("look"):
        added = Purpose.objects.get(code="festival-choir")
        assert added.unit == officers.unit["TRAM"]
        write(officers, code="festival-choir")
    assert "Festival choir" in read(bela.get("/protection/consents/?unit=DEPOT"))
    assert "Festival choir" not in read(sven.get("/protection/consents/?unit=FERRY"))
    assert "Festival choir" in read(browsers("chidi").get("/me/"))
    assert sven.post(f"/protection/consents/{added.pk}/end/?unit=FERRY").status_code == 404
    for _again in range(2):
        no_more = bela.post(f"/protection/consents/{added.pk}/end/?unit=TRAM", {"asked": "no"})
        assert no_more.status_code == 302
    with scope.operator("look"):
        added.refresh_from_db()
        assert added.ended_on == day("15 July 2024")
        with pytest.raises(Refusal, match="not asked here"):
            give(officers, code="festival-choir")
    assert "Festival choir" not in read(browsers("chidi").get("/me/"))


def test_nobody_agrees_to_words_that_came_after_the_page_was_opened(officers, browsers, read):
    write(officers)
    chidi = browsers("chidi")
    (address,) = re.findall(r'formaction="(/me/consent/[^"]*)"', chidi.get("/me/").content.decode())
    with scope.operator("other words"):
        write(officers, words="I agree to letters and calls.")
    assert "There are newer words" in read(chidi.post(unescape(address), {"answer": "form"}, follow=True))
    with scope.operator("look"):
        assert Consent.objects.count() == 0
    (address,) = re.findall(r'formaction="(/me/consent/[^"]*)"', chidi.get("/me/").content.decode())
    chidi.post(unescape(address), {"answer": "form"})
    with scope.operator("look"):
        assert Consent.objects.get().text.words == "I agree to letters and calls."


def test_what_was_shipped_is_not_ended(officers, browsers):
    assert browsers("bela").post(f"/protection/consents/{purpose().pk}/end/").status_code == 404


def test_somebody_under_18_agrees_when_it_is_said_that_she_is_old_enough(officers, browsers, read):
    text = write(officers)
    Person.objects.filter(pk=officers.person["chidi"].pk).update(minor=True)
    address = f"/me/consent/?purpose={purpose().pk}&text={text.pk}"
    chidi = browsers("chidi")
    assert "I am at least 14" in read(chidi.get("/me/"))
    assert "agreeing by herself needs 14 years" in read(chidi.post(address, {"answer": "form"}, follow=True))
    assert Consent.objects.count() == 0
    chidi.post(address, {"answer": "form", "old_enough": "on"})
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "violation",
    [
        "update protection_consent set how = 'said'",
        "update protection_consent set given_at = now()",
        "update protection_consent set withdrawn_at = given_at - interval '1 day'",
        WITHDRAWN_AND_NOT,
        AGAIN.format(purpose="purpose_id"),
        AGAIN.format(purpose="(select id from protection_purpose where code = 'phone')"),
    ],
)
def test_the_database_refuses_a_consent_that_cannot_be(officers, violation):
    write(officers)
    give(officers)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(violation)


def test_words_are_neither_changed_nor_removed_by_anybody(officers):
    write(officers)
    assert sql("update protection_consenttext set words = 'x' returning 1") == []
    assert sql("delete from protection_consenttext returning 1") == []


def test_what_she_agreed_to_goes_with_her_and_the_trail_keeps_nothing_of_it(officers):
    write(officers)
    chidi = officers.person["chidi"]
    give(officers)
    with signed_in(officers, "dana") as dana:
        actions.erase_person(persons.person_for(dana, chidi.pk, "people.erase"), actor=dana, at=NOW)
    assert Consent.objects.count() == 0
    assert sql("select 1 from access_trailpayload where person_id = %s", chidi.pk) == []


def test_a_former_member_who_agreed_is_reduced_with_what_she_agreed_to(world):
    write(world)
    dana = world.person["dana"]
    give(world, "dana")
    due = [one.person.pk for one in queries.due(OPERATOR, until=day("9 May 2027")) if one.what == "former"]
    assert dana.pk in due


def test_the_panel_asks_no_more_for_more_consents(officers, browsers):
    counts = []
    for codes in (("newsletter",), ("phone", "photographs")):
        for code in codes:
            with scope.operator("anew"):
                write(officers, code=code)
                give(officers, code=code)
        with CaptureQueriesContext(connection) as seen:
            browsers("ada").get(f"/people/{officers.person['chidi'].pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_copy_of_her_data_names_what_she_agreed_to(officers):
    write(officers)
    give(officers)
    people.put_contact(
        officers.person["chidi"], kind="email", text="chidi.cove@example.org", actor=OPERATOR, at=NOW
    )
    with signed_in(officers, "chidi") as chidi:
        document = actions.hand_out(officers.person["chidi"], actor=chidi, at=NOW)
    (section,) = (one for one in document.sections() if one.table == "protection_consent")
    said = dict(section.rows[0])
    assert said["what you agreed to"] == "Newsletter"
    assert said["the words you agreed to"] == "I agree to letters. (version 1)"
    assert said["how"] == "on paper"
    told = [
        dict(row) for one in document.sections() if one.table == "access_trailpayload" for row in one.rows
    ]
    assert said.items() <= next(row for row in told if row["where"] == "What you agreed to").items()
    assert "Who opened the record" not in {row["where"] for row in told}
    (data,) = json.loads(document.as_json())["consent_texts"].values()
    assert data == {"purpose": "newsletter", "version": 1, "language": "en", "words": "I agree to letters."}
