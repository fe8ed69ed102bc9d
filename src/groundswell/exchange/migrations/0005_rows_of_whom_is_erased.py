"""Rows that wait, are doubtful or were refused are found by blind marks, and go when somebody in them is erased."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from groundswell.access.operations import Definer

# Lists of all units of her sections, also above whoever erases her; what somebody chose there and has not said
# the columns of is read by nobody, so it goes whole.
FORGET = Definer(
    "exchange_forget(person bigint, marked bytea[])",
    returns="integer",
    volatility="volatile",
    body="""
declare
    sections bigint[];
    found integer;
begin
    if not scope_may_erase(person) then
        raise exception 'Erasing a person is for her data protection officer.' using errcode = '42501';
    end if;
    sections := array(
        select coalesce(u.section_id, u.id) from structure_unit u
        where u.id in (select p.unit_id from people_person p where p.id = person
                       union select m.unit_id from people_membership m where m.person_id = person));
    with gone as (
        update exchange_line l set outcome = 'gone', why = '', sealed = null, marks = '{}', person_id = null
        from (select i.id, i.outcome from exchange_line i
              where i.outcome in ('waiting', 'doubtful', 'refused')
                and (i.marks && marked or i.person_id = person)
              for update) was, structure_unit u
        where l.id = was.id and u.id = l.unit_id and coalesce(u.section_id, u.id) = any(sections)
        returning l.batch_id, was.outcome
    ), counted as (
        select g.batch_id, count(*) filter (where g.outcome = 'doubtful') as doubtful,
               count(*) filter (where g.outcome = 'refused') as refused, count(*) as whole
        from gone g group by g.batch_id
    ), told as (
        update exchange_batch b set doubtful = b.doubtful - c.doubtful, refused = b.refused - c.refused
        from counted c where b.id = c.batch_id returning c.whole
    )
    select coalesce(sum(t.whole), 0) into found from told t;
    delete from exchange_upload f using structure_unit u
    where u.id = f.unit_id and coalesce(u.section_id, u.id) = any(sections);
    return found;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_releases"),
        ("people", "0013_holds"),
        ("structure", "0009_no_names_for_an_auditor"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="line",
            name="exchange_line_outcome",
        ),
        migrations.AddField(
            model_name="line",
            name="marks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BinaryField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("outcome__in", ("waiting", "doubtful", "refused"))),
                fields=["marks"],
                name="exchange_line_by_mark",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ("waiting", "new", "known", "doubtful", "refused", "gone", "undone"))
                ),
                name="exchange_line_outcome",
            ),
        ),
        FORGET,
    ]
