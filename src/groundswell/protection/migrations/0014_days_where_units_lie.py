"""Offices by the calendar of their unit; who is a member or guest by now, wherever that is (decision 0920)."""

from django.db import migrations

from groundswell.access.operations import Reworded

LATEST = "org_latest_day()"
# An office is held on the days of its unit, from midnight to midnight there.
OF_OFFICES = (
    ("scope_reach", "top"),
    ("scope_named", "top"),
    ("reading_note", "top"),
    ("accounts_holders", "below"),
)
# Nobody joins, leaves or is a guest, and no unit changes, on a day that has not begun there.
OF_FACTS = (
    "accounts_belongs",
    "people_find_guests",
    "protection_directory",
    "scope_comers",
    "scope_contact_guests",
    "scope_guests",
    "structure_goes_on_in",
    "structure_outline",
)


class Migration(migrations.Migration):
    dependencies = [
        ("protection", "0013_taken_back"),
        ("kernel", "0002_days_where_units_lie"),
        ("accounts", "0010_called_by_their_mandates"),
        ("structure", "0013_where_a_merged_unit_goes_on"),
        ("people", "0031_who_joined_anew"),
    ]
    operations = [
        *(
            Reworded(name, old="org_today()", new=f"org_today_in({unit}.time_zone)")
            for name, unit in OF_OFFICES
        ),
        Reworded("scope_drawn", old="m.valid @> org_today()", new="m.valid @> org_today_in(top.time_zone)"),
        *(Reworded(name, old="org_today()", new=LATEST) for name in OF_FACTS),
        Reworded(
            "structure_due",
            old="structure_preparation where state = 'waiting' and day <= org_today()",
            new="structure_preparation waits join structure_unit u on u.id = waits.unit_id"
            " where waits.state = 'waiting' and waits.day <= org_today_in(u.time_zone)",
        ),
    ]
