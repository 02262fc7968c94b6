"""Grammars over plain text: numbers, comparators, units, scales, quantities and time windows."""
