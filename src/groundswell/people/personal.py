"""What this room's tables hold of a person (`access.personal` says what the words mean)."""

import json
from typing import Final

from django.utils.translation import gettext_lazy as _

from groundswell.access import personal
from groundswell.access.personal import PersonalTable, Words
from groundswell.people import listpage, queries, words

PERSON: Final = PersonalTable(
    table="people_person",
    title=_("Person"),
    person="id",
    purpose=_("Knowing the members and contacts of a unit"),
    basis=personal.MEMBERSHIP,
    kept=_("a contact for six months without an answer, a former member for the years her section sets"),
    erase="delete",
    merge="keep one",
    fields={
        "unit_id": _("home unit today"),
        "name": _("name as she writes it"),
        "sort_key": _("by what the name is sorted"),
        "call_name": _("what she is called"),
        "folded": _("the words of her name by which she is found"),
        "locale": _("language and country of her unit"),
        "languages": _("languages she speaks"),
        "town": _("town"),
        "postcode": _("postcode"),
        "pronoun": _("pronoun"),
        "minor": _("whether she is under 18"),
        "of_age_on": _("the month from which she is not, of whoever is under 18"),
        "heard_on": _("the last day she was heard of"),
    },
)
MEMBERSHIP: Final = PersonalTable(
    table="people_membership",
    title=_("Memberships"),
    purpose=_("Who is a member where, since when, and how many they are"),
    basis=personal.MEMBERSHIP,
    kept=personal.FIGURES_STAY,
    erase="pseudonym",
    merge="withdraw",
    fields={
        "kind_id": _("member, supporter or candidate"),
        "home": _("whether she counts there, or is a guest"),
        "entry_flow": _("how it began"),
        "entry_other_id": _("the unit she came from"),
        "entry_transfer_id": _("the transfer she came by"),
        "exit_flow": _("how it ended"),
        "exit_other_id": _("the unit she went to"),
        "exit_transfer_id": _("the transfer she went by"),
        "reason": _("why it ended"),
        "ended_at": _("when the end was recorded"),
        "minor": _("whether she is under 18"),
    },
    says={"kind_id": listpage.status_words, "entry_flow": words.flows, "exit_flow": words.flows},
    # Every row has a way to end; what holds has not ended.
    opens={"exit_flow": lambda row: row["exit_flow"] if row.get("ended_at") else None},
)
MOVEMENT: Final = PersonalTable(
    table="people_movement",
    title=_("Movements of the figures"),
    purpose=_("Every figure of every report"),
    basis=personal.MEMBERSHIP,
    kept=personal.FIGURES_STAY,
    erase="pseudonym",
    merge="nothing",
    fields={
        "other_id": _("the unit on the other side of a move"),
        "membership_id": _("the membership it comes from"),
        "day": _("on which day it counts"),
        "delta": _("one more or one less"),
        "flow": _("joined, left or moved"),
        "kind": _("the kind of membership"),
        "home": _("whether it was at home"),
        "counts": _("whether it counts"),
        "transfer_id": _("the transfer it belongs to"),
        "reverses_id": _("the movement it takes back"),
        "return_id": _("the return it comes from"),
        "origin": _("from a person or a return"),
    },
    says={"kind": listpage.status_words, "flow": words.flows, "origin": words.origins},
)
TRANSFER: Final = PersonalTable(
    table="people_transfer",
    title=_("Transfers"),
    purpose=_("Moving from one unit to another"),
    basis=personal.MEMBERSHIP,
    kept=personal.FIGURES_STAY,
    erase="pseudonym",
    merge="move",
    fields={
        "from_unit_id": _("the unit she left"),
        "unit_id": _("the unit she went to"),
        "accepted_on": _("the day it was accepted"),
    },
)
NAMEWORD: Final = PersonalTable(
    table="people_nameword",
    title=_("Words of names"),
    purpose=_("Finding a person by a word of her name"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="nothing",
    export=False,
    fields={"word": _("a word of her name"), "folded": _("the words of her name by which she is found")},
)
CONTACT: Final = PersonalTable(
    table="people_contact",
    title=_("E-mails and phones"),
    purpose=_("Reaching a member or contact"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "kind": _("e-mail or phone"),
        "value": _("the address or number"),
        "digest": _("by what equal ones find each other unread"),
        "label": _("what it is to her: home, work"),
        "position": _("which is tried first"),
    },
    sealed=("value",),
    withheld=("digest",),
    leaner={},
    says={"kind": words.ways},
)
TAG: Final = PersonalTable(
    table="people_tag",
    title=_("Tags"),
    purpose=_("Finding people for a task"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={"word": _("the word")},
    leaner={},
)
STANDING: Final = PersonalTable(
    table="people_standing",
    title=_("Paid until"),
    purpose=_("Who is in good standing"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "paid_until": _("the day until which she has paid"),
        "source": _("who said so: a list, a hand, the finances"),
        "superseded_at": _("until when it was believed"),
    },
    leaner={},
    says={"source": words.sources},
)
NOTE: Final = PersonalTable(
    table="people_note",
    title=_("Notes"),
    purpose=_("Following up what was agreed with a person"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "account_id": _("the account that wrote it"),
        "visibility": _("who reads it"),
        "text": _("what was written"),
        "at": _("when"),
    },
    sealed=("text",),
    withheld=("account_id",),
    leaner={},
    says={"visibility": words.circles},
)
ASKING: Final = PersonalTable(
    table="people_asking",
    title=_("What she asked for"),
    purpose=_("Deciding who joins, moves and leaves"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "from_unit_id": _("the unit she is a member of"),
        "kind": _("to join, to move, to leave, to change something"),
        "details": _("what she wrote with it"),
        "asked_at": _("when it was asked"),
        "asked_by": _("the account that asked"),
        "due_on": _("the day after which it is accepted by itself"),
        "decided_at": _("when it was decided"),
        "decided_by": _("the account that decided"),
        "decision": _("what was decided"),
        "reason": _("why"),
    },
    sealed=("details",),
    withheld=("asked_by", "decided_by"),
    leaner={},
    says={"kind": words.askings, "decision": words.decisions},
    opens={"details": lambda row: json.loads(row["details"])},
)
HOLD: Final = PersonalTable(
    table="people_hold",
    title=_("Holds"),
    purpose=_("Keeping what a dispute or a duty needs until it is over"),
    basis=personal.DUTY,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "account_id": _("the account that placed it"),
        "why": _("why"),
        "placed_at": _("since when"),
        "lifted_at": _("until when"),
    },
    withheld=("account_id",),
)
ATTENDANCE: Final = PersonalTable(
    table="people_attendance",
    title=_("Gatherings she came to"),
    purpose=_("Knowing who comes, and inviting whoever has not come for long"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "gathering_id": _("the gathering"),
        "held_by_id": _("the unit whose gathering it was"),
    },
    leaner={},
    leads={"gathering_id": queries.gatherings_named},
)
CUSTOM: Final = PersonalTable(
    table="people_customvalue",
    title=_("What units asked besides"),
    purpose=_("What a unit needs to know of its people for its work, field by field"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "field_id": _("what was asked"),
        "value": _("what it is"),
        "changed_at": _("when it was written"),
    },
    sealed=("value",),
    leaner={},
    leads={"field_id": queries.fields_named},
    opens={"value": lambda row: json.loads(row["value"])},
)
VIEW: Final = PersonalTable(
    table="people_savedview",
    title=_("Lists she keeps"),
    purpose=_("Coming back to a list of people"),
    basis=personal.MEMBERSHIP,
    kept=personal.WITH_THE_PERSON,
    erase="delete",
    merge="move",
    fields={
        "name": _("what she calls it"),
        "unit_id": _("of which unit"),
        "status": _("who is what"),
        "town": _("from which town"),
        "tag": _("by which tag"),
        "more": _("by what else"),
    },
    leaner={},
)
TABLES: Final = (
    PERSON,
    NAMEWORD,
    MEMBERSHIP,
    MOVEMENT,
    TRANSFER,
    CONTACT,
    TAG,
    STANDING,
    NOTE,
    ASKING,
    HOLD,
    ATTENDANCE,
    CUSTOM,
    VIEW,
)
MENTIONS: Final[dict[str, Words]] = {
    "people_return.signed_by": _(
        "name of the officer who answers for a return, part of the organisation's record"
    ),
}
