"""The settings come from the environment alone, and a wrong one is a sentence."""

import re
from pathlib import Path

import pytest

import testbase
from groundswell.ground import environment
from groundswell.ground.errors import EnvironmentProblem


def test_without_any_setting_everything_stays_on_this_machine():
    settings = environment.load({})
    assert (settings.home, settings.host, settings.port) == (Path.cwd() / ".groundswell", "127.0.0.1", 8000)
    assert (settings.embedded, settings.demo, settings.mail_url) == (True, False, None)
    assert settings.address == "http://localhost:8000/"


WRONG = {
    "PORT": ["0", "65536", "80 80", "٨٠", "1e3", "-1", "9" * 5000],
    "GROUNDSWELL_WEB_PROCESSES": ["0", "65", "two"],
    "GROUNDSWELL_DEMO": ["yes", "2"],
    "GROUNDSWELL_PUBLIC_URL": [
        "members.example.org",
        "ftp://example.org",
        "https://",
        "https://x:99999/",
        "https://*/",
        "https://.example.org",
        "https://a.example.org/below",
        "https://a.example.org?b",
        "https://ann@example.org",
        "https://a b.example.org",
        "https://a\n.example.org",
        "https://ä.example.org",
    ],
    "GROUNDSWELL_HOST": ["*", "0.0.0.0:80", "members.example.org", "127.0.0.1 ::1", "fe80::1%eth0"],
    "GROUNDSWELL_DATABASE_URL": [
        "mysql://localhost/x",
        "postgresql://",
        "groundswell",
        "postgresql://gs_app:x@db/groundswell?sslmod=require",
        "postgresql://gs_app:%zz@db/groundswell",
    ],
    "GROUNDSWELL_MAIL_URL": ["mail.example.org", "http://mail.example.org", "smtp://mail.example.org/inbox"],
    "GROUNDSWELL_MAIL_FROM": [
        "nobody",
        "@",
        "a@b\nBcc: c@example.org",
        "a@b, c@example.org",
        "Ann <a@b> <c@d>",
    ],
    "GROUNDSWELL_CONTACT": ["nobody", "Ann <ann@example.org>", "ann@example.org?body=x", "ann@exa_mple.org"],
    "GROUNDSWELL_ACCENT": ["red", "#fff", "#12345g", "#a8201a;}", "##a8201a", "rgb(1, 2, 3)"],
    "GROUNDSWELL_BACKUP_DIR": ["~nobody-of-this-name/backups", "a\tb", "x" * 300],
    "GROUNDSWELL_POSTGRES_BIN": ["/nowhere"],
    "GROUNDSWELL_HOME": ["a\0b", "a\nb", "a/" * 3000],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_a_wrong_value_is_refused_in_one_sentence_that_names_the_setting(name, value):
    with pytest.raises(EnvironmentProblem) as refused:
        environment.load({name: value})
    assert refused.value.sentence.endswith(".")
    assert "\n" not in refused.value.sentence
    assert name in refused.value.sentence


def test_a_refused_address_does_not_repeat_its_password():
    with pytest.raises(EnvironmentProblem) as refused:
        environment.load({"GROUNDSWELL_DATABASE_URL": "mysql://gs_app:hunter2@db/x"})
    assert "hunter2" not in refused.value.sentence
    with pytest.raises(EnvironmentProblem) as refused:
        environment.load({"GROUNDSWELL_DATABASE_URL": "postgresql://gs_app:hunter2@db/x?%zz"})
    assert "hunter2" not in refused.value.sentence
    assert refused.value.__suppress_context__  # what the driver said repeats it


def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant():
    with pytest.raises(EnvironmentProblem, match="Did you mean GROUNDSWELL_PUBLIC_URL"):
        environment.load({"GROUNDSWELL_PUBLIC_URI": "https://example.org"})
    with pytest.raises(EnvironmentProblem, match=r"docs/running/configuration\.md lists them"):
        environment.load({"GROUNDSWELL_XYZZY": "1"})


def test_variables_of_other_programs_are_nobody_s_business():
    assert environment.load({"HOME": "/", "DATABASE_URL": "mysql://x/y", "LANG": "tlh"}).embedded


def test_addresses_of_roles_are_given_together_or_not_at_all():
    with pytest.raises(EnvironmentProblem, match="set all or none of them"):
        environment.load({"GROUNDSWELL_OWNER_DATABASE_URL": "postgresql://gs_owner:x@db/groundswell"})


SENDER = {"GROUNDSWELL_MAIL_FROM": "members@example.org"}


def test_mail_that_nobody_would_take_is_noticed_at_the_start():
    with pytest.raises(EnvironmentProblem, match="GROUNDSWELL_MAIL_FROM is not: say whose mail it is"):
        environment.load({"GROUNDSWELL_MAIL_URL": "smtp://mail.example.org"})
    for half in ("ann", "ann:", ":hunter2"):
        with pytest.raises(EnvironmentProblem, match="write both") as refused:
            environment.load({"GROUNDSWELL_MAIL_URL": f"smtp://{half}@mail.example.org", **SENDER})
        assert "hunter2" not in refused.value.sentence
    assert environment.load({"GROUNDSWELL_MAIL_URL": "smtp://mail.example.org", **SENDER}).mail_url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GROUNDSWELL_PUBLIC_URL", "https://members.example.org:99999"),
        ("GROUNDSWELL_MAIL_URL", "smtp://mail.example.org:0"),
        ("GROUNDSWELL_DATABASE_URL", "postgresql://gs_app:a/b@db:x/groundswell"),
    ],
)
def test_of_a_wrong_port_it_is_the_port_that_is_said_to_be_wrong(name, value):
    with pytest.raises(EnvironmentProblem, match=rf"{name} has a port that is no whole number"):
        environment.load({name: value})


def test_mail_is_sent_only_where_a_server_is_named():
    assert environment.mail(environment.load({}))[0] == "django.core.mail.backends.dummy.EmailBackend"
    backend, settings = environment.mail(
        environment.load({"GROUNDSWELL_MAIL_URL": "smtps://ann:p%40ss@mail.example.org", **SENDER})
    )
    assert backend == "django.core.mail.backends.smtp.EmailBackend"
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("ann", "p@ss")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (
        465,
        True,
        False,
    )


def test_the_public_address_decides_which_hosts_and_origins_are_ours():
    settings = environment.load({"GROUNDSWELL_PUBLIC_URL": "https://members.example.org/"})
    assert environment.origins(settings) == ["https://members.example.org"]
    assert environment.hosts(settings) == ["127.0.0.1", "members.example.org"]
    everywhere = environment.load({"GROUNDSWELL_HOST": "0.0.0.0"})  # noqa: S104 - compared, not listened on
    assert environment.hosts(everywhere) == []
    assert environment.hosts(environment.load({"GROUNDSWELL_HOST": "2001:db8::7"})) == ["[2001:db8::7]"]


def test_links_of_a_command_begin_where_the_home_was_served_last_or_with_the_public_address(tmp_path):
    beside = environment.load({"GROUNDSWELL_HOME": str(tmp_path)})
    assert environment.public_address(beside) == "http://localhost:8000/"
    environment.note_served(environment.load({"GROUNDSWELL_HOME": str(tmp_path), "PORT": "9020"}))
    assert environment.public_address(beside) == "http://localhost:9020/"
    public = {"GROUNDSWELL_HOME": str(tmp_path), "GROUNDSWELL_PUBLIC_URL": "https://members.example.org"}
    assert environment.public_address(environment.load(public)) == "https://members.example.org"


@pytest.mark.parametrize(
    ("host", "address", "local"),
    [
        ("localhost", "http://localhost:8000/", True),
        ("::1", "http://localhost:8000/", True),
        ("127.0.0.9", "http://localhost:8000/", True),
        ("192.0.2.7", "http://192.0.2.7:8000/", False),
        ("2001:db8::7", "http://[2001:db8::7]:8000/", False),
    ],
)
def test_where_it_listens_and_whether_others_hear_it(host, address, local):
    settings = environment.load({"GROUNDSWELL_HOST": host})
    assert (settings.address, settings.local) == (address, local)


def test_mail_has_a_sender_with_or_without_a_name_and_the_front_a_contact():
    for sender in ("members@example.org", "Our Örganisation <members@example.org>"):
        assert environment.load({"GROUNDSWELL_MAIL_FROM": sender}).mail_from == sender
    assert environment.load({"GROUNDSWELL_CONTACT": " hello@example.org "}).contact == "hello@example.org"


@pytest.mark.parametrize(("said", "read"), [("", None), ("#005A8c", "#005a8c"), ("005a8c", "#005a8c")])
def test_a_colour_is_read_with_and_without_its_sign(said, read):
    assert environment.load({"GROUNDSWELL_ACCENT": said}).accent == read


def test_every_setting_is_documented_and_nothing_else_is():
    text = (testbase.CHECKOUT / "docs" / "running" / "configuration.md").read_text()
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", text, re.MULTILINE))
    assert documented == {setting.name: setting.default for setting in environment.SETTINGS}
