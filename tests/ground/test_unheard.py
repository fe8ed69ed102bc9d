"""A signal that comes where Python lets no exception out is heard a moment later, and nothing is said."""

import contextlib
import os
import signal
import time
import weakref

import pytest

from groundswell.ground import processes, unheard
from groundswell.ground.errors import ClusterProblem


class Thing:
    """Something that goes."""


def asked_as_a_thing_goes(number):
    """Send a signal to this process from within the callback of a weak reference; wait what comes of it."""
    thing = Thing()
    seen = []
    reference = weakref.ref(thing, lambda _: (os.kill(os.getpid(), number), seen.append(1)))
    del thing
    assert reference() is None
    assert seen == []  # the exception went off within the callback, and got no further
    time.sleep(5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_asked_to_end_as_an_object_goes_ends(number, capfd):
    with pytest.raises(processes.Ending) as ended, processes.ending_on_signals():
        asked_as_a_thing_goes(number)
    assert ended.value.code == 128 + number
    assert capfd.readouterr().err == ""


def test_ctrl_c_before_the_database_is_entered_is_heard_too_and_what_else_is_lost_is_said(capfd):
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.unraisablehook", said.append)
        thing = Thing()
        reference = weakref.ref(thing, lambda _: 1 / 0)
        with unheard.heard(KeyboardInterrupt, lambda _: signal.SIGINT):
            del thing
            assert reference() is None
            with pytest.raises(KeyboardInterrupt):
                asked_as_a_thing_goes(signal.SIGINT)
    assert [one.exc_type for one in said] == [ZeroDivisionError]
    assert capfd.readouterr().err == ""


def test_who_is_asked_while_a_class_is_made_ends_even_if_whoever_makes_it_passes_over_errors():
    class Moment:
        def __set_name__(self, owner, name):
            os.kill(os.getpid(), signal.SIGTERM)

    def as_django_imports():
        with contextlib.suppress(Exception):
            type("Made", (), {"moment": Moment()})
        time.sleep(5)

    with pytest.raises(processes.Ending) as ended, processes.ending_on_signals():
        as_django_imports()
    assert ended.value.code == 128 + signal.SIGTERM


def test_what_fails_while_all_is_being_left_is_no_news_but_what_the_machine_refuses_is():
    def leaving(fault):
        with processes.ending_on_signals():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(5)
            finally:
                raise fault

    with pytest.raises(processes.Ending):
        leaving(ValueError("I/O operation on closed file."))
    with pytest.raises(ClusterProblem):
        leaving(ClusterProblem("The database server does not stop."))
    with pytest.raises(ValueError, match="a fault"), processes.ending_on_signals():
        raise ValueError("a fault")
