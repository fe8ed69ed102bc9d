"""What this room answers to the browser."""
