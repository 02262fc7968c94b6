"""The tokenizer: splits tokens at the bounds of meaning, and never rewrites the text.

Decides token boundaries so that the spans people mark in eligibility text start and end on them: numbers are
separated from comparators, units and each other ("≥18y", "0-2", "100,000/mm3", "3xULN"), lists from their
separators ("AST/ALT"), and layout (markdown escapes, bullets, list numbers) from words.  The grammars
interpret numbers and units.  It is spaCy's own ``Tokenizer`` with other rules, with its speed and its
serialisation.  Only a run without blanks that is longer than any word or address is cut first, because
spaCy's time is quadratic in the length of such a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

from eligex.pipes.doc import keep_text

_LETTER = r"[^\W\d_]"
_DASH = r"[-\u2010-\u2015\u2212\uFE63\uFF0D]"
_COMPARATOR = r"(?:<=|>=|=<|=>|\+/-|<>|!=|[<>=≤≥≦≧⩽⩾＜＞＝˂˃±≠~≈∼→])"
_ESCAPE = r"\\+"
_MARK = r"[()\[\]{}\"“”„‟«»‹›,;:!?¿¡•·●▪◦‣■□○►▶✓✔①-⑳*#_|&/%‰$€£¥°†‡§^@¶`´¨，、。；：（）／％～]"
_QUOTE = r"['‘’‚‛′″]"
_NUMBER = r"[0-9]+(?:[.,·][0-9]+)*"
_ORDINAL = r"(?:st|nd|rd|th|ST|ND|RD|TH)(?![^\W_])"

_PREFIXES = (
    _ESCAPE,  # \>= 18
    _COMPARATOR,  # ≥18
    _MARK,
    _QUOTE,
    rf"{_DASH}+",  # -Age
    r"(?:\.\.+|…|\.(?![0-9]))",
    rf"{_NUMBER}(?={_LETTER})(?!{_ORDINAL})",  # 18y
    r"[xX×](?=[0-9]|ULN|LLN|(?i:upper|lower|normal))",  # xULN, x10^9
)

_SUFFIXES = (
    _ESCAPE,
    _COMPARATOR,
    _MARK,
    rf"(?:{_QUOTE}[sS]|{_QUOTE})",
    rf"{_DASH}+",
    r"(?:\.\.+|…|\.|\+|®|™)",
)

# A number that an earlier infix has left at the head of its piece ("0-2mg"): spaCy strips prefixes only
# from the whole chunk, so the boundary between the number and its unit needs a rule of its own.
_AFTER_INNER_NUMBER = "|".join(rf"(?<=[^\w.,]{'[0-9]' * width})" for width in (1, 2, 3, 4))

_INFIXES = (
    _ESCAPE,
    _COMPARATOR,
    r"\+(?=[^\W_])",
    rf"(?<=[^\W_]){_DASH}(?=[^\W_])",  # non-small, 0-2, 18-fold
    rf"(?<=[^\w\s]){_DASH}|{_DASH}(?=[^\w\s])",
    r"[()\[\]{}\"“”„«»;!?•·●▪◦‣■*#_|&/%‰$€£°†‡§@`，、。；：（）／％～]",
    r"(?<![0-9]),|,(?![0-9])|(?<![0-9]):|:(?![0-9])|(?<=[0-9]):(?=[0-9])",
    r"\.\.+|…",
    rf"(?<={_LETTER})\.(?=[A-Z0-9])(?<![A-Z]\.)|(?<=[0-9%)])\.(?={_LETTER})|(?<=\))\.",
    rf"(?:{_AFTER_INNER_NUMBER}|(?<=[0-9][.,][0-9]))(?={_LETTER})(?!{_ORDINAL})",
    r"(?<=[0-9])×|×(?=[0-9])|(?<=[0-9])[xX](?=[0-9])",
)

_WHOLE = (
    *("e.g.", "E.g.", "eg.", "i.e.", "I.e.", "ie.", "vs.", "Vs.", "etc.", "Dr.", "No.", "no.", "approx."),
    *("i.v.", "I.V.", "p.o.", "P.O.", "s.c.", "b.i.d.", "t.i.d.", "q.d.", "a.m.", "p.m.", "U.S.", "U.K."),
    *("St.", "e.g", "i.e", "c.f.", "et.", "al.", "resp.", "Inc.", "Mrs.", "Mr."),
)
_PAIRS = (
    *((verb, "n't") for verb in ("do", "does", "did", "is", "are", "was", "were", "has", "have", "had")),
    *((verb, "n't") for verb in ("wo", "ca", "would", "could", "should", "must")),
    ("can", "not"),
)


LONGEST_RUN = 256
"""A longer run without blanks is cut; the longest in 37,847 registry texts has 165 characters."""
_LONG_RUN = re.compile(rf"\S{{{LONGEST_RUN},}}")
_CUT = re.compile(r".*[^\w.,]", re.DOTALL)


class EligexTokenizer(Tokenizer):  # type: ignore[misc]
    """spaCy's tokenizer, in linear time on long runs without blanks."""

    def __call__(self, string: str) -> Doc:
        """Tokenize a text.

        Examples
        --------
        >>> import spacy
        >>> tokenizer = make_tokenizer(spacy.blank("en"))
        >>> len(tokenizer("(" * 40_000))
        40000
        """
        cuts = _cuts(string)
        if not cuts:
            doc: Doc = super().__call__(string)
            keep_text(doc, string)
            return doc
        words: list[str] = []
        spaces: list[bool] = []
        for start, end in zip([0, *cuts], [*cuts, len(string)], strict=True):
            for token in super().__call__(string[start:end]):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
        return Doc(self.vocab, words=words, spaces=spaces)


def _cuts(text: str) -> list[int]:
    """Return where long runs are cut: after a sign, if the second half of a piece has one."""
    cuts: list[int] = []
    for run in _LONG_RUN.finditer(text):
        at = run.start()
        while run.end() - at > LONGEST_RUN:
            sign = _CUT.match(text, at + LONGEST_RUN // 2, at + LONGEST_RUN)
            at = sign.end() if sign else at + LONGEST_RUN
            cuts.append(at)
    return cuts


def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return the factory that spaCy's registry knows as ``eligex.Tokenizer.v1``.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "eligex.Tokenizer.v1"}}})
    >>> [token.text for token in nlp("Platelets ≥100,000/mm3")]
    ['Platelets', '≥', '100,000', '/', 'mm3']
    """
    return make_tokenizer


def make_tokenizer(nlp: Language) -> Tokenizer:
    """Build the tokenizer over the vocabulary of ``nlp``."""
    return EligexTokenizer(
        nlp.vocab,
        rules=_rules(),
        prefix_search=compile_prefix_regex(_PREFIXES).search,
        suffix_search=compile_suffix_regex(_SUFFIXES).search,
        infix_finditer=compile_infix_regex(_INFIXES).finditer,
    )


def _rules() -> dict[str, list[dict[int | str, str]]]:
    rules: dict[str, list[dict[int | str, str]]] = {
        word: [{"ORTH": word}] for word in _WHOLE if "/" not in word
    }
    for first, second in _pairs():
        rules[first + second] = [{"ORTH": first}, {"ORTH": second}]
    return rules


def _pairs() -> Iterable[tuple[str, str]]:
    for first, second in _PAIRS:
        for head in (first, first.capitalize(), first.upper()):
            yield head, second.upper() if head.isupper() else second
            if "'" in second:
                yield head, second.replace("'", "’")


if "eligex.Tokenizer.v1" not in registry.tokenizers:
    registry.tokenizers("eligex.Tokenizer.v1", func=create_tokenizer)
