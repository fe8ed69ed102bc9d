"""Names are found by their words, whole, begun or misspelt, among the persons one may see (decision 0690).

Row security makes every text search a scan, so the search is two definer functions that apply the scope
themselves. Their tables are closed to the application: that somebody bears a name anywhere would tell
whoever may not know of her.
"""

from django.db import migrations, models

from groundswell.access.operations import Definer, RowSecurity

# `people_nameword` holds each word of each name with the whole folded name beside it, so that the other
# words of a question are judged without a look at the person. `people_nameform` holds each word once,
# with what is left of it when one letter is dropped: two words that share such a rest differ by one slip.
TABLES = """
create table people_nameword (
  word text collate "C" not null,
  folded text collate "C" not null,
  person_id bigint not null,
  unit_id bigint not null references structure_unit(id)
);
create index people_nameword_word on people_nameword (word, folded, person_id) include (unit_id);
create index people_nameword_unit on people_nameword (unit_id, word);
create index people_nameword_person on people_nameword (person_id);
create table people_nameform (
  word text collate "C" primary key,
  shorter text[] not null
);
create index people_nameform_trigrams on people_nameform using gin (word gin_trgm_ops);
create index people_nameform_shorter on people_nameform using gin (shorter);
revoke all on people_nameword, people_nameform from public, gs_app;
grant select, insert, update, delete on people_nameword, people_nameform to gs_search;
"""
DROP_TABLES = "drop table people_nameform; drop table people_nameword;"

SHORTER = """
create function people_shorter(word text) returns text[] language sql immutable parallel safe
set search_path = pg_catalog, public, pg_temp as $$
  select array_agg(distinct case when place = 0 then word else overlay(word placing '' from place for 1) end)
  from generate_series(0, length(word)) place
$$;
"""

# Words go in sorted, so that two writers wait for each other in one order only.
KEPT = """
create function people_names_kept() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from people_nameword n using was o where n.person_id = o.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into people_nameword (word, folded, person_id, unit_id)
    select distinct w, folded, id, unit_id from made, unnest(string_to_array(folded, ' ')) w where w <> '';
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
alter function people_names_kept() owner to gs_search;
revoke execute on function people_names_kept() from public;
create trigger people_names_made after insert on people_person
  referencing new table as made for each statement execute function people_names_kept();
create trigger people_names_gone after delete on people_person
  referencing old table as was for each statement execute function people_names_kept();

-- Most updates touch no name; a trigger with images of all rows cannot say `of folded, unit_id`.
create function people_names_changed() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from people_nameword where person_id = old.id;
  insert into people_nameword (word, folded, person_id, unit_id)
  select distinct w, new.folded, new.id, new.unit_id from unnest(string_to_array(new.folded, ' ')) w where w <> '';
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
alter function people_names_changed() owner to gs_search;
revoke execute on function people_names_changed() from public;
create trigger people_names_changed after update of folded, unit_id on people_person
  for each row when ((old.folded, old.unit_id) is distinct from (new.folded, new.unit_id))
  execute function people_names_changed();
"""
DROP_KEPT = """
drop trigger people_names_changed on people_person; drop function people_names_changed();
drop trigger people_names_gone on people_person; drop trigger people_names_made on people_person;
drop function people_names_kept();
"""

# A word that a sweep took away while another writer counted on it comes back: for the nightly job.
MENDED = Definer(
    "people_names_mended()",
    returns="bigint",
    volatility="volatile",
    body="""
declare mended bigint;
begin
  if not scope_all() then
    raise exception 'Only the worker mends the words of names.' using errcode = '42501';
  end if;
  with lost as (
    insert into people_nameform (word, shorter)
    select w, people_shorter(w) from (select distinct word as w from people_nameword) words
    where not exists (select from people_nameform f where f.word = w) order by w
    on conflict do nothing returning 1
  ) select count(*) into mended from lost;
  delete from people_nameform f where not exists (select from people_nameword n where n.word = f.word);
  return mended;
end
""",
)

# Whom the session sees, narrowed to the units asked for; NULL is everybody.
WITHIN = Definer(
    "people_find_within(asked bigint[])",
    returns="bigint[]",
    private=True,
    body="""
begin
  if scope_all() then
    return asked;
  end if;
  if asked is null then
    return scope_units();
  end if;
  return array(select unnest(asked) intersect select unnest(scope_units()));
end
""",
)

# The rarest word leads. Few units are asked one by one; many are a filter on the word's own entries, which
# come in the order of the answer, so that a page stops early (figures: bench/searching.py).
FIND = Definer(
    "people_find(words text[], asked bigint[], most integer)",
    returns="table (person_id bigint)",
    body="""
declare
  units bigint[] := people_find_within(asked);
  guests bigint[] := case when asked is null and not scope_all() then scope_guests() else '{}' end;
  last_sign constant text := U&'\\+10FFFF';
  first_word text;
  fewest bigint;
  bearers bigint;
  asked_word text;
  others text[];
begin
  foreach asked_word in array words loop
    select count(*) into bearers from (
      select from people_nameword n where n.word >= asked_word and n.word < asked_word || last_sign
      limit least(fewest, 8000)) counted;
    if fewest is null or bearers < fewest then
      fewest := bearers;
      first_word := asked_word;
    end if;
  end loop;
  if fewest is null or fewest = 0 then
    return;
  end if;
  others := array(select '% ' || w || '%' from unnest(words) w where w <> first_word);
  return query select n.person_id from people_nameword n
    where n.person_id = any (guests) and n.word >= first_word and n.word < first_word || last_sign
      and ' ' || n.folded like all (others) order by n.word, n.folded, n.person_id limit most;
  if fewest >= 500 and cardinality(units) <= 60
     or fewest >= 4000 and cardinality(units) <= 400 and cardinality(words) > 1 then
    return query select found.person_id from unnest(units) u (id) cross join lateral (
        select n.person_id, n.word, n.folded from people_nameword n
        where n.unit_id = u.id and n.word >= first_word and n.word < first_word || last_sign
          and ' ' || n.folded like all (others)) found
      order by found.word, found.folded, found.person_id limit most;
  else
    return query select n.person_id from people_nameword n
      where n.word >= first_word and n.word < first_word || last_sign
        and (units is null or n.unit_id = any (units)) and ' ' || n.folded like all (others)
      order by n.word, n.folded, n.person_id limit most;
  end if;
end
""",
)

# One word of the question is misspelt, whichever; the others are begun rightly. Where few are to be seen,
# each of their words is measured; where many are, the misspelt word's neighbours are looked up.
NEAR = Definer(
    "people_find_near(words text[], asked bigint[], most integer)",
    returns="table (person_id bigint, slips integer)",
    body="""
declare
  units bigint[] := people_find_within(asked);
begin
  perform set_config('pg_trgm.similarity_threshold', '0.45', true);
  if cardinality(units) <= 8 then
    return query
    select found.person_id, min(found.slips) from (
      select n.person_id, n.folded, levenshtein_less_equal(n.word, t.w, 2) as slips
      from unnest(words) with ordinality t (w, place)
      join people_nameword n on n.unit_id = any (units) and n.word <> t.w
        and abs(length(n.word) - length(t.w)) <= 2
        and ' ' || n.folded like all (
          select '% ' || o.w || '%' from unnest(words) with ordinality o (w, place) where o.place <> t.place)
      where length(t.w) > 1
    ) found where found.slips <= 2
    group by found.person_id order by 2, min(found.folded), 1 limit most;
    return;
  end if;
  return query
  with typed as (
    select w, place from unnest(words) with ordinality t (w, place) where length(w) > 1
  ), near as (
    select t.place, form.word, form.slips,
           row_number() over (partition by t.place order by form.slips, form.far, form.word) as rank
    from typed t cross join lateral (
      select f.word, 1 as slips, levenshtein(f.word, t.w) as far
      from people_nameform f where f.shorter && people_shorter(t.w)
      union all
      select f.word, 2, 2 from people_nameform f
      where length(t.w) > 4 and f.word % t.w and levenshtein_less_equal(f.word, t.w, 2) <= 2
        and not f.shorter && people_shorter(t.w)
    ) form where form.word <> t.w
  ), tried as (
    select near.place, array_agg(near.word) as forms,
           array(select '% ' || o.w || '%' from unnest(words) with ordinality o (w, place)
                 where o.place <> near.place) as others
    from near where near.rank <= 120 group by near.place
  )
  select found.person_id, min(near.slips)
  from tried cross join lateral (
    select n.person_id, n.word from people_nameword n
    where n.word = any (tried.forms) and (units is null or n.unit_id = any (units))
      and ' ' || n.folded like all (tried.others) limit 500) found
  join near on near.place = tried.place and near.word = found.word
  group by found.person_id order by 2, 1 limit most;
end
""",
)


def fold_names(apps, schema_editor) -> None:
    """Write the folded names of the persons there are (under the operator's scope: access.apps)."""
    from groundswell.people.rules import folded_name

    persons = apps.get_model("people", "Person").objects.using(schema_editor.connection.alias)
    for pk, name, call_name in persons.values_list("pk", "name", "call_name").iterator():
        persons.filter(pk=pk).update(folded=folded_name(name, call_name))


class Migration(migrations.Migration):
    dependencies = [("people", "0005_units_end_empty")]
    operations = [
        migrations.AddField(
            "person", "folded", models.TextField(db_collation="C", db_default="", blank=True)
        ),
        migrations.RunSQL(TABLES, DROP_TABLES),
        migrations.RunSQL(SHORTER, "drop function people_shorter(text);"),
        migrations.RunSQL(KEPT, DROP_KEPT),
        MENDED,
        WITHIN,
        FIND,
        NEAR,
        RowSecurity("people_nameword", read="false"),
        RowSecurity("people_nameform", read="false", force=False),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
