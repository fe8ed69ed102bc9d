"""The `groundswell` command.

One table of commands, each loaded only when it is asked for, so that `groundswell count` starts
without Django. Read `main` first.
"""

try:
    from groundswell.cli.main import main
except KeyboardInterrupt:  # it ends while it is still being loaded as it ends later: without a traceback
    raise SystemExit(130) from None

__all__ = ["main"]
