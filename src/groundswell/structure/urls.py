"""Addresses of units."""

from django.urls import path, register_converter

from groundswell.structure import views


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

app_name = "structure"
urlpatterns = [
    path("units/", views.tree, name="tree"),
    path("units/<unitcode:code>/", views.unit, name="unit"),
]
