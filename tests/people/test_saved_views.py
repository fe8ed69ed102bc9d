"""Lists of people that somebody keeps: by their filters, never by a name, and hers alone."""

import re

import pytest
from django.db import ProgrammingError, transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people.actions.viewing import MOST_VIEWS
from groundswell.people.models import SavedView
from groundswell.people.searching import Asked
from stage import NOW, actor, signed_in, sql


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_list_is_kept_under_a_name_found_again_and_let_go(world, browser_of):
    bela = browser_of("bela")
    assert "Keep this list as" not in text_of(bela.get("/people/"))
    refused = bela.post("/people/views/?unit=DEPOT&status=member", {"name": " "})
    assert refused.status_code == 422
    assert "“Ada” is not kept with it" in text_of(bela.get("/people/?unit=DEPOT&status=member&q=Ada"))
    assert "is not kept with it" not in text_of(bela.get("/people/?unit=DEPOT&status=member"))
    kept = bela.post("/people/views/?unit=DEPOT&status=member&q=Ada", {"name": "Depot"}, follow=True)
    assert kept.redirect_chain == [("/people/?unit=DEPOT&status=member", 302)]
    assert "Kept without “Ada”" in text_of(kept)
    page = bela.get("/people/").content.decode()
    assert '<a class="tag" href="/people/?unit=DEPOT&amp;status=member">Depot</a>' in page
    assert "Depot" not in browser_of("ada").get("/people/").content.decode().split("<select", 1)[0]
    # The same name again stands for what it was given last.
    bela.post("/people/views/?tag=choir", {"name": "Depot"})
    (view,) = SavedView.objects.filter(person=world.person["bela"])
    assert (view.unit, view.status, view.tag) == (None, "", "choir")
    assert browser_of("ada").post(f"/people/views/{view.pk}/drop/").status_code == 302
    with scope.operator("look"):
        assert SavedView.objects.filter(pk=view.pk).exists()
    assert bela.post(f"/people/views/{view.pk}/drop/").status_code == 302
    with scope.operator("look"):
        assert not SavedView.objects.filter(pk=view.pk).exists()


def test_a_view_is_seen_and_written_by_nobody_else_in_sql_either(world):
    with signed_in(world, "bela"):
        kept = people.keep_view(Asked(tag="choir"), name="Choir", actor=actor(world, "bela"), at=NOW)
    insert = (
        "insert into people_savedview (person_id, name, status, town, tag, recorded_at)"
        " values (%s, 'x', '', '', '', now())"
    )
    with signed_in(world, "ada"):
        assert SavedView.objects.count() == 0
        assert sql("update people_savedview set name = 'x' returning id") == []
        assert sql("delete from people_savedview returning id") == []
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            sql(insert, world.person["bela"].pk)
    with signed_in(world, "bela"):
        assert SavedView.objects.get() == kept


def test_nobody_keeps_views_without_end(world):
    bela = actor(world, "bela")
    for number in range(MOST_VIEWS):
        people.keep_view(Asked(tag="choir"), name=str(number), actor=bela, at=NOW)
    with pytest.raises(Refusal, match="You keep 30 views already"):
        people.keep_view(Asked(tag="choir"), name="more", actor=bela, at=NOW)
    assert people.keep_view(Asked(tag="band"), name="7", actor=bela, at=NOW).tag == "band"
    with pytest.raises(Refusal, match="Only a person"):
        people.keep_view(Asked(tag="choir"), name="x", actor=OPERATOR, at=NOW)
