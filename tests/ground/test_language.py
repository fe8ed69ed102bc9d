"""Commands speak the language of their terminal, as other programs of the machine do."""

import argparse
import errno
import inspect
import os

import pytest

from groundswell.ground import foreign, language
from groundswell.ground.errors import of_exception


@pytest.mark.parametrize(
    ("environ", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "de_CH@euro"}, "de"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "de:en"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en_US:en:de"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:de"}, "de"),
        ({"LANG": "C", "LANGUAGE": "de"}, "en"),
        ({"LANGUAGE": "de"}, "en"),
        ({"LANG": "../../de"}, "en"),
        ({"LANG": "deutsch"}, "en"),
    ],
)
def test_the_language_is_read_from_the_environment_as_a_terminal_has_it(environ, spoken):
    assert language.wanted(environ) == spoken


def test_a_problem_of_the_machine_is_said_in_the_language_that_is_spoken():
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with language.speaking("de"):
        assert str(of_exception(full)).startswith("Die Platte ist voll")
        assert language.ngettext("One migration applied.", "%(number)s migrations applied.", 1) == (
            "Eine Migration angewandt."
        )
    assert str(of_exception(full)).startswith("The disk is full")


def test_what_is_noted_of_others_is_what_they_say():
    library = inspect.getsource(argparse)
    assert [said for said in foreign.ARGPARSE if f"'{said}'" not in library] == []
    machine = {os.strerror(number) for number in errno.errorcode}
    assert [said for said in foreign.MACHINE if said not in machine] == []
