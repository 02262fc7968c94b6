"""FHIR R5: see :mod:`eligex.exports.fhir`."""

from __future__ import annotations

from functools import partial

from eligex.exports import fhir

write = partial(fhir.write, release=fhir.Release(5))
