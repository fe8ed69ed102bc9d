"""Who answers for somebody under 18, and what the trail tells of her, is judged as her record is (decision 0745).

And whoever holds an office is named to those beyond her unit as she is elsewhere: by her call name alone where her
unit is protected, or while she is under 18 herself.
"""

from django.db import migrations

from groundswell.access.operations import EVERYTHING, Definer, resolved_once

MAY_ERASE = Definer(
    "scope_may_erase(person bigint)",
    returns="boolean",
    body="""
begin
    return scope_all() or exists (
        select 1 from people_person p where p.id = person and p.unit_id = any (scope_reach('{dpo}', true))
        and (not p.minor or people_open(person, null)));
end
""",
    again=True,
)

CALLED = Definer(
    "people_called(person bigint)",
    returns="text",
    private=True,
    body="""
begin
    return (
        select case when p.minor or exists (select from structure_unit above
                                            where above.protected and starts_with(home.path, above.path))
            then coalesce(nullif(p.call_name, ''), split_part(p.name, ' ', 1)) else p.name end
        from people_person p join structure_unit home on home.id = p.unit_id where p.id = person);
end
""",
)

COULD = Definer(
    "who_could_read(units bigint[], since date, until date)",
    returns="table (person_id bigint, reader text, office text, unit_id bigint, valid daterange)",
    body="""
begin
    if not (scope_all() or units <@ scope_reach('{dpo}', true)) then
        raise exception 'This is for the data protection officer of these units.' using errcode = '42501';
    end if;
    return query
        select m.person_id, people_called(m.person_id), m.office::text, m.unit_id,
               m.valid * daterange(since, until, '[]')
        from accounts_mandate m
        join structure_unit top on top.id = m.unit_id and top.holds_names
        where upper_inf(m.recorded) and m.valid && daterange(since, until, '[]')
          and exists (select from structure_unit u where u.id = any (units) and starts_with(u.path, top.path))
        order by top.path, m.office, 2;
end
""",
    again=True,
)

DID = Definer(
    "who_did_read(units bigint[], since timestamptz, until timestamptz)",
    returns="table (reader text, office text, office_unit_id bigint, what text, persons bigint, newest timestamptz)",
    body="""
begin
    if not (scope_all() or units <@ scope_reach('{dpo}', true)) then
        raise exception 'This is for the data protection officer of these units.' using errcode = '42501';
    end if;
    return query
        select people_called(min(a.person_id)), r.office, r.office_unit_id, r.what,
               count(distinct r.person_id), max(r.at)
        from access_reading r
        left join accounts_account a on a.id = r.account_id
        where r.unit_id = any (units) and r.at >= since and r.at <= until
        group by r.account_id, 2, 3, 4 order by 6 desc;
end
""",
    again=True,
)

OF = Definer(
    "readings_of(person bigint, most integer)",
    returns="table (at timestamptz, what text, purpose text, office text, office_unit_id bigint, reader text)",
    body="""
begin
    if not coalesce(scope_person() = person or scope_may_erase(person), false) then
        return;
    end if;
    return query
        select r.at, r.what, r.purpose, r.office, r.office_unit_id, people_called(a.person_id)
        from access_reading r left join accounts_account a on a.id = r.account_id
        where r.person_id = person order by r.id desc limit most;
end
""",
    again=True,
)

# What stood in a row of hers is as much as the row: an auditor reads it of nobody under 18.
ENTRY = "exists (select 1 from access_trail entry where entry.id = access_trailpayload.trail_id"
READ = "entry.unit_id in (select unnest(scope_reach('{dpo,auditor}', true)))"
PAYLOAD = f"{EVERYTHING} or {ENTRY} and (access_trailpayload.person_id is null or {READ}"
OF_HER = " and people_open(access_trailpayload.person_id, null)"
# A pair of numbers tells of both.
PAIR = (
    f"{EVERYTHING} or unit_id in (select unnest(scope_contact_units()))"
    " and other_unit_id in (select unnest(scope_contact_units()))"
)
OF_BOTH = " and people_open(person_id, null) and people_open(other_id, null)"
MERGED = f"{EVERYTHING} or unit_id in (select unnest(scope_protection_units()))"
OF_ONE = " and people_open(person_id, null)"
POLICIES = (
    ("gs_read on access_trailpayload using", PAYLOAD + OF_HER + "))", PAYLOAD + "))"),
    ("gs_read on duplicates_likeness using", PAIR + OF_BOTH, PAIR),
    ("gs_insert on duplicates_likeness with check", PAIR + OF_BOTH, PAIR),
    ("gs_update on duplicates_likeness using", PAIR + OF_BOTH, PAIR),
    ("gs_read on duplicates_merge using", MERGED + OF_ONE, MERGED),
    ("gs_insert on duplicates_merge with check", MERGED + OF_ONE, MERGED),
    ("gs_update on duplicates_merge using", MERGED + OF_ONE, MERGED),
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0012_erasing_many"),
        ("people", "0026_shut_above_her_unit"),
        ("duplicates", "0004_offices_go_over"),
    ]
    operations = [
        MAY_ERASE,
        CALLED,
        COULD,
        DID,
        OF,
        *(
            migrations.RunSQL(
                *(f"alter policy {policy} ({resolved_once(condition)})" for condition in (now, before))
            )
            for policy, now, before in POLICIES
        ),
    ]
