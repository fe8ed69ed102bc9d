"""allauth's views as pages of ours, behind our doors."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from groundswell.access.doors import View, door
from groundswell.accounts.rules import mail_is_set_up


def opened(view: type[Any], template: str) -> View:
    """Return one of allauth's views as a page on the way in."""
    shown: View = view.as_view(template_name=f"accounts/{template}.html")
    return door("public")(never_cache(sensitive_post_parameters()(shown)))


def own(view: type[Any], template: str) -> View:
    """Return one of allauth's views as a page for whoever is signed in, her second factor there or not."""
    shown: View = view.as_view(template_name=f"accounts/{template}.html")
    return door("signed-in", without_factor=True)(never_cache(sensitive_post_parameters()(shown)))


def next_page(request: HttpRequest) -> str:
    """Return where to go afterwards, as the address says: only ever a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else ""


def onward(request: HttpRequest) -> str:
    """Return what a link to another step carries, so that it knows as well where to go afterwards; or ''."""
    wanted = next_page(request)
    return f"?{urlencode({'next': wanted})}" if wanted else ""


class Onward:
    """A page on the way to a second factor, which ends where she was going when she was led there."""

    request: HttpRequest

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Give the page where that is, and what its links carry so that the next page knows it as well."""
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc]  # of the view it is mixed into
        return context | {"next": next_page(self.request), "onward": onward(self.request)}

    def get_success_url(self) -> str:
        """Return the page of new recovery codes, which leads on; where there are none, where she wanted."""
        after: str = super().get_success_url()  # type: ignore[misc]  # of the view it is mixed into
        if after == reverse("mfa_index"):
            return next_page(self.request) or after
        return after + onward(self.request)


class Mailing:
    """A page that speaks of mail says so only where this installation sends any."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Give the page whether mail is set up."""
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc]  # of the view it is mixed into
        context["mail"] = mail_is_set_up(settings.EMAIL_BACKEND)
        return context
