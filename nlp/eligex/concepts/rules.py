"""Other ways to name a concept: without brackets, modifiers and endings, or with another word for a part.

Decides what may be taken away from a mention or exchanged in it without changing what it means, and what is
left where that does change it (a broader concept).  Which names exist is left to the vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from eligex.concepts.normal import alike, concept_words, plain_words, stem, stems

_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]")
_JOINED = re.compile(r"\s(?:and|or|and/or)\s|[,;]")
_BARE = re.compile(r"[A-Z][A-Z0-9-]{0,3}s?")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]+\b")
_MOST_VARIANTS = 40
_ALIKE = 0.65
_INFLECTED = 5


def is_bare(text: str) -> bool:
    """Whether a mention is a capital string of four letters or fewer, which may mean anything.

    >>> [is_bare(text) for text in ("CAD", "HIV", "MRIs", "COVID", "Gout")]
    [True, True, True, False, False]
    """
    return _BARE.fullmatch(text.strip()) is not None


def is_joined(text: str) -> bool:
    """Whether a mention names several things ("nausea and vomiting")."""
    return _JOINED.search(text) is not None


def without_brackets(text: str) -> str:
    """Return ``text`` without what stands in brackets, unless nothing else is left."""
    bare, again = text, ""
    while bare != again:  # brackets may stand in brackets
        bare, again = _BRACKETS.sub(" ", bare), bare
    return " ".join(bare.split()) or text


def variants(words: Sequence[str], label: str = "Condition") -> Iterator[list[str]]:
    """Yield other stems for the same concept, the likeliest first, each once and not ``words`` itself.

    >>> ["kidney", "disease"] in list(variants(stems("known renal disease")))
    True
    """
    seen = {tuple(words)}
    same = concept_words().same
    shorter = [list(words[first:last]) for first, last in trimmed(words, label)]
    for each in shorter:
        if tuple(each) not in seen and is_name(each):
            seen.add(tuple(each))
            yield each
    for each in [list(words), *shorter]:
        for place, word in enumerate(each):
            other = same.get(word)
            if other is not None and len(seen) < _MOST_VARIANTS:
                changed = [*each[:place], *other.split(), *each[place + 1 :]]
                if tuple(changed) not in seen and is_name(changed):
                    seen.add(tuple(changed))
                    yield changed


def trimmed(words: Sequence[str], label: str) -> list[tuple[int, int]]:
    """Return what is left of a name without modifiers or an ending, as ranges; the whole is not among them.

    >>> trimmed(stems("severe renal disease"), "Condition")
    [(1, 3), (0, 2), (1, 2)]
    >>> trimmed(stems("renal function"), "Condition")
    []
    """
    lists = concept_words()
    idle = lists.modifiers | lists.fillers
    if label not in ("Condition", "Observation"):
        idle |= lists.measured
    size, first = len(words), 0
    while first < size - 1 and words[first] in idle:
        first += 1
    ranges = [(n, size) for n in range(1, first + 1)]
    if size > 1 and words[-1] in lists.endings:
        starts = range(min(first, size - 2) + 1)
        ranges += [(n, size - 1) for n in starts if _may_end(words[n : size - 1], words[-1])]
    return ranges


def _may_end(words: Sequence[str], ending: str) -> bool:
    """Whether an ending may go: what is left of "renal function" would be read as renal disease."""
    lists = concept_words()
    return len(words) > 1 or words[0] not in lists.adjectives or ending in lists.ailments


def is_whole(name: str, text: str) -> bool:
    """Whether a long form names the whole mention, not an abbreviation in it.

    >>> is_whole("congestive heart failure", "CHF"), is_whole("pulmonary embolism", "embolism (PE)")
    (True, True)
    >>> is_whole("histone deacetylase", "histone deacetylase (HDAC) inhibitors")
    False
    """
    own = plain_words(without_brackets(text))
    return len(own) <= 1 or set(plain_words(name)).issuperset(own)


def ways(text: str, name: str) -> list[str]:
    """Return what a mention may be looked up by that has an abbreviation of this long form in it.

    >>> ways("CNS infection", "central nervous system")
    ['CNS infection', 'central nervous system infection']
    >>> ways("allogeneic stem cell transplant (SCT)", "stem cell transplant")
    ['allogeneic stem cell transplant (SCT)', 'stem cell transplant']
    """
    plain = without_brackets(text)
    own, whole = plain_words(plain), plain_words(name)
    if own[-len(whole) :] == whole:
        return [text, name]
    short = list(_CAPITALS.finditer(plain))
    if len(short) != 1 or not set(whole).isdisjoint(own):
        return [text]
    return [text, plain[: short[0].start()] + name + plain[short[0].end() :]]


def is_adjective(text: str) -> bool:
    """Whether a mention is one adjective that stands for a disease in a list ("renal or hepatic disease")."""
    words = stems(text)
    return len(words) == 1 and words[0] in concept_words().adjectives


def is_name(words: Sequence[str]) -> bool:
    """Whether words are more than a general head ("disease")."""
    lists = concept_words()
    return any(word not in lists.general and word not in lists.fillers and len(word) > 1 for word in words)


def heads(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield what is left of a name without its first words, longest first: names of broader concepts.

    >>> list(heads(stems("refractory ovarian cancer")))
    [['ovarian', 'cancer'], ['cancer']]
    """
    lists = concept_words()
    for start in range(1, len(words)):
        if words[start - 1] in lists.denying:
            return
        rest = list(words[start:])
        if rest[0] not in lists.fillers and is_name(rest):
            yield rest


def is_same(words: Sequence[str], other: Sequence[str], is_known: Callable[[str], bool]) -> bool:
    """Whether two like names differ in nothing that matters: spelling, inflection, modifiers and endings.

    ``is_known`` says whether a word is in the vocabulary: two known words are two words ("metastatic",
    "metaplastic"), unless one is an inflection of the other; an unknown one is a slip of the pen.

    >>> is_same(stems("allergic rhinits"), stems("allergic rhinitis"), "rhiniti".__eq__)
    True
    >>> is_same(stems("hyperthyroidism"), stems("hypothyroidism"), lambda word: True)
    False
    """
    lists = concept_words()
    left = [word for word in words if word not in other and word not in lists.fillers]
    right = [word for word in other if word not in words and word not in lists.fillers]
    for word in list(left):
        near = max(right, key=lambda each: alike(word, each), default=None)
        if near is not None and _is_variant(word, near, is_known):
            left.remove(word)
            right.remove(near)
    idle = lists.modifiers - lists.kept
    endings = lists.endings - lists.kept
    left = [word for word in left if word not in idle]
    if left and words[-1] == left[-1] and left[-1] in endings:
        left.pop()
    if len(words) > 1 and len(right) == 1 and right[0] in endings:
        right.pop()
    return not left and not right


def _is_variant(word: str, other: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a word is another one misspelt, or an inflection of it ("prostate", "prostatic")."""
    kept = concept_words().kept
    if min(len(word), len(other)) < 4 or not (word.isalpha() and other.isalpha()) or {word, other} & kept:
        return False
    if is_known(word):
        common = next(
            (n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
            min(len(word), len(other)),
        )
        return common >= _INFLECTED and common >= min(len(word), len(other)) - 3
    return word[0] == other[0] and alike(word, other) >= _ALIKE


def initials(name: str) -> str:
    """Return the first letters of the words of a name: "Amyotrophic Lateral Sclerosis" -> "ALS"."""
    return "".join(word[0] for word in plain_words(name) if word not in concept_words().fillers).upper()


def has_biomarker(text: str) -> bool:
    """Whether words around a gene symbol say that it is a biomarker ("EGFR mutation")."""
    return any(stem(word) in concept_words().biomarker for word in plain_words(text))


def gene_symbol(text: str) -> str | None:
    """Return the symbol of a mention that is one gene, alone or with words of biomarkers: "KRAS mutation"."""
    words = text.split()
    rest = [word for word in words if stem(word.lower()) not in concept_words().biomarker]
    symbol = rest[0] if len(rest) == 1 else ""
    return symbol if len(symbol) > 2 and symbol.upper() == symbol and symbol.isalnum() else None


def own_stems(text: str) -> list[str]:
    """Return the stems of a mention without brackets."""
    return stems(without_brackets(text))
