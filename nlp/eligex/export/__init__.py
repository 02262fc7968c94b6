"""eligex.export."""
