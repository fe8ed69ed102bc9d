"""`groundswell apportion`: share out the seats of a file {"name": votes} by a named rule."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from groundswell.calc.apportionment import RULES, Apportionment, Band, apportion, by_ladder
from groundswell.calc.apportionment.render import as_json, as_text, tie_sentence
from groundswell.calc.apportionment.rules import Rule, find, modified_sainte_lague
from groundswell.calc.errors import CalcError
from groundswell.calc.tally.ties import UNDECIDED, Decider, Lots, decisions
from groundswell.cli import jsonfile, typed
from groundswell.cli.errors import CommandError
from groundswell.ground.language import gettext as _

LADDERS: Final = ("one-per", "degressive")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "file",
        type=typed.name,
        metavar="FILE",
        help=_('a JSON object {"name": votes}; - reads standard input'),
    )
    parser.add_argument(
        "--method",
        required=True,
        choices=[*RULES, *LADDERS],
        metavar="RULE",
        help=_("one of %(rules)s") % {"rules": ", ".join([*RULES, *LADDERS])},
    )
    parser.add_argument("--seats", type=typed.whole, metavar="N", help=_("the seats to share out"))
    parser.add_argument(
        "--threshold",
        type=_decimal,
        default=Fraction(0),
        metavar="PCT",
        help=_("needed to take part, in per cent (0)"),
    )
    parser.add_argument(
        "--exempt", action="append", default=[], metavar="NAME", help=_("takes part below the threshold too")
    )
    parser.add_argument(
        "--minimum", type=typed.whole, default=0, metavar="N", help=_("seats each unit has at least")
    )
    parser.add_argument("--maximum", type=typed.whole, metavar="N", help=_("seats each unit has at most"))
    parser.add_argument(
        "--base", type=typed.whole, default=0, metavar="N", help=_("seats for each before the rule")
    )
    parser.add_argument(
        "--first-divisor", type=_decimal, metavar="D", help=_("of modified-sainte-lague (1.4)")
    )
    parser.add_argument("--per", type=typed.whole, metavar="N", help=_("one-per: members per seat"))
    parser.add_argument("--bands", metavar="UPTO:PER,…", help=_("degressive: e.g. 100:10,500:25,*:50"))
    parser.add_argument(
        "--part", choices=["any", "major", "none"], default="any", help=_("ladders: what a part earns")
    )
    deciding = parser.add_mutually_exclusive_group()
    deciding.add_argument(
        "--ties", type=typed.name, metavar="FILE", help=_("a JSON list of names: the earlier wins a tie")
    )
    deciding.add_argument("--seed", metavar="TEXT", help=_("draw lots by this seed"))
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help=_("text (default) or json")
    )


def run(options: argparse.Namespace) -> int:
    """Share out the seats and print them with their reasons; 0 when done, ties named or not."""
    votes = _votes(options.file)
    try:
        result = _share(votes, options)
    except CalcError as refusal:
        raise CommandError(refusal.code, refusal.said(_), options.file) from refusal
    if options.format == "json":
        sys.stdout.write(json.dumps(as_json(result), ensure_ascii=False, indent=1) + "\n")
        for tie in result.ties:
            if not tie.winners:
                sys.stderr.write(tie_sentence(result, tie) + "\n")
    else:
        sys.stdout.write(as_text(result))
    return 0


def _share(votes: dict[str, int], options: argparse.Namespace) -> Apportionment:
    if options.method in LADDERS:
        return _ladder(votes, options)
    if options.seats is None:
        raise CommandError(
            "usage", _("--method %(method)s needs --seats N.") % {"method": options.method}, "--seats"
        )
    return apportion(
        votes,
        options.seats,
        _rule(options),
        threshold=options.threshold,
        exempt=options.exempt,
        minimum=options.minimum,
        maximum=options.maximum,
        base=options.base,
        decider=_decider(options, list(votes)),
    )


def _rule(options: argparse.Namespace) -> Rule:
    if options.first_divisor is None:
        return find(options.method)
    if options.method != "modified-sainte-lague":
        raise CommandError("usage", _("--first-divisor goes with --method modified-sainte-lague."))
    return modified_sainte_lague(options.first_divisor)


def _ladder(votes: dict[str, int], options: argparse.Namespace) -> Apportionment:
    if options.seats is not None or options.threshold or options.base or options.exempt:
        raise CommandError(
            "usage",
            _("--method %(method)s finds the seats itself: leave out --seats and what goes with it.")
            % {"method": options.method},
        )
    bands = _one_band(options.per) if options.method == "one-per" else _bands(options.bands)
    return by_ladder(votes, bands, part=options.part, minimum=options.minimum, maximum=options.maximum)


def _one_band(per: int | None) -> list[Band]:
    if per is None:
        raise CommandError("usage", _("--method one-per needs --per N."), "--per")
    return [Band(None, per)]


def _bands(text: str | None) -> list[Band]:
    if not text or not re.fullmatch(r"([0-9]{1,18}:[0-9]{1,18},)*\*:[0-9]{1,18}", text):
        raise CommandError(
            "usage",
            _(
                "--method degressive needs --bands such as 100:10,500:25,*:50 (up to 100 members one "
                "seat per 10, from there to 500 one per 25, beyond one per 50)."
            ),
            "--bands",
        )
    pairs = [pair.split(":") for pair in text.split(",")]
    return [Band(None if upto == "*" else int(upto), int(per)) for upto, per in pairs]


def _decider(options: argparse.Namespace, names: Sequence[str]) -> Decider:
    if (seed := typed.seed(options.seed)) is not None:
        return Lots(seed)
    if options.ties is None:
        return UNDECIDED
    return decisions(jsonfile.read(options.ties), names)


def _votes(path: str) -> dict[str, int]:
    """Read {"name": votes}; every refusal names the unit."""
    content = jsonfile.read(path)
    if not isinstance(content, dict):
        raise CommandError(
            "input", _('%(path)s: the file must hold one JSON object {"name": votes}.') % {"path": path}, path
        )
    for name, count in content.items():
        if isinstance(count, bool) or not isinstance(count, int):
            raise CommandError(
                "input",
                _("%(path)s: the votes of “%(name)s” are %(count)s; votes are whole numbers.")
                % {"path": path, "name": name, "count": _as_written(count)},
                path,
            )
    return content


def _as_written(value: object) -> str:
    if isinstance(value, jsonfile.NotWhole):
        return str(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:40] + "…"  # noqa: PLR2004 - enough to find it by


def _decimal(text: str) -> Fraction:
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})?%?", text):
        raise argparse.ArgumentTypeError(_("“%(text)s” is no number such as 5 or 3.5") % {"text": text[:40]})
    return Fraction(text.rstrip("%"))
