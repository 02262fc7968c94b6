"""A predicate in one line, for targets that have one text for it."""

from __future__ import annotations

from eligex.schema import Predicate


def rule(predicate: Predicate) -> str:
    """Return a predicate as one line.

    >>> from eligex.schema import PredicateEntity
    >>> entity = PredicateEntity("Age", 0, 3, "Person")
    >>> rule(Predicate("inc-1.1", entity, comparator=">=", threshold=18, unit="a"))
    'require Age >= 18 a'
    >>> rule(Predicate("inc-1.2", entity, comparator="in", threshold=1, threshold_set=(1, 2)))
    'require Age in {1, 2}'
    """
    words = [
        predicate.effect or "",
        "not" if predicate.negated else "",
        " ".join(predicate.entity.text.split()),
    ]
    if predicate.comparator == "between":
        opening = "[" if predicate.threshold_inclusive else "("
        closing = "]" if predicate.threshold_high_inclusive else ")"
        words += ["in", f"{opening}{', '.join(_numbers(predicate))}{closing}", predicate.unit or ""]
    elif predicate.comparator == "in":
        words += ["in", f"{{{', '.join(_numbers(predicate))}}}", predicate.unit or ""]
    elif predicate.comparator is not None:
        words += [predicate.comparator, *_numbers(predicate), predicate.unit or ""]
    return " ".join(word for word in words if word)


def _numbers(predicate: Predicate) -> list[str]:
    """Return the numbers of a limit, each with what is written for it if that is something else."""
    ends = [each for each in (predicate.threshold, predicate.threshold_high) if each is not None]
    numbers = list(map(str, predicate.threshold_set or ends))
    words = predicate.threshold_text
    if words is None:
        return numbers
    written = (words,) if isinstance(words, str) else words
    return [f"{number} = {word}" for number, word in zip(numbers, written, strict=False)]
