"""Every promise of a table is broken on purpose: a constraint that nobody tries to break fails here.

Rows are written past keys and triggers, as the superuser, so that nothing but the constraint can refuse.
What is unique is written twice, without a word here; of a check, `WRONG` says what it does not allow. What is
judged at the end of a transaction, by a trigger, is broken in its room: that no two periods overlap.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

# Tables of libraries keep promises of their own.
CONSTRAINTS: Final = """
select relname, name, kind, said,
  array(select attname from pg_attribute a where a.attrelid = on_table and a.attnum = any(columns))
from (
  select conrelid as on_table, conname as name, contype::text as kind, conkey as columns,
    pg_get_constraintdef(oid) as said
  from pg_constraint where contype in ('c', 'u', 'x') and not condeferrable
  union all
  select indrelid, c.relname, 'u', indkey::int2[], '' from pg_index join pg_class c on c.oid = indexrelid
  where indisunique and not indisprimary
    and not exists (select from pg_constraint where conindid = indexrelid)
) found join pg_class t on t.oid = on_table
left join pg_index key on key.indrelid = on_table and key.indisprimary
where (kind = 'c' or not key.indkey::int2[] <@ columns) and relnamespace = 'public'::regnamespace
  and relname !~ '^(account|auth|django|mfa|procrastinate)_'
order by 1, 2
"""
COLUMNS: Final = """
select attname, format_type(atttypid, null), attnotnull and not atthasdef and attidentity = ''
from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''
"""
NUMBERS: Final = {"smallint", "integer", "bigint", "numeric", "double precision"}
# What a row of a table needs besides any value of the right type.
RIGHT: Final[dict[str, dict[str, Any]]] = {
    "access_gate": {"id": 1},
    "access_merged": {"stays": 9},
    "access_personal": {"erase": "delete"},
    "access_reading": {"what": "opened"},
    "access_seal": {"from_stamp": 1, "to_stamp": 9, "signature": b"s" * 64},
    "access_session": {"kind": "visitor"},
    "accounts_mandate": {"office": "organiser"},
    "democracy_resolution": {"result": "carried"},
    "duplicates_likeness": {"person_id": 1, "other_id": 9, "origin": "hand", "verdict": ""},
    "exchange_batch": {"state": "staged"},
    "exchange_line": {"outcome": "waiting"},
    "kernel_clock": {"id": 1, "ahead": "0"},
    "people_asking": {"kind": "apply", "decision": ""},
    "people_contact": {"kind": "email"},
    "people_customfield": {"type": "text"},
    "people_gathering": {"kind": "meeting"},
    "people_membership": {"home": False, "entry_flow": "entry", "exit_flow": "exit"},
    "people_movement": {"flow": "entry", "origin": "person", "person_id": 1},
    "people_note": {"visibility": "organisers"},
    "people_sectionrule": {"contact_months": 6, "former_years": 3, "transfer_days": 14},
    "people_standing": {"source": "hand"},
    "protection_breach": {"places": [1]},
    "protection_breachstep": {"step": "contain", "needed": True},
    "protection_consent": {"how": "form"},
    "protection_datarequest": {"kind": "copy", "decision": ""},
    "protection_minimumage": {"country": "AT", "purpose": "entry", "years": 16},
    "protection_purpose": {"code": "news"},
    "protection_sample": {"population": 10, "size": 2},
    "structure_change": {"what": "founded"},
    "structure_preparation": {"what": "founded", "state": "waiting"},
    "structure_unitparent": {"parent_id": 9},
}
# What a check does not allow, by its name; of what is unique, what both rows need besides.
WRONG: Final[dict[str, dict[str, Any]]] = {
    "access_gate_gate_key_check": {"gate_key": b"short"},
    "access_gate_id_check": {"id": 2},
    "access_merged_check": {"goes": 9},
    "access_personal_erase_check": {"erase": "forget"},
    "access_reading_purpose_check": {"purpose": "x" * 201},
    "access_reading_what_check": {"what": "No word"},
    "access_seal_check": {"to_stamp": 1},
    "access_seal_hash_check": {"hash": b"short"},
    "access_seal_previous_check": {"previous": b"short"},
    "access_seal_signature_check": {"signature": b"short"},
    "access_session_check": {"kind": "person"},
    "access_session_device_check": {"device": "x" * 61},
    "access_session_digest_check": {"digest": b"short"},
    "access_session_kind_check": {"kind": "nobody"},
    "accounts_mandate_office": {"office": "pope"},
    "accounts_memory_key_check": {"key": "x" * 251},
    "democracy_resolution_result": {"result": "won"},
    "duplicates_likeness_of_two": {"other_id": 1},
    "duplicates_likeness_words": {"verdict": "perhaps"},
    "exchange_batch_state": {"state": "lost"},
    "exchange_line_outcome": {"outcome": "lost"},
    "exchange_release_by_a_second_person": {
        "agreed": True,
        "decided_at": "2024-06-01",
        "decided_by": 1,
        "asked_by": 1,
    },
    "kernel_clock_is_one_row": {"id": 2},
    "people_asking_decided_or_open": {"decision": "accepted"},
    "people_asking_kind": {"kind": "beg"},
    "people_asking_transfer_comes_from_somewhere": {"kind": "transfer"},
    "people_contact_kind": {"kind": "fax"},
    "people_customfield_has_a_label": {"label": ""},
    "people_customfield_has_something_to_choose": {"type": "choice"},
    "people_customfield_type": {"type": "colour"},
    "people_gathering_has_a_title": {"title": ""},
    "people_gathering_kind": {"kind": "feast"},
    "people_hold_says_why": {"why": ""},
    "people_membership_begins_on_a_day": {"valid": "(,)"},
    "people_membership_end_says_when_it_was_recorded": {"ended_at": "2024-06-01"},
    "people_membership_flows": {"entry_flow": "flood"},
    "people_movement_flow": {"flow": "flood"},
    "people_movement_origin": {"person_id": None},
    "people_note_visibility": {"visibility": "everybody"},
    "people_person_has_a_name": {"name": ""},
    "people_person_of_age_once_she_was_under": {"of_age_on": "2030-01-01"},
    "people_return_counts_nothing_below_zero": {"joined": -1},
    "people_savedview_has_a_name": {"name": ""},
    "people_sectionrule_within_reason": {"contact_months": 25},
    "people_standing_source": {"source": "rumour"},
    "people_tag_is_a_word": {"word": ""},
    "protection_breach_ends_after_it_began": {"readable_until": "2000-01-01"},
    "protection_breach_says_what": {"what": ""},
    "protection_breach_touches_something": {"places": []},
    "protection_breachstep_says_why_not": {"needed": False, "words": ""},
    "protection_breachstep_step": {"step": "sleep"},
    "protection_consent_how": {"how": "guess"},
    "protection_consent_withdrawn_after_it_was_given": {"withdrawn_by": 1},
    "protection_consenttext_counts_from_one": {"number": 0},
    "protection_consenttext_has_words": {"words": ""},
    "protection_datarequest_decided_or_open": {"decision": "granted"},
    "protection_datarequest_kind": {"kind": "gossip"},
    "protection_datarequest_refusal_says_why": {
        "decision": "refused",
        "decided_at": "2024-06-01",
        "reason": "",
    },
    "protection_minimumage_country": {"country": "at"},
    "protection_minimumage_purpose": {"purpose": "party"},
    "protection_minimumage_within_reason": {"years": 9},
    "protection_purpose_code": {"code": "No"},
    "protection_purpose_has_a_label": {"label": ""},
    "protection_sample_within_reason": {"population": 1},
    "structure_change_is_known": {"what": "forgotten"},
    "structure_preparation_is_known": {"what": "forgotten"},
    "structure_preparation_is_settled_once": {"state": "done"},
    "structure_promotionrule_counts_upwards": {"members": 0},
    "structure_proposalrule_counts_upwards": {"number": -1},
    "structure_unit_code_is_written_plainly": {"code": "a b"},
    "structure_unit_ends_after_it_began": {"dissolved_on": "2000-01-01"},
    "structure_unit_lies_on_the_globe": {"latitude": 91, "longitude": 0},
    "structure_unit_path_ends_in_its_own_number": {"path": "/1/3/"},
    "structure_no_unit_is_its_own_parent": {"parent_id": 2, "unit_id": 2},
}
# Nothing can break these alone: another constraint of the table asks for as much or more.
IMPLIED: Final = {
    "protection_consenttext_number_check",
    "protection_minimumage_years_check",
    "structure_unit_path_key",
}
# A number that must not be below nought: Django's own check, broken by itself.
BELOW_NOUGHT: Final = re.compile(r'CHECK \(\("?(\w+)"? >= 0\)\)')


def some(type_: str, variant: int) -> Any:
    """Return a value of a type, another one for each variant."""
    day = f"2024-06-0{variant}"
    ranges = {"daterange": f"[{day},)", "tstzrange": f"[{day},)"}
    plain = {"boolean": False, "date": day, "jsonb": Jsonb({}), "bytea": bytes([variant]) * 32}
    if type_ in ranges | plain:
        return (ranges | plain)[type_]
    if type_.startswith("timestamp"):
        return day
    if type_.endswith("[]"):
        return []
    return variant if type_ in NUMBERS else "ABCDEF"[variant]


@pytest.fixture(scope="module")
def inside(cluster, database_name) -> Iterator[psycopg.Connection]:
    """Yield the superuser's connection to this process's database, past triggers and keys."""
    with psycopg.connect(**cluster.superuser(database_name)) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection
        connection.rollback()


def write(inside: psycopg.Connection, table: str, values: dict[str, Any]) -> None:
    statement = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() * len(values)),
    )
    inside.execute(statement, list(values.values()))
    inside.execute("set constraints all immediate")


def refused_by(inside: psycopg.Connection, table: str, first: dict[str, Any], second: dict[str, Any]) -> str:
    """Write what a table takes and then what it does not; return the name of what refused the second."""
    with inside.transaction(force_rollback=True):
        inside.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
        write(inside, table, first)
        try:
            write(inside, table, second)
        except psycopg.IntegrityError as error:
            return error.diag.constraint_name or str(error)
    return "nothing"


def rows(inside: psycopg.Connection, table: str, named: set[str]) -> list[dict[str, Any]]:
    """Return two rows that the table takes, with another value in each column that is needed or `named`."""
    columns = inside.execute(COLUMNS, [table]).fetchall()
    made = [
        {name: some(type_, variant) for name, type_, needed in columns if needed or name in named}
        for variant in (1, 2)
    ]
    if table == "structure_unit":
        made = [one | {"id": number, "path": f"/{number}/"} for number, one in enumerate(made, 1)]
    return [one | RIGHT.get(table, {}) for one in made]


def test_each_constraint_refuses_what_it_is_there_to_refuse(inside):
    found = inside.execute(CONSTRAINTS).fetchall()
    assert {name for _, name, *_ in found} >= WRONG.keys() | IMPLIED
    assert len(found) > 110
    unique: dict[str, set[str]] = {}
    for table, _, kind, _, columns in found:
        unique.setdefault(table, set()).update(columns if kind != "c" else ())
    held = {}
    for table, name, kind, said, columns in found:
        first, second = rows(inside, table, unique[table])
        below = BELOW_NOUGHT.fullmatch(said)
        wrong = WRONG.get(name, {below[1]: -1} if below else {})
        if kind != "c":
            first |= wrong
            second |= {column: first[column] for column in columns}
        held[name] = refused_by(inside, table, first, second | wrong)
    assert {name: by for name, by in held.items() if by != name and name not in IMPLIED} == {}
