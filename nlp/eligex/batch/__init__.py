"""eligex.batch."""
