"""A result as an HTML fragment: one table of stages, what decided, who is elected.

Everything that comes from a file is escaped; there is no style, no script and no identifier in it, so
that it fits into any page under a strict content security policy.
"""

from collections.abc import Iterator
from html import escape

from groundswell.calc.tally.as_text import heading, outcome, signed
from groundswell.calc.tally.ballots import Number
from groundswell.calc.tally.result import Matrix, Result, Stage, decimal_string


def as_html(result: Result) -> str:
    """Give the fragment: a `section` of class `tally`."""
    title, *about = heading(result)
    parts = ['<section class="tally">', f"<h2>{escape(title)}</h2>"]
    parts += [f"<p>{escape(line)}</p>" for line in about]
    if result.stages:
        parts += _table(result)
        parts += _reasons(result)
    for matrix in result.matrices:
        parts += _matrix(result, matrix)
    parts += [
        '<ul class="tally-outcome">',
        *(f"<li>{escape(line)}</li>" for line in outcome(result)),
        "</ul>",
    ]
    return "\n".join([*parts, "</section>"]) + "\n"


def _table(result: Result) -> Iterator[str]:
    yield '<table class="tally-stages">'
    yield "<caption>Votes after each stage</caption>"
    heads = "".join(f'<th scope="col">{stage.n}. {escape(stage.action)}</th>' for stage in result.stages)
    yield f'<thead><tr><th scope="col">Candidate</th>{heads}</tr></thead>'
    yield "<tbody>"
    for index, name in enumerate(result.candidates):
        if index not in result.withdrawn:
            yield f'<tr><th scope="row">{escape(name)}</th>{"".join(_cells(result, index))}</tr>'
    exhausted = "".join(_cell(result, stage.exhausted, None) for stage in result.stages)
    yield f'<tr><th scope="row">Exhausted or lost by rounding</th>{exhausted}</tr>'
    yield "</tbody></table>"


def _cells(result: Result, index: int) -> Iterator[str]:
    before: Stage | None = None
    for stage in result.stages:
        change = None if before is None else stage.totals[index] - before.totals[index]
        kind = _kind(index, stage)
        yield _cell(result, stage.totals[index], change, kind)
        before = stage


def _kind(index: int, stage: Stage) -> str:
    if index in stage.elected:
        return "elected"
    return "excluded" if index in stage.excluded else ""


def _cell(result: Result, total: Number, change: Number | None, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    moved = signed(change, result.places) if change else ""
    small = f" <small>{moved}</small>" if moved else ""
    word = f" <strong>{kind}</strong>" if kind else ""
    return f"<td{mark}>{decimal_string(total, result.places)}{small}{word}</td>"


def _reasons(result: Result) -> Iterator[str]:
    yield '<ol class="tally-reasons">'
    for stage in result.stages:
        yield f"<li>{escape(' '.join(stage.reasons))}</li>"
    yield "</ol>"


def _matrix(result: Result, matrix: Matrix) -> Iterator[str]:
    standing = [index for index in range(len(result.candidates)) if index not in result.withdrawn]
    yield '<table class="tally-matrix">'
    yield f"<caption>{escape(matrix.title)}</caption>"
    heads = "".join(f'<th scope="col">{escape(result.candidates[index])}</th>' for index in standing)
    yield f'<thead><tr><th scope="col">Candidate</th>{heads}</tr></thead>'
    yield "<tbody>"
    for a in standing:
        row = "".join(
            f"<td>{decimal_string(matrix.cells[a][b], result.places) if a != b else ''}</td>"
            for b in standing
        )
        yield f'<tr><th scope="row">{escape(result.candidates[a])}</th>{row}</tr>'
    yield "</tbody></table>"
