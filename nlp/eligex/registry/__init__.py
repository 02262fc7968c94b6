"""Readers of registry records, one module a format."""
