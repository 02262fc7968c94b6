"""Character trigrams of names as vectors with inverse document frequencies, and their cosine.

Works on the bytes of all candidates at once: a letter or digit is one of 36 classes, everything else a blank.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
CLASSES = 37
BUCKETS = CLASSES**3
_CHUNK = 20_000


def _classes() -> Array:
    table = np.zeros(256, np.int64)
    for place, character in enumerate("abcdefghijklmnopqrstuvwxyz0123456789", start=1):
        table[ord(character)] = table[ord(character.upper())] = place
    return table


_CLASS = _classes()


def trigrams(text: Array, starts: Array, sizes: Array) -> tuple[Array, Array]:
    """Return the trigrams of the names at ``starts`` and, for each, whose it is; names have blank ends."""
    sizes = sizes.astype(np.int64)
    padded = sizes + 2
    ends = np.cumsum(padded)
    owner = np.repeat(np.arange(len(sizes)), padded)
    inside = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - padded, padded)
    place = np.repeat(starts.astype(np.int64), padded) + inside - 1
    real = (inside > 0) & (inside <= np.repeat(sizes, padded))
    letters = np.where(real, _CLASS[text[np.where(real, place, 0)]], 0)
    if len(letters) < 3:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    found = (letters[:-2] * CLASSES + letters[1:-1]) * CLASSES + letters[2:]
    whole = (owner[:-2] == owner[2:]) & (found > 0)
    return found[whole], owner[:-2][whole]


def inverse_frequencies(text: Array, starts: Array, sizes: Array) -> Array:
    """Return log(names / names with it) of each trigram, as half floats."""
    holders = np.zeros(BUCKETS, np.int64)
    for first in range(0, len(starts), _CHUNK):
        found, owner = trigrams(text, starts[first : first + _CHUNK], sizes[first : first + _CHUNK])
        once = np.unique(owner * BUCKETS + found) % BUCKETS
        holders += np.bincount(once, minlength=BUCKETS)
    weights: Array = (np.log((1 + len(starts)) / (1 + holders)) + 1).astype(np.float16)
    return weights


def cosines(wanted: bytes, text: Array, starts: Array, sizes: Array, weights: Array) -> Array:
    """Return the cosine of ``wanted`` with each name; a trigram that is there twice counts as two."""
    query = np.frombuffer(wanted, np.uint8)
    own, _ = trigrams(query, np.array([0]), np.array([len(query)]))
    if not len(own) or not len(starts):
        return np.zeros(len(starts))
    grams = np.unique(own)
    mine = np.zeros(BUCKETS, np.float32)
    mine[grams] = weights[grams]
    found, owner = trigrams(text, starts, sizes)
    values = weights[found].astype(np.float32)
    dot = np.bincount(owner, values * mine[found], minlength=len(starts))
    norm = np.sqrt(np.bincount(owner, values * values, minlength=len(starts)))
    scores: Array = np.minimum(dot / np.maximum(norm * np.linalg.norm(mine[grams]), 1e-9), 1)
    return scores
