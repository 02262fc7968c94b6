"""The natural language of a text, by its script and its most frequent words.

Decides which pieces of a text are not in English, and whether all of it is not.  It needs evidence for
another language, not for English: telegraphic English ("ECOG 0-1") has no function words at all.  The readers
refuse such a text, and the layout leaves such a piece unparsed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eligex.lexicon.languages import ENGLISH, language_words

_PROFILES = language_words()
_WORD = re.compile(r"[^\W\d_]+")
_LINE = re.compile(r"[^\n\r~]+")
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _name, _words in _PROFILES.words.items():
    for _word in _words:
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _name)
_OTHER = frozenset(word for word, names in _LANGUAGES.items() if ENGLISH not in names)
_SCRIPTS = {name: re.compile(f"[{characters}]") for name, characters in _PROFILES.scripts.items()}
_ANY_SCRIPT = re.compile(f"[{''.join(_PROFILES.scripts.values())}]")
_WITHOUT_BLANKS = frozenset({"japanese", "chinese", "thai"})
_LETTERS_A_WORD = 2
"""How many letters count as a word in scripts without blanks."""

FEWEST_WORDS = 2
"""A piece needs at least this many different words of a language …"""
SHARE = 0.2
"""… and at least this share of its words, to be in that language."""
LEAST_FOREIGN = 5
"""Fewer words than this in another language decide nothing."""
SHORTEST_ENGLISH = 4
"""A shorter line, such as a heading, is not evidence that a text is English."""
ENGLISH_SHARE = 0.1
"""A text with at least this share of English among the decided words is bilingual, not foreign."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The language of a piece of text, or None if undecided, and its number of words."""

    language: str | None
    words: int

    @property
    def is_foreign(self) -> bool:
        """Whether it is in a language other than English."""
        return self.language is not None and self.language != ENGLISH


def other_language(text: str) -> str | None:
    """Return the name of the language that a text is in if that is not English.

    Examples
    --------
    >>> other_language("Pacientes mayores de 18 años con diabetes")
    'Spanish'
    >>> other_language("Age ≥ 18 years") is None
    True
    """
    pieces = _lines(text)
    sizes = Counter[str]()
    for piece in pieces:
        if piece.is_foreign or (piece.language == ENGLISH and piece.words >= SHORTEST_ENGLISH):
            sizes[piece.language or ENGLISH] += piece.words
    english = sizes.pop(ENGLISH, 0)
    foreign = sizes.total()
    if foreign < LEAST_FOREIGN or english >= ENGLISH_SHARE * (foreign + english):
        return None
    return sizes.most_common(1)[0][0].capitalize()


def foreign_parts(text: str, spans: Sequence[tuple[int, int]]) -> dict[int, str]:
    """Return which of the parts of a text are in another language, and in which.

    An undecided part has the language of the parts around it if both are in the same other language.

    Examples
    --------
    >>> text = "Adults with gout who can walk\\nAdultos con gota que pueden andar\\nECOG 0-1"
    >>> foreign_parts(text, [(0, 29), (30, 63), (64, 72)])
    {1: 'Spanish', 2: 'Spanish'}
    """
    if _is_plain(text):
        return {}
    pieces = [_read(text[start:end]) for start, end in spans]
    if sum(piece.words for piece in pieces if piece.is_foreign) < LEAST_FOREIGN:
        return {}
    found: dict[int, str] = {}
    undecided: list[int] = []
    before = next((piece.language for piece in pieces if piece.language), None)
    for index, piece in enumerate(pieces):
        if piece.language is None:
            undecided.append(index)
            continue
        if piece.is_foreign:
            joined = undecided if before == piece.language else []
            found |= dict.fromkeys([*joined, index], piece.language.capitalize())
        before, undecided = piece.language, []
    if before is not None and before != ENGLISH:
        found |= dict.fromkeys(undecided, before.capitalize())
    return found


def _is_plain(text: str) -> bool:
    """Return whether almost no word of a text can be of another language, by a quick test."""
    words = _WORD.findall(text.lower())
    return len(_OTHER.intersection(words)) < FEWEST_WORDS and not _ANY_SCRIPT.search(text)


def _lines(text: str) -> list[Piece]:
    return [] if _is_plain(text) else [_read(line) for line in _LINE.findall(text)]


def _read(piece: str) -> Piece:
    """Return the language of a piece, or None if undecided, and the number of its words."""
    script, letters = _script(piece)
    words = _WORD.findall(piece.lower())
    if script is not None:
        size = letters // _LETTERS_A_WORD if script in _WITHOUT_BLANKS else len(words)
        latin = sum(word.isascii() for word in words)
        return Piece(script, size) if size > latin and size >= FEWEST_WORDS else Piece(None, len(words))
    return Piece(_by_words(words), len(words))


def _script(piece: str) -> tuple[str | None, int]:
    """Return the language whose script a piece is written in, and how many of its letters are."""
    if not _ANY_SCRIPT.search(piece):
        return None, 0
    counts = {name: len(pattern.findall(piece)) for name, pattern in _SCRIPTS.items()}
    found = sum(counts.values())
    if counts["japanese"]:
        counts["japanese"] += counts.pop("chinese")
    name = max(counts, key=counts.__getitem__)
    letters = sum(map(str.isalpha, piece))
    return (name, counts[name]) if 2 * found > letters else (None, 0)


def _by_words(words: Sequence[str]) -> str | None:
    hits = Counter(name for word in words for name in _LANGUAGES.get(word, ()))
    english = hits.pop(ENGLISH, 0)
    name, best = hits.most_common(1)[0] if hits else ("", 0)
    different = len({word for word in words if name in _LANGUAGES.get(word, ())})
    if different >= FEWEST_WORDS and best >= SHARE * len(words) and best > 1.5 * english:
        return name
    return ENGLISH if english and english >= best else None
