"""A staged list is taken in, a chunk of rows in each transaction.

Killed at any moment, the next call goes on where it was: a line is done exactly when what was written for
it is committed with it. In the scope of the operator or the worker; who may ask for it was judged when the
list was staged and again when it was started.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.doors import require
from groundswell.access.secrets import blind_index
from groundswell.access.trail import record
from groundswell.exchange import queries
from groundswell.exchange.actions.counting import counted
from groundswell.exchange.importing import judging, sealing
from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.importing.judging import Traits, Verdict
from groundswell.exchange.importing.values import CONTACT
from groundswell.exchange.models import Batch
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import rules
from groundswell.people.queries import homes_of
from groundswell.protection import actions as protection

CHUNK: Final = 2_000
# What a waiting line says when somebody was asked about it and answered.
SAID_NEW: Final = "said-new"
SAID_SAME: Final = "said-same"

_WAITING: Final = """
select id, number, sealed, why, person_id from exchange_line where batch_id = %s and outcome = 'waiting'
order by number limit %s for update
"""
_DONE: Final = """
update exchange_line l set outcome = d.outcome, person_id = d.person, why = d.why, made = d.made::jsonb
from unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[]) d (id, outcome, person, why, made)
where l.id = d.id
"""


class Waiting(NamedTuple):
    """A line that waits, understood, with its traits."""

    line: int
    entry: Entry
    unit_id: int
    traits: Traits
    digests: tuple[tuple[str, str, bytes], ...]
    said: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What was written for a line, as far as undoing needs it: all of it was recorded at one moment."""

    person: int
    new: bool
    at: str
    tags: list[str]
    consents: list[int]

    def said(self) -> str:
        """Return it as it is kept with the line."""
        return json.dumps({"new": self.new, "at": self.at, "tags": self.tags, "consents": self.consents})


@transaction.atomic
def start(batch: Batch, *, actor: Actor) -> Batch:
    """Let a staged list be taken in; Refusal when that was said already."""
    require(actor, "lists.import", batch.unit)
    batch = Batch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    if batch.state != "staged":
        raise Refusal(_("This list was taken in already."), field="batch", code="started")
    batch.state = "running"
    batch.save(update_fields=["state"])
    record("exchange.list.started", actor=actor, subject=batch)
    return batch


def run_chunk(batch: Batch, *, at: dt.datetime, dry: bool = False, most: int = CHUNK) -> int:
    """Take in the next rows of a batch, one transaction; return how many, 0 when none is left.

    `dry` says what each row is and writes nothing of anybody; only a batch that is thrown away afterwards
    is run so, in one transaction of its caller's.
    """
    with transaction.atomic():
        waiting = _waiting(batch, most)
        if not waiting:
            return 0
        judged = _judge(batch, waiting)
        made = {} if dry else _write(batch, judged, at)
        _say(judged, made)
    return len(waiting)


def finish(batch: Batch, *, actor: Actor, at: dt.datetime) -> Batch:
    """Say that every row is done."""
    batch.state = "done"
    batch.finished_at = at
    batch.save(update_fields=["state", "finished_at"])
    record("exchange.list.taken_in", actor=actor, subject=batch)
    return counted(batch)


def _waiting(batch: Batch, most: int) -> list[Waiting]:
    units = queries.units_below(batch.unit)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [batch.pk, most])
        rows = cursor.fetchall()
    return [
        _understood(line, sealing.entry_of(batch.pk, number, bytes(sealed)), units, said(why, person))
        for line, number, sealed, why, person in rows
    ]


def said(why: str, person: int | None) -> Verdict | None:
    """Return what somebody answered of a doubtful row, None where nobody was asked."""
    if why == SAID_NEW:
        return Verdict(judging.NEW)
    return Verdict(judging.KNOWN, person) if why == SAID_SAME and person else None


def _understood(line: int, entry: Entry, units: dict[str, int], answer: Verdict | None) -> Waiting:
    digests = tuple(
        (kind, text, blind_index(kind, text))
        for kind, texts in (("email", entry.emails), ("phone", entry.phones))
        for text in texts
    )
    traits = Traits(
        frozenset(rules.folded_name(entry.name, entry.call_name).split()),
        units[entry.unit],
        entry.town.lower(),
        *(
            frozenset(digest for kind, _text, digest in digests if kind == wanted)
            for wanted in ("email", "phone")
        ),
    )
    return Waiting(line, entry, traits.unit_id, traits, digests, answer)


def _judge(batch: Batch, waiting: Sequence[Waiting]) -> list[tuple[Waiting, Verdict]]:
    """Say of each row who it is; rows of this chunk that are somebody new are known to those after them.

    Somebody new goes by the negative number of her line until she has one of her own.
    """
    known = queries.known_people(
        batch,
        {digest for one in waiting for digest in one.traits.digests},
        [(one.unit_id, rules.sort_key(one.entry.name)) for one in waiting],
    )
    judged = []
    for one in waiting:
        verdict = one.said or known.judge(one.traits)
        if verdict.outcome == judging.NEW:
            verdict = Verdict(judging.NEW, -one.line)
        if verdict.outcome != judging.DOUBTFUL and verdict.person is not None:
            known.add(verdict.person, one.traits)
        judged.append((one, verdict))
    return judged


def _write(batch: Batch, judged: Sequence[tuple[Waiting, Verdict]], at: dt.datetime) -> dict[int, Made]:
    """Write the people of a chunk with all that hangs on them; return what was made, by line."""
    numbers = _people(batch, judged, at)
    taken = [
        (one, numbers.get(verdict.person or 0, verdict.person or 0), verdict.outcome == judging.NEW)
        for one, verdict in judged
        if verdict.outcome != judging.DOUBTFUL
    ]
    pairs = [(one, person) for one, person, _new in taken]
    memberships = _memberships(batch, taken, at)
    people.load_memberships(memberships, actor=OPERATOR)
    _move_home(memberships)
    people.load_contacts(_contacts(pairs, at), actor=OPERATOR)
    tagged = people.load_tags(
        [(person, one.entry.tags) for one, person in pairs if one.entry.tags], actor=OPERATOR
    )
    people.load_standings(
        [(person, one.entry.paid_until) for one, person in pairs if one.entry.paid_until],
        source="import",
        actor=OPERATOR,
        at=at,
    )
    people.load_notes(_notes(pairs), account=batch.account_id, actor=OPERATOR, at=at)
    people.load_values(
        [people.NewValue(person, field, kept) for one, person in pairs for field, kept in one.entry.own],
        actor=OPERATOR,
        at=at,
    )
    agreed = protection.load_consents(
        [
            protection.NewConsent(person, text, day, old_enough=one.entry.minor)
            for one, person in pairs
            for text, day in one.entry.consents
        ],
        account=batch.account_id,
        actor=OPERATOR,
        at=at,
    )
    return {
        one.line: Made(person, new, at.isoformat(), tagged.pop(person, []), agreed.pop(person, []))
        for one, person, new in taken
    }


def _people(batch: Batch, judged: Sequence[tuple[Waiting, Verdict]], at: dt.datetime) -> dict[int, int]:
    """Write those who are new; return the number of each by the negative one of her line."""
    new = [(one, verdict) for one, verdict in judged if verdict.outcome == judging.NEW]
    loaded = people.load_people(
        [
            people.NewPerson(
                key=str(verdict.person),
                unit_id=one.unit_id,
                name=one.entry.name,
                recorded_at=at,
                call_name=one.entry.call_name,
                locale=batch.unit.locale,
                languages=one.entry.languages,
                town=one.entry.town,
                postcode=one.entry.postcode,
                pronoun=one.entry.pronoun,
                minor=one.entry.minor,
                heard_on=batch.today,
            )
            for one, verdict in new
        ],
        actor=OPERATOR,
    )
    return {int(key): number for key, number in loaded.items()}


def _contacts(pairs: Sequence[tuple[Waiting, int]], at: dt.datetime) -> list[people.NewContact]:
    return [
        people.NewContact(person, kind, text, at, position=place, digest=digest)
        for one, person in pairs
        for place, (kind, text, digest) in enumerate(one.digests)
    ]


def _notes(pairs: Sequence[tuple[Waiting, int]]) -> list[tuple[int, str]]:
    return [
        (person, "\n".join(filter(None, (one.entry.note, one.entry.address))))
        for one, person in pairs
        if one.entry.note or one.entry.address
    ]


def _memberships(
    batch: Batch, taken: Sequence[tuple[Waiting, int, bool]], at: dt.datetime
) -> list[people.NewMembership]:
    """Return the memberships that rows tell of and that nobody knew; who has one on these days keeps it.

    Who joined before her unit was founded, or on a day that nobody knows, is there from the beginning and
    raises no figure of those who joined. Who was a member before joins again only on a day that is said.
    """
    members = [(one, person, new) for one, person, new in taken if one.entry.kind != CONTACT]
    held = homes_of([person for _one, person, new in members if not new])
    founded = queries.founded({one.unit_id for one, _person, _new in members})
    made: dict[int, people.NewMembership] = {}
    for one, person, new in members:
        if one.entry.joined is None and not new and held.get(person):
            continue  # she was a member before; that a list names her again makes her none
        said, until = one.entry.joined or batch.today, one.entry.left
        start = max(said, founded[one.unit_id])
        if (
            person in made
            or (until is not None and until <= start)
            or any(
                (until is None or since < until) and (ended is None or start < ended)
                for since, ended in held.get(person, ())
            )
        ):
            continue
        made[person] = people.NewMembership(
            person,
            one.unit_id,
            start,
            at,
            until=until,
            ended_at=at if until else None,
            kind=one.entry.kind,
            entry_flow="entry" if one.entry.joined == start else "opening",
        )
    return list(made.values())


def _move_home(memberships: Sequence[people.NewMembership]) -> None:
    """Let those who are members from now on have their home where they are members."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update people_person p set unit_id = m.unit_id
            from unnest(%s::bigint[], %s::bigint[]) m (person_id, unit_id)
            where p.id = m.person_id and p.unit_id <> m.unit_id""",
            [
                [one.person_id for one in memberships if one.until is None],
                [one.unit_id for one in memberships if one.until is None],
            ],
        )


def _say(judged: Sequence[tuple[Waiting, Verdict]], made: dict[int, Made]) -> None:
    """Write down what each line became."""
    rows = [
        (
            one.line,
            verdict.outcome,
            made[one.line].person if one.line in made else max(verdict.person or 0, 0) or None,
            verdict.why,
            made[one.line].said() if one.line in made else None,
        )
        for one, verdict in judged
    ]
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [list(column) for column in zip(*rows, strict=True)])
