"""Segmentation of invented texts; more below as dialects are added."""

from __future__ import annotations

from eligex.text.segment import segment


def test_two_sections() -> None:
    text = "Inclusion Criteria:\n\n1. Age over 17\n\nExclusion Criteria:\n\n1. Asthma\n"
    found = segment(text)
    assert [(c.id, text[c.start : c.end]) for c in found.criteria] == [("inc-1", "Age over 17"), ("exc-1", "Asthma")]
