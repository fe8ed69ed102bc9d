"""Mails through a real mail server: they arrive as they should, and none is lost where it is away."""

import datetime as dt
import json
import logging
import re
import socket
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from mailserver import running, settings_for
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from test_factors import text_of, window

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import greeting, mailing, sealing, tasks
from stage import NOW
from world import TODAY

HEADERS = {
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date",
    "Message-ID", "Auto-Submitted",
}  # fmt: skip


@pytest.fixture
def server(world, settings):
    cache.clear()
    with running() as kept:
        for name, value in settings_for(kept).items():
            setattr(settings, name, value)
        yield kept


@pytest.fixture
def gone(world, settings):
    """Return a mail server that is away: the port is known, nobody listens."""
    with running() as kept:
        pass
    for name, value in settings_for(kept).items():
        setattr(settings, name, value)
    return kept


def waiting(task):
    """Return the jobs of a task that a page has ordered, oldest first."""
    return list(ProcrastinateJob.objects.filter(task_name__endswith=task, status="todo").order_by("id"))


def work(task):
    """Do the jobs of a task as the worker does; return what came of each."""
    return [done(task, job) for job in waiting(task)]


def done(task, job):
    """Do one job; whoever asks for it is told the job, as by the worker."""
    ordered = getattr(tasks, task)
    beside = [SimpleNamespace(job=job)] if ordered.pass_context else []
    return ordered.func(*beside, **job.args)


def judge(kept, to, subject):
    """Return the text of the one mail the server took, after what every mail of the house must be."""
    (mail,) = kept.taken
    assert (mail["To"], kept.to, mail["Subject"]) == (to, [to], subject)
    assert mail["From"] == "Our organisation <members@example.org>"
    assert kept.sender == ["<members@example.org>"]
    assert set(mail.keys()) == HEADERS
    assert (mail.get_content_type(), mail.get_content_charset(), mail.is_multipart()) == (
        "text/plain", "utf-8", False
    )  # fmt: skip
    assert abs(
        parsedate_to_datetime(mail["Date"]).replace(tzinfo=dt.UTC) - dt.datetime.now(dt.UTC)
    ) < dt.timedelta(minutes=1)
    assert re.fullmatch(r"<[^@<>\s]+@members\.example\.org>", mail["Message-ID"])
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content().replace("\r\n", "\n")
    assert text == text.strip() + "\n"
    assert not re.search(r"<[a-z/]|&[a-z#0-9]+;|\n{4}", text)
    return text


def link_in(text):
    (token,) = re.findall(r"https://members\.example\.org/accounts/link/([\w-]+)/\s", text)
    return f"/accounts/link/{token}/"


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "Your link to sign in", "You asked for a link to sign in at https://members.example.org."),
        ("de", "Dein Link zum Anmelden", "https://members.example.org"),
    ],
)
def test_a_link_arrives_in_her_language_and_signs_her_in_once(server, language, subject, said):
    page = {"email": "CHIDI@example.org"}
    window(None).post("/accounts/link/", page, headers={"accept-language": language})
    window(None).post("/accounts/link/", {"email": "nobody@example.org"})
    assert work("send_link") == [True, False]
    text = judge(server, "chidi@example.org", subject)
    assert said in text
    assert ("du " in text) == (language == "de")
    chidi = window(None)
    assert chidi.post(link_in(text)).status_code == 302
    assert chidi.get("/units/").status_code == 200
    assert window(None).post(link_in(text)).status_code == 422


@pytest.mark.parametrize(("language", "subject"), [("en", "Your code to sign in"), ("de", None)])
def test_a_code_arrives_and_signs_her_in(server, language, subject):
    client = window(None)
    client.post("/accounts/code/", {"email": "chidi@example.org"}, headers={"accept-language": language})
    assert work("send_code") == [True]
    text = judge(server, "chidi@example.org", subject or "Dein Code zum Anmelden")
    (code,) = re.findall(r"^([A-Z0-9-]{6,12})$", text, re.MULTILINE)
    assert client.post("/accounts/code/use/", {"code": code}).status_code == 302
    assert client.get("/units/").status_code == 200


def test_an_invitation_arrives_and_its_link_leads_to_how_she_comes_back(server, world):
    bela = window(world, "bela")
    page = f"/accounts/invite/{world.person['hana'].pk}/"
    said = bela.post(page, {"email": "hana@example.org"}, headers={"accept-language": "de"}, follow=True)
    assert "unterwegs" in text_of(said)
    assert work("send_invitation") == [True]
    text = judge(server, "hana@example.org", "Du bist eingeladen")
    assert "Du bist zu Federation of Transport Workers eingeladen, unter https://members." in text
    assert window(None).post(link_in(text)).url == "/accounts/come-back/"


def test_what_offices_hear_of_arrives_with_addresses_that_open(server, world):
    with scope.operator("an office"):
        mandate = accounts.give_mandate(
            world.person["jonas"], unit=world.unit["TRAM"], office="secretary", day=TODAY,
            actor=OPERATOR, at=NOW,
        )  # fmt: skip
    assert tasks.tell_of_office.func(mandate=mandate.pk, language="en")
    text = judge(server, "jonas@example.org", "Dir wurde ein Amt gegeben")
    jonas = window(world, "jonas")
    addresses = re.findall(r"https://members\.example\.org(/\S+)", text)
    assert addresses
    for address in addresses:
        assert jonas.get(address).status_code == 200, address


def test_each_secretary_is_told_in_her_own_language(server, world):
    with scope.operator("her language"):
        type(world.person["sven"]).objects.filter(pk=world.person["sven"].pk).update(locale="de-AT")
        type(world.person["bela"]).objects.filter(pk=world.person["bela"].pk).update(locale="en")
    assert tasks.tell_of_rescue.func(code="FED") == 3
    told = {one["To"].partition("@")[0]: one["Subject"] for one in server.taken}
    assert told["bela"] == "A secretary was appointed on the server"
    assert told["sven"] != told["bela"]
    assert "Server" in told["sven"]


def test_no_name_of_a_unit_or_sender_gets_into_the_headers(server, world):
    name = "Line\u2028Four\r\nBcc: everybody@example.org\r\n\r\nX"
    with scope.operator("a name with a line in it"):
        from groundswell.structure import actions as structure

        structure.rename_unit(world.unit["LINE4"], names={"en": name}, day=TODAY, actor=OPERATOR, at=NOW)
        mandate = accounts.give_mandate(
            world.person["jonas"], unit=world.unit["LINE4"], office="secretary", day=TODAY,
            actor=OPERATOR, at=NOW,
        )  # fmt: skip
    assert tasks.tell_of_office.func(mandate=mandate.pk, language="en")
    text = judge(server, "jonas@example.org", "Dir wurde ein Amt gegeben")
    # It stands in the text, on one line, as the unit is called.
    assert "Sekretariat, Line Four Bcc: everybody@example.org X." in text
    for address in ("a@b.org\r\nBcc: x@example.org", "a@b.org\nBcc: x@example.org", "a@b.org, x@example.org"):
        window(None).post("/accounts/link/", {"email": address})
        window(None).post("/accounts/code/", {"email": address})
    assert (work("send_link"), work("send_code")) == ([], [])
    assert len(server.raw) == 1


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.WARNING, "groundswell.accounts")
    return caplog


def test_where_the_server_is_away_the_page_says_the_same_and_the_mail_goes_out_later(gone, log, world):
    answer = window(None).post("/accounts/link/", {"email": "chidi@example.org"})
    assert answer.status_code == 200
    assert "chidi@example.org" in text_of(answer)
    assert work("send_link") == [True]
    assert f"The mail server 127.0.0.1:{gone.port} did not take a mail: it does not answer" in log.text
    assert "It is tried again in 1 min." in log.text
    assert "chidi" not in log.text
    (job,) = waiting("deliver")
    assert job.scheduled_at > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    # Whoever reads the queue reads neither the link nor to whom it goes.
    assert "link" not in json.dumps(job.args)
    assert "chidi" not in json.dumps(job.args)
    # But an erasure finds what waits for her.
    assert job.args["person"] == world.person["chidi"].pk
    with pytest.raises(mailing.NotTaken):
        done("deliver", job)
    with running(gone) as back:
        assert done("deliver", job) is True
        assert window(None).post(link_in(judge(back, "chidi@example.org", "Your link to sign in"))).url


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"RCPT": b"451 come back later"}, "it refuses the recipient with 451"),
        ({"MAIL": b"550 who are you"}, "it answers with 550"),
        ({"DATA": b"552 too much"}, "it answers with 552"),
        ({"EHLO": b"421 not now", "HELO": b"421 not now"}, "it answers with 421"),
        ({"DATA": b""}, "it does not answer"),
        ({"RCPT": b""}, "it does not answer"),
    ],
)
def test_a_server_that_does_not_take_it_now_is_tried_again(server, log, answers, why):
    server.answers = answers
    window(None).post("/accounts/link/", {"email": "chidi@example.org"})
    assert work("send_link") == [True]
    assert why in log.text
    assert server.raw == []
    server.answers, server.to, server.sender = {}, [], []
    assert work("deliver") == [True]
    judge(server, "chidi@example.org", "Your link to sign in")


def test_an_address_refused_for_good_is_said_once_and_tried_no_more(server, log):
    server.answers = {"RCPT": b"550 no such user"}
    window(None).post("/accounts/link/", {"email": "chidi@example.org"})
    assert work("send_link") == [False]
    assert "it refuses the recipient with 550. It is given up: ask whoever asked for it" in log.text
    assert waiting("deliver") == []


def test_one_address_that_is_refused_keeps_no_mail_from_the_others(server):
    server.answers = {"RCPT": b"451 later"}
    assert tasks.tell_of_rescue.func(code="FED") == 3
    assert server.raw == []
    server.answers = {}
    assert work("deliver") == [True, True, True]
    assert len({one["To"] for one in server.taken}) == len(server.raw) == 3


def test_a_code_that_came_too_late_is_not_sent_any_more(gone, log):
    said = {"to": "chidi@example.org", "subject": "s", "text": "t", "until": 1.0}
    late = SimpleNamespace(attempts=0, args={"sealed": sealing.seal(json.dumps(said), sealing.MAIL)})
    assert done("deliver", late) is False
    assert "not taken in time" in log.text
    window(None).post("/accounts/code/", {"email": "chidi@example.org"})
    assert work("send_code") == [True]
    (job,) = waiting("deliver")
    until = json.loads(sealing.unseal(job.args["sealed"], sealing.MAIL))["until"]
    lasts = until - dt.datetime.now(dt.UTC).timestamp()
    assert 500 < lasts <= 600


def test_it_is_tried_ever_more_seldom_for_two_days_and_then_given_up(log):
    def decided(attempts, problem):
        job = Job(
            id=1, queue="default", lock=None, queueing_lock=None, task_name="deliver", attempts=attempts
        )
        return mailing.Again().get_retry_decision(exception=problem, job=job)

    now = dt.datetime.now(dt.UTC)
    busy = mailing.NotTaken("The mail server was busy.", never=False)
    waits = [(decided(number, busy).retry_at - now).total_seconds() // 60 for number in range(6)]
    assert waits == [5, 15, 60, 240, 720, 1440]
    assert [mailing.is_hopeless(busy, attempts=number) for number in range(1, 9)] == [False] * 7 + [True]
    assert "It is tried again in 1440 min." in log.text
    assert log.messages[-1] == (
        "The mail server was busy. It is given up after 8 attempts: `groundswell doctor` asks the mail "
        "server what is wrong; then let whoever waits for the mail ask for it again."
    )
    assert mailing.is_hopeless(mailing.NotTaken("No.", never=True), attempts=1)
    assert decided(0, ValueError("a fault of the program")) is None


def test_a_mail_that_is_given_up_is_one_sentence_in_the_log_and_leaves_the_queue(gone, log):
    said = {"to": "chidi@example.org", "subject": "s", "text": "t", "until": 0.0}
    last = SimpleNamespace(attempts=6, args={"sealed": sealing.seal(json.dumps(said), sealing.MAIL)})
    assert done("deliver", last) is False  # no exception, of which the worker would write where it rose
    (sentence,) = log.messages
    assert "It is given up after 8 attempts: `groundswell doctor`" in sentence
    assert "chidi" not in sentence


IN_CLEAR = (
    "lets nobody sign in without STARTTLS, and localhost is spoken to in clear: name the server as its "
    "certificate does."
)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, None),
        ({"EHLO": b"421 not now", "HELO": b"421 not now"}, "127.0.0.1:%d answers with 421."),
        ({"EHLO": b""}, "127.0.0.1:%d hangs up without an answer."),
        ({"AUTH": b"535 no"}, "127.0.0.1:%d does not let us sign in (535): check user and password."),
        ({"AUTH": b"235 welcome"}, None),
        ({"AUTH": None}, f"127.0.0.1:%d {IN_CLEAR}"),
        ({"AUTH": None, "TLS": b""}, "127.0.0.1:%d knows no STARTTLS, or no way to sign in."),
    ],
)
def test_the_doctor_greets_the_mail_server_and_sends_nothing(server, settings, answers, said):
    settings.EMAIL_USE_TLS = "TLS" in answers
    if "AUTH" in answers:
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = server.__class__.__name__
        if answers["AUTH"]:
            answers = answers | {"EHLO": b"250-mail.example\r\n250 AUTH PLAIN"}
    server.answers = answers
    assert greeting.wrong() == (said and said % server.port)
    assert (server.raw, server.to) == ([], [])


def test_the_doctor_says_of_a_mail_server_that_is_away_or_silent_what_is_wrong(gone, settings, monkeypatch):
    assert greeting.wrong() == f"Nothing listens at 127.0.0.1:{gone.port}."
    monkeypatch.setattr(greeting, "ALL_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes the connection and never says a word
        settings.EMAIL_PORT = silent.getsockname()[1]
        assert greeting.wrong() == f"127.0.0.1:{settings.EMAIL_PORT} does not answer."
