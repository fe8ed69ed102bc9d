"""What a command says to people goes through gettext; what programs and the log read does not."""

import ast
import re

import house
import pytest

MARKS = {"_", "ngettext", "gettext_noop"}
# Their arguments are for programs, for the trail or for the makers.
NOT_SAID = {"operator", "compile", "execute", "warning", "TypeError", "ValueError", "setLevel"}
SENTENCE = re.compile(r"(?=.*[A-Za-z]{2}.* .*[A-Za-z]{2})[A-Za-z“`{%-].*[.:?…]\s*$", re.DOTALL)
# Sentences that nobody reads in a command, each with its reason.
EXCEPT = {
    "What lies in this home came from the demo of Groundswell: its people are invented.\n": "a file's content"
}


def text_of(node):
    """Return a string as it stands in the code, every value in it as {}; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
    return None


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def is_sentence(text):
    return bool(SENTENCE.match(text.replace("{}", "x"))) and text not in EXCEPT


def unmarked(tree):
    """Return the sentences, and the helps of options, that no gettext translates."""
    said, seen = [], set()
    for node in house.nodes(tree):
        if isinstance(node, ast.Call) and called(node) in MARKS | NOT_SAID:
            seen |= set(ast.walk(node))
        if isinstance(node, ast.Expr) and text_of(node.value) is not None:  # a docstring
            seen.add(node.value)
        if isinstance(node, ast.JoinedStr):
            seen |= set(ast.walk(node)) - {node}
    for node in house.nodes(tree):
        text = None if node in seen else text_of(node)
        if text is not None and is_sentence(text):
            said.append(text)
        if isinstance(node, ast.keyword) and node.arg == "help" and text_of(node.value) is not None:
            said.append(text_of(node.value))
    return said


@pytest.mark.parametrize("room", ["cli", "ground"])
def test_every_sentence_of_a_command_is_translated(room):
    found = {path: unmarked(tree) for path, tree in house.code().items() if house.room_of(path) == room}
    assert len(found) > 15
    assert {path: said for path, said in found.items() if said} == {}


def test_a_sentence_that_is_not_marked_would_be_found():
    code = """
def f(x):
    "A sentence."
    say(_("Said by all."), f"The {x} is gone.")
    add(help="a word")
"""
    assert unmarked(ast.parse(code)) == ["The {} is gone.", "a word"]
