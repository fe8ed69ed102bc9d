"""The `groundswell` command.

One table of commands, each loaded only when it is asked for, so that `groundswell count` starts
without Django. Read `main` first.
"""

from groundswell.cli.main import main

__all__ = ["main"]
