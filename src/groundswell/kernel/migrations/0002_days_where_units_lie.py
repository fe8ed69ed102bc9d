"""What day it is in a time zone, and the latest that has begun anywhere (decision 0920)."""

from django.db import migrations

DAYS = """
create function org_today_in(zone text) returns date language sql stable parallel safe as
$$ select ((now() + (select ahead from kernel_clock)) at time zone zone)::date $$;

create function org_latest_day() returns date language sql stable parallel safe as
$$ select ((now() + (select ahead from kernel_clock)) at time zone 'UTC' + interval '14 hours')::date $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_clock")]
    operations = [
        migrations.RunSQL(DAYS, "drop function org_latest_day(); drop function org_today_in(text);")
    ]
