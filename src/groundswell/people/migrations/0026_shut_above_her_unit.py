"""Row security reads and writes whoever is under 18 by the offices of her own unit (decision 0745)."""

from django.db import migrations

from groundswell.access.operations import EVERYTHING, resolved_once

LIES = "case when minor then -unit_id else unit_id end"
NAMED = "coalesce((select scope_named()) @> {lies}, false)"
WRITTEN = f"unit_id in (select unnest(scope_write_units())) and {NAMED.format(lies=LIES)}"
OWN = "person_id = (select scope_person())"
OPENED = "people_open(person_id, unit_id)"
CONTACTS = "unit_id in (select unnest(scope_contact_units()))"
WRITES = "unit_id in (select unnest(scope_write_units()))"
UNITS = "unit_id in (select unnest(scope_units()))"
HELD = "held_by_id in (select unnest(scope_contact_units()))"
PROTECTS = "unit_id in (select unnest(scope_protection_units()))"
DECIDES = "unit_id in (select unnest(scope_deciding_units()))"
CONTACT_GUESTS = "person_id in (select unnest(scope_contact_guests()))"
DRAWN = "coalesce((select scope_drawn()) @> person_id, false)"
PERSON = "id = (select scope_person())"
COMERS = "coalesce((select scope_comers()) @> id, false)"
ASKERS = "coalesce((select scope_askers()) @> person_id, false)"


def _circles(opened: str) -> str:
    return (
        f"{EVERYTHING} or (visibility = 'organisers' and {CONTACTS} or visibility = 'secretaries' and {DECIDES}"
        f" or visibility = 'protection' and {PROTECTS}){opened}"
    )


def _asked(opened: str, came_from: str) -> str:
    return (
        f"{EVERYTHING} or {CONTACTS}{opened}"
        f" or from_unit_id in (select unnest(scope_contact_units())){came_from} or {OWN}"
    )


AND_OPEN = f" and {OPENED}"
FROM_OPEN = " and people_open(person_id, from_unit_id)"
# Each table with each policy: as it is from now on, and as it was.
READ: dict[str, tuple[str, str]] = {
    "people_person": (
        f"{NAMED.format(lies=LIES)} or {PERSON} or {COMERS}",
        f"{NAMED.format(lies='unit_id')} or {PERSON} or {COMERS}",
    ),
    "people_membership": (
        f"{NAMED.format(lies=LIES)} or {OWN} or {ASKERS}",
        f"{NAMED.format(lies='unit_id')} or {OWN} or {ASKERS}",
    ),
    "people_contact": (
        f"{EVERYTHING} or {CONTACTS} and {OPENED} or {OWN} or {CONTACT_GUESTS}",
        f"{EVERYTHING} or {CONTACTS} or {OWN} or {CONTACT_GUESTS}",
    ),
    "people_tag": (
        f"{EVERYTHING} or {CONTACTS} and {OPENED} or {OWN}",
        f"{EVERYTHING} or {CONTACTS} or {OWN}",
    ),
    "people_standing": (
        f"{EVERYTHING} or {UNITS} and {OPENED} or {OWN} or {DRAWN}",
        f"{EVERYTHING} or {UNITS} or {OWN} or {DRAWN}",
    ),
    "people_note": (_circles(AND_OPEN), _circles("")),
    "people_customvalue": (
        f"{EVERYTHING} or {OWN} or {CONTACTS} and {OPENED}",
        f"{EVERYTHING} or {OWN} or {CONTACTS}",
    ),
    "people_attendance": (
        f"{EVERYTHING} or {OWN} or {CONTACTS} and {OPENED} or {HELD} and people_open(person_id, held_by_id)",
        f"{EVERYTHING} or {OWN} or {CONTACTS} or {HELD}",
    ),
    "people_asking": (_asked(AND_OPEN, FROM_OPEN), _asked("", "")),
}
BY_WRITER = (f"{EVERYTHING} or {WRITES} and {OPENED}", f"{EVERYTHING} or {WRITES}")
WRITE: dict[str, tuple[str, str]] = {
    "people_membership": (f"{EVERYTHING} or {WRITTEN}", f"{EVERYTHING} or {WRITES}"),
    "people_contact": (f"{BY_WRITER[0]} or {OWN}", f"{BY_WRITER[1]} or {OWN}"),
    "people_tag": BY_WRITER,
    "people_standing": BY_WRITER,
    "people_customvalue": BY_WRITER,
    "people_note": READ["people_note"],
}
INSERT = {
    **WRITE,
    "people_person": (f"{EVERYTHING} or {WRITTEN}", f"{EVERYTHING} or {WRITES}"),
    "people_hold": (
        f"{EVERYTHING} or {PROTECTS} and people_open(person_id, null)",
        f"{EVERYTHING} or {PROTECTS}",
    ),
}
UPDATE = {
    **WRITE,
    "people_person": (
        f"{EVERYTHING} or {WRITTEN} or {PERSON}",
        f"{EVERYTHING} or {WRITES} or {PERSON}",
    ),
    "people_asking": READ["people_asking"],
}
DELETE = {**WRITE, "people_person": INSERT["people_person"]}
POLICIES = (
    ("gs_read", READ, "using ({0})"),
    ("gs_insert", INSERT, "with check ({0})"),
    ("gs_update", UPDATE, "using ({0}) with check ({0})"),
    ("gs_delete", DELETE, "using ({0})"),
)


def _altered(policy: str, table: str, said: str, condition: str) -> str:
    return f"alter policy {policy} on {table} {said.format(resolved_once(condition))}"


class Migration(migrations.Migration):
    dependencies = [("people", "0025_under_eighteen"), ("protection", "0007_samples")]
    operations = [
        *(
            migrations.RunSQL(*(_altered(policy, table, said, condition) for condition in both))
            for policy, tables, said in POLICIES
            for table, both in tables.items()
        ),
    ]
