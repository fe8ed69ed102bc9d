"""One process of the web server: the application, and a watch over the parent's life.

The parent ends its processes itself; only when it is killed have they to notice on their own.
"""

import gc
import importlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from multiprocessing.process import parent_process

from django.conf import settings

from groundswell.site.wsgi import application

__all__ = ["application"]


def _settle() -> None:
    """Load every page's module, and let the garbage collector never walk again what lives as long as we do.

    A walk over all of it took 80 ms, in the middle of one request in fifteen.
    """
    importlib.import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is None:
        return
    multiprocessing.connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


_settle()
threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
