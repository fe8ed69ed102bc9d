"""The seals: what they cover, and that every way of changing the past shows."""

import dataclasses
from functools import partial

import psycopg
import pytest
from django.db import connection
from small_world import ask, column, make_world

import testbase
from groundswell.access import proving, scope, sealing, tasks
from groundswell.access.sealing import Checkpoint
from groundswell.cli import doctor, typed

# Transactions of other tests on this server would hold a seal back: here only those of this database count.
ALONE = """
create or replace function org_settled() returns bigint language sql volatile security definer as
$$ select ((select generation from kernel_clock)::bigint << 48) | least(
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
    (select min(backend_xid::text::bigint) from pg_stat_activity where datname = current_database())) $$;
alter function org_settled() owner to postgres;
"""


@pytest.fixture
def kept_world(request, cluster, database_name, django_db_setup, django_db_blocker):
    """The small world; for `sealed` with a trail that was sealed twice, which is made once and kept."""
    kind, make = "small", make_world
    if "sealed" in request.fixturenames:
        kind, make = "sealed", partial(make_sealed, cluster)
    with django_db_blocker.unblock():
        return testbase.clone_kept(cluster, database_name, kind, make)


def make_sealed(cluster):
    world = make_world()
    with psycopg.connect(**cluster.superuser(connection.settings_dict["NAME"])) as superuser:
        superuser.execute(ALONE)
    sealing.seal()
    change(world, "Genova")
    sealing.seal()
    return world


@pytest.fixture
def alone(committed_world, superuser):
    superuser.execute(ALONE)
    return committed_world


@pytest.fixture
def sealed(committed_world):
    """A world whose trail was sealed twice, with changes in between."""
    return committed_world


def change(world, town: str, *names: str) -> None:
    with scope.operator():
        for name in names or ("anna", "clara"):
            ask("update people_person set town = %s where id = %s", town, world.person[name])


@pytest.fixture
def superuser(cluster, database_name):
    """Whoever has the server in her hands, with every defence of the database switched off."""
    with psycopg.connect(**cluster.superuser(database_name), autocommit=True) as opened:
        yield opened


def findings(*published: Checkpoint) -> set[str]:
    return {found.what for found in proving.verify(published)}


def entry_of(world, name: str) -> int:
    with scope.operator():
        return column(
            "select max(id) from access_trail where table_name = 'people_person' and row_id = %s",
            str(world.person[name]),
        )[0]


def test_a_whole_trail_has_a_chain_for_each_section_and_nothing_to_find(sealed):
    links = sealing.seals()
    assert {link.section for link in links} == {0, sealed.unit["S"], sealed.unit["T"]}
    chain = sealing.seals(sealed.unit["S"])
    assert [link.number for link in chain] == [1, 2]
    assert (chain[0].from_stamp, chain[1].from_stamp) == (0, chain[0].to_stamp)
    assert chain[1].previous == chain[0].hash
    assert chain[1].entries == 1
    assert proving.verify(sealing.checkpoints()) == []


def test_every_entry_is_under_a_seal_once_all_has_settled(sealed):
    with scope.operator():
        entries = column("select count(*) from access_trail")[0]
    assert sum(link.entries for link in sealing.seals()) == entries


def test_with_nothing_new_nothing_is_sealed(sealed):
    before = sealing.seals()
    assert sealing.seal() == []
    assert sealing.seals() == before


def test_a_transaction_that_commits_late_is_not_missed(alone, as_app):
    sealing.seal()
    with as_app("gs_app") as late:
        late.execute("select set_config('app.session', %s, true)", [_operator()])
        late.execute("update people_person set town = 'late' where id = %s", [alone.person["anna"]])
        # A later transaction has committed before the early one: neither may be sealed yet.
        change(alone, "early", "bert")
        assert sealing.seal() == []
        late.commit()
    (link,) = sealing.seal()
    assert (link.section, link.entries) == (alone.unit["S"], 2)
    assert proving.verify(sealing.checkpoints()) == []


def test_what_is_settled_stays_below_every_transaction_that_is_open(committed_world, as_app):
    with as_app("gs_app") as late:
        (stamp,) = late.execute("select org_stamp()").fetchone()
        change(committed_world, "early")
        assert column("select org_settled() <= %s", stamp) == [True]
        late.rollback()


def _operator() -> str:
    from groundswell.access import gate

    return gate.secret_of("operator")


def test_a_changed_entry_is_found(sealed, superuser):
    superuser.execute("update access_trail set account_id = 1 where id = %s", [entry_of(sealed, "anna")])
    (found,) = proving.verify()
    assert (found.what, found.section, found.number) == ("changed", sealed.unit["S"], 2)


def test_a_removed_entry_is_found(sealed, superuser):
    superuser.execute("delete from access_trail where id = %s", [entry_of(sealed, "anna")])
    (found,) = proving.verify()
    assert (found.what, found.section, found.number) == ("removed", sealed.unit["S"], 2)


@pytest.mark.parametrize("place", ["within", "behind"])
def test_an_inserted_entry_is_found_within_a_seal_and_behind_the_last_one(sealed, superuser, place):
    change(sealed, "again", "clara")
    sealing.seal()  # the other section's chain now ends earlier than this one's
    section = sealed.unit["S"]
    last = sealing.seals(section)[-1]
    stamp = last.from_stamp if place == "within" else last.to_stamp
    superuser.execute(
        "insert into access_trail (stamp, section_id, table_name, op, by_kind, digest)"
        " values (%s, %s, 'people_person', 'update', 'person', '')",
        [stamp, section],
    )
    assert findings() == {"inserted", "payload"}


def test_a_changed_payload_is_found_and_an_erased_one_is_none(sealed, superuser):
    with scope.operator():
        assert column("select trail_erase(%s)", sealed.person["anna"])[0] > 0
    assert findings() == set()
    number = entry_of(sealed, "clara")
    superuser.execute("update access_trailpayload set new = '{}' where trail_id = %s", [number])
    (found,) = proving.verify()
    assert (found.what, found.number) == ("payload", number)


def test_a_removed_payload_is_found(sealed, superuser):
    superuser.execute("delete from access_trailpayload where trail_id = %s", [entry_of(sealed, "clara")])
    assert findings() == {"payload"}


def test_a_removed_seal_is_found(sealed, superuser):
    superuser.execute("delete from access_seal where number = 1 and section_id = %s", [sealed.unit["S"]])
    assert "chain" in findings()


def test_a_chain_sealed_anew_by_somebody_else_is_found_by_its_signature(sealed, superuser, settings):
    from groundswell.ground import keys

    ring = settings.KEYS
    superuser.execute("delete from access_seal")
    superuser.execute("update access_trail set account_id = 1 where id = %s", [entry_of(sealed, "anna")])
    settings.KEYS = dataclasses.replace(ring, seal_key=keys._new().seal_key)
    sealing.seal()
    assert findings() == set(), "with the forger's own key all looks well"
    settings.KEYS = ring
    assert findings() == {"signature"}


def test_a_truncated_tail_shows_only_against_a_published_checkpoint(sealed, superuser):
    published = sealing.checkpoints()
    section = sealed.unit["S"]
    last = sealing.seals(section)[-1]
    superuser.execute(
        "delete from access_trailpayload where trail_id in"
        " (select id from access_trail where section_id = %s and stamp >= %s)",
        [section, last.from_stamp],
    )
    superuser.execute(
        "delete from access_trail where section_id = %s and stamp >= %s", [section, last.from_stamp]
    )
    superuser.execute("delete from access_seal where section_id = %s and number = %s", [section, last.number])
    assert findings() == set(), "the chain alone cannot tell"
    (found,) = proving.verify(published)
    assert (found.what, found.section, found.number) == ("truncated", section, last.number)
    kept = [typed.checkpoint(str(point), "--checkpoint") for point in published]
    told = doctor._trail(kept)
    assert (told.ok, told.detail) == (False, f"{found.sentence} Findings: 1.")
    assert doctor._trail([one for one in kept if one[0] != section]).ok


def test_a_checkpoint_that_was_forged_is_found(sealed):
    (first, *_) = sealing.checkpoints()
    assert findings(dataclasses.replace(first, hash=b"\0" * 32)) == {"signature"}


def test_the_task_of_every_minute_marks_what_has_settled_and_seals_it(alone):
    with scope.operator():
        marks = column("select count(*) from kernel_settlemark")[0]
    assert tasks.seal_trail(timestamp=0) == 3
    with scope.operator():
        assert column("select count(*) from kernel_settlemark")[0] == marks + 1
    assert proving.verify() == []


@pytest.mark.parametrize(
    ("entries", "apart"), [(1_500, 100), pytest.param(150_000, 1, marks=pytest.mark.drill)]
)
def test_a_load_with_numbers_of_many_thousands_is_sealed_over_more_than_one_part(
    alone, superuser, entries, apart
):
    superuser.execute(
        "insert into access_trail (id, stamp, table_name, op, by_kind, digest) overriding system value"
        " select (select max(id) from access_trail) + %s * n, 5, 'x', 'insert', 'operator',"
        " sha256(n::text::bytea) from generate_series(1, %s) n",
        [apart, entries],
    )
    superuser.execute(
        "insert into access_trailpayload (trail_id) select id from access_trail where table_name = 'x'"
    )
    (parts,) = superuser.execute("select count(distinct id >> 16) from access_trail").fetchone()
    assert parts > 2
    sealing.seal()
    assert next(link.entries for link in sealing.seals(0)) >= entries
    assert findings() == set()
    superuser.execute(
        "update access_trail set op = 'delete' where id = (select max(id) - 9 * %s from access_trail"
        " where table_name = 'x')",
        [apart],
    )
    assert findings() == {"changed"}
