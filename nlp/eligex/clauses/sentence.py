"""A sentence as the clause rules see it: its tokens, the region of each, and questions about both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from eligex.clauses.clause import Clause, ClauseType, Cue, Side
from eligex.clauses.words import WORDS
from eligex.language.regions import Region, Regions
from eligex.language.tokens import NUM, WORD, tokens_of
from eligex.quantities import comparators
from eligex.quantities.units import TIME, Unit, parse_unit

_FAR = 250  # tokens that a clause may lie from the ends of its region
_LIMIT_REACH = 25  # characters between a limit and the cue that bears on it
_BRACKET_REACH = 12  # the same, where a bracket closes between them
_SEXES = WORDS.classes["female"].first_words | WORDS.classes["male"].first_words
_APPLY = WORDS.classes["applies_to"].first_words
_SEX_LETTERS = WORDS.classes["sex_letter"].first_words
_COMPARISONS = WORDS.classes["sign"].first_words | WORDS.classes["comparison"].first_words
_OPENING = ("of_people", "of_case", "after_limit", "obliges", "may", "expecting")
"""The classes of phrases that may open or close a clause, beside the cues."""
_TRIGGERS = WORDS.cues.first_words.union(*(WORDS.classes[name].first_words for name in _OPENING))
_OPENED_BY = {
    word: frozenset(name for name in _OPENING if word in WORDS.classes[name].first_words)
    for word in _TRIGGERS
}
_NONE: frozenset[str] = frozenset()
_LONGEST_LIST = 9  # commas
_LONGEST_MEMBER = 100  # characters of a member of a list
_ENDS = frozenset({"", ".", ",", ";", ")", "]"})
_LONGEST_UNIT = 9  # tokens
_LONGEST_DOSE = 14  # tokens
_LONGEST_SUBJECT = 40  # tokens
_BLANK = frozenset({",", ":", "-", "/"})


class Sentence:
    """The tokens of a sentence and the regions they lie in.

    Parameters
    ----------
    text
        The sentence.
    leading
        Whether it opens its criterion.
    """

    def __init__(self, text: str, *, leading: bool = True) -> None:
        self.text = text
        self.leading = leading
        self.tokens = tokens_of(text)
        self.low, self.n = self.tokens.low, self.tokens.n

    @cached_property
    def region(self) -> list[Region]:
        """The innermost region of every token."""
        regions = Regions(self.text)
        return [regions.innermost(start) for start in self.tokens.start[: self.n]]

    def triggers(self) -> list[int]:
        """Return the tokens at which a cue may begin."""
        return [i for i in range(self.n) if self.low[i] in _TRIGGERS or self.low[i] == ":"]

    def places(self, word: str) -> list[int]:
        """Return the tokens that are a word."""
        return [i for i in range(self.n) if self.low[i] == word]

    @property
    def applying(self) -> list[int]:
        """The tokens before words that say to whom something applies."""
        return [i - 1 for i in range(1, self.n) if self.low[i] in _APPLY and self.at("applies_to", i)]

    def opened_by(self, i: int) -> frozenset[str]:
        """Return the classes that have a phrase whose first word is token ``i``."""
        return _OPENED_BY.get(self.low[i], _NONE)

    def after(self, name: str, i: int) -> int:
        """Return the token after the phrase of a class that begins at token ``i``; ``i`` if none does."""
        return WORDS.classes[name].end(self.tokens, i)

    def at(self, name: str, i: int) -> bool:
        """Whether a phrase of a class begins at token ``i``."""
        return WORDS.classes[name].end(self.tokens, i) > i

    def before(self, name: str, i: int) -> int:
        """Return the first token of the phrase of a class that ends before ``i``; ``i`` if none does."""
        return WORDS.classes[name].start(self.tokens, i)

    def cue(self, kind: str, first: int, last: int, begin: int = -1, end: int = -1) -> Cue:
        """Return a cue; by default its content begins or ends with its region."""
        region = self.region[first]
        low = max(self._token(region.start), first - _FAR)
        high = min(self._token(region.end), last + _FAR)
        governs: Side = "right" if kind in {"lead", "label"} else "left"
        return Cue(
            kind, first, last, low, high, low if begin < 0 else begin, high if end < 0 else end, governs
        )

    def _token(self, position: int) -> int:
        """Return the first token from ``position`` on."""
        return bisect_left(self.tokens.start, position, 0, self.n)

    def inside(self, cue: Cue, start: int, end: int) -> Iterator[int]:
        """Yield the tokens from ``start`` to ``end`` that lie in no bracket inside the region of the cue."""
        region = self.region[cue.first]
        return (i for i in range(start, end) if self.region[i] is region)

    def opens(self, i: int) -> bool:
        """Whether token ``i`` is the first word of its region: "however, [if] …"."""
        at = self._token(self.region[i].first)
        while at < i:
            after = self.after("discourse", at)
            if after == at:
                return False
            at = after + (self.low[after] in {",", ":"})
        return True

    def begins(self, i: int) -> bool:
        """Whether the region of token ``i`` begins the sentence."""
        region: Region | None = self.region[i]
        return region is not None and region.kind != "bracket" and region.start == 0

    def obliges(self, i: int) -> int:
        """Return the token after words, or a colon, before what is asked of a subject; ``i`` without."""
        return i + 1 if self.low[i] == ":" else self.after("obliges", i)

    def subject(self, i: int) -> int:
        """Return where the subject begins of which token ``i`` asks or says something; ``i`` without one.

        "[Women with gout] must …", "[Cohort A]: …".
        """
        if self.obliges(i) == i:
            return i
        first = self._token(self.region[i].first)
        if not first < i <= first + _LONGEST_SUBJECT:
            return i
        while (after := self.after("discourse", first)) > first:
            first = after + (self.low[after] in {",", ":"})
        if any(self.obliges(k) > k or self.region[k] is not self.region[i] for k in range(first, i)):
            return i
        named = self.people(first) > first or any(
            self.at("cohort", k) and not self.at("no_cohort", k - 1) for k in range(first, min(first + 4, i))
        )
        return first if named else i

    def at_liberty(self, i: int) -> bool:
        """Whether token ``i`` begins what people may do or have: "[patients] may have had …"."""
        if not self.at("may", i):
            return False
        first = min(self.before("people", i), self.before("they", i))
        named = first < i
        while (before := min(self.before("adjective", first), self.before("article", first))) < first:
            first = before
        if self.low[first - 1] == "where":  # "an address [where he can receive] mail"
            return False
        after_break = self.low[first - 1] in {",", ":"} or self.before("break", first) < first
        return named and (after_break or self.opens(first))

    def people(self, i: int, adjectives: int = 2) -> int:
        """Return the token after "healthy male subjects" at token ``i``; ``i`` if there are none."""
        after = self.after("adjective", i) if adjectives else i
        if after > i and (found := self.people(after, adjectives - 1)) > after:
            return found
        return self.after("people", i)

    def sex(self, i: int) -> int:
        """Return the token after a sex at token ``i``; ``i`` if there is none."""
        return max(self.after("female", i), self.after("male", i))

    @cached_property
    def labels(self) -> frozenset[int]:
        """The sexes before a colon or a limit: "men: > 13"."""
        return frozenset(i for i in self.sexes if self._labels(i))

    @cached_property
    def both_labelled(self) -> bool:
        """Whether men and women have limits of their own."""
        return len({self.at("female", i) for i in self.labels}) > 1

    @cached_property
    def sexes(self) -> list[int]:
        """All words for a sex."""
        return [
            i
            for i in range(self.n)
            if self.low[i] in _SEXES
            or (self.low[i] in _SEX_LETTERS and self.at("sex_letter", i) and self.bracketed(i))
        ]

    def bracketed(self, i: int) -> bool:
        """Whether the sex at token ``i`` fills a bracket: "(men)", "(if male)"."""
        after = max(self.sex(i), self.after("sex_letter", i))
        return self.low[self._before_sex(i) - 1] in {"(", "["} and self.low[after] in {")", "]"}

    def _before_sex(self, i: int) -> int:
        i -= self.low[i - 1] == "adult"
        return i - self.at("of_sex", i - 1)

    def _labels(self, i: int) -> bool:
        first, after = self._before_sex(i), self.sex(i)
        if self.tokens.glued(first) and self.low[first - 1] not in {"(", ";", ",", "/", "["}:
            return False
        if self.low[after] == ":":
            return True
        after += self.low[after] == "," or (
            self.low[after] in {"-", "="} and not self.tokens.glued(after + 1)
        )
        if self._numeric(after) or (
            self.low[after] == "at" and self.low[after + 1] == "least" and self._numeric(after + 2)
        ):
            return True
        after = self.after("people", after)
        after += self.low[after] == "aged"
        after += self.low[after] == "("
        return self.at("sign", after) or self._numeric(after) or self.is_limit(after)

    def of_normal(self, i: int) -> bool:
        """Whether a limit relative to normal is right before token ``i``: "≤ 5 × ULN) …"."""
        for _ in range(2):
            i -= self.low[i - 1] in {",", ")"}
        return self.before("limit_of_normal", i) < i

    def is_limit(self, i: int) -> bool:
        """Whether a sign, a comparison or a number with a unit is at token ``i``."""
        if self.at("sign", i) or self.at("comparison", i):
            return True
        compared = comparators.before(self.tokens, i)
        number = i if compared is None else compared[1]
        if self.tokens.kind[number] != NUM:
            return False
        measured = parse_unit(self.tokens, number + 1) is not None or self.at("times", number + 1)
        return compared is not None or measured

    def lasting(self, i: int) -> bool:
        """Whether the limit at token ``i`` is a length of time: "at least 5 years"."""
        return self._duration(i) is not None

    def _duration(self, i: int) -> str | None:
        """Return the code of the unit of time of the limit at token ``i``."""
        found = self._unit(i)
        return found.code if found is not None and found.dimension in TIME else None

    def _unit(self, i: int) -> Unit | None:
        """Return the unit of the limit at token ``i``."""
        number = next((k for k in range(i, min(i + 6, self.n)) if self.tokens.kind[k] == NUM), None)
        return None if number is None else parse_unit(self.tokens, number + 1)

    def alike(self, first: int, second: int) -> bool:
        """Whether the limits at two tokens may be of one thing: no units, or units of one kind."""
        one, other = self._unit(first), self._unit(second)
        return one is None or other is None or one.dimension == other.dimension

    def dimension(self, i: int) -> str | None:
        """Return what the unit of the limit at token ``i`` measures: "3 mg/dL" is a concentration."""
        found = self._unit(i)
        return None if found is None else found.dimension

    def relative(self, i: int) -> bool:
        """Whether the limit at token ``i`` is a multiple of the limit of normal."""
        number = next((k for k in range(i, min(i + 7, self.n)) if self.tokens.kind[k] == NUM), self.n - 1)
        after = self.after("times", number + 1)
        return self.at("upper", after + (self.low[after] in {"the", "institutional"}))

    def limit_ending(self, i: int) -> int:
        """Return the token at which the limit right before token ``i`` begins; ``i`` if there is none."""
        for number in range(i - 1, max(i - _LONGEST_UNIT, 0), -1):
            if self.tokens.kind[number] != NUM:
                continue
            unit = parse_unit(self.tokens, number + 1)
            if i != (number + 1 if unit is None else unit.j):
                continue
            for first in range(max(number - 4, 0), number):
                found = comparators.before(self.tokens, first)
                if found is not None and found[1] == number:
                    return first
        return i

    @cached_property
    def first_limit(self) -> int:
        """The first token of a limit that is no length of time; the number of tokens if there is none."""
        return next((k for k in self.signs if not self.lasting(k)), self.n)

    @cached_property
    def signs(self) -> list[int]:
        """The tokens at which a comparison begins."""
        first = [k for k in range(self.n) if self.low[k] in _COMPARISONS]
        return [k for k in first if self.at("sign", k) or self.at("comparison", k)]

    def another_limit(self, i: int) -> bool:
        """Whether a limit is before the one at token ``i``; before an age, another age."""
        if self.first_limit < i:
            return True
        unit = self._duration(i)
        return unit is not None and any(self._duration(k) == unit for k in self.signs if k < i)

    def ends(self, i: int) -> bool:
        """Whether a statement ends before token ``i``: at a mark, or where a capital begins the next one."""
        return (
            self.low[i] in _ENDS
            or self.tokens.text[self.tokens.start[i] : self.tokens.start[i] + 1].isupper()
        )

    def aged(self, start: int, end: int) -> bool:
        """Whether tokens ``start``–``end`` state an age: "men over 60 years"."""
        return any(self._numeric(k) and self.lasting(k) for k in range(start, end))

    def limit_before(self, i: int) -> bool:
        """Whether a number or a word of limits is shortly before token ``i``: "> 3 × ULN …"."""
        end, tokens = self.tokens.start[i], self.tokens
        for k in range(i - 1, -1, -1):
            if end - tokens.end[k] > _LIMIT_REACH or self.low[k] in ";:.()[]":
                break
            if self._numeric(k) or self.at("limit", k):
                return True
        if i == 0 or self.low[i - 1] not in ")]":
            return False
        for k in range(i - 2, -1, -1):
            if tokens.start[i - 1] - tokens.end[k] > _BRACKET_REACH or self.low[k] in ";:":
                break
            if self._numeric(k):
                return True
        return False

    def follows_limit(self, i: int) -> bool:
        """Whether token ``i`` goes on from a limit: "≤ 3 × ULN [for] …", not "≤ 3 × ULN and [for] …"."""
        joined = self.low[i - 1] in {",", "(", "["} or self.at("joint", i - 1)
        return not joined and not self.opens(i) and self.limit_before(i)

    def _numeric(self, i: int) -> bool:
        return any(map(str.isdigit, self.low[i]))

    def number_within(self, i: int, reach: int) -> bool:
        """Whether a number is within ``reach`` characters of token ``i``."""
        stop = self.tokens.start[i] + reach
        return any(self._numeric(k) for k in range(i, min(self.n, i + reach)) if self.tokens.start[k] < stop)

    def named_before(self, i: int) -> bool:
        """Whether a word that can name something is before token ``i``."""
        return any(len(self.low[k]) > 1 and self.low[k].isalpha() for k in range(i))

    def length(self, start: int, end: int) -> int:
        """Return the number of characters of tokens ``start``–``end``."""
        return self.tokens.end[end - 1] - self.tokens.start[start] if end > start else 0

    def listed(self, start: int, end: int) -> bool:
        """Whether tokens are "A, B, or C": short members, and "or" after the last comma."""
        commas = [k for k in range(start, end) if self.low[k] == ","]
        joints = [k for k in range(commas[-1] + 1, end - 1) if self.low[k] in {"or", "and"}] if commas else []
        bounds = [start - 1, *commas, end]
        members = pairwise(bounds)
        return (
            bool(joints)
            and len(commas) <= _LONGEST_LIST
            and all(self.length(first + 1, last) <= _LONGEST_MEMBER for first, last in members)
        )

    def after_marks(self, i: int, end: int) -> int:
        """Return the first token from ``i`` on that is more than a mark between phrases."""
        while i < end and self._is_mark(i):
            i += 1
        return i

    def _is_mark(self, i: int) -> bool:
        return self.low[i] in _BLANK or not self.low[i].isprintable()

    def empty(self, start: int, end: int) -> bool:
        """Whether tokens ``start``–``end`` are a subject that says nothing: "both men and women"."""
        i = start
        while i < end:
            after = max(self.people(i), self.after("empty", i))
            if after == i and self.tokens.kind[i] in (NUM, WORD):
                return False
            i = max(after, i + 1)
        return True

    def words(self, start: int, end: int) -> bool:
        """Whether a word or number is among tokens ``start``–``end``."""
        return any(kind in (NUM, WORD) for kind in self.tokens.kind[start:end])

    def _to_dose(self, i: int) -> int:
        """Return the end of the dose up to which something is permitted, or 0: "is allowed [up to 9 mg]"."""
        k = first = self.after("to_dose", i)
        last = min(self.n, first + _LONGEST_DOSE) if first > i else first
        while k < last and self.low[k] not in _ENDS and not self.at("ends_dose", k):
            k += 1
        return k if any(self._numeric(x) for x in range(first, k)) else 0

    def clause(self, kind: ClauseType, cue: Cue) -> Clause | None:
        """Return the clause, without marks at the ends of its content; None if nothing is left."""
        begin, end = self.after_marks(cue.begin, cue.end), cue.end
        while begin < end and (self._is_mark(end - 1) or self.low[end - 1] == "."):
            end -= 1
        if begin >= end:
            return None
        last = cue.last - (cue.kind != "introduction" and self.low[cue.last - 1] in {":", ","})
        span = (self.tokens.start[cue.first], self.tokens.end[last - 1])
        content = (self.tokens.start[begin], self.tokens.end[end - 1])
        permits = kind == "exception" and (cue.kind == "may" or content[1] <= span[0])
        reach = cue.reach or (self._to_dose(cue.last) if permits else 0)
        last = max(span[1], content[1], self.tokens.end[reach - 1] if reach else 0)
        return Clause(kind, min(span[0], content[0]), last, *span, *content, cue.governs, permits)
