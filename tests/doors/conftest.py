"""The cast on stage, and the table of rights beside it."""

import sys
from pathlib import Path

from stagehands import *  # noqa: F403 - fixtures

sys.path.insert(0, str(Path(__file__).parent.parent / "access"))  # test_rights holds the table by hand
