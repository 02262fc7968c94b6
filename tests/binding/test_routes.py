"""Routes of a drug in brackets behind it, which are qualifiers and no drugs."""

from __future__ import annotations

import pytest

from eligex.binding.routes import routes
from eligex.binding.tree import Mention


@pytest.mark.parametrize(
    ("text", "drugs", "expected"),
    [
        pytest.param("Steroids (oral, nasal, or IV)", "Steroids|oral|nasal|IV", "oral|nasal|IV", id="list"),
        pytest.param("Steroid use (either oral/nasal)", "Steroid|oral|nasal", "oral|nasal", id="use"),
        pytest.param("Timolol (ophthalmic) or iron", "Timolol|ophthalmic|iron", "ophthalmic", id="one"),
        pytest.param("Steroids (e.g., oral, inhaled)", "Steroids|oral|inhaled", "", id="examples"),
        pytest.param("Steroids (oral allowed)", "Steroids|oral", "", id="told apart"),
        pytest.param("Iron (oral salts or IV)", "Iron|oral salts|IV", "", id="a drug"),
        pytest.param("Intravenous (IV) iron", "Intravenous|IV|iron", "", id="two names of a route"),
        pytest.param("Gout, women on (oral) iron", "Gout|oral|iron", "", id="before the drug"),
    ],
)
def test_routes(text: str, drugs: str, expected: str) -> None:
    names = drugs.split("|")
    found = [Mention(text.index(name), text.index(name) + len(name), "Drug") for name in names]
    assert [names[place] for place in routes(text, found)] == [each for each in expected.split("|") if each]


def test_no_route_of_a_disease() -> None:
    found = [Mention(0, 7, "Condition"), Mention(9, 13, "Condition"), Mention(17, 22, "Condition")]
    assert not list(routes("Lesions (oral or nasal)", found))
