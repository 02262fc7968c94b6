"""Value expressions: numbers, comparators, units and scales, and what they say together."""
