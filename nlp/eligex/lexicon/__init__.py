"""Lexicons: data files and their strict loaders."""
