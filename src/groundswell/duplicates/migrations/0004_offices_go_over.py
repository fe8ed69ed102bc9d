"""Two who both held offices become one: what is believed of them is read here, the application carries it over."""

from django.db import migrations

from groundswell.access.operations import Definer

# All that is believed of their offices, also of those in a unit whose figures the officer does not see.
OFFICES = Definer(
    "duplicates_offices(persons bigint[])",
    returns="setof accounts_mandate",
    body="""
begin
    return query
        select m.* from accounts_mandate m
        where m.person_id = any (persons) and upper_inf(m.recorded) and scope_may_erase(m.person_id)
        order by m.id;
end
""",
)

# As in 0002; but whoever held an office may go, once nothing is believed of it under her number any more, and
# the second factors of a sign-in that ends are returned with it.
# Mandates are written by the application, which knows who may give what (decision 0405).
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
    factors jsonb;
begin
    if not (stays <> goes and scope_may_erase(stays) and scope_may_erase(goes)) then
        raise exception 'Merging two persons is for the data protection officer of both.' using errcode = '42501';
    end if;
    perform 1 from people_person p where p.id in (stays, goes) order by p.id for update;
    if exists (select from accounts_mandate m where m.person_id = goes and upper_inf(m.recorded)) then
        raise exception using errcode = '23514', constraint = 'duplicates_offices_go_over_first',
            message = 'the offices of a record go over before it goes';
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
            select coalesce(jsonb_agg(to_jsonb(f) order by f.id), '[]') into factors
            from mfa_authenticator f where f.user_id = (account->>'id')::bigint;
            perform personal_empty(p, goes, '{}') from access_personal p
            where p.via_table = 'accounts_account' or p.table_name = 'accounts_account' order by p.place;
            account := jsonb_build_object('ended', account, 'factors', factors);
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
    again=True,
)


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0003_factors_come_back")]
    operations = [OFFICES, MERGE]
