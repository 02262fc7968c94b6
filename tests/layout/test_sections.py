"""How long a group of patients holds: every state before every event."""

from __future__ import annotations

import pytest

from eligex.layout.headings import HeadingMatch
from eligex.layout.sections import Group, Reach, Section

NAMED, SECTION, ABOVE = Group("A", Reach.NAMED), Group("A", Reach.SECTION), Group("A", Reach.ABOVE)
COHORT = HeadingMatch(0, 7, "cohort", None, "B")
TYPED = HeadingMatch(0, 7, "section", "inclusion")
TYPED_OF_GROUP = HeadingMatch(0, 7, "section", "inclusion", "B")
TOPIC = HeadingMatch(0, 7, "topic", resets=True)


@pytest.mark.parametrize(
    ("group", "heading", "expected"),
    [
        pytest.param(NAMED, COHORT, Group("B", Reach.NAMED), id="named, group"),
        pytest.param(SECTION, COHORT, Group("B", Reach.NAMED), id="section, group"),
        pytest.param(ABOVE, COHORT, Group("B", Reach.NAMED), id="above, group"),
        pytest.param(NAMED, TYPED, ABOVE, id="named, section"),
        pytest.param(SECTION, TYPED, Group(), id="section, section"),
        pytest.param(ABOVE, TYPED, ABOVE, id="above, section"),
        pytest.param(NAMED, TYPED_OF_GROUP, Group("B"), id="named, section of a group"),
        pytest.param(SECTION, TYPED_OF_GROUP, Group("B"), id="section, section of a group"),
        pytest.param(ABOVE, TYPED_OF_GROUP, Group("B"), id="above, section of a group"),
        pytest.param(NAMED, TOPIC, SECTION, id="named, topic"),
        pytest.param(SECTION, TOPIC, SECTION, id="section, topic"),
        pytest.param(ABOVE, TOPIC, ABOVE, id="above, topic"),
    ],
)
def test_group_at_heading(group: Group, heading: HeadingMatch, expected: Group) -> None:
    assert group.at_heading(heading) == expected


@pytest.mark.parametrize(("group", "expected"), [(NAMED, SECTION), (SECTION, SECTION), (ABOVE, ABOVE)])
def test_group_at_item(group: Group, expected: Group) -> None:
    assert group.at_item() == expected


def test_sections_follow_each_other() -> None:
    first = Section().following(TYPED)
    assert (first.number, first.type, first.topic) == (1, "inclusion", False)
    group = first.following(COHORT)
    assert (group.number, group.type, group.topic) == (2, "inclusion", False)
    topic = group.following(TOPIC)
    assert (topic.number, topic.type, topic.topic) == (3, None, True)
    again = first.resumed(topic)
    assert (again.number, again.type, again.stack) == (1, "inclusion", first.stack)
    assert again.following(TYPED).number == 4
