"""What import-linter cannot see: single names, the standard library, clocks, paths in docstrings.

The order of the rooms and the order inside them are contracts in pyproject.toml (`lint-imports`).
"""

import ast
import re
import sys

import house

# What a rules.py may stand on: words, refusals, days and how they are written, the table of rights, Django's
# pure validators, and libraries that turn one text into another.
RULES_MAY = {
    "anyascii",
    "django.core.exceptions",
    "django.core.validators",
    "django.utils.translation",
    "groundswell.access",
    "groundswell.access.actor",
    "groundswell.kernel.errors",
    "groundswell.kernel.periods",
    "groundswell.kernel.saying",
    "groundswell.kernel.signs",
}
# kernel.periods holds these for models; the rest of it is plain days.
FOR_MODELS = {"Recorded", "BELIEVED", "one_a_day"}
# Packages besides the standard library that calc may use, and where.
CALC_MAY: dict[str, str] = {"numpy": "calc/forecast", "rapidfuzz": "calc/matching"}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter"}
# Who may ask the machine what time it is; everybody else asks organisation time, or is told.
MACHINE_TIME = {
    "access/sealing.py": "seals are dated by the machine",
    "access/sessions.py": "sessions end by the machine's clock",
    "accounts/adapters.py": "a sign-in is fresh by the machine's clock",
    "accounts/actions/signing.py": "links that sign in once end by the machine's clock",
    "accounts/tasks.py": "a code in a mail is of no use any more by the machine's clock",
    "cli/backup.py": "backups are dated by the machine",
    "cli/demo.py": "how long to wait for the server",
    "cli/doctor.py": "the age of backups",
    "cli/worker.py": "what the clocks of the jobs have due is due by the machine's clock",
    "exchange/scenario/settling.py": "how long to wait for transactions that run",
    "ground/": "how long to wait for processes",
}


def of_the_house(module: str, name: str) -> list[str]:
    """Return the parts of what is imported below the package; a name may itself be a module."""
    return [part for part in f"{module}.{name}".split(".")[1:] if part]


def clocks_read(tree: ast.AST) -> list[str]:
    found = []
    for call in house.calls(tree):
        if house.last_name(call.func) not in CLOCKS:
            continue
        words = ast.unparse(call.func).split(".")
        if len(words) > 1 and words[-2] in {"datetime", "date", "time", "timezone"}:
            found.append(".".join(words))
    return found


def test_every_room_with_tables_or_pages_stands_in_the_contract_of_the_inner_order():
    bound = {str(one).removeprefix("groundswell.") for one in house.contracts()["inside"]["containers"]}
    assert bound == set(house.rooms()) - house.PLAIN_ROOMS - {"kernel"}


def test_every_room_of_the_house_has_one_line():
    named = [room for line in house.lines_of_rooms() for room in line]
    assert len(named) == len(set(named))
    assert set(house.rooms()) <= set(named)


def test_views_and_forms_are_imported_in_their_own_room_alone():
    foreign = [
        (path, module, name)
        for path, tree in house.code().items()
        for module, name in house.imports(tree)
        if module.split(".")[0] == "groundswell"
        and {"views", "forms"} & set(of_the_house(module, name))
        and of_the_house(module, name)[0] != house.room_of(path)
        # What every form is made of.
        and not (module == "groundswell.web.forms" and ("/forms.py" in path or "/forms/" in path))
    ]
    assert foreign == []


def test_rules_stand_on_words_refusals_and_days_alone():
    seen = 0
    for path, tree in house.code().items():
        if not re.fullmatch(r"[a-z]+/rules(/\w+)?\.py", path):
            continue
        seen += 1
        for module, name in house.imports(tree):
            standard = module.split(".")[0] in sys.stdlib_module_names
            assert standard or module in RULES_MAY, f"{path} imports {module}"
            assert name not in FOR_MODELS, f"{path} imports {name}"
        assert clocks_read(tree) == [], path
        assert not any(isinstance(node, ast.Name) and node.id == "open" for node in house.nodes(tree)), path
    assert seen >= 3


def test_calc_stands_on_the_standard_library_and_reads_no_clock():
    seen = 0
    for path, tree in house.code().items():
        if house.room_of(path) != "calc":
            continue
        seen += 1
        for module, _ in house.imports(tree):
            top = module.split(".")[0]
            known = top in sys.stdlib_module_names or module.startswith("groundswell.calc")
            assert known or path.startswith(CALC_MAY.get(top, "nowhere")), f"{path} imports {module}"
            assert top not in {"time", "socket", "subprocess", "urllib", "http"}, f"{path} imports {module}"
        assert clocks_read(tree) == [], path
    assert seen > 20


def test_the_machine_is_asked_for_the_time_where_its_time_is_meant_and_nowhere_else():
    asking = {path for path, tree in house.code().items() if clocks_read(tree)}
    assert {path for path in asking if not path.startswith("ground/")} == set(MACHINE_TIME) - {"ground/"}


def test_every_room_says_what_it_is_for_and_the_files_it_names_exist():
    for room in house.rooms():
        said = ast.get_docstring(house.code()[f"{room}/__init__.py"])
        assert said, room
        for named in re.findall(r"`([\w/.]+(?:\.py|\.html|/))`", said):
            found = [*(house.PACKAGE / room).glob(named), *(house.PACKAGE / room).glob(f"templates/{named}")]
            assert found, f"{room}/__init__.py names {named}"
