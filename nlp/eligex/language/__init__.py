"""Basic readings of text that all grammars share: tokens, regions, connectors, noun phrases, language."""
