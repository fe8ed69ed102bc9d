"""Endings and withdrawals of many memberships in one statement take as many times as long as they are more.

The plans of a trigger are kept, and one that was made for a single row joined the old rows with the new ones
pair by pair from then on: 20,000 took a minute. A full join is never made so, by hashes or sorted only. It must
stay one: a condition on the old row in the same `select`, which no missing row meets, would make it a plain one
again, hence the `materialized`. And what each wrote is looked up by its index, in a `lateral` kept apart by
`offset 0`.
"""

from django.db import migrations

CHANGED = """
create or replace function people_membership_changed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare stamp bigint := org_stamp();
begin
  -- A row under another number has no former self to be held against.
  if exists (
    select from was o full join made n on n.id = o.id
    where o.id is null or n.id is null
       or (o.person_id, o.unit_id, o.kind_id, o.home, o.entry_flow, o.entry_other_id, o.entry_transfer_id,
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
  with pairs as materialized (
    select n.*, upper_inf(o.valid) and not upper_inf(n.valid) as ends
    from was o full join made n on n.id = o.id
  )
  insert into people_movement (unit_id, other_id, membership_id, person_id, day, delta, flow, kind, home,
                               counts, transfer_id, origin, recorded_at, recorded_stamp)
  select n.unit_id, n.exit_other_id, n.id, n.person_id, upper(n.valid), -1, n.exit_flow, n.kind_id, n.home,
         m.counts, n.exit_transfer_id, 'person', n.ended_at, stamp
  from pairs n cross join lateral (
    select counts from people_movement where membership_id = n.id and delta = 1 and reverses_id is null offset 0
  ) m
  where n.ends;
  with pairs as materialized (
    select n.id, upper(n.recorded) as until, upper_inf(o.recorded) and not upper_inf(n.recorded) as withdrawn
    from was o full join made n on n.id = o.id
  )
  insert into people_movement (unit_id, other_id, membership_id, person_id, day, delta, flow, kind, home,
                               counts, transfer_id, reverses_id, origin, recorded_at, recorded_stamp)
  select m.unit_id, m.other_id, m.membership_id, m.person_id, m.day, -m.delta, m.flow, m.kind, m.home,
         m.counts, m.transfer_id, m.id, 'person', n.until, stamp
  from pairs n cross join lateral (
    select f.* from people_movement f
    where f.membership_id = n.id and f.reverses_id is null
      and not exists (select from people_movement r where r.reverses_id = f.id) offset 0
  ) m
  where n.withdrawn;
  return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0022_the_rarer_beginning")]
    operations = [migrations.RunSQL(CHANGED, migrations.RunSQL.noop)]
