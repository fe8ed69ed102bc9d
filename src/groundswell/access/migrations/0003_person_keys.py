"""The data keys of persons, in a schema of their own that the main backup leaves out."""

from django.db import migrations

from groundswell.access.operations import Definer, RowSecurity

TABLES = """
create schema keys;
create table keys.personkey (
    person_id bigint primary key,
    wrapped bytea not null,
    made_at timestamptz not null default now()
);
revoke all on schema keys from public;
grant usage on schema keys to gs_app, gs_search, gs_backup;
revoke all on keys.personkey from public, gs_app;
-- A key is made and erased, never changed.
grant select, insert on keys.personkey to gs_app;
grant select, insert, delete on keys.personkey to gs_search;
grant select on keys.personkey to gs_backup;
"""

# As the one who asks, not as a definer: a person's key is seen by whoever sees the person.
SEES = """
create function scope_sees_person(person bigint) returns boolean
language plpgsql stable parallel safe set search_path = pg_catalog, public, pg_temp as $$
begin
    return exists (select 1 from people_person p where p.id = person);
end
$$;
"""

ERASE = Definer(
    "keys_erase(person bigint)",
    returns="boolean",
    volatility="volatile",
    body="""
begin
    if not scope_may_erase(person) then
        raise exception 'Erasing a person is for her data protection officer.' using errcode = '42501';
    end if;
    delete from keys.personkey key where key.person_id = person;
    return found;
end
""",
)

SEEN = "(select scope_all()) or scope_sees_person(person_id)"


class Migration(migrations.Migration):
    dependencies = [("access", "0002_trail")]
    operations = [
        migrations.RunSQL(TABLES, "drop schema keys cascade;"),
        migrations.RunSQL(SEES, "drop function scope_sees_person(bigint);"),
        ERASE,
        RowSecurity("keys.personkey", read=SEEN, insert=SEEN),
    ]
