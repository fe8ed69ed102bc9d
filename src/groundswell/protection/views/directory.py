"""The directory of one's own branch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groundswell.access.doors import actor_of, door
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people import queries as people
from groundswell.protection import ownpage
from groundswell.protection.views.own import herself


@door("signed-in")
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show a member who else of her branch is in its directory; for whoever is no member there is none."""
    person = herself(request)
    home = people.home_of(person)
    if actor_of(request).person_id is None or home is None:
        raise NotFound(_("There is nothing here that you may see."))
    context = ownpage.directory(person, home.unit, today=clock.today())
    return render(request, "protection/directory.html", context)
