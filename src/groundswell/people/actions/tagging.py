"""A tag is given to many people at once, or taken from them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import queries, rules
from groundswell.people.actions.loading_details import LOAD_TAGS
from groundswell.people.models import Person, Tag

# As many are locked and stand in the trail in a moment; whoever tags more wants a filter and no tag.
MOST_AT_ONCE: Final = 1_000
TAKE: Final = "delete from people_tag where person_id = any(%s) and word = %s returning person_id"


@dataclass(frozen=True, slots=True)
class Tagged:
    """What was done: for whom it is new, how many had it so before, how many hold no further tag."""

    word: str
    given: bool
    new: list[int]
    before: int
    full: int


@transaction.atomic
def tag_all(people: Collection[int], *, word: str, given: bool, actor: Actor) -> Tagged:
    """Give these people a tag besides those they have, or take it from them; said twice it is said once.

    Whoever is at home where the actor may not edit stays as she is; NotFound where that is everybody.
    """
    wanted = rules.check_tags([word])
    if not wanted:
        raise Refusal(_("Write the tag first."), field="word", code="no-tag")
    if len(people) > MOST_AT_ONCE:
        sentence = _("These are too many at once: at most %(most)d people.")
        raise Refusal(sentence % {"most": MOST_AT_ONCE}, code="too-many")
    locked = Person.objects.select_for_update().filter(pk__in=people).order_by("pk")
    mine = queries.of_whom(actor, list(locked.values_list("pk", flat=True)), "people.edit")
    if not mine:
        raise NotFound(_("There is no such person that you may change."), field="person")
    had = set(Tag.objects.filter(person__in=mine, word=wanted[0]).values_list("person_id", flat=True))
    full = _full(set(mine) - had) if given else set()
    chosen = [one for one in mine if one not in full]
    with connection.cursor() as cursor:
        if given:
            cursor.execute(LOAD_TAGS, [chosen, wanted * len(chosen)])
        else:
            cursor.execute(TAKE, [chosen, wanted[0]])
        new = [person for person, *_word in cursor.fetchall()]
    return Tagged(wanted[0], given, new, before=len(chosen) - len(new), full=len(full))


def _full(people: Collection[int]) -> set[int]:
    """Return who of these has as many tags as are kept of anybody."""
    counted = Tag.objects.filter(person__in=people).values("person").annotate(count=Count("pk"))
    return set(counted.filter(count__gte=rules.MOST_TAGS).values_list("person", flat=True))
