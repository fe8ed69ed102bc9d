"""A result as a sheet for recounting by hand: what to do, what must come out, a box for each step."""

from collections.abc import Iterator
from itertools import groupby

from groundswell.calc.tally.as_text import heading, matrix_lines, outcome
from groundswell.calc.tally.result import Result, Stage, Transfer, decimal_string, plain

_BOX = "[ ]"


def as_sheet(result: Result) -> str:
    """Give the sheet as lines of text. Tick a box when your own figure is the same."""
    lines = ["SHEET FOR RECOUNTING BY HAND", *heading(result), ""]
    lines += ["Tick a box when your own figure is the same. Stop at the first that is not."]
    for stage in result.stages:
        lines += ["", *_stage(result, stage)]
    for matrix in result.matrices:
        lines += [
            "",
            f"{_BOX} Compare each pair: the row's figure against the column's.",
            *matrix_lines(result, matrix),
        ]
    lines += [
        "",
        *outcome(result),
        "",
        "Counted by: ______________________  Checked by: ______________________",
    ]
    return "\n".join(lines) + "\n"


def _stage(result: Result, stage: Stage) -> Iterator[str]:
    yield f"STAGE {stage.n}: {stage.action}"
    if stage.n == 1 and not stage.transfers:
        yield f"  {_BOX} Count what each candidate has at the start."
    for source, group in groupby(stage.transfers, key=lambda transfer: transfer.source):
        name = result.candidates[source]
        yield f"  {_BOX} Take the papers of {name}; sort those of each value by their next preference."
        for transfer in group:
            yield f"      {_BOX} {_transfer(result, transfer)}"
    if stage.keeps is not None:
        yield f"  {_BOX} Let each paper pass down its preferences; each keeps this part of what arrives:"
        for name, keep in zip(result.candidates, stage.keeps, strict=True):
            yield f"      {name}: {decimal_string(keep, result.places)}"
    yield f"  {_BOX} The totals are now:"
    for index, (name, total) in enumerate(zip(result.candidates, stage.totals, strict=True)):
        if index not in result.withdrawn:
            yield f"      {_BOX} {name}: {decimal_string(total, result.places)}"
    yield f"      {_BOX} exhausted or lost by rounding: {decimal_string(stage.exhausted, result.places)}"
    whole = sum(stage.totals) + stage.exhausted
    yield f"      {_BOX} together: {decimal_string(whole, result.places)}"
    for reason in stage.reasons:
        yield f"  {_BOX} {reason}"


def _transfer(result: Result, transfer: Transfer) -> str:
    where = "nobody further" if transfer.target is None else result.candidates[transfer.target]
    votes = decimal_string(transfer.votes, result.places)
    if transfer.value is None:
        return f"{plain(transfer.papers)} papers to {where}: {votes} votes"
    value = decimal_string(transfer.value, result.places)
    return f"{plain(transfer.papers)} papers to {where}, each worth {value}: {votes} votes"
