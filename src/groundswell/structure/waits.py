"""What this room tells of what waits: changes that could not be done on their day, and what is proposed."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from groundswell.access.actor import Actor
from groundswell.access.rights import may, may_by_office
from groundswell.access.slots import Waits
from groundswell.structure import deedpages, proposals, queries, rulepages, rules


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell what was prepared, what was refused on its day until that is understood, and what is proposed."""
    if not may_by_office(actor, "structure.change"):
        return
    found = [one for one in queries.preparations(actor) if may(actor, rules.asked_for(one.what), one.unit)]
    for one, line in zip(found, deedpages.waiting(actor, found, named=True), strict=True):
        refused = one.state == "refused"
        sentence = f"{line.text}. {line.note}" if line.note else line.text
        yield Waits(sentence, line.href, one.recorded_at.date(), one.day, late=refused, asks=refused)
    # Above all sections nothing is proposed: each settles it for itself.
    proposed = proposals.proposals(actor, today) if queries.within_a_section(actor) else []
    if proposed:
        sentence = f"{rulepages.headline(proposed)} {rulepages.kinds_told(proposed)}"
        yield Waits(sentence, reverse("structure:proposals"), None)
