"""One process of the web server: the application, and a watch over the parent's life.

The parent ends its processes itself; only when it is killed have they to notice on their own.
"""

import importlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from multiprocessing.process import parent_process

from groundswell.ground import collector


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is None:
        return
    multiprocessing.connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


# Every page's module too: a walk of the collector over all of it took 80 ms, in one request in fifteen.
with collector.resting(for_good=True):
    application = importlib.import_module("groundswell.site.wsgi").application
    importlib.import_module("groundswell.site.urls")

threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
