"""The page of what was asked for and waits, and the answers that may be given on it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may_by_office
from groundswell.access.slots import Waits
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people import actions, personpage, queries
from groundswell.people.models import Asking

# So many requests are answered on Today itself; of more it tells in a line.
FEW: Final = 3
# So many the page shows, those that have waited longest; whoever answers them finds the next.
MOST: Final = 200
_WITH: Final = ("unit", "from_unit", "person__unit")


def page(actor: Actor, *, today: dt.date) -> dict[str, Any]:
    """Return what the page shows: first what the actor decides, then what others decide."""
    mine = queries.to_decide(actor)
    return {
        "headline": _waits(mine.count()) or _("Nothing waits for you."),
        "mine": personpage.open_lines(actor, _oldest(mine, MOST), today),
        "others": personpage.open_lines(actor, _oldest(queries.waiting(actor), MOST), today),
        "here": reverse("people:asked"),
        "today": today,
    }


def here(actor: Actor, today: dt.date) -> list[personpage.Open]:
    """Return what is settled on Today: what waits for her decision while it is little, and what she asked.

    Where more waits, `what_waits` tells of it in a line that leads to the page.
    """
    found = []
    if may_by_office(actor, "people.decide"):
        found = _oldest(queries.to_decide(actor), FEW + 1)
    own = queries.asked_for_herself(actor).select_related(*_WITH)
    return personpage.open_lines(actor, [*(found if len(found) <= FEW else ()), *own], today)


def _oldest(found: QuerySet[Asking], most: int) -> list[Asking]:
    return list(found.select_related(*_WITH).order_by("asked_at", "pk")[:most])


def what_waits(actor: Actor, today: dt.date) -> Iterator[Waits]:
    """Tell what waits for the actor's decision; transfers apart, since silence accepts them."""
    del today
    if not may_by_office(actor, "people.decide"):
        return
    counts = {"count": Count("pk"), "since": Min("asked_at"), "due": Min("due_on")}
    waiting = queries.to_decide(actor)
    for transfers, found in (
        (True, waiting.filter(kind="transfer").aggregate(**counts)),
        (False, waiting.exclude(kind="transfer").aggregate(**counts)),
    ):
        if found["count"]:
            sentence = _sentence(found["count"], transfers=transfers)
            yield Waits(sentence, reverse("people:asked"), found["since"].date(), found["due"])


def _sentence(count: int, *, transfers: bool) -> str:
    if transfers:
        said = ngettext(
            "%(count)d transfer waits for an answer; after its time it is accepted by itself.",
            "%(count)d transfers wait for an answer; after their time they are accepted by themselves.",
            count,
        )
    else:
        said = ngettext(
            "%(count)d request waits for a decision.", "%(count)d requests wait for a decision.", count
        )
    return said % {"count": count}


def _waits(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)d waits for you.", "%(count)d wait for you.", count) % {"count": count}


def answer(asking: Asking, said: Mapping[str, Any], actor: Actor) -> str:
    """Do what was answered; return the sentence that says so. NotFound for whoever may not answer."""
    word = said.get("answer", "")
    if word == "withdraw" and queries.may_withdraw(actor, asking):
        actions.withdraw_asking(asking, actor=actor, at=clock.now())
        return _("Taken back.")
    if word not in {"accept", "refuse"}:
        raise NotFound(_("There is nothing here that you may see."))
    require(actor, "people.decide", asking.unit)
    now = clock.now()
    (asked,) = personpage.open_lines(actor, [asking], now.date())
    if word == "accept":
        actions.accept(asking, actor=actor, at=now)
        return _("Accepted: %(asked)s") % {"asked": asked.sentence}
    actions.refuse(asking, actor=actor, at=now, reason=str(said.get("reason", "")))
    return _("Refused: %(asked)s") % {"asked": asked.sentence}


def whence(wanted: str, person: int) -> str:
    """Return where an answer leads: to the page it was given on, else to the person while she is seen."""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("people:person", args=[person]) if queries.is_seen(person) else reverse("people:asked")
