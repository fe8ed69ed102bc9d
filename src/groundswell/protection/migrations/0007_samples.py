"""An auditor draws records by lot and reads those alone: the draw, and who sees whom it holds (decision 0688)."""

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, Definer, RowSecurity, Trailed

# The seed is made here, so that nobody draws until the lot falls as she likes; by it anybody draws the same
# again. Of those who were members on the day as is known now, in the tree as it lies today.
DRAW = Definer(
    "protection_draw(unit bigint, on_day date, most integer, noted timestamptz)",
    returns="bigint",
    volatility="volatile",
    body="""
declare
    place text;
    asks bigint := scope_account();
    lot text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    made bigint;
    whole bigint;
    lots bigint[];
begin
    if asks is null or not coalesce(unit = any (scope_reach('{auditor}', true)), false) then
        raise exception 'This unit is not drawn from by this session.' using errcode = '42501';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('protection_draw', asks));
    if most < 1 or most + coalesce((
            select sum(s.size) from protection_sample s
            where s.account_id = asks and s.readable_until > org_today()), 0) > 200 then
        raise exception 'So many records are not open at the same time.' using errcode = '42501';
    end if;
    select top.path into place from structure_unit top where top.id = unit;
    select count(*), (array_agg(members.person_id order by sha256(convert_to(lot || ':' || members.person_id, 'UTF8'))))[:most]
    into whole, lots
    from (select distinct m.person_id from people_membership m
          join people_membershipkind kind on kind.code = m.kind_id and kind.counts
          join structure_unit home on home.id = m.unit_id
          where home.path >= place and home.path < left(place, -1) || '0' and home.holds_names
            and m.home and m.valid @> on_day and upper_inf(m.recorded)) members;
    if whole = 0 then
        return null;
    end if;
    insert into protection_sample (unit_id, account_id, as_of, size, population, seed, drawn_at, readable_until)
    values (unit, asks, on_day, cardinality(lots), whole, lot, noted, org_today() + 30) returning id into made;
    insert into protection_drawn (sample_id, person_id, place)
    select made, drawn.person, drawn.place from unnest(lots) with ordinality drawn (person, place);
    return made;
end
""",
)
# Whom the session has drawn and may still read: while the time runs, her mandate lasts and they lie in its reach.
MINE = Definer(
    "scope_drawn()",
    returns="int8multirange",
    body="""
declare
    who record := scope_session();
begin
    if who.person_id is null then
        return '{}';
    end if;
    return coalesce((
        select range_agg(int8range(d.person_id, d.person_id, '[]'))
        from protection_sample s
        join protection_drawn d on d.sample_id = s.id
        join people_person p on p.id = d.person_id
        join structure_unit home on home.id = p.unit_id
        where s.account_id = who.account_id and s.readable_until > org_today() and exists (
            select from accounts_mandate m join structure_unit top on top.id = m.unit_id
            where m.person_id = who.person_id and m.office = 'auditor' and m.valid @> org_today()
              and upper_inf(m.recorded) and top.holds_names and starts_with(home.path, top.path))), '{}');
end
""",
)
# They come in where guests and who asks to come do: a policy resolves that only for rows out of reach, so
# nobody else's statement asks or plans anything more.
COMERS = """
create or replace function scope_comers() returns int8multirange language sql stable security definer
set search_path = public, pg_temp as $$
  select scope_drawn() + coalesce(range_agg(int8range(person_id, person_id, '[]')), '{}') from (
    select person_id from people_membership
    where not home and upper_inf(recorded) and valid @> org_today()
      and unit_id in (select unnest(scope_units()))
    union all
    select person_id from people_asking
    where decided_at is null and kind = 'transfer' and unit_id in (select unnest(scope_units()))
  ) seen
$$;
create or replace function scope_askers() returns int8multirange language sql stable security definer
set search_path = public, pg_temp as $$
  select scope_drawn() + coalesce(range_agg(int8range(person_id, person_id, '[]')), '{}') from people_asking
  where decided_at is null and kind = 'transfer' and unit_id in (select unnest(scope_units()))
$$;
alter policy gs_read on people_standing using ((select scope_all())
  or unit_id in (select unnest((select scope_units()))) or person_id = (select scope_person())
  or coalesce((select scope_drawn()) @> person_id, false));
"""
MINE_OR_OFFICERS = (
    f"{EVERYTHING} or account_id = (select scope_account())"
    " or unit_id in (select unnest(scope_protection_units()))"
)
SEEN = f"{EVERYTHING} or sample_id in (select s.id from protection_sample s)"  # nosec B608 - a constant


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_no_names_for_an_auditor"),
        ("people", "0020_one_question_less"),
        ("protection", "0006_directory"),
        ("structure", "0009_no_names_for_an_auditor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.BigIntegerField(db_index=True)),
                ("as_of", models.DateField()),
                ("size", models.PositiveSmallIntegerField()),
                ("population", models.PositiveIntegerField()),
                ("seed", models.CharField(max_length=64)),
                ("drawn_at", models.DateTimeField()),
                ("readable_until", models.DateField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="structure.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Drawn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
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
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protection.sample"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(("population__gte", models.F("size")), ("size__range", (1, 200))),
                name="protection_sample_within_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawn",
            constraint=models.UniqueConstraint(fields=("sample", "person"), name="protection_drawn_once"),
        ),
        RowSecurity("protection_sample", read=MINE_OR_OFFICERS),
        RowSecurity("protection_drawn", read=SEEN),
        Trailed("protection_sample"),
        Trailed("protection_drawn", unit=None, person="person_id"),
        DRAW,
        MINE,
        migrations.RunSQL(COMERS, migrations.RunSQL.noop),
    ]
