"""Who is erased leaves first: her memberships end with the day, and what was written about their end goes."""

from django.db import migrations

from groundswell.access.operations import Definer

# The officer who erases does not decide memberships: only this ends them, and only on the way to erasing.
# The row of the person is locked, so that nobody joins her to anything meanwhile.
LEAVE = Definer(
    "protection_leave(person bigint, day date, at timestamptz)",
    returns="integer",
    volatility="volatile",
    body="""
declare
    ended integer;
begin
    if not scope_may_erase(person) then
        raise exception 'Erasing a person is for her data protection officer.' using errcode = '42501';
    end if;
    perform 1 from people_person p where p.id = person for update;
    update people_membership m
    set valid = daterange(lower(m.valid), day), ended_at = at, ended_stamp = org_stamp()
    where m.person_id = person and upper_inf(m.recorded) and upper_inf(m.valid);
    get diagnostics ended = row_count;
    update people_membership m set reason = '' where m.person_id = person and m.reason <> '';
    return ended;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("people", "0013_holds"), ("access", "0007_scope_of_contacts")]
    operations = [LEAVE]
