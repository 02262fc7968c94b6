"""The plots of reports and of the leaderboard, drawn so that no word lies on another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor, log10

from .canvas import COLOURS, Canvas, Point, width_of

Bar = tuple[float | None, float | None, float | None]
"""A value with the ends of its interval."""
SMALL = 10
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def _margin(labels: Sequence[str], size: float = 12) -> float:
    return max((width_of(label, size) for label in labels), default=0) * 1.2 + 16  # other fonts are wider


def _legend(canvas: Canvas, names: Sequence[str], x: float, y: float) -> None:
    for i, name in enumerate(names):
        canvas.box(x, y + 16 * i, 10, 10, COLOURS[i % len(COLOURS)])
        canvas.text(x + 15, y + 9 + 16 * i, name)


def _scale(canvas: Canvas, left: float, width: float, top: float, bottom: float) -> None:
    """Draw the lines and the figures of a scale from 0 to 1."""
    for tick in _TICKS:
        x = left + tick * width
        canvas.line((x, top), (x, bottom), ink="line")
        canvas.text(x, bottom + 14, f"{tick:.1f}", anchor="middle", size=SMALL, ink="dim")


def forest(points: Mapping[str, Bar], title: str) -> Canvas:
    """Draw a figure of several systems, one below another, each with its interval.

    >>> [s.words for s in forest({"a": (0.5, 0.4, 0.6)}, "F1").shapes if s.words][-2:]
    ['a', '0.500']
    """
    left, width, row = _margin(list(points)), 420.0, 24
    height = row * len(points) + 60
    canvas = Canvas(left + width + 60, height, title)
    canvas.text(left, 16, title, size=12)
    top = 28
    _scale(canvas, left, width, top, top + row * len(points))
    for i, (name, (value, low, high)) in enumerate(points.items()):
        y = top + row * i + row / 2
        canvas.text(left - 8, y + 4, name, anchor="end")
        if value is None:
            canvas.text(left + 4, y + 4, "n/a", size=SMALL, ink="dim")
            continue
        if low is not None and high is not None:
            canvas.line(
                (left + low * width, y), (left + high * width, y), ink=COLOURS[0], size=3, opacity=0.45
            )
        canvas.disc(left + value * width, y, 4.5, COLOURS[0], f"{name}: {value:.3f}")
        canvas.text(left + width + 8, y + 4, f"{value:.3f}", size=SMALL)
    return canvas


def bars(rows: Mapping[str, Sequence[Bar]], names: Sequence[str], title: str) -> Canvas:
    """Draw horizontal bars in groups: a row a label, a bar a system, with its interval.

    >>> sum(s.kind == "box" for s in bars({"Drug": [(0.5, 0.4, 0.6)]}, ["a"], "F1").shapes)
    2
    """
    thick, left, width = 12, _margin(list(rows)), 440.0
    top = 16.0 * len(names) + 14
    bottom = top + sum(thick * len(values) + 8 for values in rows.values())
    canvas = Canvas(left + width + 50, bottom + 24, title)
    _legend(canvas, names, left, 4)
    _scale(canvas, left, width, top, bottom)
    y = top + 4
    for label, values in rows.items():
        canvas.text(left - 8, y + thick * len(values) / 2 + 4, label, anchor="end")
        for i, (value, low, high) in enumerate(values):
            at = y + i * thick
            if value is None:
                canvas.text(left + 3, at + 9, "n/a", size=SMALL, ink="dim")
                continue
            ink = COLOURS[i % len(COLOURS)]
            canvas.box(left, at, value * width, thick - 2, ink, tip=f"{names[i]}, {label}: {value:.3f}")
            if low is not None and high is not None:
                canvas.line(
                    (left + low * width, at + 5),
                    (left + high * width, at + 5),
                    ink="fg",
                    size=1.5,
                    opacity=0.6,
                )
            canvas.text(left + max(value, high or 0) * width + 4, at + 9, f"{value:.2f}", size=SMALL)
        y += thick * len(values) + 8
    return canvas


def counts(rows: Mapping[str, Sequence[int]], names: Sequence[str], title: str, most: int) -> Canvas:
    """Draw counts as horizontal bars in groups; ``most`` is where the scale ends.

    >>> counts({"missed": [3, 1]}, ["a", "b"], "errors", 3).title
    'errors'
    """
    thick, left, width = 12, _margin(list(rows)), 440.0
    top = 16.0 * len(names) + 14
    bottom = top + sum(thick * len(values) + 8 for values in rows.values())
    canvas = Canvas(left + width + 60, bottom + 24, title)
    _legend(canvas, names, left, 4)
    step = _step(most)
    for tick in range(0, most + 1, step):
        x = left + tick / most * width
        canvas.line((x, top), (x, bottom), ink="line")
        canvas.text(x, bottom + 14, f"{tick:,}", anchor="middle", size=SMALL, ink="dim")
    y = top + 4
    for label, values in rows.items():
        canvas.text(left - 8, y + thick * len(values) / 2 + 4, label, anchor="end")
        for i, value in enumerate(values):
            at = y + i * thick
            wide = value / most * width
            ink = COLOURS[i % len(COLOURS)]
            canvas.box(left, at, wide, thick - 2, ink, tip=f"{names[i]}, {label}: {value}")
            canvas.text(left + wide + 4, at + 9, f"{value:,}", size=SMALL)
        y += thick * len(values) + 8
    return canvas


def _step(most: int) -> int:
    """Return a round step with at most five ticks.

    >>> _step(3), _step(47), _step(1200)
    (1, 10, 500)
    """
    power: int = 10 ** max(floor(log10(max(most, 1) / 5)), 0)
    return next(power * n for n in (1, 2, 5, 10, 20) if most / (power * n) <= 5)


def heatmap(cells: Mapping[tuple[str, str], int], title: str) -> Canvas:
    """Draw a table of counts, shaded by the share of its row.

    >>> canvas = heatmap({("Drug", "Drug"): 3, ("Drug", "Device"): 1}, "confusion")
    >>> [s.words for s in canvas.shapes if s.words.isdigit()]
    ['3', '1']
    """
    order = list(dict.fromkeys([*(g for g, _ in cells), *(p for _, p in cells)]))
    size, left = 36, _margin(order) + 18
    top = _margin(order) * 0.8 + 34
    side = len(order) * size
    canvas = Canvas(left + side + 70, top + side + 8, title)
    canvas.text(left + side / 2, 12, "predicted", anchor="middle", ink="dim", size=SMALL)
    canvas.text(10, top + side / 2, "gold", anchor="middle", ink="dim", size=SMALL, turn=90)
    for i, gold in enumerate(order):
        total = sum(n for (g, _), n in cells.items() if g == gold) or 1
        canvas.text(left - 6, top + i * size + 22, gold, anchor="end")
        canvas.text(left + i * size + 20, top - 6, gold, turn=50)
        for j, predicted in enumerate(order):
            n = cells.get((gold, predicted), 0)
            if not n:
                continue
            ink = COLOURS[2] if gold == predicted else COLOURS[1]
            x, y = left + j * size, top + i * size
            shade = 0.12 + 0.8 * n / total
            canvas.box(x, y, size - 1, size - 1, ink, shade, f"{gold} as {predicted}: {n}")
            canvas.text(x + size / 2, y + 22, str(n), anchor="middle", size=SMALL)
    return canvas


def lines(
    series: Mapping[str, Sequence[Point]],
    title: str,
    x_name: str,
    y_name: str,
    *,
    diagonal: bool = False,
    points: bool = False,
) -> Canvas:
    """Draw lines over the unit square.

    >>> canvas = lines({"a": [(0, 1), (1, 0.5)]}, "t", "x", "y")
    >>> [s.points for s in canvas.shapes if s.kind == "line"][-1]
    ((52.0, 12.0), (312.0, 142.0))
    """
    left, top, size = 52.0, 12.0, 260.0
    canvas = Canvas(left + size + 20 + _margin([*series, ""]) + 16, top + size + 44, title)
    _scale(canvas, left, size, top, top + size)
    for tick in _TICKS:
        y = top + (1 - tick) * size
        canvas.line((left, y), (left + size, y), ink="line")
        canvas.text(left - 6, y + 4, f"{tick:.1f}", anchor="end", size=SMALL, ink="dim")
    canvas.text(left + size / 2, top + size + 34, x_name, anchor="middle")
    canvas.text(14, top + size / 2, y_name, anchor="middle", turn=90)
    if diagonal:
        canvas.line((left, top + size), (left + size, top), ink="dim")
    _legend(canvas, list(series), left + size + 16, top)
    for i, values in enumerate(series.values()):
        ink = COLOURS[i % len(COLOURS)]
        placed = [(left + x * size, top + (1 - y) * size) for x, y in values]
        if placed:
            canvas.line(*placed, ink=ink, size=2)
        for x, y in placed if points else ():
            canvas.disc(x, y, 3, ink)
    return canvas


def scatter(points: Mapping[str, Point], title: str, x_name: str, y_name: str) -> Canvas:
    """Draw labelled points: x on a logarithmic scale over whole decades, y from 0 to 1.

    >>> sum(s.kind == "disc" for s in scatter({"a": (10, 0.5)}, "t", "x", "y").shapes)
    1
    """
    left, top, width, height = 52.0, 12.0, 440.0, 260.0
    speeds = [max(x, 1e-9) for x, _ in points.values()]
    first, last = floor(log10(min(speeds))), ceil(log10(max(speeds)))
    last = max(last, first + 1)
    canvas = Canvas(left + width + 24, top + height + 44, title)
    for power in range(first, last + 1):
        x = left + (power - first) / (last - first) * width
        canvas.line((x, top), (x, top + height), ink="line")
        canvas.text(x, top + height + 14, f"{10**power:g}", anchor="middle", size=SMALL, ink="dim")
    for tick in _TICKS:
        y = top + (1 - tick) * height
        canvas.line((left, y), (left + width, y), ink="line")
        canvas.text(left - 6, y + 4, f"{tick:.1f}", anchor="end", size=SMALL, ink="dim")
    canvas.text(left + width / 2, top + height + 34, x_name, anchor="middle")
    canvas.text(14, top + height / 2, y_name, anchor="middle", turn=90)
    placed = {
        name: (
            left + (log10(max(speed, 1e-9)) - first) / (last - first) * width,
            top + (1 - value) * height,
        )
        for name, (speed, value) in points.items()
    }
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in placed.values()]
    for i, (name, (x, y)) in enumerate(placed.items()):
        canvas.disc(x, y, 5, COLOURS[i % len(COLOURS)], f"{name}: {points[name][1]:.3f}")
        wide = width_of(name, 12)
        for a, b in _around(x, y, wide):
            box = (a, b - 10, a + wide, b + 3)
            inside = (
                left <= box[0] and box[2] <= left + width + 20 and top <= box[1] and box[3] <= top + height
            )
            if inside and not any(_meet(box, other) for other in taken):
                break
        else:
            a, b = x + 8, y + 4
            box = (a, b - 10, a + wide, b + 3)
        taken.append(box)
        if abs(b - y) > 12:
            canvas.line((x, y), (a + (0 if a > x else wide), b - 4), ink="dim", size=0.7)
        canvas.text(a, b, name)
    return canvas


def _around(x: float, y: float, wide: float) -> Iterator[Point]:
    """Yield places for a label, from near to far: right, left, above, below."""
    for step in range(12):
        for sign in (1, -1):
            yield x + 8, y + 4 + sign * step * 13
            yield x - 8 - wide, y + 4 + sign * step * 13


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
