"""Questions about offices that reach further than the one who asks: yes or no, and the names of holders."""

from django.db import migrations

from groundswell.access.operations import Definer

# Names stop at the section, so a secretary above cannot look whether somebody belongs to it: she may ask
# of one number, for a unit whose offices she gives.
BELONGS = Definer(
    "accounts_belongs(person bigint, unit bigint, on_day date)",
    returns="boolean",
    body="""
declare
    place text;
begin
    if not coalesce(scope_all() or unit = any (scope_structure_units()), false) then
        return false;
    end if;
    select top.path into place from structure_unit top where top.id = unit;
    return exists (
        select from people_membership held
        join structure_unit home on home.id = held.unit_id
        join people_membershipkind kind on kind.code = held.kind_id
        where held.person_id = accounts_belongs.person and starts_with(home.path, place)
          and (kind.counts or not held.home)
          and held.valid @> greatest(on_day, org_today()) and upper_inf(held.recorded));
end
""",
)
# Offices see the holders of mandates in their reach, also where they see no members. In a protected unit a
# holder is called by her call name alone.
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
        select held.id, held.unit_id, held.office::text, held.person_id,
               case when exists (select from structure_unit above
                                 where above.protected and starts_with(home.path, above.path))
                    then coalesce(nullif(who.call_name, ''), split_part(who.name, ' ', 1)) else who.name end::text,
               lower(held.valid), upper(held.valid)
        from structure_unit below
        join accounts_mandate held on held.unit_id = below.id
        left join people_person who on who.id = held.person_id
        left join structure_unit home on home.id = who.unit_id
        where below.path >= place and below.path < left(place, -1) || '0'
          and (everything or held.unit_id = any (reach))
          and (upper(held.valid) is null or upper(held.valid) > org_today()) and upper_inf(held.recorded)
        order by below.path, array_position('{secretary,treasurer,dpo,auditor,organiser}', held.office::text),
                 who.sort_key, held.id
        limit at_most;
end
""",
)
# Her branch's secretary ends her membership and need not see the offices she holds above.
LAST = Definer(
    "accounts_last_secretary(person bigint, on_day date)",
    returns="text[]",
    body="""
begin
    if not scope_known() then
        return '{}';
    end if;
    return array(
        select office_of.code from accounts_mandate held join structure_unit office_of on office_of.id = held.unit_id
        where held.person_id = accounts_last_secretary.person and held.office = 'secretary'
          and held.valid @> on_day and upper_inf(held.recorded) and office_of.dissolved_on is null
          and not exists (
            select from accounts_mandate other
            where other.unit_id = held.unit_id and other.office = 'secretary'
              and other.person_id <> held.person_id and other.valid @> on_day and upper_inf(other.recorded))
        order by office_of.path);
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_sign_in_by_allauth"),
        ("access", "0001_sessions_and_scope"),
        ("people", "0001_tables"),
    ]
    operations = [BELONGS, HOLDERS, LAST]
