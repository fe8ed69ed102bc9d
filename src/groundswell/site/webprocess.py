"""One process of the web server: the application, and a watch over the parent's life.

The parent ends its processes itself; only when it is killed have they to notice on their own.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from multiprocessing.process import parent_process

from groundswell.site.wsgi import application

__all__ = ["application"]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is None:
        return
    multiprocessing.connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
