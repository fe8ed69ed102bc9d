"""A result as plain values for JSON: the contract of `groundswell count --format json`.

Contract: `method`, `seats`, `quota`, `winners`, `rounds`, `ties`, `ranking`; every figure is a decimal
string with the rule's number of places. The other keys may grow.
"""

from typing import Any

from groundswell.calc.tally.ballots import Number
from groundswell.calc.tally.methods import find
from groundswell.calc.tally.result import Matrix, Result, Stage, Transfer, decimal_string, plain
from groundswell.calc.tally.ties import Tie


def as_json(result: Result) -> dict[str, Any]:
    """Give the result as a dictionary that `json.dumps` takes."""
    rule = find(result.method)
    return {
        "method": result.method,
        "title": result.title,
        "seats": result.seats,
        "unfilled": result.unfilled,
        "quota": _figure(result, result.quota),
        "winners": result.names(result.winners),
        "rounds": [_round(result, stage) for stage in result.stages],
        "ties": [_tie(result, tie) for tie in result.ties],
        "ranking": _ranking(result),
        "candidates": list(result.candidates),
        "withdrawn": result.names(tuple(sorted(result.withdrawn))),
        "papers": {
            "total": plain(result.papers.total),
            "valid": plain(result.papers.valid),
            "blank": plain(result.papers.blank),
            "only_withdrawn": plain(result.papers.only_withdrawn),
            "spoiled": plain(result.papers.spoiled),
        },
        "matrices": [_matrix(result, matrix) for matrix in result.matrices],
        "deciding": result.deciding,
        "notes": list(result.notes),
        "rule": {
            "title": rule.title,
            "source": rule.source,
            "arithmetic": rule.arithmetic,
            "ties": rule.ties,
            "unranked": rule.unranked,
        },
    }


def _figure(result: Result, value: Number | None) -> str | None:
    return None if value is None else decimal_string(value, result.places)


def _totals(result: Result, figures: tuple[Number, ...]) -> dict[str, str]:
    return {
        name: decimal_string(figure, result.places)
        for index, (name, figure) in enumerate(zip(result.candidates, figures, strict=True))
        if index not in result.withdrawn
    }


def _round(result: Result, stage: Stage) -> dict[str, Any]:
    found: dict[str, Any] = {
        "n": stage.n,
        "action": stage.action,
        "totals": _totals(result, stage.totals),
        "elected": result.names(stage.elected),
        "excluded": result.names(stage.excluded),
        "exhausted": _figure(result, stage.exhausted),
        "lost_by_rounding": _figure(result, stage.lost),
        "transfers": [_transfer(result, transfer) for transfer in stage.transfers],
        "reasons": list(stage.reasons),
    }
    if stage.quota is not None:
        found["quota"] = _figure(result, stage.quota)
    if stage.keeps is not None:
        found["keep_factors"] = _totals(result, stage.keeps)
    return found


def _transfer(result: Result, transfer: Transfer) -> dict[str, Any]:
    return {
        "from": result.candidates[transfer.source],
        "to": None if transfer.target is None else result.candidates[transfer.target],
        "papers": plain(transfer.papers),
        "value": _figure(result, transfer.value),
        "votes": _figure(result, transfer.votes),
    }


def _tie(result: Result, tie: Tie) -> dict[str, Any]:
    return {
        "round": tie.stage,
        "question": tie.question,
        "tied": result.names(tie.tied),
        "chosen": result.candidates[tie.chosen],
        "how": tie.how,
        "because": tie.because,
    }


def _ranking(result: Result) -> list[str | list[str]] | None:
    """Give the places in order: a name, or the names of those who share the place."""
    if result.ranking is None:
        return None
    groups = [result.names(group) for group in result.ranking]
    return [group[0] if len(group) == 1 else group for group in groups]


def _matrix(result: Result, matrix: Matrix) -> dict[str, Any]:
    rows = zip(result.candidates, matrix.cells, strict=True)
    return {"title": matrix.title, "cells": {name: _totals(result, row) for name, row in rows}}
