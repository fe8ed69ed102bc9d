"""An import that is undone erases whom it made by one statement for each table, not person by person."""

from django.db import migrations

from groundswell.access.operations import Definer

ERASE = Definer(
    "persons_erase(persons bigint[])",
    returns="jsonb",
    volatility="volatile",
    body="""
declare
    one access_personal;
    counts jsonb := '{}';
    counted bigint;
    numbers bigint[];
    known text[];
begin
    if not scope_all() then
        raise exception 'Erasing many persons is for the worker and the operator.' using errcode = '42501';
    end if;
    if exists (select from people_hold h where h.person_id = any(persons) and h.lifted_at is null) then
        raise exception 'One of these persons is kept by a legal hold.'
            using errcode = '23514', constraint = 'people_hold_keeps_the_person';
    end if;
    numbers := persons || array(select m.goes from access_merged m where m.stays = any(persons));
    known := array(select lower(p.name) from people_person p where p.id = any(persons) and length(p.name) >= 4)
        || array(select lower(a.email) from accounts_account a where a.person_id = any(persons));
    -- As in personal_jobs: what runs is left alone, and so is what stands in a timetable.
    delete from procrastinate_jobs job
    where job.status <> 'doing'
      and (job.args->>'person' = any(persons::text[]) or job.args->>'person_id' = any(persons::text[])
           or exists (select from lower(job.args::text) said, unnest(known) word where strpos(said, word) > 0))
      and not exists (select from procrastinate_periodic_defers d where d.job_id = job.id);
    get diagnostics counted = row_count;
    counts := jsonb_build_object('procrastinate_jobs', counted);
    for one in select * from access_personal p where p.erase in ('delete', 'blank') order by p.place loop
        if one.blanks = '{}'::jsonb or one.blanks is null then
            execute format('delete from %s where %s', one.table_name::regclass, personal_where(one)) using numbers;
        else
            execute format('update %s set %s where %s', one.table_name::regclass,
                (select string_agg(format('%I = %s', key, value), ', ') from jsonb_each_text(one.blanks)),
                personal_where(one)) using numbers;
        end if;
        get diagnostics counted = row_count;
        counts := counts || jsonb_build_object(one.table_name, counted);
    end loop;
    return counts;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("access", "0011_merged_numbers_one_by_one")]

    operations = [ERASE]
