"""Readers: one module for each corpus; each returns common documents and reports what it dropped."""
