"""The top unit lets every section ask for consent to something more; each section writes its own words."""

import pytest
from django.db import DatabaseError, transaction

from groundswell.protection.models import Purpose
from groundswell.protection.queries import purposes_of
from stage import signed_in, sql

PURPOSES = "/protection/purposes/"


def labels(unit):
    return [one.label for one in purposes_of(unit)]


def test_what_the_top_unit_adds_every_section_may_ask_in_its_own_words(officers, browsers, read):
    ines, bela = browsers("ines"), browsers("bela")
    assert ines.post(PURPOSES, {"label": "Summer camp"}).url == PURPOSES
    purpose = Purpose.objects.get(label="Summer camp")
    assert purpose.unit_id == officers.unit["FED"].pk
    for code in ("TRAM", "FERRY", "DEPOT"):
        assert "Summer camp" in labels(officers.unit[code])
    words = {"language": "en", "words": "We take you to the camp.", "version": "new"}
    assert bela.post(f"/protection/consents/{purpose.pk}/?unit=TRAM", words).status_code == 302
    assert "We take you to the camp." in read(bela.get("/protection/consents/?unit=TRAM"))
    assert "We take you" not in read(browsers("sven").get("/protection/consents/?unit=FERRY"))
    assert ines.post(f"{PURPOSES}?end={purpose.pk}", {"asked": "no"}).url == PURPOSES
    assert "Summer camp" not in labels(officers.unit["TRAM"])
    assert "not asked since" in read(ines.get(PURPOSES))


@pytest.mark.parametrize("who", ["bela", "sven", "dana", "olga", "quinn", "ada"])
def test_no_other_office_adds_or_ends_one_for_everybody(officers, browsers, read, who):
    browsers("ines").post(PURPOSES, {"label": "Summer camp"})
    purpose = Purpose.objects.get(label="Summer camp")
    client = browsers(who)
    page = client.get(PURPOSES)
    assert "Summer camp" in read(page)
    assert "Ask no more" not in read(page)
    assert client.post(PURPOSES, {"label": "Winter camp"}).status_code == 422
    assert client.post(f"{PURPOSES}?end={purpose.pk}").status_code == 404
    assert not Purpose.objects.filter(label="Winter camp").exists()
    assert Purpose.objects.get(pk=purpose.pk).ended_on is None


def test_the_database_takes_one_of_the_top_unit_from_its_secretary_alone(officers):
    insert = (
        "insert into protection_purpose (unit_id, code, label, recorded_at)"
        " values (%s, 'camp', 'Camp', now())"
    )
    with signed_in(officers, "bela"), pytest.raises(DatabaseError), transaction.atomic():
        sql(insert, officers.unit["FED"].pk)
    with signed_in(officers, "ines"), pytest.raises(DatabaseError), transaction.atomic():
        sql(insert, officers.unit["TRAM"].pk)
