"""What the page shows by which a tag is given to everybody of a list, ready for its template."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.people import listpage, queries, rules, searching
from groundswell.people.actions import Tagged, tagging
from groundswell.people.searching import Asked
from groundswell.web import figures

_NAMED: Final = 8


def page(
    actor: Actor, asked: Asked, people: Sequence[int] | None, done: Tagged | None, *, today: dt.date
) -> dict[str, Any]:
    """Return whom it is about: those of the list as they were seen, else as they are now."""
    if people is None:
        people = searching.everybody(actor, asked, today=today, most=tagging.MOST_AT_ONCE + 1)
    too_many = len(people) > tagging.MOST_AT_ONCE
    mine = [] if too_many else queries.of_whom(actor, people, "people.edit")
    named = [row.name for row in searching.rows(mine[:_NAMED], today)]
    return {
        "headline": _headline(len(mine)),
        "names": ", ".join(named),
        "more": len(mine) - len(named),
        "others": 0 if too_many else len(people) - len(mine),
        "too_many": too_many,
        "most": figures.number(tagging.MOST_AT_ONCE, get_language() or "en"),
        "people": people,
        "mine": mine,
        "in_use": queries.tags_in_use(mine),
        "list_href": listpage.address(asked),
        "done": done,
        "said": _said(done) if done else "",
        "tagged_href": listpage.address(Asked(tag=done.word)) if done else "",
    }


def _headline(count: int) -> str:
    if not count:
        return _("A tag for many people")
    shown = figures.number(count, get_language() or "en")
    return ngettext("A tag for %(count)s person", "A tag for %(count)s people", count) % {"count": shown}


def _said(done: Tagged) -> str:
    count, before = len(done.new), done.before
    sentences = []
    if done.given and count:
        sentences.append(
            ngettext("%(count)d person has “%(tag)s” now.", "%(count)d people have “%(tag)s” now.", count)
        )
    elif count:
        sentences.append(
            ngettext(
                "“%(tag)s” is taken from %(count)d person.",
                "“%(tag)s” is taken from %(count)d people.",
                count,
            )
        )
    if before:
        sentences.append(_("%(before)d had it before.") if done.given else _("%(before)d did not have it."))
    if done.full:
        sentences.append(_("%(full)d already have %(most)d tags, as many as are kept."))
    said = {"tag": done.word, "count": count, "before": before, "full": done.full, "most": rules.MOST_TAGS}
    return " ".join(sentences) % said
