"""Every write of the room."""

from groundswell.duplicates.actions.finding import find_within
from groundswell.duplicates.actions.judging import judge, put_side_by_side
from groundswell.duplicates.actions.merging import Choices, merge
from groundswell.duplicates.actions.undoing import forget_over, undo

__all__ = ["Choices", "find_within", "forget_over", "judge", "merge", "put_side_by_side", "undo"]
