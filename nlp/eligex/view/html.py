"""Text to HTML: escapes, attributes and elements, for every part of a page.

All text of a page goes through :func:`text` or :func:`attributes`.
"""

from __future__ import annotations

import re
from html import escape

_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Controls, which HTML forbids; direction overrides, which hide what a text says; halves of characters."""


def text(value: object) -> str:
    """Return a value as text of a page: ``a<b`` -> ``a&lt;b``."""
    return escape(_UNSHOWABLE.sub("\ufffd", str(value)), quote=True)


def attributes(**given: str | int | float | bool | None) -> str:
    """Return attributes; None and False leave one out, "_" is "-" and "class_" is "class".

    >>> attributes(class_="limit", data_p='a"b', hidden=True, title=None)
    ' class="limit" data-p="a&quot;b" hidden'
    """
    parts = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        parts.append(f" {name}" if value is True else f' {name}="{text(value)}"')
    return "".join(parts)


def element(tag: str, *content: str, **given: str | int | float | bool | None) -> str:
    """Return an element around HTML: content is taken as it is.

    >>> element("p", text("a < b"), class_="note")
    '<p class="note">a &lt; b</p>'
    """
    return f"<{tag}{attributes(**given)}>{''.join(content)}</{tag}>"
