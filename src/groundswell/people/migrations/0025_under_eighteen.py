"""Whoever is under 18 is read by the offices of her own unit, and by none above it (decision 0745).

A unit's ranges in `structure_reach` hold, beside the numbers of the units below it, its own number negative:
under that her people under 18 lie. An office above has the unit's number and not the negative one, so the one
look into the ranges judges them too, and no statement plans or asks anything more.
"""

from django.db import migrations, models

from groundswell.access.operations import Definer

# A unit that was merged into another has no office of its own any more: its people under 18 are the other's.
SEATS = """
create or replace function structure_reach_seats(tops bigint[]) returns void language sql security definer
set search_path = pg_catalog, public, pg_temp as $$
  with seated as (
    select top.id, coalesce(range_agg(int8range(-own.id, -own.id, '[]')) filter (where own.id is not null), '{}') as own
    from structure_unit top
    left join structure_unit own on own.path >= top.path and own.path < left(top.path, -1) || '0'
      and own.holds_names and (own.id = top.id or own.dissolved_on is not null and not exists (
        select from structure_unit lies
        where lies.id = any (string_to_array(trim(both '/' from own.path), '/')::bigint[])
          and starts_with(lies.path, top.path) and lies.id <> top.id and lies.dissolved_on is null))
    where top.id = any (tops) group by top.id
  )
  update structure_reach r set named = r.named * '{[0,)}' + seated.own
  from seated where seated.id = r.unit_id and r.named * '{(,0)}' <> seated.own
$$;
revoke execute on function structure_reach_seats(bigint[]) from public;
alter function structure_reach_seats(bigint[]) owner to gs_search;

create or replace function structure_reach_kept() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into structure_reach (unit_id, named) select id, '{}' from made;
    perform structure_reach_moved(null, null, array_agg(id), array_agg(path)) from made where holds_names;
    -- A unit may lie nowhere yet.
    perform structure_reach_seats(array_agg(distinct top))
    from (select id from made union
          select above::bigint from made, unnest(string_to_array(trim(both '/' from path), '/')) above
          where dissolved_on is not null) touched (top);
  elsif tg_op = 'DELETE' then
    delete from structure_reach where unit_id in (select id from was);
    perform structure_reach_moved(array_agg(id), array_agg(path), null, null) from was where holds_names;
    perform structure_reach_seats(array_agg(distinct top::bigint))
    from was cross join lateral unnest(string_to_array(trim(both '/' from path), '/')) top
    where dissolved_on is not null having count(*) > 0;
  else
    perform structure_reach_moved(
      array_agg(o.id) filter (where o.holds_names), array_agg(o.path) filter (where o.holds_names),
      array_agg(m.id) filter (where m.holds_names), array_agg(m.path) filter (where m.holds_names))
    from was o join made m using (id)
    where (o.path, o.holds_names) <> (m.path, m.holds_names) having count(*) > 0;
    perform structure_reach_seats(array_agg(distinct top::bigint))
    from was o join made m using (id)
    cross join lateral unnest(string_to_array(trim(both '/' from o.path || m.path), '/')) top
    where top <> '' and (o.holds_names <> m.holds_names
      or (o.path, o.dissolved_on) is distinct from (m.path, m.dissolved_on)
        and coalesce(o.dissolved_on, m.dissolved_on) is not null)
    having count(*) > 0;
  end if;
  return null;
end $$;
"""
WRONG = Definer(
    "structure_reach_wrong()",
    returns="setof varchar",
    body="""
begin
  if not scope_all() then
    raise exception 'Only the operator compares the reach with the tree.' using errcode = '42501';
  end if;
  return query select top.code from structure_unit top left join structure_reach kept on kept.unit_id = top.id
    where kept.named is distinct from coalesce((
      select range_agg(int8range(below.id, below.id, '[]')) from structure_unit below
      where starts_with(below.path, top.path) and below.holds_names), '{}') + coalesce((
      select range_agg(int8range(-own.id, -own.id, '[]')) from structure_unit own
      where own.holds_names and (own.id = top.id or starts_with(own.path, top.path) and (
        select bool_and(lies.dissolved_on is not null) from structure_unit lies
        where starts_with(own.path, lies.path) and starts_with(lies.path, top.path) and lies.id <> top.id))
      ), '{}');
end
""",
    again=True,
)

# Said by an office and noted nowhere else: not even she herself, under her own session, opens her record. The
# month from which she is of age is kept of nobody who is.
SAID = """
create function people_age_is_said() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and current_user = 'gs_app' and not scope_all() then
    raise exception 'Whether somebody is under 18 is said by people_say_age().' using errcode = '42501';
  end if;
  if not new.minor then
    new.of_age_on := null;
  end if;
  return new;
end $$;
create trigger people_age_is_said before update of minor, of_age_on on people_person for each row
  when ((old.minor, old.of_age_on) is distinct from (new.minor, new.of_age_on))
  execute function people_age_is_said();
create trigger people_age_is_written before insert on people_person for each row
  when (new.of_age_on is not null and not new.minor) execute function people_age_is_said();
"""
NOT_SAID = """
drop trigger people_age_is_written on people_person;
drop trigger people_age_is_said on people_person;
drop function people_age_is_said();
"""
# An office above a unit may shut a record of it, and can then not open it again.
SAY = Definer(
    "people_say_age(person bigint, young boolean, until date)",
    returns="void",
    volatility="volatile",
    body="""
declare
    home bigint;
    was boolean;
begin
    select p.unit_id, p.minor into home, was from people_person p where p.id = person for update;
    if home is null or not (scope_all() or home = any (scope_write_units()))
            or was and not coalesce(scope_named() @> -home, false) then
        raise exception 'Her age is said by the offices of her unit.' using errcode = '42501';
    end if;
    update people_person p set minor = young, of_age_on = case when young then until end where p.id = person;
end
""",
)

# A membership is judged by a column of its own, as lists read thousands of them.
FOLLOWED = """
create function people_membership_age() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  new.minor := coalesce((select p.minor from people_person p where p.id = new.person_id), false);
  return new;
end $$;
alter function people_membership_age() owner to gs_search;
revoke execute on function people_membership_age() from public;
create trigger people_membership_age before insert on people_membership for each row
  execute function people_membership_age();

create function people_age_followed() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update people_membership set minor = new.minor where person_id = new.id and minor <> new.minor;
  return null;
end $$;
alter function people_age_followed() owner to gs_search;
revoke execute on function people_age_followed() from public;
create trigger people_age_followed after update of minor on people_person for each row
  when (old.minor <> new.minor) execute function people_age_followed();
"""
NOT_FOLLOWED = """
drop trigger people_age_followed on people_person;
drop function people_age_followed();
drop trigger people_membership_age on people_membership;
drop function people_membership_age();
"""

# The search finds her where her row lies: under the negative number of her unit.
WORDS = """
create or replace function people_names_kept() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp set work_mem = '64MB' as $$
begin
  if tg_op <> 'INSERT' then
    delete from people_nameword n using was o where n.person_id = o.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into people_nameword (word, folded, person_id, unit_id)
    select distinct w collate "C" as w, folded, id, case when minor then -unit_id else unit_id end
    from made, unnest(string_to_array(folded, ' ')) w where w <> '' order by w, folded, id;
    insert into people_nameform (word, shorter)
    select w, people_shorter(w) from (
      select distinct w collate "C" as w from made, unnest(string_to_array(folded, ' ')) w where w <> ''
    ) words where not exists (select from people_nameform f where f.word = w) order by w
    on conflict do nothing;
  end if;
  if tg_op <> 'INSERT' then
    delete from people_nameform f using (
      select distinct w from was, unnest(string_to_array(folded, ' ')) w
    ) gone where f.word = gone.w and not exists (select from people_nameword n where n.word = gone.w);
  end if;
  return null;
end $$;

create or replace function people_names_changed() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from people_nameword where person_id = old.id;
  insert into people_nameword (word, folded, person_id, unit_id)
  select distinct w, new.folded, new.id, case when new.minor then -new.unit_id else new.unit_id end
  from unnest(string_to_array(new.folded, ' ')) w where w <> '';
  if new.folded <> old.folded then
    insert into people_nameform (word, shorter)
    select w, people_shorter(w) from (
      select distinct w collate "C" as w from unnest(string_to_array(new.folded, ' ')) w where w <> ''
    ) words where not exists (select from people_nameform f where f.word = w) order by w
    on conflict do nothing;
    delete from people_nameform f using (select distinct w from unnest(string_to_array(old.folded, ' ')) w) gone
    where f.word = gone.w and not exists (select from people_nameword n where n.word = gone.w);
  end if;
  return null;
end $$;
drop trigger people_names_changed on people_person;
create trigger people_names_changed after update of folded, unit_id, minor on people_person
  for each row when (old.folded is distinct from new.folded or old.unit_id is distinct from new.unit_id
    or old.minor is distinct from new.minor)
  execute function people_names_changed();
"""
WITHIN = Definer(
    "people_find_within(asked bigint[])",
    returns="bigint[]",
    body="""
declare
  known bigint[];
  reach int8multirange := scope_named();
begin
  if asked is null and scope_all() then
    return null;
  end if;
  if scope_all() then
    known := asked;
  elsif asked is null then
    known := scope_units();
  else
    known := array(select unnest(asked) intersect select unnest(scope_units()));
  end if;
  return known || array(
    select -unit from unnest(known) unit
    where reach @> -unit and exists (select from people_nameword n where n.unit_id = -unit));
end
""",
    again=True,
)

# Whether what hangs on a person may be read by whoever reads the unit it lies in.
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
    return coalesce(not young or scope_named() @> -coalesce(unit, home), false);
end
""",
)

# A figure counts everybody, whoever of them may be read.
CAME = Definer(
    "people_came(gatherings bigint[])",
    returns="table (gathering bigint, came bigint)",
    body="""
declare
    reach bigint[] := scope_units();
    everything boolean := scope_all();
begin
    return query
        select g.id, count(*) from people_gathering g join people_attendance a on a.gathering_id = g.id
        where g.id = any (gatherings) and (everything or g.unit_id = any (reach)) group by g.id;
end
""",
)

# What is there already; its tables are closed, even to the owner.
MOVED = """
create function people_under_eighteen() returns void language sql security definer
set search_path = pg_catalog, public, pg_temp as $$
  select structure_reach_seats(array_agg(id)) from structure_unit;
  update people_nameword n set unit_id = -p.unit_id from people_person p where p.id = n.person_id and p.minor;
  update people_membership m set minor = true from people_person p where p.id = m.person_id and p.minor;
$$;
alter function people_under_eighteen() owner to gs_search;
select people_under_eighteen();
drop function people_under_eighteen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0023_endings_in_one_pass"),
        ("access", "0012_erasing_many"),
        ("structure", "0009_no_names_for_an_auditor"),
    ]
    operations = [
        migrations.AddField("person", "of_age_on", models.DateField(null=True)),
        migrations.AddField("membership", "minor", models.BooleanField(default=False, db_default=False)),
        migrations.AddIndex(
            "person",
            models.Index(
                fields=["of_age_on"], name="people_person_of_age", condition=models.Q(of_age_on__isnull=False)
            ),
        ),
        migrations.RemoveIndex("person", "people_person_by_name"),
        migrations.AddIndex(
            "person",
            models.Index(fields=["unit", "sort_key", "id"], name="people_person_by_name", include=["minor"]),
        ),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                name="people_person_of_age_once_she_was_under",
                condition=models.Q(of_age_on__isnull=True) | models.Q(minor=True),
            ),
        ),
        migrations.RunSQL(SEATS, migrations.RunSQL.noop),
        WRONG,
        migrations.RunSQL(SAID, NOT_SAID),
        SAY,
        migrations.RunSQL(FOLLOWED, NOT_FOLLOWED),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        WITHIN,
        OPEN,
        CAME,
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
    ]
