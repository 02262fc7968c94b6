"""From mentions, quantities, windows, clauses and cues to predicates and their logic; no spaCy here.

``tree`` answers how the words of a criterion are nested, ``heads`` which word a value names, ``attach`` which
of several heads a dependent belongs to.  ``limits`` and ``stages`` bind everything in one order, ``logic``
joins the heads, ``criteria`` writes the predicates.
"""
