"""A write is an action: nothing else in the house changes a row."""

import ast
import re

import house

WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "save", "bulk_update", "aupdate"}
# These write when they are called on rows: `update` by keywords alone, `delete` with nothing.
STATEMENT = re.compile(
    r"\b(insert\s+into|update\s+\w+(\.\w+)?\s+set|delete\s+from|truncate\s+\w)\b", re.IGNORECASE
)

# Mechanisms that write without being somebody's act, each with its reason.
BESIDE_ACTIONS = {
    "access/gate.py": "puts the keys of the gate and of the machine's own sessions into the database",
    "access/personal.py": "the database's copy of the declarations, written by the owner after migrations",
    "access/secrets.py": "a person's key is made with her first sealed cell, whichever action writes it",
    "access/sessions.py": "Django's session engine: a session is written by the request that has it",
    "access/trailsql.py": "the text of the triggers that write the trail",
    "accounts/memory.py": "Django's cache: attempts counted and codes used, for minutes",
    "kernel/clock.py": "settle marks, and the demo's clock",
}
# The machine under the house works as the owner or the superuser, before or without any room.
BELOW_THE_ROOMS = {"ground"}


def is_action(path: str) -> bool:
    return bool(re.fullmatch(r"[a-z]+/actions(/\w+)*\.py", path)) or "/migrations/" in path


def writes(tree: ast.AST) -> list[str]:
    found = []
    for call in house.calls(tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        name = call.func.attr
        by_keywords = name == "update" and call.keywords and not call.args
        if name in WRITES or by_keywords or (name == "delete" and not call.args and not call.keywords):
            found.append(ast.unparse(call.func))
    found += [
        node.value
        for node in house.nodes(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.search(node.value)
    ]
    return found


def test_no_row_is_written_outside_an_action():
    elsewhere = {
        path: written
        for path, tree in house.code().items()
        if not is_action(path) and house.room_of(path) not in BELOW_THE_ROOMS and (written := writes(tree))
    }
    assert set(elsewhere) == set(BESIDE_ACTIONS), elsewhere


def test_each_way_of_writing_would_be_found():
    for statement in (
        "Unit.objects.create(code='A')",
        "unit.save()",
        "Unit.objects.filter(pk=1).update(code='B')",
        "Unit.objects.filter(pk=1).delete()",
        "Unit.objects.bulk_create(units)",
        "cursor.execute('insert into structure_unit values (1)')",
        "cursor.execute('UPDATE structure_unit SET code = 1')",
        "cursor.execute('delete from structure_unit')",
    ):
        assert len(writes(ast.parse(statement))) == 1, statement
    for harmless in ("names.update({1: 2})", "digest.update(text)", "cursor.execute('select 1')"):
        assert writes(ast.parse(harmless)) == [], harmless


def test_no_model_writes_behind_the_back_of_an_action():
    hidden = [
        f"{path}: {method.name}"
        for path, tree in house.code().items()
        if path.endswith("/models.py") or "/models/" in path
        for method in house.functions(tree)
        if method.name in {"save", "delete", "full_clean"}
    ]
    signals = [
        path
        for path, tree in house.code().items()
        for module, name in house.imports(tree)
        if module == "django.dispatch" or (module == "django.db.models.signals" and "migrate" not in name)
    ]
    assert (hidden, signals) == ([], [])


# Whether a day of a membership has come is asked of today: the moment that is said may lie
# before it, as in history that is entered with the moments at which it was known (docs/decisions/0620).
ASKS_WHETHER_IT_HAS_COME = {
    "people/actions/correcting.py: change_joining_day",
    "people/actions/correcting.py: change_leaving_day",
    "people/actions/joining.py: _enter",
    "people/actions/leaving.py: _not_after_today",
    "people/actions/leaving.py: transfer_all",
    "people/actions/returning.py: file_return",
    "people/actions/returning.py: report_by_number",
}
# These ask the clock still; each is one to be given its moment, and no other joins them.
ASKS_THE_CLOCK = {
    "exchange/actions/staging.py: stage",
    "structure/actions/changing.py: _other_names",
    "structure/actions/founding.py: _write_units",
    "structure/actions/opening.py: mirror_today",
    "structure/actions/opening.py: open_other",
    "structure/actions/opening.py: open_unit",
    "structure/actions/preparing.py: _carry_out",
    "structure/actions/preparing.py: carry_out_due",
    "structure/actions/preparing.py: prepare_change",
    "structure/actions/preparing.py: tried",
    "structure/actions/undoing.py: _refuse_a_place_that_is_lost",
    "structure/actions/undoing.py: undo_change",
}


def test_an_action_is_told_its_moment_and_asks_no_clock():
    asking = {
        f"{path}: {function.name}"
        for path, tree in house.code().items()
        if "/actions/" in path
        for function in house.functions(tree)
        for call in house.calls(function)
        if house.last_name(call.func) in {"now", "today"}
        and ast.unparse(call.func) in {"clock.now", "clock.today"}
    }
    assert asking <= ASKS_THE_CLOCK | ASKS_WHETHER_IT_HAS_COME
