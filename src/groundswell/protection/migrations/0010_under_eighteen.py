"""Who may read somebody under 18 besides the offices of her unit, and who not (decision 0745).

Her data protection officer while a request about her data waits for an answer, which she makes or her unit in her
name; the unit of which she is a guest or to which she asks to go, and none above it. No auditor from above draws
her: her lot is drawn, so that anybody draws the same again, and stays shut.
"""

from django.db import migrations

from groundswell.access.operations import EVERYTHING, Definer, resolved_once

OPEN = Definer(
    "people_open(person bigint, unit bigint)",
    returns="boolean",
    body="""
declare
    young boolean;
    home bigint;
begin
    select p.minor, p.unit_id into young, home from people_person p where p.id = person;
    if young is null then
        select p.minor, p.unit_id into young, home
        from access_merged g join people_person p on p.id = g.stays where g.goes = person;
    end if;
    return coalesce(not young or scope_named() @> -coalesce(unit, home)
        or home = any (scope_protection_units()) and exists (
            select from protection_datarequest r where r.person_id = person and r.decided_at is null), false);
end
""",
    again=True,
)

# Of whom the session has drawn she reads no one under 18, unless she holds her office in that very unit.
DRAWN = Definer(
    "scope_drawn()",
    returns="int8multirange",
    body="""
declare
    who record := scope_session();
begin
    if who.person_id is null then
        return '{}';
    end if;
    return coalesce((
        select range_agg(int8range(d.person_id, d.person_id, '[]'))
        from protection_sample s
        join protection_drawn d on d.sample_id = s.id
        join people_person p on p.id = d.person_id
        join structure_unit home on home.id = p.unit_id
        where s.account_id = who.account_id and s.readable_until > org_today() and exists (
            select from accounts_mandate m
            join structure_unit top on top.id = m.unit_id
            join structure_reach reach on reach.unit_id = m.unit_id
            where m.person_id = who.person_id and m.office = 'auditor' and m.valid @> org_today()
              and upper_inf(m.recorded) and top.holds_names
              and reach.named @> case when p.minor then -p.unit_id else p.unit_id end)), '{}');
end
""",
    again=True,
)

# Who comes to a unit: a guest, whoever asks to be transferred; and whoever asks an officer about her data.
GUESTS = """
    select m.person_id from people_membership m join people_person p on p.id = m.person_id
    where not m.home and upper_inf(m.recorded) and m.valid @> org_today()
      and m.unit_id in (select unnest({units}())) and (not p.minor or scope_named() @> -m.unit_id)
    union all
"""
ASKERS = """
    select a.person_id from people_asking a join people_person p on p.id = a.person_id
    where a.decided_at is null and a.kind = 'transfer' and a.unit_id in (select unnest({units}()))
      and (not p.minor or scope_named() @> -a.unit_id)
    union all
    select r.person_id from protection_datarequest r join people_person p on p.id = r.person_id
    where r.decided_at is null and p.minor and p.unit_id in (select unnest(scope_protection_units()))
"""
RANGES = """
create or replace function {name}() returns int8multirange language sql stable security definer
set search_path = public, pg_temp as $$
  select scope_drawn() + coalesce(range_agg(int8range(person_id, person_id, '[]')), '{{}}') from ({seen}) seen
$$;
"""
NUMBERS = """
create or replace function {name}() returns bigint[] language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person_id), '{{}}') from ({seen}) seen
$$;
"""
COME = "".join(
    form.format(name=name, seen=seen.format(units=units))
    for form, name, seen, units in (
        (RANGES, "scope_comers", GUESTS + ASKERS, "scope_units"),
        (RANGES, "scope_askers", ASKERS, "scope_units"),
        (NUMBERS, "scope_guests", GUESTS + ASKERS, "scope_units"),
        (NUMBERS, "scope_contact_guests", GUESTS + ASKERS, "scope_contact_units"),
    )
)

HOLDERS = Definer(
    "accounts_holders(top bigint, at_most integer)",
    returns="table (mandate bigint, unit_id bigint, office text, person_id bigint, name text, began date, ends date)",
    body="""
declare
    place text;
    everything boolean := scope_all();
    reach bigint[] := scope_figures();
begin
    select high.path into place from structure_unit high where high.id = top;
    return query
        select held.id, held.unit_id, held.office::text, held.person_id, people_called(held.person_id),
               lower(held.valid), upper(held.valid)
        from structure_unit below
        join accounts_mandate held on held.unit_id = below.id
        left join people_person who on who.id = held.person_id
        where below.path >= place and below.path < left(place, -1) || '0'
          and (everything or held.unit_id = any (reach))
          and (upper(held.valid) is null or upper(held.valid) > org_today()) and upper_inf(held.recorded)
        order by below.path, array_position('{secretary,treasurer,dpo,auditor,organiser}', held.office::text),
                 who.sort_key, held.id
        limit at_most;
end
""",
    again=True,
)

# A breach concerns everybody in a unit: whoever answers for it counts also whom she may not read.
CONCERNED = Definer(
    "protection_held_in(units bigint[])",
    returns="table (unit_id bigint, persons bigint, young bigint, contacts bigint, notes bigint, fields bigint)",
    body="""
begin
    if not (scope_all() or units <@ scope_reach('{dpo}', true)) then
        raise exception 'This is for the data protection officer of these units.' using errcode = '42501';
    end if;
    return query
        select p.unit_id, count(*), count(*) filter (where p.minor and not people_open(p.id, null)),
               count(*) filter (where exists (select from people_contact c where c.person_id = p.id)),
               count(*) filter (where exists (select from people_note n where n.person_id = p.id)),
               count(*) filter (where exists (select from people_customvalue v where v.person_id = p.id))
        from people_person p where p.unit_id = any (units) group by p.unit_id;
end
""",
)

OWN = "person_id = (select scope_person())"
CONTACTS = "unit_id in (select unnest(scope_contact_units()))"
PROTECTS = "unit_id in (select unnest(scope_protection_units()))"
CONSENTS = f"{EVERYTHING} or {OWN} or {CONTACTS}{{opened}}"
SEEN = f"{CONSENTS} or person_id in (select unnest(scope_contact_guests()))"
OPENED = " and people_open(person_id, unit_id)"
# Where she lives, and not what unit a row says it is of: a request opens her record to an officer.
AT_HOME = " and people_open(person_id, null)"
# Each policy of a table: as it is from now on, and as it was.
POLICIES = (
    (
        "gs_read on protection_consent using",
        SEEN.format(opened=OPENED),
        SEEN.format(opened=""),
    ),
    (
        "gs_insert on protection_consent with check",
        CONSENTS.format(opened=OPENED),
        CONSENTS.format(opened=""),
    ),
    (
        "gs_update on protection_consent using",
        CONSENTS.format(opened=OPENED),
        CONSENTS.format(opened=""),
    ),
    # What was asked and answered stays with the officer; the words lie sealed under her key.
    (
        "gs_read on protection_datarequest using",
        f"{EVERYTHING} or {PROTECTS} or {OWN} or {CONTACTS}{AT_HOME}",
        f"{EVERYTHING} or {PROTECTS} or {OWN} or {CONTACTS}",
    ),
    (
        "gs_insert on protection_datarequest with check",
        f"{EVERYTHING} or {OWN} or {CONTACTS}{AT_HOME}",
        f"{EVERYTHING} or {PROTECTS} or {OWN} or {CONTACTS}",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_under_eighteen"),
        ("accounts", "0006_who_may_hold"),
        ("people", "0026_shut_above_her_unit"),
        ("protection", "0009_sessions_of_a_breach"),
    ]
    operations = [
        OPEN,
        DRAWN,
        migrations.RunSQL(COME, migrations.RunSQL.noop),
        HOLDERS,
        CONCERNED,
        *(
            migrations.RunSQL(
                *(f"alter policy {policy} ({resolved_once(condition)})" for condition in (now, before))
            )
            for policy, now, before in POLICIES
        ),
    ]
