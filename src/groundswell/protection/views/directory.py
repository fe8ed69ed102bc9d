"""The directory of one's own branch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groundswell.access.doors import door
from groundswell.kernel import clock
from groundswell.protection import ownpage
from groundswell.protection.views.own import herself


@door("signed-in")
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show a member who of her branch is in its directory; for whoever is no member there is none."""
    context = ownpage.directory(herself(request), today=clock.today())
    return render(request, "protection/directory.html", context)
