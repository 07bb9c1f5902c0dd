"""Sections that nothing is recorded on, told once instead of one by one."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite.rendering.blocks import Cell, Column, Section, Table
from executive_suite.wording import noted, say

TITLE = noted("Not covered yet")


def covered(parts: Sequence[Section]) -> list[Section]:
    """The sections that have something to say; last, one that names the others and what each of them lacks."""
    bare = [part for part in parts if not part.covered]
    if not bare:
        return list(parts)
    needs = Table(
        say("What is missing"),
        (Column(say("Section")), Column(say("Why"))),
        tuple((Cell(part.title), Cell(part.point)) for part in bare),
    )
    point = say("No records yet on: {sections}.", sections="; ".join(part.title for part in bare))
    return [*(part for part in parts if part.covered), Section(say(TITLE), {}, point, {"needs": needs})]
