"""Takes a staged list in, killed and started again: `python killed_importer.py DATABASE BATCH ROUNDS`.

It sets Django up once, opens no connection, and forks a worker for every round; the worker is killed with
SIGKILL after a few hundredths of a second. After the rounds the last worker may finish. The number of
rounds in which a worker was really killed at work is printed.
"""

import os
import random
import signal
import sys
import time

import testbase

ROWS_AT_ONCE = 7


def main(database: str, batch: int, rounds: int) -> int:
    testbase.point_the_environment_here()
    os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
    import django

    django.setup()
    dice = random.Random(database)
    with testbase.server() as cluster:
        testbase.point_django_at(cluster, database)
        killed = sum(killed_at_work(batch, dice.uniform(0.01, 0.25)) for _round in range(rounds))
        while killed_at_work(batch, 60):
            pass
    sys.stdout.write(f"{killed}\n")
    return 0


def killed_at_work(batch: int, seconds: float) -> bool:
    """Let a worker begin; kill it after so long; return whether it was still at work."""
    worker = os.fork()
    if not worker:
        take_in(batch)
        os._exit(0)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if os.waitpid(worker, os.WNOHANG)[0]:
            return False
        time.sleep(0.005)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    return True


def take_in(batch: int) -> None:
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
        with scope.worker("the drill"):
            taken = actions.run_chunk(one, at=clock.now(), most=ROWS_AT_ONCE)
    with scope.worker("the drill"):
        actions.finish(one, actor=OPERATOR, at=clock.now())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
