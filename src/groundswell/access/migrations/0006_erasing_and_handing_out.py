"""What the database does by the declarations of `access.personal`: hand out, reduce, erase a person.

The statements are made from `access_personal`, which the owner alone writes. Whoever asks names a
person and nothing else; what goes and what stays is not hers to say.
"""

from django.db import migrations

from groundswell.access.operations import Definer, RowSecurity

TABLES = """
alter table access_personal add column reduces boolean not null default false;
alter table access_personal add column leaner jsonb not null default '{}';
create table access_proof (
    at timestamptz primary key default now(),
    seals bigint not null,
    entries bigint not null,
    findings text[] not null
);
revoke all on access_proof from public, gs_app;
grant select on access_proof to gs_app;
-- Machine time finds its entries as the stamps do: by ranges of blocks, which cost a load nothing.
create index access_trail_at on access_trail using brin (at) with (pages_per_range = 32);
"""
DROP_TABLES = """
drop index access_trail_at;
drop table access_proof;
alter table access_personal drop column reduces, drop column leaner;
"""

# The condition that finds her rows in a declared table; $1 is her number.
WHERE = Definer(
    "personal_where(one access_personal)",
    returns="text",
    private=True,
    body="""
begin
    if one.via_table is null then
        return format('%I = $1', one.owner_column);
    end if;
    return format('%I in (select id from %s where %I = $1)',
                  one.owner_column, one.via_table::regclass, one.via_column);
end
""",
)

EMPTY = Definer(
    "personal_empty(one access_personal, person bigint, emptied jsonb)",
    returns="bigint",
    volatility="volatile",
    private=True,
    body="""
declare
    counted bigint;
    changes text;
begin
    select string_agg(format('%I = %s', key, value), ', ') into changes from jsonb_each_text(emptied);
    if changes is null then
        execute format('delete from %s where %s', one.table_name::regclass, personal_where(one)) using person;
    else
        execute format('update %s set %s where %s', one.table_name::regclass, changes, personal_where(one))
            using person;
    end if;
    get diagnostics counted = row_count;
    return counted;
end
""",
)

HELD = Definer(
    "person_held(person bigint)",
    returns="table (table_name text, held jsonb)",
    body="""
declare
    one access_personal;
begin
    if not coalesce(scope_person() = person or scope_may_erase(person), false) then
        raise exception 'What is held of a person is for herself and her data protection officer.'
            using errcode = '42501';
    end if;
    for one in select * from access_personal p where p.handed_out order by p.place loop
        if one.table_name = 'access_trailpayload' then
            return query
                select one.table_name, jsonb_build_object(
                    'at', entry.at, 'table', entry.table_name, 'op', entry.op,
                    'old', payload.old::jsonb - coalesce(other.withheld, '{}'::text[]),
                    'new', payload.new::jsonb - coalesce(other.withheld, '{}'::text[]))
                from access_trailpayload payload
                join access_trail entry on entry.id = payload.trail_id
                left join access_personal other on other.table_name = entry.table_name
                where payload.person_id = person order by entry.id;
        else
            return query execute format('select %L::text, to_jsonb(t) - %L::text[] from %s t where %s',
                one.table_name, one.withheld, one.table_name::regclass, personal_where(one)) using person;
        end if;
    end loop;
end
""",
)

# A running job is left alone; whatever waits or has ended and speaks of her goes with what it carried.
JOBS = Definer(
    "personal_jobs(person bigint, words text[])",
    returns="bigint",
    volatility="volatile",
    private=True,
    body="""
declare
    counted bigint;
begin
    delete from procrastinate_jobs job
    where job.status <> 'doing'
      and (job.args->'person' = to_jsonb(person) or job.args->'person_id' = to_jsonb(person)
           or exists (select from unnest(words) word
                      where length(word) >= 4 and strpos(lower(job.args::text), lower(word)) > 0))
      and not exists (select from procrastinate_periodic_defers d where d.job_id = job.id);
    get diagnostics counted = row_count;
    return counted;
end
""",
)

ERASE = Definer(
    "person_erase(person bigint, words text[])",
    returns="jsonb",
    volatility="volatile",
    body="""
declare
    one access_personal;
    counts jsonb := '{}';
    counted bigint;
    known text[];
begin
    if not scope_may_erase(person) then
        raise exception 'Erasing a person is for her data protection officer.' using errcode = '42501';
    end if;
    if exists (select from people_hold h where h.person_id = person and h.lifted_at is null) then
        raise exception 'This person is kept by a legal hold.'
            using errcode = '23514', constraint = 'people_hold_keeps_the_person';
    end if;
    known := words || array(select p.name::text from people_person p where p.id = person)
        || array(select a.email::text from accounts_account a where a.person_id = person);
    counts := jsonb_build_object('procrastinate_jobs', personal_jobs(person, known));
    for one in select * from access_personal p where p.erase in ('delete', 'blank') order by p.place loop
        counted := personal_empty(one, person, one.blanks);
        counts := counts || jsonb_build_object(one.table_name, counted);
    end loop;
    return counts;
end
""",
)

REDUCE = Definer(
    "person_reduce(person bigint)",
    returns="jsonb",
    volatility="volatile",
    body="""
declare
    one access_personal;
    counts jsonb := '{}';
begin
    if not scope_may_erase(person) then
        raise exception 'Reducing a person is for her data protection officer.' using errcode = '42501';
    end if;
    if exists (select from people_hold h where h.person_id = person and h.lifted_at is null) then
        raise exception 'This person is kept by a legal hold.'
            using errcode = '23514', constraint = 'people_hold_keeps_the_person';
    end if;
    for one in select * from access_personal p where p.reduces order by p.place loop
        counts := counts || jsonb_build_object(one.table_name, personal_empty(one, person, one.leaner));
    end loop;
    -- What the trail keeps of these rows goes with them.
    update access_trailpayload payload set person_id = null, salt = null, old = null, new = null
    from access_trail entry
    where payload.person_id = person and entry.id = payload.trail_id
      and entry.table_name in (select p.table_name from access_personal p where p.reduces);
    return counts;
end
""",
)

# Who had which reach, in a period of organisation time: what an officer of these units could have read.
COULD = Definer(
    "who_could_read(units bigint[], since date, until date)",
    returns="table (person_id bigint, reader text, office text, unit_id bigint, valid daterange)",
    body="""
begin
    if not (scope_all() or units <@ scope_reach('{dpo}', true)) then
        raise exception 'This is for the data protection officer of these units.' using errcode = '42501';
    end if;
    return query
        select m.person_id, case when home.protected then p.call_name else p.name end::text,
               m.office::text, m.unit_id, m.valid * daterange(since, until, '[]')
        from accounts_mandate m
        join structure_unit top on top.id = m.unit_id and top.holds_names
        left join people_person p on p.id = m.person_id
        left join structure_unit home on home.id = p.unit_id
        where upper_inf(m.recorded) and m.valid && daterange(since, until, '[]')
          and exists (select from structure_unit u where u.id = any (units) and starts_with(u.path, top.path))
        order by top.path, m.office, 2;
end
""",
)

# What was opened of persons of these units, by whom: receipts of machine time.
OPENED = Definer(
    "who_did_read(units bigint[], since timestamptz, until timestamptz)",
    returns="table (reader text, office text, office_unit_id bigint, what text, persons bigint, newest timestamptz)",
    body="""
begin
    if not (scope_all() or units <@ scope_reach('{dpo}', true)) then
        raise exception 'This is for the data protection officer of these units.' using errcode = '42501';
    end if;
    return query
        select case when home.protected then p.call_name else p.name end::text, r.office, r.office_unit_id,
               r.what, count(distinct r.person_id), max(r.at)
        from access_reading r
        left join accounts_account a on a.id = r.account_id
        left join people_person p on p.id = a.person_id
        left join structure_unit home on home.id = p.unit_id
        where r.unit_id = any (units) and r.at >= since and r.at <= until
        group by r.account_id, 1, 2, 3, 4 order by 6 desc;
end
""",
)

PROOF = Definer(
    "write_proof(sentences text[])",
    returns="void",
    volatility="volatile",
    body="""
begin
    if not scope_all() then
        raise exception 'Only the worker proves the trail.' using errcode = '42501';
    end if;
    insert into access_proof (at, seals, entries, findings)
    select clock_timestamp(), count(*), coalesce(sum(s.entries), 0), sentences from access_seal s;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("access", "0005_who_read")]
    operations = [
        migrations.RunSQL(TABLES, DROP_TABLES),
        WHERE,
        EMPTY,
        HELD,
        JOBS,
        ERASE,
        REDUCE,
        COULD,
        OPENED,
        PROOF,
        RowSecurity("access_proof", read="(select scope_known())"),
    ]
