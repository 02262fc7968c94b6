"""eligex.pipes."""
