"""What somebody fills in to bring a list in."""
