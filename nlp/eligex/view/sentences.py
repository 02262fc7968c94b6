"""Predicates, windows and logic as short sentences for a reader.

Decides the wording alone; what is shown where is for :mod:`eligex.view.trial`.  A predicate has one canonical
form, such as ``hemoglobin >= 9 g/dL``.
"""

from __future__ import annotations

import re
from typing import Any

from eligex.schema import Count, Length, Predicate, Threshold, Window

_LONGEST = 300
_BLANKS = re.compile(r"\s+")
_DURATION = re.compile(
    r"P (?:(?P<year>[\d.]+)Y)? (?:(?P<month>[\d.]+)M)? (?:(?P<week>[\d.]+)W)? (?:(?P<day>[\d.]+)D)?"
    r"(?:T (?:(?P<hour>[\d.]+)H)? (?:(?P<minute>[\d.]+)M)? (?:(?P<second>[\d.]+)S)?)?",
    re.VERBOSE,
)
"""ISO 8601: ``P6M``, ``PT72H``, ``P1Y6M``."""
_UNITS = {
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "hours",
    "[ULN]": "× ULN",
    "[LLN]": "× LLN",
    "{baseline}": "× baseline",
    "{score}": "",
}
"""UCUM units that a reader does not know by sight."""


def statement(predicate: Predicate) -> str:
    """Return the entity and its limit.  Whether that is required or excluded is the effect's to say.

    Examples
    --------
    ``hemoglobin >= 9 g/dL``, ``Age 18 to 70 years``, ``ECOG 0 or 1``, ``asthma``.
    """
    words = (line(predicate.entity.text), limit(predicate))
    return " ".join(word for word in words if word)


def limit(predicate: Predicate) -> str:
    """Return the limit with its unit: ``>= 9 g/dL``, ``18 to 70 years``; empty where there is none."""
    if predicate.comparator is None or predicate.threshold is None:
        return ""
    shown = _thresholds(predicate)
    if predicate.comparator == "in":
        written = " or ".join(shown)
    elif predicate.comparator == "between":
        written = _between(predicate, shown[0], shown[-1])
    else:
        written = f"{predicate.comparator} {shown[0]}"
    return f"{written} {unit(predicate.unit)}".strip()


def _between(predicate: Predicate, low: str, high: str) -> str:
    if predicate.threshold_inclusive is not False and predicate.threshold_high_inclusive is not False:
        return f"{low} to {high}"
    above = ">" if predicate.threshold_inclusive is False else ">="
    below = "<" if predicate.threshold_high_inclusive is False else "<="
    return f"{above} {low} and {below} {high}"


def _thresholds(predicate: Predicate) -> list[str]:
    words = predicate.threshold_text
    if words is not None:
        return [line(word) for word in ((words,) if isinstance(words, str) else words)]
    ends = (predicate.threshold, predicate.threshold_high)
    return [number(each) for each in predicate.threshold_set or ends if each is not None]


def canonical(predicate: Predicate) -> str:
    """Return the limit in the one unit of its analyte: ``90 g/L``; empty where it has none."""
    ends = (predicate.canonical_threshold, predicate.canonical_threshold_high)
    shown = " to ".join(number(each) for each in ends if each is not None)
    return f"{shown} {unit(predicate.canonical_unit)}".strip() if shown else ""


def number(threshold: Threshold) -> str:
    """Return a number as a reader writes it: ``100,000``, ``0.5``."""
    return f"{threshold:,.10g}" if isinstance(threshold, float) else f"{threshold:,}"


def unit(ucum: str | None) -> str:
    """Return a unit in words where its code is not plain: ``a`` -> ``years``, ``{lines}`` -> ``lines``."""
    if not ucum:
        return ""
    if ucum in _UNITS:
        return _UNITS[ucum]
    return line(ucum.strip("{}").replace("_", " ") if ucum.startswith("{") else ucum)


def window(window: Window) -> str:
    """Return a time window in words.

    Examples
    --------
    ``within 6 months before screening``, ``at least 4 weeks before``, ``within 72 hours of surgery``.
    """
    low, high = length(window.low), length(window.high)
    anchor = line(window.anchor or "")
    if low and high:
        bounds = f"{low} to {high}"
    elif low:
        bounds = f"{'more than' if window.strict else 'at least'} {low}"
    elif high:
        bounds = f"{_upper(window)} {high}"
    else:
        bounds = ""
    if window.direction == "within":
        words = [bounds, f"of {anchor}" if anchor else "on either side"]
    elif window.direction in ("for", "during"):
        words = [window.direction, bounds, anchor]
    else:
        words = [bounds, window.direction, anchor]
    return " ".join(word for word in words if word)


def _upper(window: Window) -> str:
    if window.direction in ("for", "during"):
        return "less than" if window.strict else "at most"
    return "less than" if window.strict else "within"


def length(length: Length | None) -> str:
    """Return a length in words: ``P6M`` -> ``6 months``, ``P1Y6M`` -> ``1 year 6 months``."""
    if length is None:
        return ""
    if isinstance(length, Count):
        return f"{length.value:g} {unit(length.unit)}"
    found = _DURATION.fullmatch(length)
    parts = [(value, name) for name, value in found.groupdict().items() if value] if found else []
    return " ".join(f"{value} {name}{'' if value == '1' else 's'}" for value, name in parts) or line(length)


def logic(node: Any, *, inside: bool = False) -> str:
    """Return a boolean expression over ids: ``inc-1.1 and (inc-1.2 or inc-1.3)``."""
    if not isinstance(node, dict):
        return line(str(node))
    if "when" in node:
        when, other = logic(node["when"], inside=True), logic(node["else"], inside=True)
        told = f"{when} where its condition holds, else {other}"
        return f"({told})" if inside else told
    if "not" in node:
        return f"not {logic(node['not'], inside=True)}"
    operator = "or" if "or" in node else "and"
    parts = [logic(each, inside=True) for each in node.get(operator, ())]
    told = f" {operator} ".join(parts)
    if "minimum" in node:
        return f"at least {node['minimum']} of ({', '.join(parts)})"
    return f"({told})" if inside and len(parts) > 1 else told


def is_plain(node: dict[str, Any]) -> bool:
    """Whether a criterion simply states all of its predicates."""
    return list(node) == ["and"] and all(isinstance(each, str) for each in node["and"])


def line(text: str) -> str:
    """Return ``text`` on one line, shortened if it is very long."""
    words = _BLANKS.sub(" ", text).strip()
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
