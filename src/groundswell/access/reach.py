"""Reach as a condition of a question: the rows of units in which an actor may do something by her offices."""

from django.db.models import Q

from groundswell.access.actor import Actor
from groundswell.access.rights import tops


def within_reach(actor: Actor, capability: str, path: str = "unit__path", *, how: str = "") -> Q:
    """Return the condition that a row's unit lies where the actor may do this; `path` leads to its path.

    With `how` only offices count whose right is of that word ("whole", say).
    """
    if actor.operator:
        return Q()
    reach = Q(pk__in=[])
    for top in tops(actor, capability, how=how):
        reach |= Q(**{f"{path}__startswith": top})
    return reach
