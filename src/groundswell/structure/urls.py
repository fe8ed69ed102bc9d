"""Addresses of units."""

from django.urls import path, register_converter

from groundswell.structure.deedpages import ADDRESSES
from groundswell.structure.rules import asked_for
from groundswell.structure.views import deeds, ruling, tree


class CodeConverter:
    """The code of a unit in an address: letters, digits and hyphens; anything else is not found."""

    regex = "[A-Z0-9][A-Z0-9-]{0,39}"

    def to_python(self, value: str) -> str:
        """Return the code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it stands."""
        return value


register_converter(CodeConverter, "unitcode")

_VIEWS = {"structure.change": deeds.change, "structure.place": deeds.place}

app_name = "structure"
urlpatterns = [
    path("units/", tree.tree, name="tree"),
    path("units/kinds/", ruling.kinds, name="kinds"),
    path("units/kinds/<slug:kind>/", ruling.kind, name="kind"),
    path("units/promotion/", ruling.promotion, name="promotion"),
    path("units/promotion/<slug:kind>/", ruling.promotion_rule, name="promotion-rule"),
    path("units/proposals/", ruling.proposed, name="proposals"),
    path("units/<unitcode:code>/", tree.unit, name="unit"),
    path("units/<unitcode:code>/limits/", ruling.limits, name="limits"),
    path("units/<unitcode:code>/seat/", ruling.seat, name="seat"),
    path("units/<unitcode:code>/protect/", ruling.protect, name="protect"),
    *(
        path(f"units/<unitcode:code>/{address}/", _VIEWS[asked_for(what)], {"what": what}, name=address)
        for what, address in ADDRESSES.items()
    ),
    path("units/<unitcode:code>/changes/<int:key>/undo/", deeds.undo, name="undo"),
    path("units/<unitcode:code>/prepared/<int:key>/call-off/", deeds.call_off, name="call-off"),
]
