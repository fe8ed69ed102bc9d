"""Movements and roll-ups write themselves: statement-level triggers, owned by a role that row
security does not bind, so that no path (ORM, bulk, SQL) can make a membership without its figures.
"""

from django.db import migrations

from groundswell.access.operations import RowSecurity, Trailed

KINDS = """
insert into people_membershipkind (code, names, counts) values
  ('member',    '{"en": "member", "de": "Mitglied"}', true),
  ('supporter', '{"en": "supporter", "de": "Förderin oder Förderer"}', false),
  ('candidate', '{"en": "candidate", "de": "Anwärterin oder Anwärter"}', false);

create table people_countingrule (
  section_id bigint not null references structure_unit(id),
  kind_id varchar(40) not null references people_membershipkind(code),
  counts boolean not null,
  primary key (section_id, kind_id)
);
"""
DROP_KINDS = "drop table people_countingrule; delete from people_membershipkind;"

MADE = """
create function people_membership_made() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare stamp bigint := org_stamp();
begin
  -- A stamp of the writer's choice would make the fact known at a moment that is long settled.
  if exists (select from made where (recorded_stamp, coalesce(ended_stamp, stamp)) <> (stamp, stamp)) then
    raise exception using errcode = '23514', constraint = 'people_membership_is_a_fact',
      message = 'a membership is stamped by the database, never rewritten';
  end if;
  insert into people_movement (unit_id, other_id, membership_id, person_id, day, delta, flow, kind, home,
                               counts, transfer_id, origin, recorded_at, recorded_stamp)
  select n.unit_id, s.other_id, n.id, n.person_id, s.day, s.delta, s.flow, n.kind_id, n.home,
         n.home and coalesce(r.counts, k.counts), s.transfer_id, 'person', s.recorded_at, n.recorded_stamp
  from made n
  join people_membershipkind k on k.code = n.kind_id
  join structure_unit u on u.id = n.unit_id
  left join people_countingrule r on r.section_id = u.section_id and r.kind_id = n.kind_id
  cross join lateral (
    select lower(n.valid) as day, 1 as delta, n.entry_flow as flow, n.entry_other_id as other_id,
           n.entry_transfer_id as transfer_id, lower(n.recorded) as recorded_at
    union all
    select upper(n.valid), -1, n.exit_flow, n.exit_other_id, n.exit_transfer_id, n.ended_at
    where not upper_inf(n.valid)
  ) s
  where upper_inf(n.recorded);
  return null;
end $$;
alter function people_membership_made() owner to gs_search;
create trigger people_membership_made after insert on people_membership
  referencing new table as made for each statement execute function people_membership_made();
"""

CHANGED = """
create function people_membership_changed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare stamp bigint := org_stamp();
begin
  -- A row under another number has no former self to be held against.
  if exists (select from made where id not in (select id from was)) or exists (
    select from was o join made n using (id)
    where (o.person_id, o.unit_id, o.kind_id, o.home, o.entry_flow, o.entry_other_id, o.entry_transfer_id,
           lower(o.valid), lower(o.recorded), o.recorded_stamp)
       is distinct from
          (n.person_id, n.unit_id, n.kind_id, n.home, n.entry_flow, n.entry_other_id, n.entry_transfer_id,
           lower(n.valid), lower(n.recorded), n.recorded_stamp)
       or (not upper_inf(o.valid)
           and (o.valid, o.exit_flow, o.exit_other_id, o.exit_transfer_id, o.reason, o.ended_at, o.ended_stamp)
               is distinct from
               (n.valid, n.exit_flow, n.exit_other_id, n.exit_transfer_id, n.reason, n.ended_at, n.ended_stamp))
       or (upper_inf(o.valid) and not upper_inf(n.valid) and n.ended_stamp is distinct from stamp)
       or (not upper_inf(o.recorded)
           and (o.recorded, o.superseded_stamp) is distinct from (n.recorded, n.superseded_stamp))
       or (upper_inf(o.recorded) and not upper_inf(n.recorded) and n.superseded_stamp is distinct from stamp)
  ) then
    raise exception using errcode = '23514', constraint = 'people_membership_is_a_fact',
      message = 'a membership is ended or withdrawn, never rewritten';
  end if;
  insert into people_movement (unit_id, other_id, membership_id, person_id, day, delta, flow, kind, home,
                               counts, transfer_id, origin, recorded_at, recorded_stamp)
  select n.unit_id, n.exit_other_id, n.id, n.person_id, upper(n.valid), -1, n.exit_flow, n.kind_id, n.home,
         m.counts, n.exit_transfer_id, 'person', n.ended_at, org_stamp()
  from was o join made n using (id)
  join people_movement m on m.membership_id = n.id and m.delta = 1 and m.reverses_id is null
  where upper_inf(o.valid) and not upper_inf(n.valid);
  insert into people_movement (unit_id, other_id, membership_id, person_id, day, delta, flow, kind, home,
                               counts, transfer_id, reverses_id, origin, recorded_at, recorded_stamp)
  select m.unit_id, m.other_id, m.membership_id, m.person_id, m.day, -m.delta, m.flow, m.kind, m.home,
         m.counts, m.transfer_id, m.id, 'person', upper(n.recorded), org_stamp()
  from was o join made n using (id)
  join people_movement m on m.membership_id = n.id and m.reverses_id is null
  where upper_inf(o.recorded) and not upper_inf(n.recorded)
    and not exists (select from people_movement r where r.reverses_id = m.id);
  return null;
end $$;
alter function people_membership_changed() owner to gs_search;
create trigger people_membership_changed after update on people_membership
  referencing old table as was new table as made for each statement
  execute function people_membership_changed();
"""

# The statement's triggers see each other's rows only after it ends, so one function does both.
ROLLED_UP = """
create function people_movement_rolled_up() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from made n left join people_counting c on c.unit_id = n.unit_id and c.valid @> n.day
    where (n.origin = 'return') <> (c.id is not null)
  ) then
    raise exception using errcode = '23514', constraint = 'people_one_way_of_counting',
      message = 'a unit counts by persons or by returns over a period, never both';
  end if;
  insert into people_rollup (unit_id, other_id, month, opening, entry, exit, move_in, move_out)
  select unit_id, other_id, date_trunc('month', day)::date,
         coalesce(sum(delta) filter (where flow = 'opening'), 0),
         coalesce(sum(delta) filter (where flow = 'entry'), 0),
         coalesce(sum(delta) filter (where flow = 'exit'), 0),
         coalesce(sum(delta) filter (where flow = 'move_in'), 0),
         coalesce(sum(delta) filter (where flow = 'move_out'), 0)
  from made where counts group by 1, 2, 3;
  return null;
end $$;
alter function people_movement_rolled_up() owner to gs_search;
create trigger people_movement_rolled_up after insert on people_movement
  referencing new table as made for each statement execute function people_movement_rolled_up();

create function people_counting_starts_clean() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  perform 1 from structure_unit where id = new.unit_id for update;
  if exists (
    select from people_movement m where m.unit_id = new.unit_id and new.valid @> m.day and m.origin = 'person'
      and m.reverses_id is null and not exists (select from people_movement r where r.reverses_id = m.id)
  ) or (
    -- Members who stand when the period begins would be counted a second time by its first return.
    select coalesce(sum(delta), 0) <> 0 from people_movement
    where unit_id = new.unit_id and origin = 'person' and counts and day < lower(new.valid)
  ) then
    raise exception using errcode = '23514', constraint = 'people_one_way_of_counting',
      message = 'a unit counts by persons or by returns over a period, never both';
  end if;
  if tg_op = 'UPDATE' and exists (
    select from people_movement m where m.unit_id = old.unit_id and m.origin = 'return'
      and not exists (select from people_counting c where c.unit_id = m.unit_id and c.valid @> m.day)
  ) then
    raise exception using errcode = '23514', constraint = 'people_one_way_of_counting',
      message = 'returns have been filed for days that would not be counted by number any more';
  end if;
  return null;
end $$;
alter function people_counting_starts_clean() owner to gs_search;
create trigger people_counting_starts_clean after insert or update on people_counting
  for each row execute function people_counting_starts_clean();

-- Merges the appended rows of past statements into one a unit, other and month. One caller at a time.
create function people_rollup_compact() returns bigint language plpgsql security definer
set search_path = public, pg_temp as $$
declare merged bigint;
begin
  if not pg_try_advisory_xact_lock(hashtext('people_rollup_compact')) then return 0; end if;
  with crowded as (
    select unit_id, other_id, month from people_rollup group by 1, 2, 3 having count(*) > 1
  ), gone as (
    delete from people_rollup r using crowded c
    where r.unit_id = c.unit_id and r.month = c.month and r.other_id is not distinct from c.other_id
    returning r.*
  ), summed as (
    insert into people_rollup (unit_id, other_id, month, opening, entry, exit, move_in, move_out)
    select unit_id, other_id, month, sum(opening), sum(entry), sum(exit), sum(move_in), sum(move_out)
    from gone group by 1, 2, 3
  ) select count(*) into merged from gone;
  return merged;
end $$;
alter function people_rollup_compact() owner to gs_search;
"""

DROP = """
drop function people_rollup_compact();
drop trigger people_counting_starts_clean on people_counting;
drop function people_counting_starts_clean();
drop trigger people_movement_rolled_up on people_movement;
drop function people_movement_rolled_up();
drop trigger people_membership_changed on people_membership;
drop function people_membership_changed();
drop trigger people_membership_made on people_membership;
drop function people_membership_made();
"""

# Movements and roll-ups are written by triggers alone; returns go through their action's function.
APPEND_ONLY = """
revoke insert, update, delete on people_movement, people_rollup from gs_app;
revoke delete on people_membership, people_transfer, people_return, people_person, people_counting from gs_app;
"""

GUESTS = """
create function scope_guests() returns bigint[] language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person_id), '{}') from people_membership
  where not home and upper_inf(recorded) and valid @> org_today()
    and unit_id in (select unnest(scope_units()))
$$;
alter function scope_guests() owner to gs_search;
create index people_membership_guests on people_membership (unit_id) where not home;
"""
DROP_GUESTS = "drop index people_membership_guests; drop function scope_guests();"

ALL = "(select scope_all())"
NAMES = f"{ALL} or unit_id in (select unnest(scope_units()))"
OWN = "person_id = (select scope_person())"
WRITE = f"{ALL} or unit_id in (select unnest(scope_write_units()))"
FIGURES = f"{ALL} or unit_id in (select unnest(scope_figures()))"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_tables"),
        ("structure", "0002_tree_defends_itself"),
        ("access", "0002_trail"),
    ]
    operations = [
        migrations.RunSQL(KINDS, DROP_KINDS),
        migrations.RunSQL(MADE + CHANGED + ROLLED_UP, DROP),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(GUESTS, DROP_GUESTS),
        RowSecurity("people_membershipkind", read="(select scope_known())", write=ALL),
        RowSecurity("people_countingrule", read="(select scope_known())", write=ALL),
        RowSecurity(
            "people_person",
            read=f"{NAMES} or id = (select scope_person()) or id in (select unnest(scope_guests()))",
            write=WRITE,
        ),
        RowSecurity("people_membership", read=f"{NAMES} or {OWN}", write=WRITE),
        RowSecurity("people_transfer", read=f"{NAMES} or {OWN}", write=WRITE),
        RowSecurity("people_movement", read=f"{NAMES} or {OWN}", write=ALL),
        RowSecurity("people_rollup", read=FIGURES, write=ALL),
        RowSecurity("people_counting", read=FIGURES, write=WRITE),
        RowSecurity("people_return", read=FIGURES, write=WRITE),
        Trailed("people_person", unit="unit_id", person="id"),
        Trailed("people_membership", unit="unit_id", person="person_id"),
        Trailed("people_transfer", unit="unit_id", person="person_id"),
        Trailed("people_counting", unit="unit_id"),
        Trailed("people_return", unit="unit_id"),
    ]
