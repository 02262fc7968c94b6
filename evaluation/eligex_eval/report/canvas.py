"""A drawing of lines, boxes and words that can be written as SVG, for a page or a paper, and as PDF.

No library and no network.  In a page the drawing takes its colours from the page's style, light or dark; a
file of its own brings its style along.  PDF uses Helvetica, which every reader has, and whose widths are
used to keep words apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from math import cos, radians, sin

COLOURS = ("#4269d0", "#ff725c", "#3ca951", "#efb118", "#a463f2", "#6cc5b0", "#9c6b4e", "#97bbf5", "#9498a0")
INKS = {"fg": "#1b1f24", "dim": "#656d76", "line": "#d8dee4", "white": "#ffffff"}
"""Names of colours that a page may change."""
_DARK = {"fg": "#e6edf3", "dim": "#8b949e", "line": "#30363d", "white": "#0d1117"}
_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
    278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
"""The widths of Helvetica's characters from the blank on, in thousandths of the size."""
Point = tuple[float, float]


def width_of(words: str, size: float) -> float:
    """Return how wide words are.

    >>> width_of("iii", 10) < width_of("MMM", 10)
    True
    """
    codes = (ord(char) - 32 for char in words)
    return sum(_WIDTHS[code] if 0 <= code < len(_WIDTHS) else 600 for code in codes) * size / 1000


@dataclass(frozen=True, slots=True)
class Shape:
    """A box, a disc, a line through points, or words.

    ``ink`` is the colour, a name of :data:`INKS` or ``#rrggbb``; ``tip`` is what a page shows at the pointer.
    """

    kind: str
    points: tuple[Point, ...]
    ink: str
    size: float = 1.0
    opacity: float = 1.0
    words: str = ""
    anchor: str = "start"
    turn: float = 0.0
    tip: str = ""


@dataclass(slots=True)
class Canvas:
    """A drawing; y grows downwards."""

    width: float
    height: float
    title: str
    shapes: list[Shape] = field(default_factory=list)

    def box(
        self, x: float, y: float, w: float, h: float, ink: str, opacity: float = 1.0, tip: str = ""
    ) -> None:
        """Add a filled box."""
        self.shapes.append(Shape("box", ((x, y), (x + w, y + h)), ink, 0, opacity, tip=tip))

    def disc(self, x: float, y: float, radius: float, ink: str, tip: str = "") -> None:
        """Add a filled disc."""
        self.shapes.append(Shape("disc", ((x, y),), ink, radius, tip=tip))

    def line(self, *points: Point, ink: str = "dim", size: float = 1.0, opacity: float = 1.0) -> None:
        """Add a line through points."""
        self.shapes.append(Shape("line", points, ink, size, opacity))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        size: float = 12,
        ink: str = "fg",
        turn: float = 0.0,
    ) -> None:
        """Add words; ``turn`` is in degrees, anticlockwise."""
        self.shapes.append(Shape("text", ((x, y),), ink, size, words=words, anchor=anchor, turn=turn))

    def svg(self, *, standalone: bool = False) -> str:
        """Return the drawing as SVG; ``standalone`` for a file of its own."""
        name = escape(self.title, quote=True)
        space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
        size = f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}"'
        style = f"<style>{_style()}</style>" if standalone else ""
        body = "".join(map(_svg, self.shapes))
        title = f"<title>{escape(self.title)}</title>"
        return f'<svg{space} {size} role="img" aria-label="{name}">{title}{style}{body}</svg>'

    def pdf(self) -> bytes:
        """Return the drawing as a PDF of one page."""
        stream = "\n".join(_pdf(shape, self.height) for shape in self.shapes).encode("cp1252", "replace")
        box = f"[0 0 {self.width:.2f} {self.height:.2f}]"
        states = " ".join(f"/O{n} << /ca {n / 100:.2f} /CA {n / 100:.2f} >>" for n in range(0, 101, 5))
        fonts = (
            "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >>"
        )
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents 4 0 R /Resources "
            f"<< {fonts} /ExtGState << {states} >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        ]
        return _pdf_file(objects)


def _style() -> str:
    light = "".join(f".t-{name}{{fill:{ink}}}.s-{name}{{stroke:{ink}}}" for name, ink in INKS.items())
    dark = "".join(f".t-{name}{{fill:{ink}}}.s-{name}{{stroke:{ink}}}" for name, ink in _DARK.items())
    return f"text{{font-family:Helvetica,Arial,sans-serif}}{light}@media(prefers-color-scheme:dark){{{dark}}}"


def _colour(ink: str, role: str) -> str:
    """Return the attribute of a colour: a class that a page may style, or the colour itself."""
    if ink in INKS:
        return f'class="{"s" if role == "stroke" else "t"}-{ink}"'
    return f'{role}="{ink}"'


def _svg(shape: Shape) -> str:
    tip = f"<title>{escape(shape.tip)}</title>" if shape.tip else ""
    faint = f' opacity="{shape.opacity:.2f}"' if shape.opacity < 1 else ""
    (x, y), *more = shape.points
    if shape.kind == "box":
        right, bottom = more[0]
        place = f'x="{x:.1f}" y="{y:.1f}" width="{right - x:.1f}" height="{bottom - y:.1f}"'
        return f"<rect {place} {_colour(shape.ink, 'fill')}{faint}>{tip}</rect>"
    if shape.kind == "disc":
        place = f'cx="{x:.1f}" cy="{y:.1f}" r="{shape.size:g}"'
        return f"<circle {place} {_colour(shape.ink, 'fill')}>{tip}</circle>"
    if shape.kind == "line":
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in shape.points)
        ink = f'{_colour(shape.ink, "stroke")} fill="none" stroke-width="{shape.size:g}"{faint}'
        return f'<polyline points="{points}" {ink}/>'
    place = f'x="{x:.1f}" y="{y:.1f}"'
    if shape.turn:
        place = f'transform="translate({x:.1f},{y:.1f}) rotate({-shape.turn:g})"'
    ink = _colour(shape.ink, "fill")
    return (
        f'<text {place} text-anchor="{shape.anchor}" font-size="{shape.size:g}" {ink}>'
        f"{escape(shape.words)}</text>"
    )


def _pdf(shape: Shape, height: float) -> str:
    red, green, blue = (int(INKS.get(shape.ink, shape.ink)[i : i + 2], 16) / 255 for i in (1, 3, 5))
    rgb = f"{red:.3f} {green:.3f} {blue:.3f}"
    faint = f"/O{round(shape.opacity * 20) * 5} gs"
    points = [(x, height - y) for x, y in shape.points]
    (x, y), *more = points
    if shape.kind == "box":
        right, bottom = more[0]
        return f"{faint} {rgb} rg {x:.2f} {bottom:.2f} {right - x:.2f} {y - bottom:.2f} re f"
    if shape.kind == "disc":
        return f"{faint} {rgb} rg {_circle(x, y, shape.size)} f"
    if shape.kind == "line":
        rest = " ".join(f"{a:.2f} {b:.2f} l" for a, b in more)
        return f"{faint} {rgb} RG {shape.size:.2f} w {x:.2f} {y:.2f} m {rest} S"
    wide = width_of(shape.words, shape.size) * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
    c, s = cos(radians(shape.turn)), sin(radians(shape.turn))
    words = _plain(shape.words).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    place = f"{c:.4f} {s:.4f} {-s:.4f} {c:.4f} {x - wide * c:.2f} {y - wide * s:.2f} Tm"
    return f"{faint} BT /F {shape.size:.2f} Tf {rgb} rg {place} ({words}) Tj ET"


def _plain(words: str) -> str:
    """Write signs that Helvetica does not have in other ones."""
    return words.replace("≥", ">=").replace("≤", "<=").replace("−", "-")


def _circle(x: float, y: float, r: float) -> str:
    k = 0.5523 * r
    return (
        f"{x + r:.2f} {y:.2f} m {x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c "
        f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c "
        f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c "
        f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c"
    )


def _pdf_file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
