"""A refusal is read by a person: it names units by their names, and days as her language writes them."""

import ast
from collections.abc import Iterator

import house
import pytest

# What somebody has just typed herself is told to her as she typed it.
TYPED = {"new"}


def for_programs(function: ast.AST) -> Iterator[str]:
    """Yield what is put into the sentences of a function that refuses something as only programs read it."""
    if not any(
        isinstance(call.func, ast.Name) and call.func.id == "Refusal" for call in house.calls(function)
    ):
        return
    nodes = house.nodes(function)
    put = [node.right for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)]
    named = {node.id for one in put for node in ast.walk(one) if isinstance(node, ast.Name)}
    put += [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        and any(
            isinstance(one, ast.Name) and one.id in named
            for target in node.targets
            for one in ast.walk(target)
        )
    ]
    for node in (node for one in put for node in ast.walk(one)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "isoformat"
        ):
            yield ast.unparse(node)
        elif isinstance(node, ast.Dict):
            values = [value.value if isinstance(value, ast.Subscript) else value for value in node.values]
            codes = [one for one in values if isinstance(one, ast.Attribute) and one.attr == "code"]
            yield from (ast.unparse(one) for one in codes if ast.unparse(one.value) not in TYPED)


def test_no_refusal_names_a_unit_by_its_code_or_a_day_in_figures():
    found = {
        f"{path}: {function.name}: {said}"
        for path, tree in house.code().items()
        if not path.startswith("cli/") and "/migrations/" not in path
        for function in house.functions(tree)
        for said in for_programs(function)
    }
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("raise Refusal(_('No.') % {'unit': unit.code})", {"unit.code"}),
        ("raise Refusal(_('No.') % {'unit': change.unit.code[:40]})", {"change.unit.code"}),
        ("words = {'day': day.isoformat()}; raise Refusal(_('No.') % words)", {"day.isoformat()"}),
        ("raise Refusal(_('No.') % {'unit': Named(unit), 'day': day_said(day), 'code': new.code})", set()),
        ("note({'from': unit.code}); raise Refusal(_('No.'))", set()),
    ],
)
def test_the_check_sees_what_it_forbids(said, found):
    (function,) = house.functions(ast.parse(f"def act(unit, day): {said}"))
    assert set(for_programs(function)) == found
