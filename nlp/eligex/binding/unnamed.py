"""What a limit measures where no entity names it: "with *itch intensity* of at least 4", "> 10 ppm *argon*".

Decides which noun phrase beside a value is its head; whether an entity is nearer is decided in
:mod:`eligex.binding.limits`.
"""

from __future__ import annotations

from eligex.binding.attach import load_weights
from eligex.binding.heads import Head, Site, instrument
from eligex.binding.tree import Span
from eligex.binding.words import CIRCUMSTANCE, GENERIC_SCALE, OF_THING, OPENS_PHRASE, THING_INSIDE
from eligex.language.methods import methods_in
from eligex.language.phrases import content_words, phrase_after, phrase_before
from eligex.schema import Quantity
from eligex.windows.find import as_window

_LONGEST_THING = 4
"""Words of a thing that no entity names."""
_WORDS_BEFORE = 60
"""How many characters before a word are read to find its role."""


def phrase_in_front(site: Site, best: tuple[Head, float] | None) -> Head | None:
    """Return a noun phrase right before the value, where it is nearer than any entity."""
    costs, quantity = load_weights()["limit"], site.quantity
    if is_bare(quantity) or (best is not None and best[1] > costs["sure"]):
        return None
    if best is not None and best[0].start >= quantity.end and best[1] > costs["following"]:
        return None
    span = _measured(site, best[0] if best else None)
    if span is None or site.row.overlapping(*span):
        return None
    lead = max(site.low, span[0] - _WORDS_BEFORE)
    if any(end > span[0] for _, end in methods_in(site.text, lead, span[1])):
        return None  # "the Cockcroft and [Gault formula] > 50"
    if GENERIC_SCALE.fullmatch(site.text, *span) and (on := instrument(site)):
        return on
    if not OPENS_PHRASE.search(site.text[max(site.low, span[0] - _WORDS_BEFORE) : span[0]]):
        return None
    return Head(*span, "Measurement", "phrase")


def phrase_behind(site: Site) -> Head | None:
    """Return the noun phrase right after, or in, a value that opens its sentence: "> 10 ppm nitric oxide"."""
    text, quantity = site.text, site.quantity
    leads = quantity.unit is not None and not content_words(text[site.low : quantity.start])
    if not leads or is_bare(quantity) or as_window(quantity) is not None:
        return None
    inside = THING_INSIDE.search(text, quantity.start, quantity.end) if quantity.kind == "count" else None
    if inside is not None:
        return Head(*inside.span("thing"), "Measurement", "phrase")
    of = OF_THING.match(text, quantity.end, site.high)
    span = phrase_after(text, of.end(), site.high, longest=_LONGEST_THING) if of else None
    return None if span is None or site.row.overlapping(*span) else Head(*span, "Measurement", "phrase")


def _measured(site: Site, best: Head | None) -> Span | None:
    """Return the phrase before the value, or the one before its circumstance: "temperature on admission"."""
    start, end = site.last, site.quantity.start
    span = phrase_before(site.text, start, end)
    circumstance = None if span is None else preposition(site, span[0], start)
    taken = best is not None and (span is None or (span[0] < best.end and best.start < span[1]))
    if best is not None and taken and best.end <= end and best.label != "Measurement":
        circumstance = preposition(site, best.start, start)
        if circumstance is not None and site.text[slice(*circumstance)].lower().startswith("of"):
            circumstance = None
    if circumstance is None:
        return span
    return phrase_before(site.text, start, circumstance[0]) or span


def preposition(site: Site, position: int, low: int | None = None) -> Span | None:
    """Return the preposition that makes what follows it a circumstance: "temperature [on] admission"."""
    start = max(site.low if low is None else low, position - _WORDS_BEFORE)
    match = CIRCUMSTANCE.search(site.text, start, position)
    return match.span() if match else None


def is_bare(quantity: Quantity) -> bool:
    """Whether a limit is nothing but a number, with its unit."""
    return quantity.comparator == "=" and quantity.scale is None and "=" not in quantity.text
