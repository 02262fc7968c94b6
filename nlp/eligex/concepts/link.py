"""Mention → concept: aliases, exact names, rules, like names, broader concepts, else nothing.

Decides which term a mention stands for, and says by which step it was found.  The steps are tried in order
of trust.  A mention that is itself too short to trust ("CAD") is only looked up among aliases, under the long
form that its trial gives, or under the condition of the trial that it abbreviates.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eligex.concepts import rules
from eligex.concepts.aliases import NOTHING, alias_key, read_aliases
from eligex.concepts.normal import bag_of, plain_words, stem, stems
from eligex.concepts.store import Name, Store, own_vocabulary

Match = Literal["alias", "exact", "rule", "fuzzy", "broader"]
THRESHOLDS = {"Condition": 0.62, "Drug": 0.7, "Procedure": 0.62, "Measurement": 0.7}
"""The least cosine of a like name, by label; other labels are not matched inexactly."""
ORDER: dict[str, tuple[str, ...]] = {
    "Condition": ("DOID", "MONDO", "MESH", "HP", "SYMP"),
    "Drug": ("DRUGBANK", "MESH", "CVX"),
    "Procedure": ("MESH", "MAXO"),
    "Measurement": ("LOINC", "MESH"),
}
RELATED: dict[str, tuple[str, ...]] = {
    "Condition": ("Observation",),
    "Drug": ("Procedure",),
    "Procedure": ("Measurement", "Observation", "Drug"),
    "Measurement": ("Procedure", "Observation"),
    "Observation": ("Condition", "Procedure", "Measurement", "Person"),
    "Person": ("Condition", "Observation"),
    "Device": ("Procedure",),
    "Visit": ("Observation",),
}
"""What else a mention of a label may turn out to be, by name alone: annotators differ in the label."""
_SCORES: dict[Match, float] = {"alias": 1.0, "exact": 1.0, "rule": 0.9, "broader": 0.5}
_SYNONYM = 0.95
_CACHED = 50_000
_MOST_WORDS = 14
_MOST_LIKE = 6
_MOST_HEADS = 4
_ACRONYM = 8
_GIVEN = ("MESH", "UMLS", "SNOMEDCT", "ICD10CM", "OMOP")
_SPECIMENS = ("in Serum or Plasma", "in Blood")


@dataclass(frozen=True, slots=True)
class Link:
    """The concept of a mention; ``xrefs`` are CURIEs that the vocabulary of the code publishes."""

    system: str
    code: str
    name: str
    match: Match
    score: float
    xrefs: tuple[str, ...] = ()


class Linker:
    """Finds the concepts of mentions in the vocabularies of eligex, or in a user's own.

    Parameters
    ----------
    own
        Vocabularies of the user's, asked first.
    shipped
        Whether those of eligex are asked too.
    """

    def __init__(self, own: Sequence[Path] = (), *, shipped: bool = True) -> None:
        self._stores = [Store(folder) for folder in own] + ([own_vocabulary()] if shipped else [])
        self._shipped = shipped
        self._known: OrderedDict[tuple[str, str, str | None, bool], Link | None] = OrderedDict()

    def link(
        self,
        text: str,
        label: str,
        *,
        name: str | None = None,
        around: str = "",
        conditions: Sequence[str] = (),
    ) -> Link | None:
        """Return the concept of a mention, or None if none is right.

        Parameters
        ----------
        text
            The mention as written.
        label
            Its type.
        name
            The long form of the mention, or of an abbreviation in it, if the trial defines one.
        around
            The words around it; a gene symbol is one only among words of biomarkers.
        conditions
            The conditions that the trial is about; "ALS" is one of them if its initials are.
        """
        if name is None and rules.is_bare(text):
            wanted = text.strip()
            name = next((each for each in conditions if rules.initials(each) == wanted), None)
        gene = (
            label == "Measurement"
            and rules.gene_symbol(text) is not None
            and rules.has_biomarker(f"{text} {around}")
        )
        asked = (text, label, name, gene)
        if asked in self._known:
            self._known.move_to_end(asked)
            return self._known[asked]
        found = self._of_name(text, name, label, gene)
        self._known[asked] = found
        if len(self._known) > _CACHED:
            self._known.popitem(last=False)
        return found

    def candidates(self, text: str, label: str, *, around: str = "", most: int = 5) -> list[Link]:
        """Return what a mention may stand for: its concept first, then others of the same or a like name."""
        first = self.link(text, label, around=around)
        found = [] if first is None else [first]
        words = rules.own_stems(text)
        for store in self._stores:
            named = [(1.0, name) for name in store.names(bag_of(words))]
            for score, name in (*named, *store.similar(words, most=2 * most)):
                link = _link(store, name.term, "exact" if score == 1 else "fuzzy", score)
                known = {(each.system, each.code) for each in found}
                if label in store.kinds(name.term) and (link.system, link.code) not in known:
                    found.append(link)
        return found[:most]

    def _of_name(self, text: str, name: str | None, label: str, gene: bool) -> Link | None:
        """Return the concept of a mention, given the long form of it or of an abbreviation in it."""
        if name is None:
            return self._of(text, label, gene)
        if rules.is_whole(name, text):
            return self._of(name, label, gene) or self._of(text, label, gene)
        links = [link for way in rules.ways(text, name) if (link := self._of(way, label, gene))]
        return next((link for link in links if link.match != "broader"), links[0] if links else None)

    def _of(self, text: str, label: str, gene: bool) -> Link | None:
        plain = rules.without_brackets(text)
        for store in self._stores:
            is_shipped = self._shipped and store is self._stores[-1]
            if is_shipped and (row := _alias(plain, label)):
                return _coded(store, row, "alias")
            if gene and (found := _gene(store, plain)):
                return found
            if rules.is_bare(plain):
                continue
            if found := _Lookup(store, label, has_aliases=is_shipped).best(plain):
                return found
        return None


def _alias(text: str, label: str) -> str | None:
    """Return the code that the alias table gives a mention."""
    table = read_aliases()
    spellings = [alias_key(text), alias_key(text.removesuffix("s"))]
    if not rules.is_bare(text):  # "EGFR" is not "eGFR"
        spellings.append(" ".join(plain_words(text)))
    # "Renal" is a disease where it is a condition; as an observation it may be the function.
    related = () if rules.is_adjective(text) else RELATED.get(label, ())
    for spelled in dict.fromkeys(spellings):
        for kind in (label, *related):
            if (spelled, kind) in table:
                return table[spelled, kind][0]
    return None


def _coded(store: Store, code: str, match: Match) -> Link | None:
    term = None if code == NOTHING else store.find(code)
    return None if term is None else _link(store, term, match)


def _link(store: Store, term: int, match: Match, score: float | None = None) -> Link:
    system, _, code = store.curie(term).partition(":")
    given = tuple(x for x in store.xrefs(term) if x.partition(":")[0] in _GIVEN)
    value = _SCORES[match] if score is None else round(score, 3)
    return Link(system, code, store.label(term), match, value, given)


def _gene(store: Store, text: str) -> Link | None:
    symbol = rules.gene_symbol(text)
    if symbol is None:
        return None
    names = [
        n for n in store.names(bag_of(stems(symbol))) if n.text == symbol and "Gene" in store.kinds(n.term)
    ]
    names.sort(key=lambda n: not n.preferred)
    return _link(store, names[0].term, "exact") if names else None


class _Lookup:
    """The steps for one vocabulary and label."""

    def __init__(self, store: Store, label: str, *, has_aliases: bool = False) -> None:
        self.store = store
        self.label = label
        self.order = ORDER.get(label, ())
        self.has_aliases = has_aliases

    def best(self, text: str) -> Link | None:
        words = stems(text)
        if not words or len(words) > _MOST_WORDS:
            return None
        found = self._named(words, text, "exact")
        if found is not None or rules.is_joined(text):
            return found
        if self.has_aliases and (row := self._trimmed_alias(text)):
            return _coded(self.store, row, "rule")
        ways = rules.variants(words, self.label)
        found = next((hit for way in ways if (hit := self._named(way, text, "rule"))), None)
        return found or self._like(words) or self._broader(words)

    def _trimmed_alias(self, text: str) -> str | None:
        """Return the code of an alias with modifiers or an ending: "serum ALT", "bilirubin level"."""
        written = text.split()
        words = [stem(word.lower().strip(",;:.")) for word in written]
        for first, last in rules.trimmed(words, self.label):
            row = _alias(" ".join(written[first:last]), self.label)
            if row is not None:
                return row
        return None

    def _named(self, words: list[str], text: str, match: Match) -> Link | None:
        names = [name for name in self.store.names(bag_of(words)) if not _is_code(name.text, text)]
        fitting = [n for n in names if self.label in self.store.kinds(n.term)]
        if not fitting:
            related = RELATED.get(self.label, ())
            fitting = [
                n
                for n in names
                if not self.store.kinds(n.term).isdisjoint(related)
                and not self.store.curie(n.term).startswith("LOINC:")
            ]
        if not fitting:
            return None
        written = plain_words(text)
        chosen = fitting[0]
        if len(fitting) > 1:
            chosen = min(fitting, key=lambda name: self._rank(name, fitting, written))
        if match == "exact" and plain_words(chosen.text) != written:
            match = "rule"
        score = _SYNONYM if match == "exact" and not chosen.preferred else None
        return _link(self.store, chosen.term, match, score)

    def _rank(self, name: Name, names: list[Name], written: list[str]) -> tuple[object, ...]:
        """Return what orders names of one bag, best least: as written, preferred, agreed on, first asked."""
        system = self.store.curie(name.term).partition(":")[0]
        place = self.order.index(system) if system in self.order else len(self.order)
        label = self.store.label(name.term)
        odd = system == "LOINC" and (
            not any(part in label for part in _SPECIMENS),
            "Mass/volume" not in label and "#/volume" not in label,
            " by " in label,
        )
        first = place if system == "LOINC" or self.label in ("Drug", "Procedure") else 0
        return (
            first,
            plain_words(name.text) != written,
            not name.preferred,
            -self._votes(name.term, names),
            place,
            odd or (False,) * 3,
            len(label),
            name.term,
        )

    def _votes(self, term: int, names: list[Name]) -> int:
        """Return how many terms of other vocabularies with this name are said to be the same."""
        own = {self.store.curie(term), *self.store.xrefs(term)}
        others = {each.term for each in names} - {term}
        return sum(not own.isdisjoint((self.store.curie(each), *self.store.xrefs(each))) for each in others)

    def _like(self, words: list[str]) -> Link | None:
        least = THRESHOLDS.get(self.label)
        if least is None or len(words) > _MOST_LIKE:
            return None
        for score, name in self.store.similar(words):
            if score < least:
                break
            if (
                self.label in self.store.kinds(name.term)
                and not _is_code(name.text, "")
                and rules.is_same(words, stems(name.text), self.store.has_word)
            ):
                return _link(self.store, name.term, "fuzzy", min(score, 0.99))
        return None

    def _broader(self, words: list[str]) -> Link | None:
        for rest in list(rules.heads(words))[-_MOST_HEADS:]:
            shorter = (rest[first:last] for first, last in rules.trimmed(rest, self.label))
            for way in (rest, *(each for each in shorter if rules.is_name(each))):
                found = self._named(way, " ".join(way), "exact")
                if found is not None:
                    return Link(found.system, found.code, found.name, "broader", 0.5, found.xrefs)
        return None


def _is_code(name: str, written: str) -> bool:
    """Whether a name is an acronym or a code ("FACE", "TG-4010"), which words share by chance."""
    return name != written and len(name) <= _ACRONYM and " " not in name and name.upper() == name
