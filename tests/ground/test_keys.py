"""The key ring is made once, read as it is, and never replaced in silence."""

import json

import psycopg
import pytest

import testbase
from groundswell.ground import environment, keys
from groundswell.ground.errors import GroundProblem, KeyProblem


def _settings(tmp_path):
    return environment.load({"GROUNDSWELL_HOME": str(tmp_path / "home")})


def test_a_ring_is_made_once_and_for_its_owner_alone(tmp_path):
    settings = _settings(tmp_path)
    assert keys.load_if_there(settings) is None
    ring = keys.load_or_make(settings)
    assert keys.load_or_make(settings) == ring
    assert oct(keys.path(settings).stat().st_mode & 0o777) == "0o600"
    assert {len(getattr(ring, name)) for name in ("wrap_key", "blind_key", "gate_key", "seal_key")} == {32}


def test_two_rings_have_nothing_in_common(tmp_path):
    one, other = (keys.load_or_make(_settings(tmp_path / name)) for name in "ab")
    assert one.fingerprint != other.fingerprint
    for name in (
        "wrap_key",
        "blind_key",
        "gate_key",
        "seal_key",
        "backup_key",
        "django_secret",
        "operator_secret",
    ):
        assert getattr(one, name) != getattr(other, name)


def test_a_ring_does_not_show_itself_in_a_message(tmp_path):
    ring = keys.load_or_make(_settings(tmp_path))
    assert ring.operator_secret not in repr(ring)


def test_every_part_of_the_ring_decides_the_fingerprint(tmp_path):
    settings = _settings(tmp_path)
    fingerprint = keys.load_or_make(settings).fingerprint
    content = json.loads(keys.path(settings).read_text())
    for name, value in content.items():
        changed = {**content, name: ("A" if value[0] != "A" else "B") + value[1:]}
        assert keys.from_text(json.dumps(changed), tmp_path).fingerprint != fingerprint


@pytest.mark.parametrize("damage", ["", "{}", "[]", "not json", '{"wrap_key": 7}'])
def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path, damage):
    settings = _settings(tmp_path)
    keys.load_or_make(settings)
    keys.path(settings).write_text(damage)
    with pytest.raises(Exception, match=r"keys\.json") as refused:
        keys.load_or_make(settings)
    assert isinstance(refused.value, GroundProblem)
    assert "is damaged: put back your copy of it, which is in no backup" in refused.value.sentence
    assert keys.path(settings).read_text() == damage


@pytest.fixture
def owner(cluster, database_name):
    name = f"{testbase.clone_name()}_keys"
    testbase.clone(cluster, name)
    with psycopg.connect(**cluster.parameters("gs_owner", name), autocommit=True) as connection:
        yield connection
    testbase.drop(cluster, name)


def test_a_lost_file_is_not_replaced_once_the_database_knows_it(tmp_path, owner):
    settings = _settings(tmp_path)
    keys.remember(owner, settings, keys.load_or_make(settings))
    keys.path(settings).unlink()
    with pytest.raises(KeyProblem, match="is missing, and this database needs it"):
        keys.load_or_make(settings)
    assert not keys.path(settings).exists()


def test_none_is_made_beside_a_database_whose_home_has_forgotten_it(tmp_path, owner):
    settings = _settings(tmp_path)
    keys.require_unclaimed(owner, settings)  # nobody's yet
    keys.remember(owner, settings, keys.load_or_make(settings))
    for lost in ("keys.json", "key-fingerprint.json"):
        (settings.home / lost).unlink()
    with pytest.raises(KeyProblem, match="is missing, and this database needs it"):
        keys.require_unclaimed(owner, settings)  # an installed server's
    (settings.home / "postgres" / "data").mkdir(parents=True)
    (settings.home / "postgres" / "data" / "PG_VERSION").touch()
    with pytest.raises(KeyProblem, match="is missing, and this database needs it"):
        keys.load_or_make(settings)  # the embedded one
    assert not keys.path(settings).exists()


def test_the_database_refuses_another_ring_also_from_another_home(tmp_path, owner):
    first, second = _settings(tmp_path / "a"), _settings(tmp_path / "b")
    ring, other = keys.load_or_make(first), keys.load_or_make(second)
    assert keys.remembered(owner) is None
    keys.remember(owner, first, ring)
    assert keys.remembered(owner) == ring.fingerprint
    keys.require_fit(owner, first, ring)
    with pytest.raises(KeyProblem, match="is not the one of this database"):
        keys.remember(owner, second, other)
    assert keys.remembered(owner) == ring.fingerprint
