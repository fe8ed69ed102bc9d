"""What has happened before every test of a module: let it happen once, not once for each test."""

from collections.abc import Callable
from typing import Any

import pytest


def prologue(happen: Callable[[Any], None]) -> Any:
    """Let something happen to the cast in the operator's scope, once for all tests of a module.

    It happens in the one transaction of the module, whose tests are rolled back to what it left; what it
    puts into the world is there for each of them. Not for a module that asks for `committed_world`.
    """

    @pytest.fixture(scope="module", autouse=True)
    def happened(shared_world: Any) -> None:
        from groundswell.access import scope

        with scope.operator("a test"):
            happen(shared_world)

    return happened
