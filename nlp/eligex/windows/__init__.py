"""Time windows: direction, length and anchor."""
