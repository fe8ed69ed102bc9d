"""What files are called is sealed, kept while their lists wait, and stands in no trail: it may be a person's name.

Of lists from before, the name goes, also from the origin that the command took it for, and from the trail: the
entries stay, with what was done by whom and when, and their rows are emptied as when somebody is erased.
"""

import importlib

import django.db.models.deletion
from django.db import migrations, models

from groundswell.access.operations import Definer, RowSecurity

LISTS = "(select scope_all()) or unit_id in (select unnest((select scope_contact_units())))"
# For this migration alone: no role of the runtime may empty what the trail holds, and the owner is bound too.
UNNAME = Definer(
    "exchange_unname()",
    returns="void",
    volatility="volatile",
    private=True,
    body="""
begin
    update exchange_batch set origin = '' where origin <> '' and origin = file_name;
    update access_trailpayload p set person_id = null, salt = null, old = null, new = null
    from access_trail t
    where t.id = p.trail_id and t.table_name = 'exchange_batch'
      and ((p.old ->> 'file_name') is not null or (p.new ->> 'file_name') is not null);
end
""",
)
BEFORE = importlib.import_module("groundswell.exchange.migrations.0005_rows_of_whom_is_erased").FORGET
FORGET = Definer(
    "exchange_forget(person bigint, marked bytea[])",
    returns="integer",
    volatility="volatile",
    again=True,
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
    delete from exchange_filename f using structure_unit u
    where u.id = f.unit_id and coalesce(u.section_id, u.id) = any(sections);
    return found;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_rows_foreseen"), ("access", "0002_trail")]

    operations = [
        migrations.CreateModel(
            name="FileName",
            fields=[
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="exchange.batch",
                    ),
                ),
                ("sealed", models.BinaryField()),
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
        ),
        RowSecurity("exchange_filename", read=LISTS, write=LISTS),
        FORGET,
        # Going back, the function must not look for a table that is gone: nobody could be erased any more.
        migrations.RunSQL(
            migrations.RunSQL.noop, [BEFORE.forwards()[0].replace("create ", "create or replace ", 1)]
        ),
        migrations.RunSQL(
            [*UNNAME.forwards(), "select exchange_unname()", "drop function exchange_unname()"],
            migrations.RunSQL.noop,
        ),
        # Going back, lists and files that are there get an empty name.
        *(
            migrations.AlterField(model_name, "file_name", models.CharField(max_length=200, default=""))
            for model_name in ("batch", "upload")
        ),
        migrations.RemoveField(model_name="batch", name="file_name"),
        migrations.RemoveField(model_name="upload", name="file_name"),
        migrations.AddField(model_name="upload", name="name", field=models.BinaryField(default=b"")),
    ]
