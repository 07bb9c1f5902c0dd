"""Sections that nothing is recorded on are told once, not one by one."""

from __future__ import annotations

from executive_suite.rendering.blocks import Section
from executive_suite.rendering.coverage import TITLE, covered


def test_sections_without_records_are_told_once_with_what_each_lacks() -> None:
    there = Section("Cash", {}, "Cash is $5.")
    bare = [Section(name, {}, f"No {name} is recorded.", covered=False) for name in ("asset", "deal")]
    assert covered([there]) == [there]
    *kept, last = covered([bare[0], there, bare[1]])
    assert kept == [there]
    assert last.title == TITLE
    assert last.point == "No records yet on: asset; deal."
    assert [[cell.text for cell in row] for row in last["needs"].rows] == [
        ["asset", "No asset is recorded."],
        ["deal", "No deal is recorded."],
    ]
