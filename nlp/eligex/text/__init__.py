"""eligex.text."""
