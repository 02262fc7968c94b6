"""From mentions, quantities, windows and cues to predicates and their logic; no spaCy here.

``mentions`` holds the shapes, ``values`` binds quantities, ``narrowing`` binds windows, modifiers,
conditions and exceptions, ``logic`` builds the boolean expression, ``build`` puts criteria together.
"""
