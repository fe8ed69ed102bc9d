"""Takes a staged list in, killed and started again: `python killed_importer.py DATABASE BATCH ROUNDS`.

It sets Django up once, opens no connection, and forks a worker for every round; the worker says when it
begins a part, and is killed with SIGKILL somewhere in one of its first parts, however slow the machine is.
After the rounds the last worker may finish. The number of rounds in which a worker was really killed at
work is printed.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable

import testbase

ROWS_AT_ONCE = 7
MOST_PARTS = 2  # begun in a round before the kill
MOST_SECONDS = 0.02  # into the last of them
BEGUN = b"."


def main(database: str, batch: int, rounds: int) -> int:
    testbase.point_the_environment_here()
    os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
    import django

    django.setup()
    dice = random.Random(database)
    with testbase.server() as cluster:
        testbase.point_django_at(cluster, database)
        killed = sum(
            killed_at_work(batch, dice.randint(1, MOST_PARTS), dice.uniform(0, MOST_SECONDS))
            for _round in range(rounds)
        )
        take_in(batch, lambda: None)
    sys.stdout.write(f"{killed}\n")
    return 0


def killed_at_work(batch: int, parts: int, seconds: float) -> bool:
    """Let a worker begin so many parts; kill it so long into the last; return whether it was at work."""
    hears, says = os.pipe()
    worker = os.fork()
    if not worker:
        take_in(batch, lambda: os.write(says, BEGUN))
        os._exit(0)
    os.close(says)
    with os.fdopen(hears, "rb", buffering=0) as begun:
        heard = all(begun.read(1) for _part in range(parts))  # nothing at its end
    time.sleep(seconds)
    os.kill(worker, signal.SIGKILL)
    return heard and os.WIFSIGNALED(os.waitpid(worker, 0)[1])


def take_in(batch: int, begins: Callable[[], object]) -> None:
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange import actions
    from groundswell.exchange.models import Batch
    from groundswell.kernel import clock

    with scope.worker("the drill"):
        one = Batch.objects.select_related("unit").get(pk=batch)
    if one.state != "running":
        return
    taken = 1
    while taken:
        begins()
        with scope.worker("the drill"):
            taken = actions.run_chunk(one, at=clock.now(), most=ROWS_AT_ONCE)
    with scope.worker("the drill"):
        actions.finish(one, actor=OPERATOR, at=clock.now())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
