"""An auditor draws records by lot: she reads those and nobody else, and whoever was drawn may know it."""

import datetime as dt
import hashlib

import pytest
from django.db import DatabaseError, transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.protection.models import Drawn, Sample
from stage import NOW, signed_in, sql
from world import TODAY, day

SAMPLES = "/protection/sample/"
# Members of the tramworkers on 15 July 2024.
MEMBERS = {"ada", "bela", "chidi", "emre", "femi", "hana", "jonas", "kaya", "mara", "rosa"}


@pytest.fixture
def audited(officers):
    """Let Quinn, a ferry worker, be the auditor of the tramworkers as well."""
    accounts.give_mandate(
        officers.person["quinn"],
        unit=officers.unit["TRAM"],
        office="auditor",
        day=day("1 January 2024"),
        actor=OPERATOR,
        at=NOW,
    )
    return officers


def drawn_by(browser, **said):
    answer = browser.post(SAMPLES, {"unit": "TRAM", "as_of": "2024-07-15", "size": "4"} | said)
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    return Sample.objects.latest("pk"), browser.get(answer.url)


def seen(world):
    by_key = {person.pk: who for who, person in world.person.items()}
    return {by_key[key] for (key,) in sql("select id from people_person")}


def today_is(one):
    with scope.operator("the organisation's day"):
        clock.set_today(one)


def numbers_of(sample):
    with scope.operator("the sample"):
        return list(Drawn.objects.filter(sample=sample).order_by("place").values_list("person_id", flat=True))


def test_an_auditor_sees_nobody_before_she_draws_and_then_just_whom_she_drew(audited, browsers, read):
    quinn = browsers("quinn")
    with signed_in(audited, "quinn"):
        assert seen(audited) == {"quinn"}
        assert sql("select distinct person_id from people_membership") == [(audited.person["quinn"].pk,)]
    sample, page = drawn_by(quinn)
    drawn = {who for who in MEMBERS if audited.person[who].pk in numbers_of(sample)}
    assert (sample.size, sample.population, len(drawn)) == (4, 10, 4)
    text = read(page)
    assert "4 of 10 members of Tramworkers' Union on 15 July 2024." in text.replace("&#x27;", "'")
    for who, person in audited.person.items():
        assert who == "quinn" or (person.name in text) is (who in drawn), who
        opened = quinn.get(f"/people/{person.pk}/").status_code
        assert opened == (200 if who in drawn | {"quinn"} else 404), who
    assert quinn.get("/people/").status_code == 404
    with signed_in(audited, "quinn"):
        assert seen(audited) == drawn | {"quinn"}
        found = {key for (key,) in sql("select distinct person_id from people_membership")}
        assert found == {audited.person[who].pk for who in drawn | {"quinn"}}
        # Nothing by which they are reached, and nothing that is written about them.
        for table in ("people_contact", "people_note", "people_tag"):
            assert sql(f"select * from {table}") == []
    # The union's secretary sees whom she saw before.
    with signed_in(audited, "bela"):
        assert len(seen(audited)) == 14


def test_name_and_standing_are_read_and_no_contact(audited, browsers, read):
    with scope.operator("how each is reached, and until when she paid"):
        for who in MEMBERS:
            people.put_contact(
                audited.person[who], kind="email", text=f"{who}@home.example", actor=OPERATOR, at=NOW
            )
            people.put_paid_until(
                audited.person[who], day=day("31 December 2024"), source="hand", actor=OPERATOR, at=NOW
            )
    _sample, page = drawn_by(browsers("quinn"), size="10")
    text = read(page)
    assert text.count("31 December 2024") == 10
    assert "member since 1 March 2015" in text
    assert "home.example" not in text


def test_anybody_draws_the_same_again_and_nobody_chooses_the_seed(audited, browsers):
    quinn = browsers("quinn")
    samples = [drawn_by(quinn, seed="0" * 64)[0] for _ in range(2)]
    assert len({one.seed for one in samples}) == 2
    members = [audited.person[who].pk for who in MEMBERS]
    for one in samples:
        again = sorted(members, key=lambda key: hashlib.sha256(f"{one.seed}:{key}".encode()).digest())
        assert numbers_of(one) == again[:4]


def test_the_draw_stands_in_the_trail_and_whoever_was_drawn_reads_it(audited, browsers, read):
    sample, _page = drawn_by(browsers("quinn"), size="10")
    with scope.operator("the trail"):
        (said,) = sql(
            "select p.new from access_trail t join access_trailpayload p on p.trail_id = t.id"
            " where t.op = 'protection.sample.drawn'"
        )
        written = sql("select 1 from access_trail where table_name = 'protection_sample'")
        receipts = sql("select distinct person_id from access_reading where what = 'sample'")
    assert sample.seed in str(said)
    assert written
    assert {key for (key,) in receipts} == {audited.person[who].pk for who in MEMBERS}
    assert "drew you in a sample and read your record" in read(browsers("chidi").get("/me/"))


def test_a_sample_closes_after_thirty_days_or_with_the_mandate(audited, browsers):
    quinn = browsers("quinn")
    sample, _page = drawn_by(quinn)
    address = f"{SAMPLES}{sample.pk}/"
    assert quinn.get(address).status_code == 200
    today_is(TODAY + dt.timedelta(days=29))
    assert quinn.get(address).status_code == 200
    today_is(TODAY + dt.timedelta(days=30))
    assert quinn.get(address).status_code == 404
    with signed_in(audited, "quinn"):
        assert seen(audited) == {"quinn"}
    today_is(TODAY)
    assert quinn.get(address).status_code == 200
    with scope.operator("her mandate ends"):
        held = Mandate.objects.get(
            person=audited.person["quinn"], unit=audited.unit["TRAM"], recorded__upper_inf=True
        )
        accounts.end_mandate(held, day=TODAY, actor=OPERATOR, at=NOW)
    assert quinn.get(address).status_code == 404
    with signed_in(audited, "quinn"):
        assert seen(audited) == {"quinn"}


@pytest.mark.parametrize("who", ["bela", "dana", "jonas", "ada", "ines", "femi"])
def test_nobody_else_draws_and_another_auditors_sample_is_not_there(audited, browsers, who):
    sample, _page = drawn_by(browsers("quinn"))
    client = browsers(who)
    assert client.get(SAMPLES).status_code == 404
    assert client.post(SAMPLES, {"unit": "TRAM", "as_of": "2024-07-15", "size": "4"}).status_code == 404
    assert client.get(f"{SAMPLES}{sample.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"size": "0"}, "Draw at least one record."),
        ({"size": "201"}, "200 records may be open to you at the same time, and 0 are."),
        ({"as_of": "2024-07-16"}, "This day is still to come."),
        ({"as_of": "1900-01-01"}, "Nobody was a member there on that day"),
        ({"unit": "FERRY"}, "Select a valid choice."),
        ({"unit": "FED"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_drawn_is_said(audited, browsers, read, said, sentence):
    answer = browsers("quinn").post(SAMPLES, {"unit": "TRAM", "as_of": "2024-07-15", "size": "4"} | said)
    assert answer.status_code == 422
    assert sentence in read(answer)
    with scope.operator("none"):
        assert not Sample.objects.exists()


def test_from_an_office_above_the_sections_nobody_is_drawn(officers, browsers, read):
    page = read(browsers("quinn").get(SAMPLES))
    assert "from an office above it no records are drawn" in page


def test_the_database_draws_for_nobody_else_and_never_more_than_it_may(audited):
    draw = "select protection_draw({unit}, '2024-07-15', {size}, now())"
    tram, ferry = audited.unit["TRAM"].pk, audited.unit["FERRY"].pk
    for who, unit, size in (("bela", tram, 4), ("quinn", ferry, 4), ("quinn", tram, 201), ("quinn", tram, 0)):
        with signed_in(audited, who), pytest.raises(DatabaseError), transaction.atomic():
            sql(draw.format(unit=unit, size=size))
    with signed_in(audited, "quinn"):
        assert sql(draw.format(unit=tram, size=4)) != [(None,)]
        for statement in (
            "insert into protection_drawn (sample_id, person_id, place) values (1, 1, 1)",
            (
                "insert into protection_sample (unit_id, account_id, as_of, size, population, seed, drawn_at,"
                f" readable_until) values ({tram}, 1, now(), 1, 1, '', now(), '2999-01-01')"
            ),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                sql(statement)
        assert sql("update protection_sample set readable_until = '2999-01-01' returning 1") == []
