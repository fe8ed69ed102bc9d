"""A job carries numbers: it lies in the database in clear, a failed one for a week, and in backups."""

import ast

import house

# Words that are no one's: a language, a unit's code, names of offices. And what only the key ring opens.
WORDS = {"language: str", "code: str", "offices: list[str]", "sealed: str"}
NUMBERS = {"int", "bool"}


def tasks():
    """Yield (path, function) of every task of the worker."""
    for path, tree in house.code().items():
        for function in house.functions(tree):
            if any("app.task" in ast.unparse(one) for one in function.decorator_list):
                yield path, function


def carried(function):
    """Return what a job of this task carries, as it is declared."""
    said = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {ast.unparse(one) for one in said} - {"context: JobContext"}


def is_plain(said):
    return said in WORDS or said.partition(": ")[2] in NUMBERS


def test_a_job_carries_numbers_and_words_that_are_nobodys():
    found = {f"{path}: {one.name}": carried(one) for path, one in tasks()}
    assert len(found) > 20
    assert {name: said for name, said in found.items() if not all(map(is_plain, said))} == {}
    assert not is_plain("email: str")
