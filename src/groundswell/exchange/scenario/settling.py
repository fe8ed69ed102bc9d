"""Waiting until what was written is settled: committed before anything that a later question asks."""

import time
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal

_SETTLED_WITHIN_SECONDS: Final = 30.0
_LOOK_AGAIN_SECONDS: Final = 0.05


def wait_until_settled(stamp: int) -> None:
    """Return when no transaction that began by `stamp` runs any more.

    A settle mark taken before that would leave the facts just written out of every question about
    what was known.
    """
    end = time.monotonic() + _SETTLED_WITHIN_SECONDS
    while not _settled(stamp):
        if time.monotonic() > end:
            raise Refusal(
                _("Another transaction on this server does not end; end it and start the demo again."),
                code="unsettled",
            )
        time.sleep(_LOOK_AGAIN_SECONDS)


def _settled(stamp: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select org_settled() > %s", [stamp])
        (answer,) = cursor.fetchone()
    return bool(answer)
