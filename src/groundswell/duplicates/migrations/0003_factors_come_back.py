"""What ended with a sign-in comes back with it: a merge keeps the second factors too."""

from django.db import migrations

from groundswell.access.operations import Definer

# As in 0002, and the second factors of a sign-in that ends are returned with it.
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

# The application vouches for each (decision 0405); one comes back only to the account that came back itself,
# so none hangs on a sign-in that somebody else has made with the same e-mail since.
FACTOR_BACK = Definer(
    "duplicates_factor_back(merge bigint, factor jsonb)",
    returns="void",
    volatility="volatile",
    body="""
declare
    told duplicates_merge;
begin
    select m.* into told from duplicates_merge m where m.id = merge and m.undone_at is null;
    if told.id is null or not (scope_may_erase(told.person_id) and scope_may_erase(told.goes)) then
        raise exception 'Undoing a merge is for the data protection officer of the person.' using errcode = '42501';
    end if;
    insert into mfa_authenticator
    select f.* from jsonb_populate_record(null::mfa_authenticator, factor) f
    join accounts_account a on a.id = f.user_id and a.person_id = told.goes
    on conflict do nothing;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("duplicates", "0002_merging"),
        ("accounts", "0008_demanded_from_the_top"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [MERGE, FACTOR_BACK]
