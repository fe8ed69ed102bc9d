"""Of two frequent beginnings of names the rarer one leads also where both have thousands of bearers."""

from django.db import migrations

from groundswell.access.operations import Definer

# As before (0006), but bearers are counted up to 4,000 only; beyond, beginnings are compared in eight of the
# units, spread over the reach, since the first ones of a section hold few persons. `offset 0` keeps the
# look-up unit by unit, which the planner would else give up for a walk over all bearers of the house.
FIND = Definer(
    "people_find(words text[], asked bigint[], most integer)",
    returns="table (person_id bigint)",
    again=True,
    body="""
declare
  units bigint[] := people_find_within(asked);
  guests bigint[] := case when asked is null and not scope_all() then scope_guests() else '{}' end;
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
  return query select n.person_id from people_nameword n
    where n.person_id = any (guests) and n.word >= first_word and n.word < first_word || last_sign
      and ' ' || n.folded like all (others) order by n.word, n.folded, n.person_id limit most;
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


class Migration(migrations.Migration):
    dependencies = [("people", "0021_views_by_further_filters")]
    operations = [FIND]
