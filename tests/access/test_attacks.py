"""What an injection as gs_app tries: each attack is run in earnest, beside what is allowed.

Whoever injects SQL may run any statement as gs_app, inside the transaction of her own request. She
knows her own session's secret, since the setting holds it; she must not come to know another's, nor
see or act beyond her own scope.
"""

import hashlib
import time

import pytest
from django.db import DatabaseError, connection, transaction
from small_world import ask, column

from groundswell.access import gate, scope
from groundswell.access.sessions import SessionStore


@pytest.fixture
def injecting(world):
    """Stand inside a request of an organiser, and run statements until one is refused."""
    secret = world.signed_in("olga")
    with scope.session(secret):
        yield world


def refused(statement: str, *parameters: object) -> str:
    """Run the statement, which must raise; return the SQLSTATE. The request lives on."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        ask(statement, *parameters)
    return caught.value.__cause__.sqlstate


FORBIDDEN = "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "select digest from access_session",
        "select gate_key from access_gate",
        "insert into access_session (digest, kind, expires_at) values (sha256('x'), 'operator', 'infinity')",
        "update access_session set kind = 'operator'",
        "delete from access_session",
        "update access_gate set gate_key = sha256('x')",
        "truncate access_session",
        "alter table access_session disable row level security",
        "grant select on access_session to gs_app",
        "copy access_session to stdout",
        "select * from people_person p, access_session s",
        "lock table access_session",
    ],
)
def test_the_tables_of_sessions_and_of_the_gate_are_closed(injecting, statement):
    assert refused(statement) == FORBIDDEN


@pytest.mark.parametrize(
    "statement",
    [
        "set role gs_search",
        "set role gs_owner",
        "set role gs_backup",
        "set session authorization gs_owner",
        "create role eve superuser",
        "alter role gs_app bypassrls",
        "set local row_security = off; select * from people_person",
        "alter table people_person no force row level security",
        "drop policy gs_read on people_person",
        "create policy mine on people_person using (true)",
        "alter table people_person disable trigger all",
        "set session_replication_role = replica",
        "truncate people_person",
        "create function public.scope_all() returns boolean language sql as 'select true'",
        "create or replace function public.org_today() returns date language sql as 'select current_date'",
        "create table public.mine (n int)",
        "create schema mine",
        "alter function scope_all() owner to gs_app",
        "drop function scope_all() cascade",
        "copy (select 1) to program 'id'",
        "select pg_read_file('/etc/passwd')",
        "select * from pg_authid",
    ],
)
def test_gs_app_takes_no_other_role_and_changes_no_defence(injecting, statement):
    assert refused(statement) in {FORBIDDEN, "42723", "42P07"}


def test_nobody_is_locked_out_by_a_row_that_is_gone(injecting):
    ask("update accounts_account set last_login = '2024-07-01 10:00Z' where email like 'sofia@%%'")
    for statement in (
        "delete from accounts_account where last_login is not null",
        "update accounts_account set last_login = null where last_login is not null",
        "delete from django_migrations",
        "update django_content_type set model = 'gone'",
        "delete from auth_permission",
    ):
        assert refused(statement) == FORBIDDEN, statement


def test_a_session_is_not_opened_without_the_gates_proof(injecting):
    digest, expires = hashlib.sha256(b"mine").digest(), int(time.time()) + 3600
    victim = injecting.account["sofia"]
    call = "select session_open(%s, %s, %s, %s, '', %s)"
    assert refused(call, digest, "person", victim, expires, b"\0" * 32) == FORBIDDEN
    assert refused(call, digest, "person", victim, expires, None) == FORBIDDEN
    assert refused(call, digest, "operator", None, expires, b"\0" * 32) == FORBIDDEN
    # A proof for one account is none for another.
    proof = gate.proof(f"open|{digest.hex()}|person|{injecting.account['olga']}|{expires}")
    assert refused(call, digest, "person", victim, expires, proof) == FORBIDDEN
    assert ask(call, digest, "person", injecting.account["olga"], expires, proof) == [(True,)]


def test_a_seen_opening_played_again_changes_no_session(injecting):
    digest, expires = hashlib.sha256(b"replayed").digest(), int(time.time()) + 3600
    account = injecting.account["olga"]
    call, proof = (
        "select session_open(%s, %s, %s, %s, '', %s)",
        gate.proof(f"open|{digest.hex()}|person|{account}|{expires}"),
    )
    assert ask(call, digest, "person", account, expires, proof) == [(True,)]
    gate.ask("select session_end(%s)", ["replayed"])
    assert ask(call, digest, "person", account, expires, proof) == [(False,)]
    assert gate.ask("select account_id from session_read(%s)", ["replayed"]) is None


def test_setting_the_scope_to_numbers_digests_or_names_shows_nothing(injecting):
    victim = injecting.signed_in("sofia")
    before = column("select count(*) from people_person")[0]
    assert before == 3
    guesses = [
        str(injecting.account["sofia"]), "operator", "worker", "person", gate.digest_of(victim).hex(),
        "\\x" + gate.digest_of(victim).hex(), "' or true --", "true",
    ]  # fmt: skip
    for guess in guesses:
        ask("select set_config('app.session', %s, true)", guess)
        assert column("select count(*) from people_person") == [0], guess


@pytest.mark.parametrize("table", ["access_session", "accounts_mandate", "structure_unit", "kernel_clock"])
def test_a_temporary_table_does_not_stand_in_for_a_real_one(injecting, table):
    ask("set local search_path = pg_temp, public")
    ask("create temporary table accounts_account (id bigint, person_id bigint, is_active boolean)")
    ask(
        "insert into pg_temp.accounts_account values (%s, %s, true)",
        injecting.account["olga"],
        injecting.person["sofia"],
    )
    assert column("select scope_person()") == [injecting.person["olga"]]
    ask(f"create temporary table {table} as select * from pg_catalog.pg_class limit 0")
    assert column("select scope_person()") == [injecting.person["olga"]]


def test_the_clock_is_not_moved_to_bring_an_ended_mandate_back(injecting):
    assert ask("update kernel_clock set ahead = interval '-300 days' returning id") == []
    assert refused("insert into kernel_settlemark (taken_at, stamp) values (org_now(), 0)") == FORBIDDEN
    with scope.operator():
        assert ask("update kernel_clock set ahead = interval '0' returning id") == [(1,)]


def test_no_office_is_written_to_widen_a_scope(injecting):
    statement = (
        "insert into accounts_mandate (valid, recorded, office, person_id, unit_id)"
        " values ('[2024-01-01,)', '[2024-01-01,)', 'secretary', %s, %s)"
    )
    assert refused(statement, injecting.person["olga"], injecting.unit["S"]) == FORBIDDEN
    assert ask("update accounts_mandate set unit_id = %s returning id", injecting.unit["S"]) == []
    assert column("select scope_units()") == [[injecting.unit["A"]]]


def test_the_tree_is_not_bent_to_widen_a_scope(injecting):
    assert ask("update structure_unit set path = '/' where id = %s returning id", injecting.unit["A"]) == []
    assert ask("update structure_unit set holds_names = true returning id") == []


def test_the_trail_is_neither_written_nor_changed_nor_emptied(injecting):
    columns = "(stamp, table_name, op, by_kind, digest)"
    assert refused(f"insert into access_trail {columns} values (1, 'x', 'insert', 'person', '')") == FORBIDDEN
    for statement in (
        "update access_trail set account_id = 1",
        "delete from access_trail",
        "truncate access_trail",
        "update access_trailpayload set new = null",
        "delete from access_trailpayload",
        "delete from access_seal",
        "insert into access_seal values (0, 1, 0, 1, 0, sha256(''), sha256(''), now(), '')",
        "select nextval('access_trail_id_seq')",
        "select setval('access_trail_id_seq', 1)",
    ):
        assert refused(statement) == FORBIDDEN, statement
    seal = "select seal_write(0, 1, 0, 1, 0, sha256(''), sha256(''), now(), '')"
    assert refused(seal) == FORBIDDEN


def test_the_trails_function_is_hung_on_no_table_of_ones_own(injecting):
    ask("create temporary table people (id bigint, unit_id bigint)")
    hang = (
        "create trigger mine after insert on people referencing new table as new_rows"
        " for each statement execute function trail_people_person()"
    )
    assert refused(hang) == FORBIDDEN


def test_an_event_in_the_trail_bears_the_account_of_the_session_whatever_is_claimed(injecting):
    (number,) = column("select trail_record('people.person.read', 'people_person', '1', null, null, '{}')")
    assert refused("select trail_record('insert', 'people_person', '1', null, null, '{}')") == "22023"
    with scope.operator():
        assert ask("select by_kind, account_id from access_trail where id = %s", number) == [
            ("person", injecting.account["olga"])
        ]


def test_nobody_but_her_data_protection_officer_erases_a_persons_traces(injecting):
    anna = injecting.person["anna"]
    assert refused("select trail_erase(%s)", anna) == FORBIDDEN
    assert refused("select keys_erase(%s)", anna) == FORBIDDEN
    with scope.session(injecting.signed_in("august")):
        assert refused("select trail_erase(%s)", anna) == FORBIDDEN
    with scope.session(injecting.signed_in("dana")):
        assert column("select trail_erase(%s)", anna)[0] >= 1


def test_ending_all_sessions_is_for_the_holder_of_the_account(injecting):
    victim = injecting.signed_in("sofia")
    assert refused("select session_end_all(%s)", injecting.account["sofia"]) == FORBIDDEN
    assert SessionStore(victim).exists(victim)
    assert column("select session_end_all(%s)", injecting.account["olga"])[0] >= 1


def test_a_secret_never_stands_in_the_text_of_a_statement(committed_world, as_app):
    secret = committed_world.signed_in("sofia")
    with as_app() as eve:
        eve.autocommit = True  # the view of the others is kept for the length of a transaction
        with scope.session(secret):
            connection.ensure_connection()
            pid = connection.connection.info.backend_pid
            texts = eve.execute("select query from pg_stat_activity where pid = %s", [pid]).fetchall()
            assert texts, "the attacker sees the row of the other connection"
            assert secret not in str(texts)
        SessionStore(secret).load()
        texts = eve.execute("select query from pg_stat_activity where usename = 'gs_app'").fetchall()
        assert secret not in str(texts)
        assert "session_look($1)" in str(texts), "the statement itself can be seen, so a leak would show"


def test_a_setting_made_for_a_whole_connection_does_not_survive_into_the_next_request(committed_world):
    secret = committed_world.signed_in("sofia")
    ask("select set_config('app.session', %s, false)", secret)
    with scope.nobody():
        assert column("select count(*) from people_person") == [0]


def test_gs_app_owns_nothing_and_gs_search_cannot_sign_in(as_app):
    with as_app("gs_app") as app:
        owned = app.execute(
            "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'gs_app'"
        ).fetchone()
        assert owned == (0,)
        flags = app.execute(
            "select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles"
            " where rolname in ('gs_app', 'gs_search') order by 1"
        ).fetchall()
        assert flags == [("gs_app", False, False, True), ("gs_search", False, True, False)]
        members = app.execute(
            "select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member where"
            " r.rolname = 'gs_app'"
        ).fetchone()
        assert members == (0,)


def test_every_definer_function_pins_its_search_path_with_temporary_tables_last(as_app):
    with as_app("gs_app") as app:
        rows = app.execute(
            "select p.proname, array_to_string(p.proconfig, ';') from pg_proc p"
            " where p.prosecdef and p.pronamespace = 'public'::regnamespace"
        ).fetchall()
    assert len(rows) > 15
    loose = [name for name, settings in rows if "pg_temp" not in (settings or "").split("search_path=")[-1]]
    assert loose == []


def test_the_owner_is_bound_by_row_security_too(committed_world, as_app):
    with as_app("gs_owner") as owner:
        assert owner.execute("select count(*) from people_person").fetchone() == (0,)
        assert owner.execute("select count(*) from access_session").fetchone() != (0,)


def test_a_temporary_table_left_on_a_connection_takes_no_row_of_the_next_request(committed_world):
    ask("create temporary table people_person as select 1 as id")
    with scope.session(committed_world.signed_in("anna")):
        assert column("select id from people_person") == [committed_world.person["anna"]]
    ask("drop table pg_temp.people_person")
