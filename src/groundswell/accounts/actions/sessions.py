"""Sessions ended by whom they belong to; from the next request on their secrets open nothing."""

from groundswell.access import sessions
from groundswell.access.actor import Actor
from groundswell.access.trail import record


def end_session(handle: str, *, actor: Actor) -> bool:
    """End one of the actor's own sessions; return whether there was one of this handle."""
    ended = sessions.end_one(handle)
    if ended:
        record("accounts.session.ended", actor=actor, subject=None)
    return ended


def end_other_sessions(*, actor: Actor) -> int:
    """End all of the actor's sessions but the one she asks through; return how many."""
    count = sessions.end_others()
    record("accounts.sessions.ended", actor=actor, subject=None, count=count)
    return count
