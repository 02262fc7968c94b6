"""eligex.grammar."""
