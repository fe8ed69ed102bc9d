"""What `calc` refuses is a sentence of one text with its values apart, so that others say it in German."""

import ast
import re
from pathlib import Path

import pytest

from groundswell import calc
from groundswell.calc.errors import CalcError, InputError, Names, RuleError, TieError, Words
from groundswell.cli import main
from groundswell.ground import language

REFUSALS = {"InputError", "RuleError", "TieError", "CalcError"}
POSITIONS = {"line", "tied"}


def refused():
    """Yield (place, call) of every refusal that `calc` makes."""
    for path in sorted(Path(calc.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
                yield f"{path.name}, line {node.lineno}", node


def test_every_sentence_is_one_text_and_names_its_values():
    places = list(refused())
    assert len(places) > 100
    for place, call in places:
        sentence = call.args[0]
        assert isinstance(sentence, ast.Constant), place
        named = set(re.findall(r"%\((\w+)\)s", sentence.value))
        given = {one.arg for one in call.keywords} - POSITIONS
        assert (named, sentence.value.count("%")) == (given, len(re.findall(r"%\(", sentence.value))), place


def test_our_words_are_translated_and_what_was_typed_is_not():
    known = {
        "%(one)s is %(what)s, not %(names)s.": "%(what)s: %(one)s; %(names)s: nein.",
        "a rank": "ein Rang",
        "%(names)s and %(last)s": "%(names)s und %(last)s",
        "line %(line)s: %(sentence)s": "Zeile %(line)s: %(sentence)s",
    }
    said = {"one": "a rank", "what": Words("a rank"), "names": Names(["Ada", "Ben", "a rank"])}
    refusal = InputError("%(one)s is %(what)s, not %(names)s.", 7, **said)
    assert refusal.message == str(refusal) == "line 7: a rank is a rank, not Ada, Ben and a rank."
    assert refusal.said(known.__getitem__) == "Zeile 7: ein Rang: a rank; Ada, Ben und a rank: nein."
    assert RuleError("100 % of it.").said(str) == "100 % of it."
    assert TieError("Who?", ["Ada"]).tied == ("Ada",)
    assert CalcError("Only %(names)s.", names=Names(["Ada"])).message == "Only Ada."


BLT = '3 1\n1 1 0\n1 2 0\n0\n"Ada"\n"Ben"\n"a rank"\n"Title"\n'


@pytest.mark.parametrize(
    ("words", "content", "said"),
    [
        (
            ["count", "--method", "wigm"],
            "3 9\n",
            "f.blt: Zeile 1: es gibt mehr Sitze (9) als Kandidaturen (3).\n",
        ),
        (["count", "--method", "x"], BLT, "es gibt keine Regel „x“; es gibt "),
        (
            ["count", "--method", "schulze"],
            BLT,
            "Gleichstand von Ada und Ben in Stufe 1 (wer gewählt ist): Lost ",
        ),
        (
            ["count", "--method", "irv"],
            BLT.replace("1 2 0", "1 2=3 0"),
            "irv kann keine gleichen Ränge zählen, ",
        ),
        (
            ["apportion", "--method", "hare", "--seats", "3", "--minimum", "2"],
            '{"Ada": 1, "Ben": 2}',
            "das Minimum (oder der Sockel) aller 2 Einheiten zusammen ist 4 Sitze, und es gibt 3: Senke es, ",
        ),
    ],
)
def test_a_german_terminal_says_it_in_german(tmp_path, monkeypatch, capsys, words, content, said):
    path = tmp_path / "f.blt"
    path.write_text(content)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    try:
        assert main([words[0], str(path), *words[1:]]) == 2
    finally:
        language.speak(language.ENGLISH)
    assert capsys.readouterr().err.startswith(said)
