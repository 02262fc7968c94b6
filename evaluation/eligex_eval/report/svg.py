"""Small plots as inline SVG: no library, no network, readable in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

COLOURS = ("#4269d0", "#ff725c", "#3ca951", "#efb118", "#a463f2", "#6cc5b0", "#9c6b4e", "#97bbf5")
Point = tuple[float, float]


def _svg(width: int, height: int, body: Sequence[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title, quote=True)}"><title>{escape(title)}</title>{"".join(body)}</svg>'
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", small: bool = False) -> str:
    size = ' class="s"' if small else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{size}>{escape(words)}</text>'


def _upright(y: float, words: str) -> str:
    turned = f"translate(12,{y:.1f}) rotate(-90)"
    return f'<text transform="{turned}" text-anchor="middle">{escape(words)}</text>'


def _legend(names: Sequence[str], x: float, y: float) -> list[str]:
    parts = []
    for i, name in enumerate(names):
        colour = COLOURS[i % len(COLOURS)]
        parts.append(f'<rect x="{x:.1f}" y="{y + 16 * i:.1f}" width="10" height="10" fill="{colour}"/>')
        parts.append(_text(x + 15, y + 9 + 16 * i, name))
    return parts


Bar = tuple[float | None, float | None, float | None]


def bars(rows: Mapping[str, Sequence[Bar]], names: Sequence[str], title: str) -> str:
    """Draw horizontal bars in groups: a row a label, a bar a system, with its interval.

    >>> bars({"Drug": [(0.5, 0.4, 0.6)]}, ["a"], "F1").count("<rect")
    2
    """
    thick, left, width = 11, 130, 620
    scale = width - left - 50
    body = _legend(names, left, 6)
    y = 16.0 * len(names) + 16
    for label, values in rows.items():
        body.append(_text(left - 8, y + thick * len(values) / 2 + 4, label, anchor="end"))
        for i, (value, low, high) in enumerate(values):
            top = y + i * thick
            if value is None:
                body.append(_text(left + 2, top + 9, "n/a", small=True))
                continue
            colour = COLOURS[i % len(COLOURS)]
            body.append(
                f'<rect x="{left}" y="{top:.1f}" width="{value * scale:.1f}" height="{thick - 2}" '
                f'fill="{colour}"><title>{escape(names[i])}: {value:.3f}</title></rect>'
            )
            if low is not None and high is not None:
                ends = (left + low * scale, left + high * scale)
                body.append(f'<path class="i" d="M{ends[0]:.1f} {top + 4.5:.1f}H{ends[1]:.1f}"/>')
            body.append(_text(left + max(value, high or 0) * scale + 4, top + 8, f"{value:.2f}", small=True))
        y += thick * len(values) + 7
    grid = [
        f'<path class="g" d="M{left + t * scale / 4:.1f} {16 * len(names) + 10}V{y:.1f}"/>' for t in range(5)
    ]
    return _svg(width, int(y) + 4, [*grid, *body], title)


def heatmap(cells: Mapping[tuple[str, str], int], title: str) -> str:
    """Draw a table of counts, shaded by the share of its row.

    >>> "Drug" in heatmap({("Drug", "Drug"): 3, ("Drug", "Device"): 1}, "confusion")
    True
    """
    order = list(dict.fromkeys([*(g for g, _ in cells), *(p for _, p in cells)]))
    left, top, size = 110, 90, 34
    body = []
    for i, gold in enumerate(order):
        total = sum(n for (g, _), n in cells.items() if g == gold) or 1
        body.append(_text(left - 6, top + i * size + 21, gold, anchor="end"))
        x = left + i * size + 20
        body.append(f'<text transform="translate({x},{top - 6}) rotate(-50)">{escape(gold)}</text>')
        for j, predicted in enumerate(order):
            n = cells.get((gold, predicted), 0)
            if not n:
                continue
            colour = "#3ca951" if gold == predicted else "#ff725c"
            x, y = left + j * size, top + i * size
            body.append(
                f'<rect x="{x}" y="{y}" width="{size - 1}" height="{size - 1}" fill="{colour}" '
                f'fill-opacity="{0.12 + 0.8 * n / total:.2f}">'
                f"<title>{escape(gold)} as {escape(predicted)}: {n}</title></rect>"
            )
            body.append(_text(x + size / 2, y + 21, str(n), anchor="middle", small=True))
    side = len(order) * size
    body.append(_text(left, 12, "rows: gold, columns: predicted", small=True))
    return _svg(left + side + 60, top + side + 6, body, title)


def lines(
    series: Mapping[str, Sequence[Point]],
    title: str,
    x_name: str,
    y_name: str,
    *,
    diagonal: bool = False,
    points: bool = False,
) -> str:
    """Draw lines over the unit square.

    >>> lines({"a": [(0, 1), (1, 0.5)]}, "t", "x", "y").count("<polyline")
    1
    """
    left, top, size = 46, 12, 260
    body = _axes(left, top, size, x_name, y_name)
    if diagonal:
        body.append(f'<path class="g" d="M{left} {top + size}L{left + size} {top}"/>')
    for i, values in enumerate(series.values()):
        colour = COLOURS[i % len(COLOURS)]
        placed = [(left + x * size, top + (1 - y) * size) for x, y in values]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if points:
            body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
    body += _legend(list(series), left + size + 16, top)
    return _svg(left + size + 220, top + size + 40, body, title)


def _axes(left: int, top: int, size: int, x_name: str, y_name: str) -> list[str]:
    body = [f'<path class="a" d="M{left} {top}V{top + size}H{left + size}"/>']
    for i in range(6):
        value = i / 5
        body.append(_text(left + value * size, top + size + 14, f"{value:.1f}", anchor="middle", small=True))
        body.append(_text(left - 6, top + (1 - value) * size + 4, f"{value:.1f}", anchor="end", small=True))
    body.append(_text(left + size / 2, top + size + 30, x_name, anchor="middle"))
    body.append(_upright(top + size / 2, y_name))
    return body


def scatter(points: Mapping[str, Point], title: str, x_name: str, y_name: str) -> str:
    """Draw labelled points: x on a logarithmic scale from 0.1 to 10,000, y from 0 to 1.

    >>> scatter({"a": (10, 0.5)}, "t", "x", "y").count("<circle")
    1
    """
    left, top, width, height = 46, 12, 420, 240
    body = [f'<path class="a" d="M{left} {top}V{top + height}H{left + width}"/>']
    for power in range(-1, 5):
        x = left + (power + 1) / 5 * width
        body.append(_text(x, top + height + 14, f"{10**power:g}", anchor="middle", small=True))
        body.append(f'<path class="g" d="M{x:.1f} {top}V{top + height}"/>')
    for i in range(6):
        body.append(_text(left - 6, top + (1 - i / 5) * height + 4, f"{i / 5:.1f}", anchor="end", small=True))
    for i, (name, (speed, value)) in enumerate(points.items()):
        x = left + (min(max(log10(max(speed, 1e-9)), -1), 4) + 1) / 5 * width
        y = top + (1 - value) * height
        body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{COLOURS[i % len(COLOURS)]}"/>')
        anchor = "end" if x > left + width * 0.7 else "start"
        body.append(_text(x + (-8 if anchor == "end" else 8), y + 4, name, anchor=anchor))
    body.append(_text(left + width / 2, top + height + 30, x_name, anchor="middle"))
    body.append(_upright(top + height / 2, y_name))
    return _svg(left + width + 20, top + height + 40, body, title)
