"""What anybody may know of a unit: what it is called, what it is, where it lies (decision 0750)."""

from django.db import migrations

from groundswell.access.operations import Definer

# A protected unit, and all below it, is nothing a visitor can find. Whoever is signed in finds it in the tree
# already and reads no more of it here than there.
OUTLINE = Definer(
    "structure_outline(asked varchar)",
    returns=(
        "table (place text, unit_id bigint, code varchar, names jsonb, languages varchar[], kind varchar,"
        " kinds jsonb, illustrative boolean, founded_on date, dissolved_on date, town varchar,"
        " protected boolean)"
    ),
    body="""
declare
  itself structure_unit;
  shielded text[] := array(select u.path from structure_unit u where u.protected);
begin
  select * into itself from structure_unit u where u.code = asked;
  if itself is null or not scope_known()
     and exists (select from unnest(shielded) top where starts_with(itself.path, top)) then
    return;
  end if;
  return query
    select case when u.id = itself.id then 'itself' when starts_with(itself.path, u.path) then 'above'
                else 'below' end,
           u.id, u.code, n.names, u.languages, u.kind_id, k.names, u.illustrative, u.founded_on,
           u.dissolved_on, case when s.hidden then '' else u.town end, s.hidden
    from structure_unit u
    cross join lateral (
      select exists (select from unnest(shielded) top where starts_with(u.path, top)) as hidden) s
    join lateral (
      select one.names from structure_unitname one
      where one.unit_id = u.id and upper_inf(one.recorded)
        and lower(one.valid) <= greatest(org_today(), u.founded_on)
      order by lower(one.valid) desc limit 1) n on true
    join structure_kind k on k.code = u.kind_id
    where u.path = any (
            select itself.path
            union all
            select left(itself.path, slash) from generate_series(2, length(itself.path) - 1) slash
            where substr(itself.path, slash, 1) = '/')
       or starts_with(u.path, itself.path) and u.dissolved_on is null and u.founded_on <= org_today()
          and (not s.hidden or scope_known())
          and u.path ~ ('^' || itself.path || '[0-9]+/$')
    order by u.path;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("structure", "0009_no_names_for_an_auditor")]
    operations = [OUTLINE]
