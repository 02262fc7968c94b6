"""The spaCy components of eligex: thin adaptors around functions that need no spaCy."""
