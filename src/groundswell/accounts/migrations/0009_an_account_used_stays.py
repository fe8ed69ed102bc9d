"""What an injection could still do without reading a row: lock everybody out.

An account into which somebody has signed in goes only with its person, by the function that erases her. Django's own
tables, which nothing but a migration writes, are read alone.
"""

from django.db import migrations

KEPT = """
create function accounts_account_kept() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $kept$
begin
    if old.last_login is null then
        return coalesce(new, old);  -- an invitation that nobody has followed may be called off
    end if;
    if tg_op = 'DELETE' and current_user = 'gs_app' then
        raise exception 'An account that was used goes only with its person.' using errcode = '42501';
    end if;
    if tg_op = 'UPDATE' and new.last_login is null then
        raise exception 'An account that was used does not become an invitation again.' using errcode = '42501';
    end if;
    return coalesce(new, old);
end
$kept$;
create trigger gs_kept before update or delete on accounts_account
    for each row execute function accounts_account_kept();
"""
GIVEN_BACK = "drop function accounts_account_kept cascade"
# Accounts hold no rights of Django's; its tables of them come with it.
DJANGOS = "django_migrations, django_content_type, auth_group, auth_group_permissions, auth_permission"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_demanded_from_the_top"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunSQL(KEPT, GIVEN_BACK),
        migrations.RunSQL(
            f"revoke insert, update, delete on {DJANGOS} from gs_app",
            f"grant insert, update, delete on {DJANGOS} to gs_app",
        ),
    ]
