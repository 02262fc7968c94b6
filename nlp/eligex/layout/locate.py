"""The place of the eligibility section inside a page.

A saved trial page has a head before the section and other parts of the page after it; an eligibility text is
all section.  A text is cut only if it shows a page: lines of ``pages.toml``, each alone in its block.  Before
the section two of these are needed, or one together with the section's title or with such a line after the
section.  Nothing is cut inside a line, and a text without section headings is read whole.
"""

from __future__ import annotations

import re

from eligex.layout.headings import read_heading
from eligex.layout.lines import Block, join_lines, split_lines
from eligex.lexicon.layout import page_words
from eligex.lexicon.patterns import any_of

_WORDS = page_words()
_FRAME = r"(?:\#{1,4}\s|\*\*)?"
_END = r"\s{0,3}:?\s{0,3}(?:\*\*)?$"
_BEFORE = re.compile(rf"{_FRAME}{any_of(_WORDS.before)}{_END}", re.IGNORECASE)
_AFTER = re.compile(rf"{_FRAME}{any_of(_WORDS.after)}{_END}", re.IGNORECASE)
# "About the Zinc Group", but not "About to start zinc"
_ABOUT = re.compile(rf"{any_of(map(str.capitalize, _WORDS.before_name))}\s(?:[Tt]he\s)?[A-Z].{{0,120}}$")
# "Key Eligibility Criteria", "Who can participate?"
_TITLE = re.compile(
    rf"\W{{0,6}}(?:{any_of(_WORDS.title_lead)}\s{{1,9}})?{any_of(_WORDS.titles)}"
    rf"\s{{0,9}}{any_of(_WORDS.title_nouns)}?\s{{0,9}}[?:]?\W{{0,4}}$",
    re.IGNORECASE,
)
_TITLE_REACH = 11
"""The largest number of blocks from a title to the first heading."""
_TAB = 24
"""Shorter lines between a title and the first heading are tabs of the page, not its text."""


def locate_section(text: str) -> tuple[int, int]:
    """Return the span of the eligibility section of a page, or of the whole text if it is not a page.

    Examples
    --------
    >>> text = "Inclusion Criteria:\\n- Adults\\n\\nContacts\\nJo Doe"
    >>> text[slice(*locate_section(text))]
    'Inclusion Criteria:\\n- Adults'
    """
    lines, _ = split_lines(text, 0, len(text))
    blocks = join_lines(text, lines, lambda start, end: _opens(text, start, end, marked=False))
    headings = [index for index, block in enumerate(blocks) if _is_heading(text, block)]
    if not headings:
        return 0, len(text)
    stop = _stop(text, blocks, headings[-1])
    begin = _begin(text, blocks, headings[0], is_page=stop < len(blocks))
    start = blocks[begin].start if begin else 0
    end = blocks[stop - 1].end if stop < len(blocks) else len(text)
    return start, end


def _is_heading(text: str, block: Block) -> bool:
    at = block.marker.content if block.marker else block.start
    return at < block.end and _opens(text, at, block.end, marked=block.marker is not None)


def _opens(text: str, start: int, end: int, *, marked: bool) -> bool:
    """Return whether a span begins with a heading of a section, typed or not."""
    found = read_heading(text, start, end, marked=marked, inside=None)
    return found is not None and (found.rank == "section" or (found.rank == "topic" and found.resets))


def _begin(text: str, blocks: list[Block], first: int, *, is_page: bool) -> int:
    """Return the first block of the section: in a page its title or first heading, else the first block."""
    title = _title(text, blocks, first)
    head = sum(_alone(text, block, _BEFORE) for block in blocks[:first])
    if head == 0 or head + is_page + (title is not None) < 2:
        return 0
    return first if title is None else title


def _title(text: str, blocks: list[Block], first: int) -> int | None:
    for index in range(first - 1, max(-1, first - 1 - _TITLE_REACH), -1):
        if _alone(text, blocks[index], _TITLE):
            between = blocks[index + 1 : first]
            is_tab = bool(between) and all(block.end - block.start < _TAB for block in between)
            return None if is_tab else index
    return None


def _stop(text: str, blocks: list[Block], last_heading: int) -> int:
    """Return the first block of the page after the section, or the number of blocks."""
    for index in range(last_heading + 1, len(blocks)):
        block = blocks[index]
        capital = text[block.start].isupper() or text[block.start] in "#*©"
        if capital and (_alone(text, block, _AFTER) or _alone(text, block, _ABOUT)):
            return index
    return len(blocks)


def _alone(text: str, block: Block, pattern: re.Pattern[str]) -> bool:
    """Return whether a block is one unmarked line of this form."""
    return (
        block.lines == 1 and block.marker is None and pattern.match(text, block.start, block.end) is not None
    )
