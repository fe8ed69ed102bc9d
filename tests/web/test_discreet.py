import logging

from django.conf import settings
from django.test import Client

from groundswell.ground.events import OneSentence

TOKEN = "k7Qm2Zr9vXw4Lt8Bn3Hs6Jd1Fg5Ay0Pe"  # noqa: S105 - of nobody


def test_a_link_that_signs_in_is_in_no_line_of_the_log(world, caplog):
    client = Client(enforce_csrf_checks=True)
    with caplog.filtering(OneSentence()):
        assert client.post(f"/accounts/link/{TOKEN}/").status_code == 403  # she may still use it
        assert client.get(f"/accounts/link/{TOKEN}/nowhere/").status_code == 404
    assert TOKEN not in caplog.text
    assert caplog.text.count("/accounts/link/") == 2
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["one_sentence"]


def test_an_address_cannot_write_a_line_of_its_own_into_the_log():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Refused %s", ("/a\nERROR b\x1b[2J\u2028",), None)
    assert OneSentence().filter(record)
    assert record.getMessage() == r"Refused /a\nERROR b\x1b[2J\u2028"
    plain = logging.LogRecord("x", logging.WARNING, "", 0, "Refused %s", ("/größe/",), None)
    assert OneSentence().filter(plain)
    assert plain.args == ("/größe/",)
