"""Two records become one: nothing is lost, the figures lose who counted twice, and all can be undone."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from groundswell.access import erasing, scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import sealing, vouching
from groundswell.accounts.models import Account
from groundswell.duplicates import actions, queries, tasks
from groundswell.duplicates.actions import Choices
from groundswell.duplicates.models import Likeness, Merge
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import queries as persons
from groundswell.people.models import Contact, Note, Person, Tag
from groundswell.people.queries import contacts_of, notes_of, tags_of
from stage import NOW, judge_now, known, own, signed_in, sql
from world import at, day

LATER = at("1 August 2024")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody's phone


def merge_by(world, who, *, details=None, true="chidi", one="chidi", other="twin", when=LATER):
    with signed_in(world, who) as officer:
        number = world.person[true].pk
        return actions.merge(
            persons.person_for(officer, world.person[one].pk, "people.erase.ask"),
            persons.person_for(officer, world.person[other].pk, "people.erase.ask"),
            Choices(details or {}, number),
            actor=officer,
            at=when,
        )


def held(world, who):
    """Return everything that is held of somebody, but numbers and moments that a merge may change."""
    said = {}
    for one in erasing.held_of(world.person[who].pk):
        if one.table.table in {
            "people_person",
            "people_contact",
            "people_tag",
            "people_note",
            "people_standing",
        }:
            said[one.table.table] = sorted(str(sorted(row.items())) for row in one.rows)
    return said


def test_all_of_both_is_kept_under_one_key(twins):
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    merged = merge_by(twins, "dana", details={"town": twin.pk})
    judge_now()
    assert (merged.person_id, merged.goes) == (chidi.pk, twin.pk)
    assert not Person.objects.filter(pk=twin.pk).exists()
    ways = {(way.kind, way.value) for way in contacts_of([chidi])[chidi.pk]}
    assert ways == {
        ("email", "chidi@example.org"), ("email", "twin@example.org"), ("phone", "+436767654321"),
    }  # fmt: skip
    assert sorted(tags_of(chidi)) == ["chid", "choir", "twin"]
    assert sorted(note.text for note in notes_of(chidi)) == [
        "about chidi@example.org",
        "about twin@example.org",
    ]
    now = Person.objects.get(pk=chidi.pk)
    assert (now.name, now.town, now.pronoun) == ("Chidi Cove", "Linz", "she")
    assert persons.paid_until(now) == day("31 December 2024")
    for table in (Contact, Note, Tag):
        assert not table.objects.filter(person=twin.pk).exists()


def test_the_figures_lose_whoever_was_counted_twice_and_keep_what_was_known(twins):
    before = own("DEPOT", "15 July 2024")
    merge_by(twins, "dana")
    members, previous, joined, left, came, went = own("DEPOT", "15 July 2024")
    assert (members, joined, left) == (before[0] - 1, before[2] - 1, before[3])
    assert (previous, came, went) == (before[1], before[4], before[5])
    assert own("DEPOT", "15 July 2024", known_at=known("15 July 2024")) == before


def test_whoever_was_there_first_under_the_other_number_counts_from_then(twins):
    """Chidi's own membership began in 2020; her twin's of 2010 is the older fact."""
    old = people.add_person(twins.unit["DEPOT"], name="Chidi C", actor=OPERATOR, at=NOW)
    people.join(old, unit=twins.unit["DEPOT"], day=day("1 March 2010"), actor=OPERATOR, at=NOW)
    twins.person["old"] = old
    merge_by(twins, "dana", other="old")
    home = persons.home_of(twins.person["chidi"])
    assert home.valid.lower == day("1 March 2010")
    assert own("DEPOT", "31 March 2010", since="1 January 2010")[2] == 1


def test_who_came_from_another_section_is_merged_with_what_she_was_there(twins):
    """The officer of the tramworkers does not see the ferry crews' rows; the merge must know them all."""
    old = people.add_person(twins.unit["PIER"], name="Chidi C", actor=OPERATOR, at=NOW)
    there = people.join(old, unit=twins.unit["PIER"], day=day("1 March 2010"), actor=OPERATOR, at=NOW)
    people.transfer(there, to=twins.unit["DEPOT"], day=day("1 March 2012"), actor=OPERATOR, at=NOW)
    twins.person["old"] = Person.objects.get(pk=old.pk)
    before = own("PIER", "31 March 2012", since="1 January 2010")
    merge_by(twins, "dana", other="old")
    assert persons.home_of(twins.person["chidi"]).valid.lower == day("1 March 2012")
    assert own("PIER", "31 March 2012", since="1 January 2010") == before


def test_undoing_gives_each_back_what_was_her_own(twins):
    before = {who: held(twins, who) for who in ("chidi", "twin")}
    figures = own("DEPOT", "15 July 2024")
    merged = merge_by(twins, "dana", details={"name": twins.person["twin"].pk})
    assert held(twins, "chidi") != before["chidi"]
    with signed_in(twins, "dana") as dana:
        back = actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=at("2 August 2024"))
    judge_now()
    assert back.pk == twins.person["twin"].pk
    assert {who: held(twins, who) for who in ("chidi", "twin")} == before
    assert own("DEPOT", "15 July 2024") == figures
    assert persons.home_of(back).valid.lower == day("1 July 2024")
    with signed_in(twins, "dana") as dana, pytest.raises(Refusal, match="undid this"):
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)


def test_what_was_written_since_stays_and_a_change_since_is_not_overwritten(twins):
    chidi = twins.person["chidi"]
    merged = merge_by(twins, "dana", details={"town": twins.person["twin"].pk})
    people.write_note(chidi, text="since then", visibility="organisers", actor=OPERATOR, at=LATER)
    people.change_person(
        Person.objects.get(pk=chidi.pk), changes={"town": "Graz"}, before={"town": "Linz"}, actor=OPERATOR
    )
    with signed_in(twins, "dana") as dana:
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)
    assert Person.objects.get(pk=chidi.pk).town == "Graz"
    assert "since then" in {note.text for note in notes_of(Person.objects.get(pk=chidi.pk))}


def test_a_membership_that_changed_since_is_not_undone(twins):
    old = people.add_person(twins.unit["DEPOT"], name="Chidi C", actor=OPERATOR, at=NOW)
    people.join(old, unit=twins.unit["DEPOT"], day=day("1 March 2010"), actor=OPERATOR, at=NOW)
    twins.person["old"] = old
    merged = merge_by(twins, "dana", other="old", when=NOW)
    home = persons.home_of(twins.person["chidi"])
    people.leave(home, day=day("10 July 2024"), actor=OPERATOR, at=LATER)
    with signed_in(twins, "dana") as dana, pytest.raises(Refusal, match="has changed since"):
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)


def test_a_merge_on_which_another_stands_is_undone_after_it(twins):
    third = people.add_person(twins.unit["DEPOT"], name="Chidi Three", actor=OPERATOR, at=NOW)
    twins.person["third"] = third
    first = merge_by(twins, "dana", one="twin", other="third")
    second = merge_by(twins, "dana")
    assert set(sql("select goes, stays from access_merged")) == {
        (twins.person["twin"].pk, twins.person["chidi"].pk), (third.pk, twins.person["chidi"].pk),
    }  # fmt: skip
    with signed_in(twins, "dana") as dana:
        with pytest.raises(Refusal, match="undo that first"):
            actions.undo(queries.merge_for(dana, first.pk), actor=dana, at=LATER)
        actions.undo(queries.merge_for(dana, second.pk), actor=dana, at=LATER)
        actions.undo(queries.merge_for(dana, first.pk), actor=dana, at=LATER)
    assert sql("select 1 from access_merged") == []
    assert {one.name for one in Person.objects.filter(name__startswith="Chidi")} == {
        "Chidi Cove", "Chidi Kove", "Chidi Three",
    }  # fmt: skip


def test_her_sign_in_stays_hers_whichever_record_it_hung_on(twins):
    """Chidi signs in; her older record does not: the one with the sign-in stays."""
    merged = merge_by(twins, "dana", one="twin", other="chidi", true="twin")
    assert merged.person_id == twins.person["chidi"].pk
    assert Account.objects.get(pk=twins.account["chidi"].pk).person_id == merged.person_id


def test_of_two_sign_ins_one_ends_and_comes_back_when_the_merge_is_undone(twins):
    second = accounts.create_account(twins.person["twin"], email="twin@example.org", actor=OPERATOR)
    merged = merge_by(twins, "dana")
    assert not Account.objects.filter(pk=second.pk).exists()
    with signed_in(twins, "dana") as dana:
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)
    assert Account.objects.get(pk=second.pk).person_id == twins.person["twin"].pk


@pytest.fixture
def guarded(twins):
    """Let the twin sign in too, with an app, a passkey and recovery codes; Chidi signs in as well."""
    second = accounts.create_account(twins.person["twin"], email="twin@example.org", actor=OPERATOR)
    accounts.give_authenticator_app(second, secret=SECRET, actor=OPERATOR)
    RecoveryCodes.activate(second)
    Authenticator.objects.create(
        user=second, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {"id": "abc"}}
    )
    twins.account["twin"] = second
    return twins


def codes_of(account):
    row = Authenticator.objects.get(user=account, type="recovery_codes")
    return RecoveryCodes(row).get_unused_codes()


def factors_of(account):
    rows = Authenticator.objects.filter(user=account).order_by("pk")
    return list(rows.values_list("pk", "type", "data", "created_at", "last_used_at"))


def test_the_second_factors_of_a_sign_in_that_ended_come_back_with_it(guarded):
    second = guarded.account["twin"]
    before, codes = factors_of(second), codes_of(second)
    assert [one[1] for one in before] == ["totp", "recovery_codes", "webauthn"]
    merged = merge_by(guarded, "dana")
    assert not Authenticator.objects.exists()
    with signed_in(guarded, "dana") as dana:
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)
    assert factors_of(second) == before
    app = Authenticator.objects.get(user=second, type="totp")
    assert sealing.unseal(TOTP(app).instance.data["secret"], sealing.FACTOR) == SECRET
    assert codes_of(second) == codes


def test_what_is_kept_of_a_sign_in_is_handed_out_to_nobody(guarded):
    """Her officer may read all that is held of her: a digest or a secret of a factor is not among it."""
    second = guarded.account["twin"]
    secrets = [one[2]["secret"] for one in factors_of(second) if one[1] == "totp"]
    merged = merge_by(guarded, "dana")
    with signed_in(guarded, "dana"):
        rows = {one.table.table: one.rows for one in erasing.held_of(merged.person_id)}
    (row,) = rows["duplicates_merge"]
    kept = json.loads(row["kept"])
    assert kept["person"]["name"] == "Chidi Kove"
    assert "account" not in kept
    for secret in (second.password, secrets[0], SECRET):
        assert secret not in row["kept"]
    assert second.password in sealing.unseal(kept["sign_in"], sealing.ENDED)


def test_the_factors_of_whoever_was_erased_never_come_back(guarded):
    from groundswell.protection.actions import erase_person

    merged = merge_by(guarded, "dana")
    erase_person(Person.objects.get(pk=merged.person_id), actor=OPERATOR, at=LATER)
    assert not Merge.objects.exists()
    assert (
        sql("select 1 from keys.personkey where person_id = any (%s)", [merged.person_id, merged.goes]) == []
    )
    with signed_in(guarded, "dana") as dana, pytest.raises(NotFound):
        queries.merge_for(dana, merged.pk)
    assert not Authenticator.objects.exists()


def test_no_factor_hangs_on_a_sign_in_that_was_made_with_the_same_e_mail_since(guarded):
    merged = merge_by(guarded, "dana")
    new = accounts.create_account(guarded.person["femi"], email="twin@example.org", actor=OPERATOR)
    with signed_in(guarded, "dana") as dana:
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)
    assert Account.objects.get(email="twin@example.org").pk == new.pk
    assert not Authenticator.objects.exists()


def test_a_factor_comes_back_by_the_application_alone(guarded):
    """Past the application even her officer hangs no second factor on an account, not her own either."""
    second = guarded.account["twin"]
    (app, *_others) = Authenticator.objects.filter(user=second)
    row = {"id": app.pk, "user_id": second.pk, "type": "totp", "data": app.data, "created_at": str(NOW)}
    merged = merge_by(guarded, "dana")
    call = "select duplicates_factor_back(%s, %s)"
    for who in ("dana", "ada", "bela", "chidi"):
        with signed_in(guarded, who), pytest.raises(DatabaseError), transaction.atomic():
            sql(call, merged.pk, json.dumps(row))
    with signed_in(guarded, "dana") as dana:
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)
        vouching.vouch_for(Authenticator(user=guarded.account["bela"], type="totp", data=app.data))
        with pytest.raises(DatabaseError), transaction.atomic():  # it was undone: nothing is brought back
            sql(call, merged.pk, json.dumps({**row, "id": 10**6, "user_id": guarded.account["bela"].pk}))
    assert not Authenticator.objects.filter(user=guarded.account["bela"]).exists()


def test_erasing_her_later_erases_what_stands_under_her_other_number(twins):
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    merge_by(twins, "dana")
    payloads = "select count(*) from access_trailpayload where person_id = any (%s)"
    assert sql(payloads, [twin.pk])[0][0] > 0
    from groundswell.protection.actions import erase_person

    erase_person(Person.objects.get(pk=chidi.pk), actor=OPERATOR, at=LATER)
    assert sql(payloads, [chidi.pk, twin.pk]) == [(0,)]
    assert sql("select 1 from keys.personkey where person_id = any (%s)", [chidi.pk, twin.pk]) == []
    assert not Merge.objects.exists()


def test_her_copy_says_what_stands_under_both_numbers(twins):
    merge_by(twins, "dana")
    rows = {one.table.table: one.rows for one in erasing.held_of(twins.person["chidi"].pk)}
    assert {row["person_id"] for row in rows["people_membership"]} == {
        twins.person["chidi"].pk, twins.person["twin"].pk,
    }  # fmt: skip
    assert any("Chidi Kove" in str(row["old"]) for row in rows["access_trailpayload"])


def test_after_thirty_days_what_undoing_needs_is_forgotten_with_the_key(twins):
    merged = merge_by(twins, "dana", when=NOW)
    assert actions.forget_over(at=at("10 August 2024")) == 0
    clock.set_today(day("15 August 2024"))
    assert tasks.settle.func(0) == 1
    assert sql("select 1 from keys.personkey where person_id = %s", twins.person["twin"].pk) == []
    with signed_in(twins, "dana") as dana, pytest.raises(Refusal, match="after 30 days"):
        actions.undo(queries.merge_for(dana, merged.pk), actor=dana, at=LATER)


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "ines", "sven", "olga", "femi", "chidi"])
def test_nobody_else_merges_them(twins, who):
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    with signed_in(twins, who) as actor:
        with pytest.raises((NotFound, Refusal)):
            actions.merge(chidi, twin, Choices({}, chidi.pk), actor=actor, at=LATER)
        for call in (
            "select duplicates_merge_two(%(one)s, %(other)s, '{}', '{}', '{}', now())",
            "select duplicates_reseal(%(one)s, '[]')",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                sql(call.replace("%(one)s", str(chidi.pk)).replace("%(other)s", str(twin.pk)))
    assert Person.objects.filter(pk__in=[chidi.pk, twin.pk]).count() == 2


def test_somebody_who_changes_a_membership_meanwhile_is_noticed(twins):
    """The plan is made of what the officer saw; the database compares before it does anything."""
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    with signed_in(twins, "dana"):
        statement = (
            "select duplicates_merge_two(%s, %s, '{}', '{\"withdrawn\": [], \"made\": []}', '{}', now())"
        )
        assert sql(statement, chidi.pk, twin.pk) == [(None,)]
    assert Person.objects.filter(pk=twin.pk).exists()


def test_the_night_finds_them_and_nobody_is_found_across_sections(twins):
    abroad = people.add_person(twins.unit["PIER"], name="Chidi Cove", actor=OPERATOR, at=NOW)
    people.put_contact(abroad, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
    other = people.add_person(twins.unit["HILL"], name="Chidi Cove", actor=OPERATOR, at=NOW)
    people.put_contact(other, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
    assert tasks.look(0) >= 1
    assert tasks.look(0) == 0  # what is known is not found again
    pairs = {(one.person_id, one.other_id) for one in Likeness.objects.all()}
    assert (twins.person["chidi"].pk, other.pk) in pairs
    assert not any(abroad.pk in pair for pair in pairs)


def test_two_who_are_called_and_reached_differently_are_no_pair(world):
    def person(name, **reached):
        one = people.add_person(world.unit["DEPOT"], name=name, actor=OPERATOR, at=NOW)
        Person.objects.filter(pk=one.pk).update(town="Linz", postcode="4020")
        for kind, text in reached.items():
            people.put_contact(one, kind=kind, text=text, actor=OPERATOR, at=NOW)
        return one.pk

    clark = person("Wilhelmina Clark", email="mina@example.org", phone="0664 1234567")
    other = person("Wilhelmina Clarke", email="w.clarke@example.org")
    same = person("Wilhelmina Clarc", email="clarc@example.org", phone="0664 1234567")
    silent = person("Wilhelmine Clark")
    longer = person("Clark, Wilhelmina Ann", email="ann@example.org")
    actions.find_within(world.unit["TRAM"], at=NOW)
    pairs = {(one.person_id, one.other_id) for one in Likeness.objects.all()}
    assert {(clark, same), (clark, silent), (clark, longer)} <= pairs
    assert not {(clark, other), (other, same), (other, longer)} & pairs


def test_what_the_night_asks_the_database_does_not_grow_with_the_section(twins):
    asked = []
    for more in (1, 200):
        for number in range(more):
            name = f"Chidi {chr(97 + number % 26)}{chr(97 + number // 26)}mber"
            people.add_person(twins.unit["DEPOT"], name=name, actor=OPERATOR, at=NOW)
        with scope.worker("test"), CaptureQueriesContext(connection) as seen:
            actions.find_within(twins.unit["TRAM"], at=NOW)
        asked.append([one["sql"].partition('SELECT "')[2] for one in seen if 'SELECT "' in one["sql"]])
    assert len(asked[0]) == 3  # persons, contacts, pairs
    assert asked[0] == asked[1]


def test_a_pair_is_seen_by_who_may_judge_it_and_goes_with_either(twins):
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    with signed_in(twins, "ada") as ada:
        pair = actions.put_side_by_side(chidi, twin, actor=ada, at=NOW)
        actions.judge(pair, "proposed", actor=ada, at=NOW)
    with signed_in(twins, "dana") as dana:
        assert [one.pk for one in queries.waiting(dana)] == [pair.pk]
    with signed_in(twins, "femi") as femi:
        with pytest.raises(NotFound):
            queries.waiting(femi)
        with pytest.raises(NotFound):
            queries.likeness_for(femi, pair.pk)
        assert not Likeness.objects.exists()
    from groundswell.protection.actions import erase_person

    erase_person(Person.objects.get(pk=twin.pk), actor=OPERATOR, at=LATER)
    assert not Likeness.objects.exists()


def test_under_18_goes_along_with_its_month_and_comes_back_when_it_is_undone(twins):
    """Her officer opens neither record for as long as one is under 18; the operator merges them."""
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    until = day("1 September 2026")
    people.say_age(twin, young=True, of_age_on=until, actor=OPERATOR, at=NOW)
    merged = actions.merge(
        Person.objects.get(pk=chidi.pk),
        Person.objects.get(pk=twin.pk),
        Choices({}, chidi.pk),
        actor=OPERATOR,
        at=LATER,
    )
    assert ages(chidi) == (True, until)
    back = actions.undo(Merge.objects.get(pk=merged.pk), actor=OPERATOR, at=LATER)
    assert (ages(back), ages(chidi)) == ((True, until), (False, None))


def test_a_month_that_was_said_since_stays_when_a_merge_is_undone(twins):
    chidi, twin = twins.person["chidi"], twins.person["twin"]
    first, second = day("1 September 2025"), day("1 March 2026")
    for one, month in ((chidi, first), (twin, second)):
        people.say_age(one, young=True, of_age_on=month, actor=OPERATOR, at=NOW)
    choices = Choices({}, chidi.pk)
    two = [Person.objects.get(pk=one.pk) for one in (chidi, twin)]
    merged = actions.merge(*two, choices, actor=OPERATOR, at=LATER)
    assert ages(chidi) == (True, second)
    said = day("1 May 2026")
    people.say_age(Person.objects.get(pk=chidi.pk), young=True, of_age_on=said, actor=OPERATOR, at=NOW)
    back = actions.undo(Merge.objects.get(pk=merged.pk), actor=OPERATOR, at=LATER)
    assert (ages(back), ages(chidi)) == ((True, second), (True, said))


def ages(person):
    now = Person.objects.get(pk=person.pk)
    return now.minor, now.of_age_on
