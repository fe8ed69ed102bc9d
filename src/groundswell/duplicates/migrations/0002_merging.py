"""Two records become one and two again; who may see and judge what looks alike."""

from django.db import migrations

from groundswell.access.operations import EVERYTHING, Definer, RowSecurity, Trailed
from groundswell.people.operations import FollowsHome

# The other record's unit follows her home too, and nothing leads to a record that is gone.
FOLLOW = """
create function duplicates_follow() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    delete from duplicates_likeness where other_id = old.id or person_id = old.id;
  else
    update duplicates_likeness set other_unit_id = new.unit_id where other_id = new.id;
  end if;
  return null;
end $$;
alter function duplicates_follow() owner to gs_search;
revoke execute on function duplicates_follow() from public;
create trigger follow_duplicates_other after update of unit_id on people_person for each row
  when (old.unit_id is distinct from new.unit_id) execute function duplicates_follow();
create trigger duplicates_gone after delete on people_person for each row execute function duplicates_follow();
"""
DROP_FOLLOW = """
drop trigger duplicates_gone on people_person;
drop trigger follow_duplicates_other on people_person;
drop function duplicates_follow();
"""

# What tells which of two records stays: for their officer alone.
WEIGHT = Definer(
    "duplicates_weight(persons bigint[])",
    returns="table (person_id bigint, offices bigint, accounts bigint)",
    body="""
begin
    return query
        select p.id, (select count(*) from accounts_mandate m where m.person_id = p.id),
               (select count(*) from accounts_account a where a.person_id = p.id)
        from people_person p where p.id = any (persons) and scope_may_erase(p.id);
end
""",
)

# All that is believed of their memberships, also where row security hides a unit of another section.
BELIEVED = Definer(
    "duplicates_believed(persons bigint[])",
    returns="setof people_membership",
    body="""
begin
    return query
        select m.* from people_membership m
        where m.person_id = any (persons) and upper_inf(m.recorded) and scope_may_erase(m.person_id)
        order by m.id;
end
""",
)

# Rows that one person hands to another: those under her number, or (when `only` says so) just these.
# A row that the other has already is taken out; what is taken out is returned, table by table.
HAND_OVER = Definer(
    "duplicates_hand_over(giver bigint, taker bigint, home bigint, chosen jsonb)",
    returns="jsonb",
    volatility="volatile",
    private=True,
    body="""
declare
    one access_personal;
    held record;
    place text;
    moved jsonb := '{}';
    taken jsonb := '{}';
begin
    for one in
        select * from access_personal p where p.merge = 'move' and p.via_table is null order by p.place
    loop
        place := case when exists (
            select from pg_trigger t
            where t.tgrelid = 'people_person'::regclass and t.tgname = 'follow_' || one.table_name)
            then ', unit_id = $3' else '' end;
        for held in execute format('select t.id, to_jsonb(t) as was from %s t where t.%I = $1 and ($2 is null'
                ' or t.id in (select jsonb_array_elements_text($2->%L)::bigint)) order by t.id',
                one.table_name::regclass, one.owner_column, one.table_name) using giver, chosen
        loop
            begin
                execute format('update %s set %I = $1%s where id = $2',
                               one.table_name::regclass, one.owner_column, place) using taker, held.id, home;
                moved := jsonb_set(moved, array[one.table_name],
                                   coalesce(moved->one.table_name, '[]') || to_jsonb(held.id));
            exception when unique_violation then
                execute format('delete from %s where id = $1', one.table_name::regclass) using held.id;
                taken := jsonb_set(taken, array[one.table_name],
                                   coalesce(taken->one.table_name, '[]') || held.was);
            end;
        end loop;
    end loop;
    return jsonb_build_object('moved', moved, 'taken', taken);
end
""",
)

# Memberships are withdrawn and made, never rewritten: their triggers write the movements.
TERMS = Definer(
    "duplicates_terms(persons bigint[], withdrawn bigint[], made jsonb, at timestamptz)",
    returns="bigint[]",
    volatility="volatile",
    private=True,
    body="""
declare
    numbers bigint[];
begin
    update people_membership m
    set recorded = case when at > lower(m.recorded) then tstzrange(lower(m.recorded), at)
                        else tstzrange(lower(m.recorded), lower(m.recorded), '[]') end,
        superseded_stamp = org_stamp()
    where m.id = any (withdrawn) and m.person_id = any (persons) and upper_inf(m.recorded);
    with new as (
        insert into people_membership (person_id, unit_id, kind_id, home, valid, recorded, entry_flow,
            entry_other_id, entry_transfer_id, exit_flow, exit_other_id, exit_transfer_id, reason, ended_at)
        select x.person_id, x.unit_id, x.kind_id, x.home, x.valid, tstzrange(at, null), x.entry_flow,
            x.entry_other_id, x.entry_transfer_id, x.exit_flow, x.exit_other_id, x.exit_transfer_id, x.reason,
            case when not upper_inf(x.valid) then at end
        from jsonb_to_recordset(made) as x(person_id bigint, unit_id bigint, kind_id text, home boolean,
            valid daterange, entry_flow text, entry_other_id bigint, entry_transfer_id bigint, exit_flow text,
            exit_other_id bigint, exit_transfer_id bigint, reason text)
        where x.person_id = any (persons)
        returning id
    ) select coalesce(array_agg(id order by id), '{}') into numbers from new;
    return numbers;
end
""",
)

DETAILS = Definer(
    "duplicates_details(person bigint, details jsonb)",
    returns="void",
    volatility="volatile",
    private=True,
    body="""
declare
    was people_person;
begin
    select * into was from people_person p where p.id = person;
    was := jsonb_populate_record(was, details);
    update people_person p set (unit_id, name, sort_key, call_name, folded, languages, town, postcode, pronoun,
        minor, heard_on) = (was.unit_id, was.name, was.sort_key, was.call_name, was.folded, was.languages,
        was.town, was.postcode, was.pronoun, was.minor, was.heard_on)
    where p.id = person;
end
""",
)

# `seen` are the believed memberships of both as the officer saw them: when they are others now, nothing
# happens and null comes back. `terms` holds withdrawn and made, `details` what changes on the one who stays.
MERGE = Definer(
    "duplicates_merge_two(stays bigint, goes bigint, seen bigint[], terms jsonb, details jsonb, at timestamptz)",
    returns="jsonb",
    volatility="volatile",
    body="""
declare
    made bigint[];
    before people_person;
    gone people_person;
    done jsonb;
    superseded bigint;
    account jsonb;
    numbers bigint[];
begin
    if not (stays <> goes and scope_may_erase(stays) and scope_may_erase(goes)) then
        raise exception 'Merging two persons is for the data protection officer of both.' using errcode = '42501';
    end if;
    perform 1 from people_person p where p.id in (stays, goes) order by p.id for update;
    if exists (select from accounts_mandate m where m.person_id = goes) then
        raise exception using errcode = '23514', constraint = 'duplicates_whoever_held_an_office_stays',
            message = 'whoever held an office stays';
    end if;
    if seen is distinct from (
            select coalesce(array_agg(m.id order by m.id), '{}') from people_membership m
            where m.person_id in (stays, goes) and upper_inf(m.recorded)) then
        return null;
    end if;
    select * into before from people_person p where p.id = stays;
    select * into gone from people_person p where p.id = goes;
    made := duplicates_terms(array[stays, goes],
        array(select jsonb_array_elements_text(terms->'withdrawn')::bigint), terms->'made', at);
    -- Of two days until which was paid the later one is believed.
    select s.id into superseded from people_standing s
    where s.person_id in (stays, goes) and s.superseded_at is null
      and exists (select from people_standing o where o.person_id in (stays, goes) and o.superseded_at is null
                  and (o.paid_until, o.id) > (s.paid_until, s.id));
    update people_standing s set superseded_at = at where s.id = superseded;
    done := duplicates_hand_over(goes, stays, before.unit_id, null);
    select to_jsonb(a) into account from accounts_account a where a.person_id = goes;
    if account is not null then
        if exists (select from accounts_account a where a.person_id = stays) then
            perform personal_empty(p, goes, '{}') from access_personal p
            where p.via_table = 'accounts_account' or p.table_name = 'accounts_account' order by p.place;
            account := jsonb_build_object('ended', account);
        else
            update accounts_account a set person_id = stays where a.person_id = goes;
            account := jsonb_build_object('moved', account->'id');
        end if;
    end if;
    update access_merged m set stays = duplicates_merge_two.stays where m.stays = duplicates_merge_two.goes;
    delete from people_person p where p.id = goes;
    insert into access_merged (goes, stays) values (goes, duplicates_merge_two.stays);
    perform duplicates_details(duplicates_merge_two.stays, details);
    return done || jsonb_build_object('made', made, 'before', to_jsonb(before), 'person', to_jsonb(gone),
        'superseded', superseded, 'account', account);
end
""",
)

# `kept` is what merging returned, `details` what goes back on the one who stays, `terms` as above.
UNDO = Definer(
    "duplicates_undo(merge bigint, kept jsonb, terms jsonb, details jsonb, at timestamptz)",
    returns="boolean",
    volatility="volatile",
    body="""
declare
    stayed bigint;
    gone bigint;
    home bigint;
    one record;
begin
    select m.person_id, m.goes into stayed, gone from duplicates_merge m where m.id = merge and m.undone_at is null;
    if stayed is null or not scope_may_erase(stayed) then
        raise exception 'Undoing a merge is for the data protection officer of the person.' using errcode = '42501';
    end if;
    perform 1 from people_person p where p.id = stayed for update;
    -- What the merge made must stand as it was made.
    if exists (select from jsonb_array_elements_text(kept->'made') made
               where not exists (select from people_membership m where m.id = made::bigint and m.person_id = stayed
                   and upper_inf(m.recorded) and (upper_inf(m.valid) or m.ended_at = lower(m.recorded)))) then
        return false;
    end if;
    delete from access_merged m where m.goes = gone;
    insert into people_person select * from jsonb_populate_record(null::people_person, kept->'person');
    select p.unit_id into home from people_person p where p.id = gone;
    perform duplicates_terms(array[stayed, gone],
        array(select jsonb_array_elements_text(kept->'made')::bigint), terms->'made', at);
    perform duplicates_details(stayed, details);
    perform duplicates_hand_over(stayed, gone, home, kept->'moved');
    update access_merged m set stays = gone
    where m.goes in (select d.goes from duplicates_merge d where d.person_id = gone and d.undone_at is null);
    for one in select p.table_name, r.value as was from access_personal p
        join jsonb_each(kept->'taken') t on t.key = p.table_name
        cross join jsonb_array_elements(t.value) r where p.merge = 'move' order by p.place
    loop
        execute format('insert into %s select * from jsonb_populate_record(null::%s, $1) on conflict do nothing',
                       one.table_name::regclass, one.table_name::regclass) using one.was;
    end loop;
    update people_standing s set superseded_at = null
    where s.id = (kept->>'superseded')::bigint and s.person_id in (stayed, gone)
      and not exists (select from people_standing o where o.person_id = s.person_id and o.superseded_at is null);
    if kept->'account' ? 'moved' then
        update accounts_account a set person_id = gone
        where a.id = (kept->'account'->>'moved')::bigint and a.person_id = stayed;
    elsif kept->'account' ? 'ended' then
        insert into accounts_account select * from
            jsonb_populate_record(null::accounts_account, kept->'account'->'ended') on conflict do nothing;
    end if;
    return true;
end
""",
)

# Cells change their key when their row changes its person; only cells, and only of rows that are hers.
RESEAL = Definer(
    "duplicates_reseal(person bigint, cells jsonb)",
    returns="void",
    volatility="volatile",
    body="""
declare
    one record;
begin
    if not scope_may_erase(person) then
        raise exception 'Merging two persons is for the data protection officer of both.' using errcode = '42501';
    end if;
    for one in
        select p.table_name, p.owner_column, cell->>'column' as filled, (cell->>'row')::bigint as number,
               decode(cell->>'sealed', 'hex') as sealed
        from jsonb_array_elements(cells) cell
        join access_personal p on p.table_name = cell->>'table' and p.merge = 'move'
        join pg_attribute a on a.attrelid = p.table_name::regclass and a.attname = cell->>'column'
            and a.atttypid = 'bytea'::regtype
    loop
        execute format('update %s set %I = $1 where id = $2 and %I = $3',
                       one.table_name::regclass, one.filled, one.owner_column)
            using one.sealed, one.number, person;
    end loop;
end
""",
)

HERE = "unit_id in (select unnest(scope_{which}_units()))"
BOTH = f"{EVERYTHING} or {HERE} and other_{HERE}"
OFFICERS = f"{EVERYTHING} or {HERE.format(which='protection')}"


class Migration(migrations.Migration):
    dependencies = [
        ("duplicates", "0001_tables"),
        ("access", "0009_numbers_of_a_person"),
        ("accounts", "0007_mandates_written_once"),
    ]
    operations = [
        migrations.RunSQL(FOLLOW, DROP_FOLLOW),
        FollowsHome("duplicates_likeness"),
        FollowsHome("duplicates_merge"),
        WEIGHT,
        BELIEVED,
        HAND_OVER,
        TERMS,
        DETAILS,
        MERGE,
        UNDO,
        RESEAL,
        RowSecurity(
            "duplicates_likeness",
            read=BOTH.format(which="contact"),
            write=BOTH.format(which="contact"),
            delete=EVERYTHING,
        ),
        RowSecurity("duplicates_merge", read=OFFICERS, insert=OFFICERS, update=OFFICERS, delete=EVERYTHING),
        Trailed("duplicates_likeness", person="person_id"),
        Trailed("duplicates_merge", person="person_id"),
    ]
