"""Operations for migrations of this room and those above: what hangs on a person lies where she lives."""

from groundswell.access.operations import DatabaseOnly


class FollowsHome(DatabaseOnly):
    """The `unit_id` of a person's rows in this table follows her home unit, whatever path moves her.

    So row security asks one column of the row itself, and whoever loses a member loses her details.
    """

    def __init__(self, table: str) -> None:
        self.table = table

    def forwards(self) -> list[str]:
        """Hang the trigger on the persons."""
        moved = "after update of unit_id on people_person for each row"
        changed = "when (old.unit_id is distinct from new.unit_id)"
        follow = f"execute function people_follow('{self.table}')"
        return [f"create trigger follow_{self.table} {moved} {changed} {follow}"]

    def backwards(self) -> list[str]:
        """Take it down."""
        return [f"drop trigger follow_{self.table} on people_person"]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Rows of {self.table} follow their person's home"
