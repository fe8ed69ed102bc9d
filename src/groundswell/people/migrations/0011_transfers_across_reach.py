"""A transfer that was asked for is carried out by the unit that takes her in, which cannot write where she was.

One of the few acts that cross an actor's reach: it does what the asking says and nothing else. The rules
for days stand in `actions.asking`; what the database alone knows is judged here.
"""

from django.db import migrations

from groundswell.access.operations import BY_STRUCTURE_UNIT, Definer, RowSecurity, Trailed

ACCEPTED = Definer(
    "people_transfer_accepted(asked bigint, day date, noted timestamptz)",
    returns="bigint",
    volatility="volatile",
    body="""
declare
    asking people_asking;
    held people_membership;
    moved bigint;
    made bigint;
begin
    select * into asking from people_asking where id = asked for update;
    if not found or not (scope_all() or asking.unit_id = any (scope_reach('{secretary}', true))) then
        raise exception 'There is no such transfer to decide.' using errcode = '42501';
    end if;
    if asking.decided_at is not null or asking.kind <> 'transfer' then
        raise exception 'It is decided already.' using errcode = 'GS001';
    end if;
    perform from people_person where id = asking.person_id for update;
    select * into held from people_membership m
    where m.person_id = asking.person_id and m.unit_id = asking.from_unit_id and m.home
      and upper_inf(m.recorded) and upper_inf(m.valid) for update;
    if not found then
        raise exception 'She is no member there any more.' using errcode = 'GS002';
    end if;
    if day <= lower(held.valid) then
        raise exception 'She joined there only on %.', lower(held.valid) using errcode = 'GS003';
    end if;
    if exists (select from people_membership m where m.person_id = held.person_id and m.unit_id = asking.unit_id
               and upper_inf(m.recorded) and m.valid && daterange(day, null)) then
        raise exception 'She is a guest there.' using errcode = 'GS004';
    end if;
    insert into people_transfer (person_id, from_unit_id, unit_id, accepted_on, recorded_at)
    values (held.person_id, asking.from_unit_id, asking.unit_id, day, noted) returning id into moved;
    update people_membership set valid = daterange(lower(held.valid), day), ended_at = noted,
        ended_stamp = org_stamp(), exit_flow = 'move_out', exit_other_id = asking.unit_id,
        exit_transfer_id = moved where id = held.id;
    insert into people_membership (person_id, unit_id, kind_id, home, valid, recorded, entry_flow,
        entry_other_id, entry_transfer_id, exit_flow, reason)
    values (held.person_id, asking.unit_id, held.kind_id, true, daterange(day, null),
        tstzrange(noted, null), 'move_in', asking.from_unit_id, moved, 'exit', '') returning id into made;
    update people_person set unit_id = asking.unit_id where id = held.person_id;
    update people_asking set decided_at = noted, decision = 'accepted', decided_by = scope_account()
    where id = asked;
    return made;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("people", "0010_section_rules")]
    operations = [
        ACCEPTED,
        RowSecurity("people_sectionrule", read="(select scope_known())", write=BY_STRUCTURE_UNIT),
        Trailed("people_sectionrule", key="unit_id"),
    ]
