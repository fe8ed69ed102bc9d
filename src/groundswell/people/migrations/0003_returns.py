"""Returns by number become movements without persons, and are reversed when they are restated."""

from django.db import migrations

RETURNS = """
create function people_return_counted() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  before people_return;
  opened date;
begin
  if tg_op = 'UPDATE' then
    if (old.unit_id, old.as_of, old.members, old.joined, old."left", old.signed_by, old.recorded_at)
       is distinct from (new.unit_id, new.as_of, new.members, new.joined, new."left", new.signed_by, new.recorded_at)
       or old.superseded_at is not null then
      raise exception using errcode = '23514', constraint = 'people_return_is_signed',
        message = 'a signed return is restated, never rewritten';
    end if;
    if exists (select from people_return where unit_id = new.unit_id and as_of > new.as_of and superseded_at is null) then
      raise exception using errcode = '23514', constraint = 'people_return_in_order',
        message = 'only the newest return is restated';
    end if;
    insert into people_movement (unit_id, day, delta, flow, kind, home, counts, reverses_id, return_id, origin,
                                 recorded_at, recorded_stamp)
    select unit_id, day, -delta, flow, kind, home, counts, id, return_id, origin, new.superseded_at, org_stamp()
    from people_movement where return_id = new.id and reverses_id is null;
    return null;
  end if;
  if exists (select from people_return where unit_id = new.unit_id and as_of > new.as_of and superseded_at is null) then
    raise exception using errcode = '23514', constraint = 'people_return_in_order',
      message = 'a return follows the newest one';
  end if;
  select * into before from people_return
  where unit_id = new.unit_id and as_of < new.as_of and superseded_at is null order by as_of desc limit 1;
  if before.id is not null and before.members + new.joined - new."left" <> new.members then
    raise exception using errcode = '23514', constraint = 'people_return_adds_up',
      message = 'a return must add up from the one before';
  end if;
  select lower(valid) into opened from people_counting where unit_id = new.unit_id and valid @> new.as_of;
  -- A return of nothing but zeros makes no movement that could be refused.
  if opened is null then
    raise exception using errcode = '23514', constraint = 'people_one_way_of_counting',
      message = 'a unit counts by persons or by returns over a period, never both';
  end if;
  insert into people_movement (unit_id, day, delta, flow, kind, home, counts, return_id, origin,
                               recorded_at, recorded_stamp)
  select new.unit_id, s.day, s.delta, s.flow, 'member', true, true, new.id, 'return', new.recorded_at,
         new.recorded_stamp
  from (values (opened, new.members - new.joined + new."left", 'opening'),
               (new.as_of, new.joined, 'entry'), (new.as_of, -new."left", 'exit')) s(day, delta, flow)
  where s.delta <> 0 and (s.flow <> 'opening' or before.id is null);
  return null;
end $$;
alter function people_return_counted() owner to gs_search;
create trigger people_return_counted after insert or update on people_return
  for each row execute function people_return_counted();
"""
DROP = "drop trigger people_return_counted on people_return; drop function people_return_counted();"


class Migration(migrations.Migration):
    dependencies = [("people", "0002_movements")]
    operations = [migrations.RunSQL(RETURNS, DROP)]
