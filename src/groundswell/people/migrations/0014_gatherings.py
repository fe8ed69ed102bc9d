"""Gatherings, and who came: seen where the person lives, where it was held, and by herself."""

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import BY_UNIT, BY_WRITE_UNIT, EVERYTHING, RowSecurity, Trailed
from groundswell.people.operations import FollowsHome

OWN = "person_id = (select scope_person())"
CAME = f"""{EVERYTHING} or {OWN} or unit_id in (select unnest(scope_contact_units()))
  or held_by_id in (select unnest(scope_contact_units()))"""
HELD = f"{EVERYTHING} or held_by_id in (select unnest(scope_write_units()))"
# Whoever came sees what it was she came to.
SEEN = f"{BY_UNIT} or id in (select gathering_id from people_attendance where {OWN})"  # nosec B608 - constants
OF_ITS_UNIT = """
alter table people_attendance add constraint people_attendance_of_its_gathering
  foreign key (gathering_id, held_by_id) references people_gathering (id, unit_id)
"""
# Coming is being heard of: the clock of forgetting starts anew. Taken back, it is not turned back.
HEARD = """
create function people_heard() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  update people_person p set heard_on = greatest(p.heard_on, g.day)
  from people_gathering g where g.id = new.gathering_id and p.id = new.person_id;
  return null;
end $$;
alter function people_heard() owner to gs_search;
revoke execute on function people_heard() from public;
create trigger people_heard after insert on people_attendance for each row execute function people_heard();
"""
NOT_HEARD = "drop trigger people_heard on people_attendance; drop function people_heard();"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0013_holds"),
        ("structure", "0005_changes_defended"),
    ]

    operations = [
        migrations.CreateModel(
            name="Gathering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("begins", models.TimeField(null=True)),
                ("kind", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "-day"], name="people_gathering_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("meeting", "public", "school", "other"))),
                        name="people_gathering_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="people_gathering_has_a_title"
                    ),
                    models.UniqueConstraint(fields=("id", "unit"), name="people_gathering_of_its_unit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "gathering",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.gathering",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="structure.unit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="structure.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("gathering", "person"), name="people_attendance_once")
                ],
            },
        ),
        migrations.RunSQL(
            OF_ITS_UNIT,
            "alter table people_attendance drop constraint people_attendance_of_its_gathering",
        ),
        migrations.RunSQL(HEARD, NOT_HEARD),
        FollowsHome("people_attendance"),
        RowSecurity("people_attendance", read=CAME, write=HELD),
        RowSecurity("people_gathering", read=SEEN, write=BY_WRITE_UNIT, delete=EVERYTHING),
        Trailed("people_gathering"),
        Trailed("people_attendance", person="person_id"),
    ]
