"""The floor of a list page: the same template in a bare Django.

The same rows and the same markup, and nothing of what the house adds: no session, no actor, no row
security, no names as of a day, no security headers, no navigation.
"""

import datetime as dt
import os
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from groundswell.site import settings as house

kept: dict[str, Any] = {name: getattr(house, name) for name in dir(house) if name.isupper()}
kept["TEMPLATES"][0]["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
kept |= {
    # allauth refuses to be set up without it; the pages below are answered without any.
    "MIDDLEWARE": ["allauth.account.middleware.AccountMiddleware"],
    "ROOT_URLCONF": __name__,
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["BARE_DBNAME"],
            "USER": os.environ["BARE_USER"],
            "PASSWORD": os.environ["BARE_PASSWORD"],
            "HOST": os.environ["BARE_HOST"],
            "PORT": os.environ["BARE_PORT"],
            "OPTIONS": {"pool": True},
        }
    },
}
settings.configure(**kept)
django.setup()
settings.MIDDLEWARE = []

from django.shortcuts import render  # noqa: E402 - Django first

from groundswell.site import urls as house_urls  # noqa: E402 - the same
from groundswell.structure import pages  # noqa: E402 - the same
from groundswell.structure.models import UnitName  # noqa: E402 - the same
from groundswell.structure.queries import Node  # noqa: E402 - the same

TODAY = dt.date(2024, 6, 15)


def page(request: HttpRequest) -> HttpResponse:
    """List the units by the names they have now."""
    names = UnitName.objects.select_related("unit").filter(recorded__upper_inf=True).order_by("unit__path")
    nodes = []
    for name in names:
        unit = name.unit
        above = unit.path.split("/")[1:-2]
        parent = int(above[-1]) if above else None
        nodes.append(
            Node(
                unit.pk,
                unit.code,
                name.names["en"],
                unit.kind_id,
                unit.kind_id,
                len(above),
                parent,
                unit.illustrative,
                unit.country,
                unit.town,
                unit.latitude,
                unit.longitude,
            )
        )
    context = {
        "on": TODAY,
        "today": TODAY,
        "text": "",
        "kinds": pages.counted_kinds(nodes),
        "any": True,
        "top": pages.branches_of(nodes, None),
    }
    return render(request, "structure/tree.html", context)


urlpatterns = [path("bare/", page), path("", include(house_urls))]
application = get_wsgi_application()
