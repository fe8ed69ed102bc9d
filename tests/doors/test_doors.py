"""Every address says what it asks of the one who comes, and holds to it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, include, path

from groundswell.access.actor import Actor, Office
from groundswell.access.architecture import addresses_without_a_door
from groundswell.access.doors import door


def page(request):
    return HttpResponse("inside")


SECRETARY = Actor(account_id=1, person_id=1, mandates=(Office("secretary", 2, "/1/2/", holds_names=True),))
MEMBER = Actor(account_id=2, person_id=2)
DATA_PROTECTION = Actor(account_id=3, person_id=3, mandates=(Office("dpo", 2, "/1/2/", holds_names=True),))


def come(asks: str, actor: Actor | None):
    request = RequestFactory().get("/units/?q=1")
    request.user = AnonymousUser()
    request.actor = actor
    return door(asks)(page)(request)


def test_no_address_of_the_house_is_without_a_door():
    assert addresses_without_a_door(get_resolver().url_patterns) == []


def test_an_address_without_a_door_is_named_also_deep_inside():
    inner = [path("open/", door("public")(page)), path("bare/", page)]
    assert addresses_without_a_door([path("a/", include(inner)), path("b/", page)]) == ["/a/bare/", "/b/"]


def test_a_public_page_opens_to_everybody():
    assert [come("public", actor).content for actor in (None, MEMBER, SECRETARY)] == [b"inside"] * 3


def test_signed_out_one_is_led_to_the_sign_in_page_and_back():
    response = come("signed-in", None)
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/units/%3Fq%3D1")
    assert come("people.decide", None).status_code == 302
    assert come("signed-in", MEMBER).content == b"inside"


def test_the_wrong_office_finds_nothing_there_and_the_right_one_comes_in():
    assert come("people.decide", SECRETARY).content == b"inside"
    for actor in (MEMBER, DATA_PROTECTION):
        with pytest.raises(Http404):
            come("people.decide", actor)
    assert come("people.erase", DATA_PROTECTION).content == b"inside"


def test_a_door_that_the_table_of_rights_does_not_know_stops_the_start():
    with pytest.raises(LookupError, match=r"people\.delete"):
        door("people.delete")
