"""Members read who of their own branch is in its directory: by consent, and nobody else's name."""

from django.db import migrations

from groundswell.access.operations import Definer

# Whoever asks is a member of a branch today; those she reads are members of the same, of age, and agreed in
# words that hold in their section. In a protected unit they go by their call names.
DIRECTORY = Definer(
    "protection_directory()",
    returns="table (person_id bigint, name text)",
    body="""
declare
    asks bigint := scope_person();
    home structure_unit;
begin
    select u.* into home from people_membership m
    join structure_unit u on u.id = m.unit_id
    join people_membershipkind k on k.code = m.kind_id
    where m.person_id = asks and m.home and k.counts and upper_inf(m.recorded) and m.valid @> org_today();
    if home.id is null then
        return;
    end if;
    return query
        select p.id,
               case when exists (select from structure_unit above
                                 where above.protected and starts_with(home.path, above.path))
                    then coalesce(nullif(p.call_name, ''), split_part(p.name, ' ', 1)) else p.name end::text
        from people_membership m
        join people_membershipkind k on k.code = m.kind_id
        join people_person p on p.id = m.person_id
        where m.unit_id = home.id and m.home and k.counts and upper_inf(m.recorded) and m.valid @> org_today()
          and not p.minor
          and exists (
            select from protection_consent c
            join protection_purpose purpose on purpose.id = c.purpose_id
            join protection_consenttext words on words.id = c.text_id
            join structure_unit asking on asking.id = words.unit_id
            where c.person_id = p.id and c.withdrawn_at is null and purpose.code = 'directory'
              and starts_with(home.path, asking.path))
        order by p.sort_key, p.id;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("protection", "0005_breaches")]
    operations = [DIRECTORY]
