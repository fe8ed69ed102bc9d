"""`groundswell apportion`, as somebody outside calls it."""

import json
import subprocess
import sys

import pytest

from groundswell.calc.apportionment import RULES
from groundswell.cli.main import main

VOTES = {"Año": 100, "B": 80, "C": 30, "D": 20}


@pytest.fixture
def call(tmp_path, capsys):
    def run(content, *words: str) -> tuple[int, str, str]:
        path = tmp_path / "votes.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        code = main(["apportion", str(path), *words])
        out, err = capsys.readouterr()
        return code, out, err.replace(f"{tmp_path}/", "")

    return run


def result(call, content, *words: str):
    code, out, err = call(content, *words, "--format", "json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize("method", RULES)
def test_each_rule_answers_with_the_keys_of_the_contract(call, method):
    answer = result(call, VOTES, "--method", method, "--seats", "7")
    assert list(answer["seats"]) == list(VOTES)
    assert sum(answer["seats"].values()) == len(answer["reasons"]) == 7
    assert answer["ties"] == []


def test_a_reason_tells_its_quotient_and_the_next_in_line(call):
    answer = result(call, VOTES, "--method", "dhondt", "--seats", "8")
    assert answer["reasons"][7] == {
        "seat": 8,
        "unit": "Año",
        "unit_seat": 4,
        "by": "quotient",
        "value": "25.0000",
        "working": "100 ÷ 4",
        "next": {"unit": "B", "value": "20.0000", "working": "80 ÷ 4"},
        "sentence": "Año's seat 4: quotient 100 ÷ 4 = 25.0000; next in line B, 80 ÷ 4 = 20.0000.",
    }


@pytest.mark.parametrize(
    ("method", "working", "value"),
    [
        ("sainte-lague", "100 ÷ 3", "33.3333"),
        ("modified-sainte-lague", "100 ÷ 3", "33.3333"),
        ("huntington-hill", "100 ÷ √2", "70.7106"),
        ("adams", "100 ÷ 1", "100.0000"),
        ("dean", "100 × 3 ÷ 4", "75.0000"),
    ],
)
def test_a_working_can_be_keyed_into_a_pocket_calculator(call, method, working, value):
    reasons = result(call, VOTES, "--method", method, "--seats", "8")["reasons"]
    second = next(reason for reason in reasons if (reason["unit"], reason["unit_seat"]) == ("Año", 2))
    assert (second["working"], second["value"]) == (working, value)


def test_a_remainder_shows_what_is_left_after_whole_quotas(call):
    answer = result(call, VOTES, "--method", "hare", "--seats", "8")
    assert answer["quota"] == "28.7500"
    assert answer["reasons"][6]["sentence"] == (
        "B's seat 3: remainder 80 - 2 × 28.7500 = 22.5000; next in line D, 20.0000."
    )


def test_values_that_look_alike_are_written_until_they_differ(call):
    answer = result(call, {"A": 10**30 + 1, "B": 10**30}, "--method", "huntington-hill", "--seats", "3")
    reason = answer["reasons"][2]
    assert reason["value"] > reason["next"]["value"]


def test_an_open_tie_is_named_in_the_answer_and_on_the_error_stream(call):
    code, out, err = call({"A": 5, "B": 5}, "--method", "dhondt", "--seats", "1", "--format", "json")
    answer = json.loads(out)
    assert code == 0
    assert answer["seats"] == {"A": 0, "B": 0}
    assert answer["undecided"] == 1
    assert (answer["ties"][0]["units"], answer["ties"][0]["seats"]) == (["A", "B"], 1)
    assert answer["ties"][0]["decided"] is None
    assert err.startswith("A and B have equal quotients for the last seat, which stays open: draw lots")


def test_a_file_of_decisions_decides_a_tie(call, tmp_path):
    ties = tmp_path / "ties.json"
    ties.write_text('["B", "A"]')
    answer = result(call, {"A": 5, "B": 5}, "--method", "dhondt", "--seats", "1", "--ties", str(ties))
    assert answer["seats"] == {"A": 0, "B": 1}
    assert answer["ties"][0]["decided"] == ["B"]


def test_a_seed_decides_a_tie_and_is_printed(call):
    answer = result(call, {"A": 5, "B": 5}, "--method", "hare", "--seats", "1", "--seed", "first of May")
    assert sum(answer["seats"].values()) == 1
    assert "“first of May”" in answer["ties"][0]["sentence"]


def test_threshold_minimum_and_maximum_are_kept(call):
    words = ("--method", "sainte-lague", "--seats", "9", "--threshold", "10%")
    answer = result(call, VOTES, *words, "--minimum", "2", "--maximum", "4")
    assert answer["seats"] == {"Año": 4, "B": 3, "C": 2, "D": 0}
    assert answer["excluded"] == ["D"]


def test_one_per_and_ladders_find_the_seats_themselves(call):
    one = result(call, {"A": 101, "B": 50}, "--method", "one-per", "--per", "50")
    assert one["seats"] == {"A": 3, "B": 1}
    ladder = result(call, {"A": 200, "B": 50}, "--method", "degressive", "--bands", "100:10,*:50")
    assert ladder["seats"] == {"A": 12, "B": 5}


def test_text_is_for_the_hall(call):
    code, out, _ = call(VOTES, "--method", "dhondt", "--seats", "3")
    assert code == 0
    assert out.splitlines()[:4] == [
        "D'Hondt (Jefferson): 3 seats",
        "",
        "unit         votes     share  seats",
        "Año            100   43.47 %      2",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"A": 1, "A": 2}', "votes.json: “A” stands in the file twice."),
        (b'{"A": 1.5}', "votes.json: the votes of “A” are 1.5; votes are whole numbers."),
        (b'{"A": 1e3}', "votes.json: the votes of “A” are 1e3; votes are whole numbers."),
        (b'{"A": NaN}', "votes.json: the votes of “A” are NaN; votes are whole numbers."),
        (b'{"A": -Infinity}', "votes.json: the votes of “A” are -Infinity; votes are whole numbers."),
        (b'{"A": true}', "votes.json: the votes of “A” are true; votes are whole numbers."),
        (b'{"A": null}', "votes.json: the votes of “A” are null; votes are whole numbers."),
        (b'{"A": "7"}', 'votes.json: the votes of “A” are "7"; votes are whole numbers.'),
        (b'{"A": {"B": 1}}', 'votes.json: the votes of “A” are {"B": 1}; votes are whole numbers.'),
        (b'{"A": -4}', "the votes of “A” are -4; votes are 0 or more."),
        (b'{"A": ' + b"9" * 5000 + b"}", "votes.json: a number has more than 100 digits."),
        (b'["A"]', 'votes.json: the file must hold one JSON object {"name": votes}.'),
        (b"7", 'votes.json: the file must hold one JSON object {"name": votes}.'),
        (b"{}", "there is no unit to share seats among."),
        (b"", "votes.json, line 1, column 1: this is not JSON (Expecting value)."),
        (b'{"A": 1} x', "votes.json, line 1, column 10: this is not JSON (Extra data)."),
        (b'{\n"A": 1,\n"\xe9": 2}', "votes.json, line 3: this is not UTF-8; save the file as UTF-8."),
        ('{"A": 1}'.encode("utf-16"), "votes.json, line 1: this is not UTF-8; save the file as UTF-8."),
        (b'{"\\ud800": 1}', "the name '\\ud800' holds a control character or half a character."),
        (b"[" * 200_000, "votes.json: the JSON is nested too deeply."),
    ],
)
def test_bad_files_are_refused_in_one_sentence(call, content, sentence):
    code, out, err = call(content, "--method", "hare", "--seats", "5", "--format", "json")
    assert (code, err) == (2, f"{sentence}\n")
    assert list(json.loads(out)) == ["error"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(call):
    content = b'\xef\xbb\xbf{"A": 3,\r\n"B": 1}\r\n'
    assert result(call, content, "--method", "hare", "--seats", "4")["seats"] == {"A": 3, "B": 1}


def test_a_missing_file_is_refused(capsys):
    assert main(["apportion", "nowhere.json", "--method", "hare", "--seats", "1"]) == 2
    assert capsys.readouterr().err == "nowhere.json cannot be read: No such file or directory.\n"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--method", "hare"], "--method hare needs --seats N."),
        (["--method", "hare", "--seats", "1.5"], "“1.5” is no whole number from 0"),
        (["--method", "hare", "--seats", "-1"], "“-1” is no whole number from 0"),
        (["--method", "hare", "--seats", "5", "--threshold", "5,5"], "“5,5” is no number such as 5 or 3.5"),
        (["--method", "hare", "--seats", "5", "--threshold", "nan"], "“nan” is no number such as 5 or 3.5"),
        (["--method", "hare", "--seats", "5", "--first-divisor", "1.2"], "--first-divisor goes with"),
        (["--method", "one-per"], "--method one-per needs --per N."),
        (["--method", "one-per", "--per", "5", "--seats", "5"], "finds the seats itself"),
        (["--method", "degressive", "--bands", "10:"], "needs --bands such as 100:10,500:25,*:50"),
        (["--method", "webster", "--seats", "5"], "invalid choice: 'webster'"),
    ],
)
def test_bad_options_are_refused_in_one_sentence(call, words, part):
    code, out, err = call(VOTES, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert part in err


def test_the_command_runs_without_django_and_without_a_database(tmp_path):
    path = tmp_path / "votes.json"
    path.write_text(json.dumps(VOTES))
    program = (
        "import sys; from groundswell.cli.main import main; "
        f"code = main(['apportion', {str(path)!r}, '--method', 'hare', '--seats', '8']); "
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
