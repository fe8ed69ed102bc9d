"""What sign-in remembers for minutes, shared by all processes: attempts counted, codes used.

Django's cache on a table of ours, outside row security: it is asked before anybody is known. Values are
JSON and never pickled, so that whoever could write the table could not run anything. What is written
takes part in the request's transaction: an answer that is to be counted is kept (`access.middleware.keep`).
"""

import json
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from groundswell.access import gate

_GET: Final = "select value from accounts_memory where key = %s and expires_at > clock_timestamp()"
_SWEEP: Final = "delete from accounts_memory where expires_at < clock_timestamp() - interval '1 hour'"
_SET: Final = """
insert into accounts_memory as held (key, value, expires_at)
values (%s, %s, coalesce(clock_timestamp() + %s * interval '1 second', 'infinity'))
on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at
"""
# What has ended makes place; what has not, stays. A second request waits here for the first to end.
_ADD: Final = _SET + " where held.expires_at <= clock_timestamp() returning 1"


class SignInMemory(BaseCache):
    """A cache in the database. Keys are at most 250 characters; a timeout of None never ends."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Remember a value unless there is one; return whether it was remembered."""
        said = [self.make_and_validate_key(key, version=version), json.dumps(value), self._seconds(timeout)]
        return gate.ask(_ADD, said) is not None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what is remembered, `default` when nothing is."""
        row = gate.ask(_GET, [self.make_and_validate_key(key, version=version)])
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Remember a value, and forget what ended an hour ago and more."""
        gate.ask(_SWEEP, [])
        said = [self.make_and_validate_key(key, version=version), json.dumps(value), self._seconds(timeout)]
        gate.ask(_SET, said)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; return whether there was one."""
        said = [self.make_and_validate_key(key, version=version)]
        return gate.ask("delete from accounts_memory where key = %s returning 1", said) is not None

    def clear(self) -> None:
        """Forget everything."""
        gate.ask("delete from accounts_memory", [])

    def _seconds(self, timeout: Any) -> float | None:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return None if timeout is None else float(timeout)
