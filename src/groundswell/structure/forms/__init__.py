"""What somebody fills in on the pages of this room."""
