"""A result as plain text: the table that a chair reads out and a teller checks."""

from collections.abc import Iterator

from groundswell.calc.tally.ballots import Number
from groundswell.calc.tally.methods import find
from groundswell.calc.tally.result import Matrix, Result, Stage, decimal_string, plain


def as_text(result: Result) -> str:
    """Give the whole working as lines of text, each stage a table, the last line ended."""
    lines = [*heading(result)]
    for before, stage in zip((None, *result.stages), result.stages, strict=False):
        lines += ["", *_stage(result, stage, before)]
    for matrix in result.matrices:
        lines += ["", *matrix_lines(result, matrix)]
    lines += ["", *outcome(result)]
    return "\n".join(lines) + "\n"


def heading(result: Result) -> Iterator[str]:
    """Say what was counted, by which rule, and what became of the papers."""
    rule = find(result.method)
    yield result.title or "Count without a title"
    yield f"Rule: {rule.title}. Source: {rule.source}"
    yield f"Arithmetic: {rule.arithmetic}"
    yield f"Ties: {rule.ties} {result.deciding}"
    papers = result.papers
    yield (
        f"Papers: {plain(papers.total)}, of which {plain(papers.valid)} valid, {plain(papers.blank)} blank, "
        f"{plain(papers.only_withdrawn)} that name only withdrawn candidates, "
        f"{plain(papers.spoiled)} spoiled."
    )
    if result.withdrawn:
        yield f"Withdrawn: {', '.join(result.names(tuple(sorted(result.withdrawn))))}."
    yield f"Seats: {result.seats}." + (
        "" if result.quota is None else f" Quota: {decimal_string(result.quota, result.places)}."
    )
    yield from result.notes


def outcome(result: Result) -> Iterator[str]:
    """Say what decided ties, who is elected, in which order, and how many seats stay vacant."""
    for tie in result.ties:
        yield f"Tie on stage {tie.stage} between {', '.join(result.names(tie.tied))}: {tie.question}?"
        yield f"  {result.candidates[tie.chosen]}: {tie.because}."
    for place, name in enumerate(result.names(result.winners), 1):
        yield f"Elected {place}: {name}"
    if result.unfilled:
        yield f"Seats that nobody could be elected to: {result.unfilled}."
    if result.ranking is not None:
        for place, group in enumerate(result.ranking, 1):
            yield f"Ranked {place}: {', '.join(result.names(group))}"


def _stage(result: Result, stage: Stage, before: Stage | None) -> Iterator[str]:
    yield f"Stage {stage.n}: {stage.action}" + (
        "" if stage.quota is None else f" (quota {decimal_string(stage.quota, result.places)})"
    )
    rows = [*_rows(result, stage, before)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, change, total in rows:
        yield f"  {name:<{widths[0]}}  {change:>{widths[1]}}  {total:>{widths[2]}}"
    for reason in stage.reasons:
        yield f"  {reason}"


def _rows(result: Result, stage: Stage, before: Stage | None) -> Iterator[tuple[str, str, str]]:
    previous = None if before is None else before.totals
    for index, (name, total) in enumerate(zip(result.candidates, stage.totals, strict=True)):
        if index not in result.withdrawn:
            change = "" if previous is None else signed(total - previous[index], result.places)
            yield name, change, decimal_string(total, result.places)
    change = "" if before is None else signed(stage.exhausted - before.exhausted, result.places)
    yield "exhausted or lost by rounding", change, decimal_string(stage.exhausted, result.places)


def signed(value: Number, places: int) -> str:
    """Write a change with its sign; nothing where nothing changed."""
    if not value:
        return ""
    return ("+" if value > 0 else "") + decimal_string(value, places)


def matrix_lines(result: Result, matrix: Matrix) -> Iterator[str]:
    """Write a square table, candidates numbered."""
    yield matrix.title
    standing = [index for index in range(len(result.candidates)) if index not in result.withdrawn]
    cells = [
        [decimal_string(matrix.cells[a][b], result.places) if a != b else "-" for b in standing]
        for a in standing
    ]
    width = max([len(cell) for row in cells for cell in row] + [len(str(len(result.candidates)))])
    names = [f"{index + 1}. {result.candidates[index]}" for index in standing]
    left = max(map(len, names))
    yield f"  {'':<{left}}  " + "  ".join(f"{index + 1:>{width}}" for index in standing)
    for name, row in zip(names, cells, strict=True):
        yield f"  {name:<{left}}  " + "  ".join(f"{cell:>{width}}" for cell in row)
