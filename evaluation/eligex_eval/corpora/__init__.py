"""Readers: one module a corpus; each gives the common documents and says what it dropped."""
