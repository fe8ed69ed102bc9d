"""Guests are found where they are guests: also misspelt, and also where a unit is asked for (0800).

And where few are to be seen, two slips are borne by a word of five letters however many of them were typed.
"""

from django.db import migrations

from groundswell.access.operations import Definer

# Who comes to the units asked for and lives elsewhere, as far as the session sees them. Everybody is found at
# home by whoever sees everybody.
GUESTS = Definer(
    "people_find_guests(asked bigint[])",
    returns="bigint[]",
    private=True,
    body="""
declare
  guests bigint[];
begin
  if asked is null then
    return case when scope_all() then '{}' else scope_guests() end;
  end if;
  guests := array(
    select m.person_id from people_membership m
    where not m.home and upper_inf(m.recorded) and m.valid @> org_today() and m.unit_id = any (asked)
      and (scope_all() or m.unit_id = any (scope_units())));
  if guests = '{}' or scope_all() then
    return guests;
  end if;
  return array(select unnest(guests) intersect select unnest(scope_guests()));
end
""",
)

# As before (0022), with the guests of the units asked for; who is at home there stands in the answer once.
FIND = Definer(
    "people_find(words text[], asked bigint[], most integer)",
    returns="table (person_id bigint)",
    again=True,
    body="""
declare
  units bigint[] := people_find_within(asked);
  guests bigint[] := people_find_guests(asked);
  last_sign constant text := U&'\\+10FFFF';
  sample bigint[] := array(
    select units[cardinality(units) * place / 8] from generate_series(1, 8) place where units is not null);
  first_word text;
  fewest bigint;
  bearers bigint;
  asked_word text;
  others text[];
begin
  foreach asked_word in array words loop
    select count(*) into bearers from (
      select from people_nameword n where n.word >= asked_word and n.word < asked_word || last_sign
      limit least(fewest, 4000)) counted;
    if bearers = 4000 and units is not null then
      bearers := bearers + (select count(*) from people_nameword n
        where n.unit_id = any (sample) and n.word >= asked_word and n.word < asked_word || last_sign);
    end if;
    if fewest is null or bearers < fewest then
      fewest := bearers;
      first_word := asked_word;
    end if;
  end loop;
  if fewest is null or fewest = 0 then
    return;
  end if;
  others := array(select '% ' || w || '%' from unnest(words) w where w <> first_word);
  if guests <> '{}' then
    return query select n.person_id from people_nameword n
      where n.person_id = any (guests) and not n.unit_id = any (units)
        and n.word >= first_word and n.word < first_word || last_sign
        and ' ' || n.folded like all (others) order by n.word, n.folded, n.person_id limit most;
  end if;
  if fewest >= 500 and cardinality(units) <= 60
     or fewest >= 4000 and cardinality(units) <= 400 and cardinality(words) > 1 then
    return query select found.person_id from unnest(units) u (id) cross join lateral (
        select n.person_id, n.word, n.folded from people_nameword n
        where n.unit_id = u.id and n.word >= first_word and n.word < first_word || last_sign
          and ' ' || n.folded like all (others) offset 0) found
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

# Twice the letters to be dropped from either word until both are the same: 2 for one too few, too many or
# wrong, for two exchanged, for one that stands elsewhere.
TWICE = "levenshtein_less_equal({word}, t.w, 1, 1, 2, 4) + abs(length({word}) - length(t.w))"
# Of words for which that is 4: no more than two slips, where two letters exchanged are one.
NO_MORE = "(levenshtein_less_equal({word}, t.w, 2) <= 2 or people_exchanged(t.w, {word}))"
# Each word of a few persons measured: of those whom `{whom}` selects.
MEASURED = f"""
    select t.person_id, min(t.twice) / 2 as slips, min(t.folded) as folded from (
      select n.person_id, n.folded, n.word, t.w, {TWICE.format(word="n.word")} as twice
      from unnest(words) with ordinality t (w, place)
      join ({{whom}}) n on n.word <> t.w and abs(length(n.word) - length(t.w)) <= 2
        and ' ' || n.folded like all (
          select '% ' || o.w || '%' from unnest(words) with ordinality o (w, place) where o.place <> t.place)
      where length(t.w) > 1
    ) t where t.twice = 2
      or t.twice = 4 and greatest(length(t.word), length(t.w)) > 4 and {NO_MORE.format(word="t.word")}
    group by t.person_id"""  # nosec B608 - constants of this module
AT_HOME = "select * from people_nameword h where h.unit_id = any (units)"
AWAY = "select * from people_nameword g where g.person_id = any (guests) and not g.unit_id = any (units)"

# As before (0027), with guests: they are few, so each of their words is measured wherever one looks.
NEAR = Definer(
    "people_find_near(words text[], asked bigint[], most integer)",
    returns="table (person_id bigint, slips integer)",
    again=True,
    body=f"""
declare
  units bigint[] := people_find_within(asked);
  guests bigint[] := people_find_guests(asked);
begin
  if cardinality(units) <= 8 then
    return query
    select found.person_id, found.slips from (
      {MEASURED.format(whom=f"{AT_HOME} union all {AWAY}")}
    ) found order by found.slips, found.folded, found.person_id limit most;
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
  select likely.person_id, min(likely.slips) from (
    select found.person_id, near.slips, near.rank
    from tried cross join lateral (
      select n.person_id, n.word from people_nameword n
      where n.word = any (tried.forms) and (units is null or n.unit_id = any (units))
        and ' ' || n.folded like all (tried.others) limit 500) found
    join near on near.place = tried.place and near.word = found.word
    union all
    select guest.person_id, guest.slips, 0 from ({MEASURED.format(whom=AWAY)}) guest
  ) likely
  group by likely.person_id order by 2, min(likely.rank), 1 limit most;
end
""",  # nosec B608 - constants of this module
)


class Migration(migrations.Migration):
    dependencies = [("people", "0027_two_slips_in_long_words"), ("protection", "0010_under_eighteen")]
    operations = [GUESTS, FIND, NEAR]
