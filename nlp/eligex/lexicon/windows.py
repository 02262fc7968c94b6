"""The words of the time-window grammar, from ``data/windows.toml``.

Checks the format of the file only; the grammar interprets the words.  Numbers, units and comparators are not
here: windows use the terminals of the quantities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from eligex.lexicon.loader import DATA, read_words

Words = dict[str, tuple[str, ...]]


def _keys(names: str) -> dict[str, object]:
    """Return a field whose table has exactly these keys, with a phrase allowed under two of them."""
    return {"keys": names.split(), "shared": True}


@dataclass(frozen=True, slots=True)
class WindowWords:
    """The tables of the file; its comments explain each key."""

    designators: dict[str, str]
    counted: dict[str, str]
    prepositions: Words = field(metadata=_keys("within in during after over until state stable of other"))
    adjacent: Words = field(metadata=_keys("before after"))
    directions: Words = field(metadata=_keys("before after since from of bare_before bare_after"))
    anchors: Words = field(metadata=_keys("study event point past opening on"))
    points: Words = field(metadata=_keys("at on during until within before after"))
    dates: Words = field(metadata=_keys("between and from to on after before"))
    lengths: Words = field(
        metadata=_keys(
            "cycle half_life_filler hedge join join_units tolerance article one few whole counted_after"
        )
    )
    around: Words = field(
        metadata=_keys(
            "left_filler inner_filler between alternative_filler owner longer shorter which value no_value"
            " planned happened modal span_noun from_event case same_day lasting_state course course_filler"
            " not_taken new spread not_spread washout washout_of lasting former that_is gone_by passed apart"
        )
    )
    anchor_parts: Words = field(
        metadata=_keys(
            "opener numbered enters target aside joint joined moment the people received place period"
            " goes_on_after goes_on stop"
        )
    )
    point_parts: Words = field(
        metadata=_keys(
            "whenever elapsed earlier progresses progress_joint count_word or_more length_lead edge"
        )
    )


@cache
def window_words() -> WindowWords:
    """Return the words that ship with eligex."""
    return read_words(DATA / "windows.toml", WindowWords)
