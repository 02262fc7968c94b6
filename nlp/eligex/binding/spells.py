"""What each of several windows counts from: "10 days since [filgrastim] and 14 days since [pegfilgrastim]".

Where one window after the other counts from a thing that is named right behind it, each is of the things
behind it, and of no others.  A window that counts from what is no thing of its own ("chemotherapy at least 4
weeks since the last dose") is of what :mod:`eligex.binding.windows` finds for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from eligex.binding.heads import Head, Row
from eligex.binding.tree import Tree
from eligex.binding.window_words import BEGINS_SPELL, COUNTS_AFTER, COUNTS_FROM, REACHES
from eligex.binding.words import BRACKETED
from eligex.schema import Window

_LONGEST_GAP = 40
"""Characters, without brackets, between what one window counts from and the next window."""
_LEAST = 2
_COUNTS: dict[str, re.Pattern[str]] = {"before": COUNTS_FROM, "after": COUNTS_AFTER}
"""By the direction of a window, the words between it and what it counts from: "4 weeks [since] surgery"."""


class Spell(NamedTuple):
    """A window and the things that it counts from, the first one first; none where none is an entity."""

    window: Window
    heads: Sequence[Head]

    @property
    def end(self) -> int:
        """Where the words of both end."""
        return max(self.window.end, *(head.end for head in self.heads), 0)


def spells(tree: Tree, row: Row) -> dict[Window, Sequence[Head]]:
    """Return the things that each window of a chain counts from; no window that is in none.

    Examples
    --------
    "4 weeks since surgery or radiotherapy, 6 weeks since mitomycin" → surgery and radiotherapy; mitomycin
    """
    found: dict[Window, Sequence[Head]] = {}
    if len(tree.piece.windows) < _LEAST:
        return found
    chain: list[Spell] = []
    for spell in _counted(tree, row):
        if chain and not _goes_on(tree, row, chain[-1], spell):
            chain = []
        if chain or _begins(tree, spell.window):
            chain.append(spell)
        if len(chain) >= _LEAST:
            found.update(each for each in chain if each.heads)
    return found


def counts_from_another(counted: Mapping[Window, Sequence[Head]], window: Window, head: Head) -> bool:
    """Whether a window of a chain is not of a head: one before it, or one behind the next window."""
    if window not in counted or head in counted[window]:
        return False
    return head.start < window.start or any(window.start < other.start <= head.start for other in counted)


def _counted(tree: Tree, row: Row) -> Iterator[Spell]:
    """Yield the windows that count from a thing right behind their length, with all of a list of entities."""
    windows = sorted(tree.piece.windows, key=lambda window: window.start)
    for place, window in enumerate(windows):
        counts = _COUNTS.get(window.direction) if window.low and not window.high else None
        since = counts.search(tree.text, window.start, window.end + 1) if counts else None
        if since is None:
            continue
        inside = row.within(since.end(), window.end)
        head = inside[0] if inside else next(row.after(window.end), None)
        if head is None or not (inside or REACHES.fullmatch(tree.text, window.end, head.start)):
            if window.anchor:
                yield Spell(window, ())
            continue
        stop = windows[place + 1].start if place + 1 < len(windows) else tree.end
        listed = [each for each in tree.listed(row, head, "window", window.start) if each.start < stop]
        yield Spell(window, sorted({*inside, *listed}))


def _begins(tree: Tree, window: Window) -> bool:
    """Whether a statement begins with a window: "[patients must be ]at least 28 days since surgery"."""
    low = max(tree.sentence(window.start)[0], tree.regions.innermost(window.start).first)
    return BEGINS_SPELL.search(tree.text, low, window.start) is not None or low == window.start


def _goes_on(tree: Tree, row: Row, spell: Spell, following: Spell) -> bool:
    """Whether nothing but what joins them is between two windows and what they count from."""
    window = following.window
    if tree.sentence(spell.window.start) != tree.sentence(window.start) or window.start < spell.end:
        return False
    between = BRACKETED.sub("", tree.text[spell.end : window.start])
    return len(between) <= _LONGEST_GAP and not row.within(spell.end, window.start)
