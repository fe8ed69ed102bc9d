"""A record that a merge had taken goes back to where it lay, also out of sight of whoever undoes the merge.

After the merge she may have moved to another section. Its officer alone undoes it then, and reads nothing of the
unit that the other record came from. So this record comes back beside hers, is given what is its own there, and
goes home last.
"""

from django.db import migrations

from groundswell.access.operations import Definer

GOES_HOME = Definer(
    "duplicates_goes_home(merge bigint, home bigint)",
    returns="void",
    volatility="volatile",
    body="""
declare
    gone bigint;
begin
    select m.goes into gone from duplicates_merge m where m.id = merge and m.undone_at is null;
    if gone is null or not scope_may_erase(gone) then
        raise exception 'Undoing a merge is for the data protection officer of the person.' using errcode = '42501';
    end if;
    update people_person p set unit_id = home where p.id = gone;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0008_who_reads_of_merges")]
    operations = [GOES_HOME]
