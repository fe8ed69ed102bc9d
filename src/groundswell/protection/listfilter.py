"""The list of people narrowed to those who agreed to a purpose."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.people.filters import Filter, Offered, units_about
from groundswell.protection import words
from groundswell.protection.models import Purpose
from groundswell.structure.models import Unit

# As `queries.consenting` asks: given, not withdrawn, and towards a unit in which she still is.
_AGREED: Final = """exists (select from protection_consent c
  join protection_purpose q on q.id = c.purpose_id join protection_consenttext t on t.id = c.text_id
  join structure_unit asking on asking.id = t.unit_id join structure_unit home on home.id = c.unit_id
  where c.person_id = p.id and c.withdrawn_at is null and q.code = %(agreed)s
    and starts_with(home.path, asking.path))"""


def _offered(actor: Actor, unit: Unit | None, choice: str) -> Offered:
    del choice
    if not may_by_office(actor, "people.contact"):
        return Offered()
    about = Unit.objects.filter(units_about(actor, unit)).values("pk")
    purposes = Purpose.objects.filter(Q(unit=None) | Q(unit__in=about), ended_on=None)
    return Offered([("", [(one.code, words.purpose_name(one)) for one in purposes.order_by("pk")])])


def _said(code: str) -> str:
    purpose = Purpose.objects.filter(code=code).first()
    return words.agreed_to(purpose) if purpose else code


def _narrow(code: str, within: list[int] | None) -> tuple[str, Mapping[str, Any]]:
    del within
    return _AGREED, {"agreed": code}


AGREED: Final = Filter("agreed", gettext_lazy("Who agreed to"), _offered, _said, _narrow)
