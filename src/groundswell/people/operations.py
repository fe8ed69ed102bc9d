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
        images = "referencing old table as was new table as made for each statement"
        follow = f"execute function people_follow('{self.table}')"
        return [f"create trigger follow_{self.table} after update on people_person {images} {follow}"]

    def backwards(self) -> list[str]:
        """Take it down."""
        return [f"drop trigger follow_{self.table} on people_person"]

    def describe(self) -> str:
        """Return one line for the migration's output."""
        return f"Rows of {self.table} follow their person's home"
