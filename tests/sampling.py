"""What Hypothesis tries: a few examples in `make test`, many in `make drills`, by the same assertions."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings


def sampled(quick: int, whole: int, /, *drawn: Any, **named: Any) -> Callable[[Callable[..., Any]], Any]:
    """Take the place of `@given`: the test is tried on `quick` examples, and as a drill on `whole`.

    What is drawn is given as to `@given`; every other parameter of the test is a fixture or a parameter of
    pytest's. Fixtures are made once for all examples, as there.
    """

    def of(holds: Callable[..., Any]) -> Any:
        parameters = list(inspect.signature(holds).parameters)
        ours = {*parameters[len(parameters) - len(drawn) :], *named} if drawn else set(named)

        @pytest.mark.parametrize("examples", [quick, pytest.param(whole, marks=pytest.mark.drill)])
        @functools.wraps(holds, updated=())
        def tried(examples: int, record_property: Callable[[str, int], None], **fixtures: Any) -> None:
            record_property("examples", examples)
            many = settings(
                max_examples=examples,
                suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
            )
            many(given(*drawn, **named)(holds))(**fixtures)

        kept = [
            inspect.Parameter(one, inspect.Parameter.KEYWORD_ONLY) for one in parameters if one not in ours
        ]
        first = [
            inspect.Parameter(one, inspect.Parameter.KEYWORD_ONLY) for one in ("examples", "record_property")
        ]
        tried.__signature__ = inspect.Signature([*first, *kept])
        return tried

    return of
