"""Criteria as questions to an OMOP common data model, for every target that asks it.

``words`` names what the model knows, ``vocabulary`` finds its concepts, ``lengths`` reads windows, ``people``
and ``events`` read predicates, ``plan`` turns a result into expressions, ``query`` those into SQL.  What
Circe makes of them is left to :mod:`eligex.exports.circe`.
"""
