"""Two slips are forgiven in long words wherever one looks, and no more in short ones than these bear (0765)."""

from django.db import migrations

from groundswell.access.operations import Definer

# What is left of the first six letters of a word when two are dropped. Words of six letters and more that
# differ by two slips share such a rest: of what both have in common, the first four letters stand among the
# first six of either, since no more than two of these are its own.
ROOTS = """
create function people_roots(word text) returns text[] language sql immutable parallel safe
set search_path = pg_catalog, public, pg_temp as $$
  select array_agg(distinct overlay(overlay(left(word, 6) placing '' from late for 1) placing '' from early for 1))
  from generate_series(1, 5) early, generate_series(early + 1, 6) late
$$;
-- Whether no more than one slip is left once two neighbouring letters are exchanged, somewhere.
create function people_exchanged(one text, other text) returns boolean language sql immutable parallel safe
set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select from generate_series(1, length(one) - 1) place,
      concat(left(one, place - 1), substr(one, place + 1, 1), substr(one, place, 1), substr(one, place + 2)) put
    where levenshtein_less_equal(put, other, 1, 1, 2, 2) + abs(length(put) - length(other)) <= 2)
$$;
create index people_nameform_roots on people_nameform using gin (people_roots(word)) where length(word) >= 6;
drop index people_nameform_trigrams;
"""
DROP_ROOTS = """
create index people_nameform_trigrams on people_nameform using gin (word gin_trgm_ops);
drop index people_nameform_roots;
drop function people_exchanged(text, text);
drop function people_roots(text);
"""

# Twice the letters to be dropped from either word until both are the same: 2 for one too few, too many or
# wrong, for two exchanged, for one that stands elsewhere.
TWICE = "levenshtein_less_equal({word}, t.w, 1, 1, 2, 4) + abs(length({word}) - length(t.w))"
# Of words for which that is 4: no more than two slips, where two letters exchanged are one.
NO_MORE = "(levenshtein_less_equal({word}, t.w, 2) <= 2 or people_exchanged(t.w, {word}))"

# One word of the question is misspelt, whichever; the others are begun rightly. Where few are to be seen,
# each of their words is measured; where many are, the misspelt word's neighbours are looked up.
NEAR = Definer(
    "people_find_near(words text[], asked bigint[], most integer)",
    returns="table (person_id bigint, slips integer)",
    again=True,
    body=f"""
declare
  units bigint[] := people_find_within(asked);
begin
  if cardinality(units) <= 8 then
    return query
    select t.person_id, min(t.twice) / 2 from (
      select n.person_id, n.folded, n.word, t.w, {TWICE.format(word="n.word")} as twice
      from unnest(words) with ordinality t (w, place)
      join people_nameword n on n.unit_id = any (units) and n.word <> t.w
        and abs(length(n.word) - length(t.w)) <= 2
        and ' ' || n.folded like all (
          select '% ' || o.w || '%' from unnest(words) with ordinality o (w, place) where o.place <> t.place)
      where length(t.w) > 1
    ) t where t.twice = 2 or t.twice = 4 and length(t.w) > 4 and {NO_MORE.format(word="t.word")}
    group by t.person_id order by 2, min(t.folded), 1 limit most;
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
      select f.word, 2, levenshtein(f.word, t.w) from people_nameform f
      where length(t.w) >= 6 and length(f.word) >= 6 and length(f.word) + length(t.w) > 12
        and people_roots(f.word) && people_roots(t.w) and {TWICE.format(word="f.word")} = 4
        and {NO_MORE.format(word="f.word")}
    ) form where form.word <> t.w
  ), tried as (
    select near.place, array_agg(near.word) as forms,
           array(select '% ' || o.w || '%' from unnest(words) with ordinality o (w, place)
                 where o.place <> near.place) as others
    from near where near.rank <= 120 group by near.place, near.slips
  )
  select found.person_id, min(near.slips)
  from tried cross join lateral (
    select n.person_id, n.word from people_nameword n
    where n.word = any (tried.forms) and (units is null or n.unit_id = any (units))
      and ' ' || n.folded like all (tried.others) limit 500) found
  join near on near.place = tried.place and near.word = found.word
  group by found.person_id order by 2, min(near.rank), 1 limit most;
end
""",  # nosec B608 - constants of this module
)


class Migration(migrations.Migration):
    dependencies = [("people", "0026_shut_above_her_unit")]
    operations = [migrations.RunSQL(ROOTS, DROP_ROOTS), NEAR]
