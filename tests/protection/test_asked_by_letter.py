"""What somebody asks by letter, who has no account, is written down by others and answered all the same."""

import pytest

from groundswell.access.actor import OPERATOR
from groundswell.people.models import Person
from groundswell.protection import actions
from groundswell.protection.models import DataRequest
from world import at, day


def test_an_officer_writes_a_letter_down_and_erases_her(officers, browsers, read):
    hana, dana = officers.person["hana"], browsers("dana")
    address = f"/protection/people/{hana.pk}/ask/"
    assert f'href="{address}"' in dana.get(f"/people/{hana.pk}/").content.decode()
    answer = dana.post(address, {"kind": "erase", "words": "Please forget me."})
    (asked,) = DataRequest.objects.all()
    assert answer.url == f"/protection/requests/{asked.pk}/"
    page = read(dana.get(answer.url))
    assert "Hana Heath asks to be erased." in page
    assert "Please forget me." in page
    dana.post(answer.url, {"answer": "grant"})
    assert not Person.objects.filter(pk=hana.pk).exists()


def test_a_secretary_writes_it_down_and_leaves_the_answer_to_the_officer(officers, browsers, read):
    hana, bela = officers.person["hana"], browsers("bela")
    answer = bela.post(
        f"/protection/people/{hana.pk}/ask/",
        {"kind": "correct", "words": "It is Heath with an a."},
        follow=True,
    )
    assert "her data protection officer answers it" in read(answer)
    assert "Hana Heath asks for a correction." in read(browsers("dana").get("/protection/"))
    assert bela.get(f"/protection/requests/{DataRequest.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize("said", [{}, {"kind": "everything"}, {"kind": "correct", "words": ""}])
def test_what_is_not_said_is_asked_for_beside_the_field(officers, browsers, said):
    hana = officers.person["hana"]
    answer = browsers("dana").post(f"/protection/people/{hana.pk}/ask/", said)
    assert answer.status_code == 422
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("who", ["jonas", "femi", "ines", "sven", "quinn"])
def test_nobody_else_asks_for_her(officers, browsers, who):
    hana = officers.person["hana"]
    answer = browsers(who).post(f"/protection/people/{hana.pk}/ask/", {"kind": "erase", "words": ""})
    assert answer.status_code == 404
    assert not DataRequest.objects.exists()


def test_the_month_runs_from_the_moment_at_which_it_was_asked(officers):
    for text, due in (("20 May 2024", "20 June 2024"), ("31 May 2024", "30 June 2024")):
        kind = "erase" if due.startswith("20") else "copy"
        asked = actions.ask(officers.person["hana"], kind, actor=OPERATOR, at=at(text))
        assert (asked.due_on, asked.asked_at) == (day(due), at(text))
