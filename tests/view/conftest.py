"""A page that is read as a browser reads it, and a trial with every kind of statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

import eligex
from eligex.schema import TrialCriteria

VOID = frozenset({"meta", "input", "br", "link", "img"})
TEXT = """Inclusion Criteria:

1. Age ≥ 18 and ≤ 70 years, male or female
2. ECOG performance status 0 or 1
3. AST ≤ 3 x ULN (≤ 5 x ULN if liver metastases are present)
4. Hemoglobin ≥ 9 g/dL
5. Negative pregnancy test within 7 days before the first dose

Exclusion Criteria:

- Myocardial infarction, stroke or unstable angina within 6 months before screening
- Any malignancy within the past 5 years, except basal cell carcinoma of the skin
- No live vaccines within 30 days
- <script>alert(1)</script> & "quoted" allergy to penicillin
"""


@dataclass
class Node:
    """An element: its name, its attributes, what it holds, and the elements around it."""

    tag: str
    attributes: dict[str, str | None]
    parents: tuple[Node, ...] = ()
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()


class Parsed(HTMLParser):
    """All elements of a page, in order; raises where a tag is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[Node] = []
        self._open: list[Node] = []
        self.feed(page)
        self.close()
        assert not self._open, f"never closed: {[node.tag for node in self._open]}"
        self.ids = {node.get("id"): node for node in self.nodes if node.get("id")}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        node = Node(tag, dict(attrs), tuple(self._open))
        self.nodes.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for node in self._open:
            node.words.append(data)

    def of(self, tag: str, *classes: str) -> list[Node]:
        return [node for node in self.nodes if node.tag == tag and set(classes) <= set(node.classes)]


@pytest.fixture
def parse() -> Callable[[str], Parsed]:
    return Parsed


@pytest.fixture(scope="session")
def trial() -> TrialCriteria:
    return replace(eligex.extract(TEXT, trial_id="T-1"), text=TEXT)
