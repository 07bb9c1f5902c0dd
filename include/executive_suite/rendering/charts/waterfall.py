"""A waterfall: from one total to another by what changed between them, each step from where the one before ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from executive_suite.rendering.blocks import Tone
from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, both
from executive_suite.rendering.charts.svg import INK, SOFT, Number, Point, Style

_ROW, _BAR = 27.0, 17.0


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a waterfall.

    Attributes:
        label: What the step is.
        value: A total, or by how much it changes what the rows before add up to.
        text: The value as a reader sees it, a change with its sign.
        kind: A total begins at zero, a change where the row before ends.
        style: What kind of value it is; changes are lighter than totals if both are actual.
        tone: The verdict on it.
    """

    label: str
    value: Number
    text: str
    kind: Literal["total", "change"] = "change"
    style: Style = "actual"
    tone: Tone = "neutral"


def waterfall(steps: Sequence[Step]) -> Drawing:
    """The steps from top to bottom; a total is drawn as it is given, whether or not the rows before add up to it."""
    return both(lambda sheet: _draw(sheet, steps)) if steps else NOTHING


def spans(steps: Sequence[Step]) -> list[tuple[Number, Number]]:
    """Where each step begins and ends.

    >>> spans([Step("May", 5, "5", "total"), Step("rent", -2, "-2"), Step("Jun", 3, "3", "total")])
    [(0, 5), (5, 3), (0, 3)]
    """
    found: list[tuple[Number, Number]] = []
    running: Number = 0
    for step in steps:
        before: Number = 0 if step.kind == "total" else running
        running = before + step.value
        found.append((before, running))
    return found


def _draw(sheet: Sheet, steps: Sequence[Step]) -> None:
    names, ends = [lettering.plain(step.label) for step in steps], spans(steps)
    points = [_point(step) for step in steps]
    over = max(map(lettering.width, names)) > sheet.width * (0.34 if sheet.narrow else 0.36)
    left = 2.0 if over else max(map(lettering.width, names)) + 14
    values = min(sheet.width * 0.4, 14 + max(lettering.width(point.marked) for point in points))
    every = [0.0, *(float(end) for pair in ends for end in pair)]
    low, high = min(every), max(every)
    scale = (sheet.width - left - values) / ((high - low) or 1.0)

    def x(value: Number) -> float:
        return left + (float(value) - low) * scale

    row, tops = _ROW + (16 if over else 0), []
    for index, (name, step, point) in enumerate(zip(names, steps, points, strict=True)):
        y = 4 + row * index
        if over:
            sheet.write(left, y + 12, lettering.short(name, sheet.width - 4))
        else:
            sheet.write(left - 12, y + 14, name, "end")
        top = y + (row - _ROW) + 1
        first, last = sorted(map(x, ends[index]))
        sheet.draw(svg.bar(first, top, last - first, _BAR, point, step=step.kind == "change"))
        sheet.write(last + 6, top + 13, lettering.short(point.marked, values - 10), tone=step.tone)
        tops.append(top)
        sheet.draw(svg.line(x(0), top - 2, x(0), top + (_BAR + 2 if over else _ROW), INK, 1.0, css="axis"))
    for (_, end), top, below in zip(ends, tops, tops[1:], strict=False):
        sheet.draw(svg.line(x(end), top + _BAR, x(end), below, SOFT, 1.0, css="tie"))
    sheet.height = 4 + row * len(steps) + 2


def _point(step: Step) -> Point:
    """A change that is not planned or foreseen is lighter than a total, because it is part of the way only."""
    style = "prior" if step.kind == "change" and step.style == "actual" and step.tone == "neutral" else step.style
    return Point(step.label, step.value, step.text, style, step.tone)
