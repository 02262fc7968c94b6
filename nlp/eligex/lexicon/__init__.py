"""Lexicons: data files and the strict readers that load them."""
