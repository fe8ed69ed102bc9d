"""The two clocks, and stamps that order what was recorded, also through restores."""

from django.db import migrations, models

FUNCTIONS = """
create function org_now() returns timestamptz language sql stable parallel safe as
$$ select now() + (select ahead from kernel_clock) $$;

create function org_today() returns date language sql stable parallel safe as
$$ select ((now() + (select ahead from kernel_clock)) at time zone 'UTC')::date $$;

-- A transaction number alone begins anew in a restored cluster; the generation keeps the order.
create function org_stamp() returns bigint language sql volatile as
$$ select ((select generation from kernel_clock)::bigint << 48) | pg_current_xact_id()::text::bigint $$;

create function org_settled() returns bigint language sql volatile as
$$ select ((select generation from kernel_clock)::bigint << 48)
        | pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;

-- A snapshot ends with the latest transaction that has ended: one that runs may lie above it. Whoever takes a
-- number of its own lies above all that took one before.
create function org_next() returns bigint language sql volatile as
$$ select ((select generation from kernel_clock)::bigint << 48)
        | greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                   pg_current_xact_id()::text::bigint + 1) $$;

-- Whether another transaction of this database is writing now: its stamp may lie below ours and not be
-- seen yet. Transactions of other databases of the server do not matter (a snapshot counts them too).
create function org_others_write() returns boolean language sql volatile as
$$ select exists (
     select from pg_snapshot_xip(pg_current_snapshot()) x
     where x is distinct from pg_current_xact_id_if_assigned() and not exists (
       select from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
         and l.transactionid::text::bigint = (x::text::bigint & 4294967295)
         and a.datid <> (select oid from pg_database where datname = current_database())))
   or exists (
     -- Those that took their number after the latest one that ended stand in no snapshot.
     select from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
       and a.datname = current_database() and l.pid <> pg_backend_pid()) $$;

insert into kernel_clock (id, ahead, generation) values (1, interval '0', 0);
"""

KNOWN = """
-- The stamp below which facts count as known at the moment given (the largest bigint: all visible ones).
create function org_known_below(moment timestamptz) returns bigint language sql stable as
$$ select coalesce((
     select next_stamp from kernel_settlemark where taken_at >= moment
     order by taken_at, id limit 1), 9223372036854775807) $$;

-- Marks stand in one order by moment and by stamp: one at a time, each at the moment it is written. A mark
-- that came later with an earlier moment would change what was known. It says what is so, and whoever
-- freezes a report takes one, so it needs no reach.
create function org_take_mark() returns void language plpgsql volatile security definer
set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtext('kernel_settlemark'));
  insert into kernel_settlemark (taken_at, stamp, next_stamp)
  select greatest(clock_timestamp() + ahead, (select max(taken_at) from kernel_settlemark)),
         org_settled(), org_next()
  from kernel_clock;
end $$;
alter function org_take_mark() owner to gs_search;
"""
DROP_KNOWN = """
drop function org_take_mark();
drop function org_known_below(timestamptz);
"""

DROP = """
drop function org_others_write();
drop function org_next();
drop function org_settled();
drop function org_stamp();
drop function org_today();
drop function org_now();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("ahead", models.DurationField()),
                ("generation", models.SmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="kernel_clock_is_one_row")
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.CreateModel(
            name="SettleMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("stamp", models.BigIntegerField()),
                ("next_stamp", models.BigIntegerField(db_default=models.Func(function="org_next"))),
            ],
            options={"indexes": [models.Index(fields=["taken_at"], name="kernel_settlemark_taken_at")]},
        ),
        migrations.RunSQL(KNOWN, DROP_KNOWN),
    ]
