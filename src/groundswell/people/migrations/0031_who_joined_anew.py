"""Who joined, or joined again, from a day on, wherever that was: a section's own rules ask it of its members.

Whoever joined in another section and came by transfer has paid nothing here yet. The worker sees where she joined
and her secretary does not; by this both count the same memberships that lapse.
"""

from django.db import migrations

from groundswell.access.operations import Definer

JOINED_SINCE = Definer(
    "people_joined_since(first date)",
    returns="setof bigint",
    body="""
declare
  everybody constant boolean := scope_all();
  reach constant bigint[] := scope_units();
  herself constant bigint := scope_person();
begin
  return query
    select m.person_id from people_membership m join people_person p on p.id = m.person_id
    where m.home and m.entry_flow = 'entry' and upper_inf(m.recorded) and lower(m.valid) >= first
      and (everybody or p.unit_id = any (reach) or p.id = herself);
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("people", "0030_words_of_a_unit_at_hand")]
    operations = [JOINED_SINCE]
