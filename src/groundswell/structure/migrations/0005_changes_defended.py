"""Who sees and writes changes, preparations and rules; kinds are written by who holds the top unit too.

Whether a kind holds names decides what units of it show, so that column needs the application's voucher
(decision 0405).
"""

from django.db import migrations

from groundswell.access.operations import (
    BY_STRUCTURE_UNIT,
    EVERYTHING,
    KNOWN,
    Definer,
    RowSecurity,
    Trailed,
    Vouched,
)

HOLDS_TOP = Definer(
    "structure_holds_top()",
    returns="boolean",
    body="""
begin
    return exists (
        select from structure_unit top
        where top.id = any (scope_structure_units()) and top.path = '/' || top.id || '/');
end
""",
)
# Asked by every reader of the tree, also by those who may not see what is prepared.
DUE = Definer(
    "structure_due()",
    returns="boolean",
    body="""
begin
    return exists (select from structure_preparation where state = 'waiting' and day <= org_today());
end
""",
)
AT_THE_TOP = f"{EVERYTHING} or (select structure_holds_top())"
# Officers see what is prepared in their reach; the history of units is for everybody who is signed in.
IN_SIGHT = f"{EVERYTHING} or unit_id in (select unnest(scope_figures()))"

KINDS = f"""
alter policy gs_insert on structure_kind with check ({AT_THE_TOP});
alter policy gs_update on structure_kind using ({AT_THE_TOP}) with check ({AT_THE_TOP});
"""
KINDS_BACK = f"""
alter policy gs_insert on structure_kind with check ({EVERYTHING});
alter policy gs_update on structure_kind using ({EVERYTHING}) with check ({EVERYTHING});
"""
MEETS = "update structure_kind set meets = true where code = 'branch'"


class Migration(migrations.Migration):
    dependencies = [("structure", "0004_changes_and_rules"), ("access", "0002_trail")]
    operations = [
        migrations.RunSQL(MEETS, migrations.RunSQL.noop),
        HOLDS_TOP,
        DUE,
        migrations.RunSQL(KINDS, KINDS_BACK),
        Vouched("structure_kind", "new.code", "new.holds_names"),
        Trailed("structure_kind", unit=None, key="code"),
        RowSecurity("structure_change", read=IN_SIGHT, write=BY_STRUCTURE_UNIT),
        RowSecurity("structure_preparation", read=IN_SIGHT, write=BY_STRUCTURE_UNIT),
        RowSecurity("structure_promotionrule", read=KNOWN, write=AT_THE_TOP),
        RowSecurity("structure_proposalrule", read=KNOWN, write=BY_STRUCTURE_UNIT),
        Trailed("structure_change"),
        Trailed("structure_preparation"),
        Trailed("structure_promotionrule", unit=None),
        Trailed("structure_proposalrule"),
    ]
