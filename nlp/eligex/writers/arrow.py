"""Types and values of the data model in Arrow, both ways.

Decides how a field of a dataclass is stored: a tuple as a list, a dataclass as a struct, a number that may be
whole as a double.  What Arrow has no type for is text: a :class:`~eligex.schema.Count` as ``5 {half-life}``
(an ISO-8601 duration beside it begins with P), an expression of any depth as JSON.  The types come from the
dataclasses alone, so that a new field of the contract is stored without a change here.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from eligex.schema import Length

Convert = Callable[[Any], Any]


@cache
def hints_of(kind: type) -> dict[str, Any]:
    """Return the fields of a dataclass with their types; a recursive field is left out inside itself."""
    return get_type_hints(kind)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType) and hint != Length:
        rest = tuple(each for each in get_args(hint) if each is not type(None))
        if len(rest) < len(get_args(hint)):
            return rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007 - built at run time
    return hint


def _is_number(hint: Any) -> bool:
    return hint is float or set(get_args(hint)) == {int, float}


def _is_words(hint: Any) -> bool:
    """Whether a field is one text or several, which is a list in Arrow."""
    return set(get_args(hint)) == {str, tuple[str, ...]}


def arrow_type(hint: Any, *, inside: tuple[type, ...] = ()) -> Any:
    """Return the Arrow type of a field's type; ``inside`` are the dataclasses around it."""
    import pyarrow as pa

    hint = _without_none(hint)
    if hint == Length or hint is str or get_origin(hint) in (Literal, dict):
        return pa.string()
    if _is_words(hint):
        return pa.list_(pa.string())
    if _is_number(hint):
        return pa.float64()
    if hint in (int, bool):
        return pa.int64() if hint is int else pa.bool_()
    if get_origin(hint) is tuple:
        return pa.list_(arrow_type(get_args(hint)[0], inside=inside))
    within = (*inside, hint)
    return pa.struct(
        (name, arrow_type(each, inside=within))
        for name, each in hints_of(hint).items()
        if _innermost(each) not in within
    )


def _innermost(hint: Any) -> Any:
    hint = _without_none(hint)
    return get_args(hint)[0] if get_origin(hint) is tuple else hint


@cache
def storing(hint: Any) -> Convert:
    """Return the function from a plain value of a field to what its Arrow type holds."""
    hint = _without_none(hint)
    if hint == Length:
        return length_text
    if get_origin(hint) is dict:
        return json_text
    if _is_words(hint):
        return lambda words: None if words is None else [encodable(w) for w in _listed(words)]
    if _is_number(hint):
        return double
    if get_origin(hint) is tuple:
        inner = storing(get_args(hint)[0])
        return lambda items: None if items is None else [inner(item) for item in items]
    if is_dataclass(hint):
        return _storing_struct(cast(type, hint))
    return encodable


def _storing_struct(kind: type) -> Convert:
    hints = {name: each for name, each in hints_of(kind).items() if _innermost(each) is not kind}
    recursive = [name for name in hints_of(kind) if name not in hints]
    converters: dict[str, Convert] = {}

    def store(data: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if data is None:
            return None
        if not converters:
            converters.update({name: storing(each) for name, each in hints.items()})
        if any(data[name] for name in recursive):
            raise ValueError(f"a {kind.__name__} inside a {kind.__name__} has {recursive}")
        return {name: convert(data[name]) for name, convert in converters.items()}

    return store


@cache
def restoring(hint: Any) -> Convert:
    """Return the function from what Arrow holds back to the plain value of a field."""
    hint = _without_none(hint)
    if hint == Length:
        return length_of_text
    if get_origin(hint) is dict:
        return lambda text: None if text is None else json.loads(text)
    if _is_number(hint) and hint is not float:
        return whole
    if get_origin(hint) is tuple:
        inner = restoring(get_args(hint)[0])
        return lambda items: None if items is None else [inner(item) for item in items]
    if is_dataclass(hint):
        return lambda data: None if data is None else _restored(cast(type, hint), data)
    return lambda value: value


def _restored(kind: type, data: Mapping[str, Any]) -> dict[str, Any]:
    hints = hints_of(kind)
    restored = {name: restoring(hints[name])(value) for name, value in data.items()}
    if "threshold_text" in restored:
        restored["threshold_text"] = words_of(restored)
    return restored


def words_of(predicate: Mapping[str, Any]) -> Any:
    """Return ``threshold_text`` as the contract has it: one text, or a list for a set or a range."""
    words = predicate["threshold_text"]
    is_list = predicate["comparator"] in ("in", "between")
    return words if words is None or is_list else words[0]


def _listed(words: str | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else words


def length_text(length: str | Mapping[str, Any] | None) -> str | None:
    """Return a length of time as text.

    >>> length_text("P6M"), length_text({"value": 5.0, "unit": "{half-life}"})
    ('P6M', '5 {half-life}')
    """
    if length is None or isinstance(length, str):
        return length
    return f"{whole(length['value'])} {length['unit']}"


def length_of_text(text: str | None) -> Any:
    """Return the plain length of time that :func:`length_text` wrote.

    >>> length_of_text("5 {half-life}")
    {'value': 5, 'unit': '{half-life}'}
    """
    value, blank, unit = (text or "").partition(" ")
    return {"value": whole(float(value)), "unit": unit} if blank else text


def json_text(value: object) -> str | None:
    """Return an expression as JSON, or None."""
    return None if value is None else encodable(json.dumps(value, ensure_ascii=False))


def encodable(value: Any) -> Any:
    """Return a value without lone surrogates, which UTF-8 cannot encode; they become question marks."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()
    return value


def double(value: float | None) -> float | None:
    """Return the nearest double: 9007199254740993 -> 9007199254740992.0, 10**400 -> inf."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return math.inf if value is not None and value > 0 else -math.inf


def whole(value: float | None) -> int | float | None:
    """Return a whole number as an integer: 18.0 -> 18."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
