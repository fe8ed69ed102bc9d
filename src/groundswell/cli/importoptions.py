"""What `groundswell import` takes, as its help says it."""

import argparse
from typing import Final

from groundswell.cli import typed
from groundswell.ground.language import gettext as _

FORMATS: Final = ("text", "json")
# Said without Django; a test compares them with what there is.
PRESETS: Final = ("hitobito", "civicrm", "action-network", "nationbuilder", "google", "outlook", "vcard")
BASES: Final = ("membership", "consent", "request")
# What a command takes besides its options.
SUBJECTS: Final = {"people": "FILE", "undo": "BATCH", "organisation": "DIR"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "what", choices=tuple(SUBJECTS), help=_("a list of people, an import to undo, an organisation")
    )
    parser.add_argument(
        "subject",
        type=typed.name,
        metavar="FILE|BATCH|DIR",
        help=_("the file, the number of the import, or the directory"),
    )
    _add_of_lists(parser)
    parser.add_argument(
        "--refused",
        type=typed.path,
        metavar="FILE",
        help=_("where refused rows are written, with the reason of each; beside the list without it"),
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help=_("say what would happen and write nothing, but the file that --refused names"),
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help=_("text (default) or json"))


def _add_of_lists(parser: argparse.ArgumentParser) -> None:
    """Declare what is said of a list of people besides its file."""
    parser.add_argument("--unit", metavar="CODE", help=_("people: where they belong; needed with them"))
    parser.add_argument(
        "--preset",
        default="",
        metavar="NAME",
        help=_("the program that wrote the file, where it is not seen: %(presets)s")
        % {"presets": ", ".join(PRESETS)},
    )
    parser.add_argument(
        "--dates",
        default="",
        choices=("", "dmy", "mdy", "ymd"),
        metavar="ORDER",
        help=_("the order of days where it is not seen: dmy, mdy or ymd"),
    )
    parser.add_argument(
        "--country",
        default="",
        metavar="CODE",
        help=_("whose phone numbers without + are, as AT (the unit's)"),
    )
    parser.add_argument(
        "--encoding", default="", metavar="NAME", help=_("how its letters are written, where it is not seen")
    )
    parser.add_argument(
        "--kind",
        default="member",
        help=_(
            "what people are of whom the file does not say it: member (default), candidate, "
            "supporter, contact"
        ),
    )
    parser.add_argument(
        "--basis",
        default="",
        metavar="WORD",
        help=_("the legal basis: %(bases)s") % {"bases": ", ".join(BASES)},
    )
    parser.add_argument(
        "--origin", default="", metavar="TEXT", help=_("where the list comes from; its name without it")
    )
    _add_of_doubts(parser)


def _add_of_doubts(parser: argparse.ArgumentParser) -> None:
    """Declare what is chosen where a list, or what is known of people, leaves it open."""
    parser.add_argument(
        "--words",
        action="append",
        default=[],
        metavar="PURPOSE=VERSION",
        help=_("to which words a column of consent says people agreed, as newsletter=2"),
    )
    parser.add_argument(
        "--unit-named",
        action="append",
        default=[],
        metavar="NAME=CODE",
        help=_("which unit a name means that several have, or NAME=- to refuse the rows that say it"),
    )
    parser.add_argument("--agreed-on", metavar="DAY", help=_("the day, where the list says none"))
    parser.add_argument(
        "--known",
        choices=("add", "leave"),
        default="add",
        help=_("add what people lack who are known, or leave them as they are"),
    )
    parser.add_argument(
        "--rejoin-on",
        metavar="DAY",
        help=_(
            "on which day former members join again whose rows do not say it; without it they stay former"
        ),
    )
