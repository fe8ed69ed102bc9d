"""Somebody keeps a list of people under a name, to look at it again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.kernel.errors import Refusal
from groundswell.people import rules
from groundswell.people.models import SavedView
from groundswell.people.searching import Asked

LONGEST_NAME = 60
MOST_VIEWS = 30


@transaction.atomic
def keep_view(asked: Asked, *, name: str, actor: Actor, at: dt.datetime) -> SavedView:
    """Keep a question of the actor's own; one of the same name is replaced.

    What it may show is judged anew whenever it is asked.
    """
    name = rules.check_line(name, field="name", most=LONGEST_NAME)
    if not name:
        raise Refusal(_("Give it a name."), field="name", code="no-name")
    if actor.person_id is None:
        raise Refusal(_("Only a person who is signed in keeps views."), code="no-person")
    own = SavedView.objects.filter(person_id=actor.person_id)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        sentence = _("You keep %(count)d views already; let one go first.")
        raise Refusal(sentence % {"count": MOST_VIEWS}, field="name", code="too-many")
    said = {"unit": asked.unit, "status": asked.status, "town": asked.town[:120], "tag": asked.tag[:60]}
    more = dict(asked.more)
    kept, _made = own.update_or_create(
        person_id=actor.person_id, name=name, defaults={**said, "more": more, "recorded_at": at}
    )
    return kept


@transaction.atomic
def drop_view(pk: int, *, actor: Actor) -> None:
    """Let one of the actor's own views go; of anybody else's nothing happens."""
    if actor.person_id is not None:
        SavedView.objects.filter(pk=pk, person_id=actor.person_id).delete()
