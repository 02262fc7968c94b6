"""eligex.lexicon."""
