"""The 43 lines of the report the software was drawn from, each with what fulfils it, or "not yet".

A line is fulfilled when a page of the demo shows it, a command prints it and a test holds it; a test
walks all three (`tests/exchange/test_source.py`). Nothing is claimed that is half there: the row of the
mission then says where it will come.

    python -m groundswell.exchange.scenario.source > docs/source.md
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from groundswell.exchange.scenario.reading import read_source

FULFILLED: Final = "fulfilled"
NOT_YET: Final = "not yet"


@dataclass(frozen=True, slots=True)
class Proof:
    """What fulfils a line.

    `page` is an address as the international secretary sees it, `shows` what stands on it; `command` a
    command line, `prints` what it prints; `test` a test of the repository (file::name).
    """

    page: str
    shows: tuple[str, ...]
    command: str
    prints: tuple[str, ...]
    test: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the report: `state` is "fulfilled" or "not yet", `row` its row of the mission."""

    id: str
    kind: str
    statement: str
    row: int
    state: str
    page: str = ""
    command: str = ""
    test: str = ""


_YEAR: Final = "/report/?as_of=2024-01-31&since=2023-01-31"
_HALF_YEAR: Final = "/report/?as_of=2024-01-31&since=2023-07-31"
_REPORT: Final = "groundswell report --as-of 2024-01-31 --since 2023-01-31"
_REPORT_HALF_YEAR: Final = "groundswell report --as-of 2024-01-31 --since 2023-07-31"
_REPORT_SUMMER: Final = "groundswell report --as-of 2024-06-10 --since 2024-01-31"
_TEST: Final = "tests/exchange/test_load.py::"
_EVERY_FIGURE: Final = _TEST + "test_the_report_of_the_year_has_every_expected_figure"
_MILESTONES: Final = _TEST + "test_five_and_six_thousand_and_britains_thousand_are_milestones"
_DECISIONS: Final = _TEST + "test_the_target_and_the_decisions_of_the_executive_are_in_the_report"
_NAMES: Final = _TEST + "test_six_sections_bear_their_old_names_in_april_and_their_new_ones_in_june"

PROOFS: Final[Mapping[str, Proof]] = {
    "F01": Proof(
        page=_YEAR,
        shows=("Five thousand members were passed on 10 October 2023",),
        command=_REPORT,
        prints=("2023-10-10  International Marxist Tendency (INT) † passed 5000 members",),
        test=_MILESTONES,
    ),
    "F02": Proof(
        page=_YEAR,
        shows=("six thousand on 25 January 2024",),
        command=_REPORT,
        prints=("2024-01-25  International Marxist Tendency (INT) † passed 6000 members",),
        test=_MILESTONES,
    ),
    "F03": Proof(
        page=_YEAR,
        shows=("Six thousand and thirty members, 39 per cent more than a year ago.",),
        command=_REPORT,
        prints=("+39.3 %",),
        test=_TEST + "test_no_year_of_the_ten_before_grew_as_much",
    ),
    "F04": Proof(
        page=_YEAR,
        shows=("Britain is the first section past one thousand.",),
        command=_REPORT,
        prints=("2023-12-12  Britain (GB) † passed 1000 members",),
        test=_MILESTONES,
    ),
    "F05": Proof(
        page=_YEAR,
        shows=("Italy section 412 ", " 515 +25 %"),
        command=_REPORT + " --format csv",
        prints=("IT,Italy,section,515,412,", ",25.0,"),
        test=_EVERY_FIGURE,
    ),
    "F06": Proof(
        page=_YEAR,
        shows=("Canada section 393 ", " 668 +70 %"),
        command=_REPORT + " --format csv",
        prints=("CA,Canada,section,668,393,", ",70.0,"),
        test=_EVERY_FIGURE,
    ),
    "F07": Proof(
        page=_YEAR,
        shows=("United States section 341 ", " 630 +85 %"),
        command=_REPORT + " --format csv",
        prints=("US,United States,section,630,341,", ",84.8,"),
        test=_EVERY_FIGURE,
    ),
    "F08": Proof(
        page=_HALF_YEAR,
        shows=("Switzerland † section 200 ", " 320 +60 %"),
        command=_REPORT_HALF_YEAR + " --format csv",
        prints=("CH,Switzerland,section,320,200,", ",60.0,"),
        test=_TEST + "test_switzerland_grew_by_sixty_per_cent_in_six_months",
    ),
    "F09": Proof(
        page=_YEAR,
        shows=("Ireland group 7 ", " 34 +386 %", "Netherlands † group 12 ", " 38 +217 %"),
        command=_REPORT + " --format csv",
        prints=("IE,Ireland,group,34,7,", ",385.7,", "NL,Netherlands,group,38,12,", ",216.7,"),
        test=_TEST + "test_ireland_and_several_smaller_groups_more_than_doubled",
    ),
    "F10": Proof(
        page=_YEAR,
        shows=("United States by December 2024 1 000", "target declared on 31 January 2024"),
        command=_REPORT,
        prints=("2024-12-31  target of United States (US): 1000 members",),
        test=_DECISIONS,
    ),
    "I01": Proof(
        page="/units/?on=2024-01-31",
        shows=("Sixteen sections, nine groups",),
        command=_REPORT + " --format csv",
        prints=("GB,Britain,section,", "ZA,South Africa,group,"),
        test=_TEST + "test_ireland_is_a_group_first_and_a_section_later_and_nothing_else_changes",
    ),
    "D01": Proof(
        page=_YEAR,
        shows=("28 Jan Statement of October 2023 on the war in Gaza ratified unanimously",),
        command=_REPORT,
        prints=("Statement of October 2023 on the war in Gaza (unanimous)",),
        test=_DECISIONS,
    ),
    "D02": Proof(
        page=_YEAR,
        shows=("28 Jan Document on imperialism (drafted 2016) endorsed by an overwhelming majority",),
        command=_REPORT,
        prints=("Document on imperialism (drafted 2016) (overwhelming)",),
        test=_DECISIONS,
    ),
    "D04": Proof(
        page="/units/INT/",
        shows=(
            "since 10 Jun 2024 Revolutionary Communist International",
            "1 Jan 1992 to 9 Jun 2024 International Marxist Tendency",
        ),
        command=_REPORT_SUMMER,
        prints=("Revolutionary Communist International (INT)", "As of 2024-06-10, since 2024-01-31"),
        test=_TEST + "test_the_international_bears_its_new_name_from_the_day_it_was_founded_anew",
    ),
    "D05": Proof(
        page="/units/IT/",
        shows=("31 Jan 2024 In preparation: founded anew",),
        command=_REPORT_SUMMER + " --format csv",
        prints=tuple(
            f"{code},Revolutionary Communist Party,section," for code in ("CA", "CH", "DE", "DK", "GB", "SE")
        ),
        test=_NAMES,
    ),
    "P05": Proof(
        page="/units/IE/",
        shows=("since 10 Jun 2024 section", "to 9 Jun 2024 group", "10 Jun 2024 Became a section"),
        command=_REPORT_SUMMER + " --format csv",
        prints=("IE,Ireland,section,",),
        test=_TEST + "test_ireland_is_a_group_first_and_a_section_later_and_nothing_else_changes",
    ),
}


@cache
def lines() -> tuple[SourceLine, ...]:
    """Return the lines of source.csv in their order, each with its state and what proves it."""
    found = []
    for line in read_source():
        proof = PROOFS.get(line.id)
        if proof is None:
            found.append(SourceLine(line.id, line.kind, line.statement, line.row, NOT_YET))
        else:
            found.append(
                SourceLine(
                    id=line.id,
                    kind=line.kind,
                    statement=line.statement,
                    row=line.row,
                    state=FULFILLED,
                    page=proof.page,
                    command=proof.command,
                    test=proof.test,
                )
            )
    return tuple(found)


def as_markdown() -> str:
    """Return docs/source.md."""
    found = lines()
    fulfilled = sum(line.state == FULFILLED for line in found)
    return "\n".join(
        [
            "# What the software was drawn from, and what is there",
            "",
            "A public report of January 2024 names figures, institutions, decisions and practices.",
            "Here is each of them, with the page of the demo (signed in as the international secretary),",
            'the command and the test that fulfil it, or "not yet" with its row of the mission.',
            "Generated, and held by a test:",
            "`python -m groundswell.exchange.scenario.source > docs/source.md`.",
            "",
            f"{fulfilled} of {len(found)} lines are fulfilled.",
            "",
            "| line | what the report says | state | page | command | test |",
            "|---|---|---|---|---|---|",
            *(_row(line) for line in found),
            "",
        ]
    )


def _row(line: SourceLine) -> str:
    state = FULFILLED if line.state == FULFILLED else f"{NOT_YET}, row {line.row}"
    cells = [f"{line.id} {line.kind}", line.statement, state]
    cells += [f"`{cell}`" if cell else "" for cell in (line.page, line.command, line.test)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
