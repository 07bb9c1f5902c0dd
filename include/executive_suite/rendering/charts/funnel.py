"""A funnel: how many reach each step, what part goes on to the next, and where it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from executive_suite.rendering.blocks import Tone
from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, both
from executive_suite.rendering.charts.svg import INK, Number, Point

_BAR, _PRIOR, _BETWEEN = 18.0, 7.0, 21.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a funnel.

    Attributes:
        label: What its people do.
        value: How many.
        text: The same as a reader sees it.
        on: What part of the step before comes here, in words ("14.6% go on"); written between the two.
        before: How many in the time that it is compared with; None if unknown.
        before_text: The same as a reader sees it.
        tone: The verdict on the step; ``act`` where the funnel breaks.
    """

    label: str
    value: Number
    text: str
    on: str = ""
    before: Number | None = None
    before_text: str = ""
    tone: Tone = "neutral"


def funnel(stages: Sequence[Stage]) -> Drawing:
    """The steps from top to bottom as bars from zero, with the earlier time as a thin bar under each."""
    return both(lambda sheet: _draw(sheet, stages)) if stages else NOTHING


def _draw(sheet: Sheet, stages: Sequence[Stage]) -> None:
    names = [lettering.plain(stage.label) for stage in stages]
    longest = max(map(lettering.width, names))
    over = longest > sheet.width * 0.3
    left = 2.0 if over else longest + 14
    texts = [word for stage in stages for word in (_point(stage).marked, stage.before_text)]
    values = min(sheet.width * 0.4, 14 + max(map(lettering.width, texts)))
    most = max(float(value) for stage in stages for value in (stage.value, stage.before or 0, 0))
    scale = (sheet.width - left - values) / (most or 1.0)
    y = 2.0
    for index, (name, stage) in enumerate(zip(names, stages, strict=True)):
        if index and stage.on:
            words = lettering.short(f"\u2193 {lettering.plain(stage.on)}", sheet.width - left - 10)
            sheet.write(left + 6, y + 13, words, tone=stage.tone, soft=stage.tone == "neutral")
        y += (_BETWEEN if stage.on else 8.0) if index else 0
        if over:
            sheet.write(left, y + 12, lettering.short(name, sheet.width - 4))
            y += 17
        else:
            sheet.write(left - 12, y + 14, name, "end")
        begin, y = y, _bars(sheet, stage, left, y, scale, values - 10)
        sheet.draw(svg.line(left, begin - 2, left, y, INK, 1.0, css="axis"))
    sheet.height = y + 4


def _bars(sheet: Sheet, stage: Stage, left: float, y: float, scale: float, room: float) -> float:
    point = _point(stage)
    size = max(0.0, float(stage.value)) * scale
    sheet.draw(svg.bar(left, y, size, _BAR, point))
    sheet.write(left + size + 6, y + 13, lettering.short(point.marked, room), tone=stage.tone)
    y += _BAR
    if stage.before is not None:
        size = max(0.0, float(stage.before)) * scale
        sheet.draw(svg.bar(left, y + 2, size, _PRIOR, Point(stage.label, stage.before, "", "prior")))
        sheet.write(left + size + 6, y + 12, lettering.short(stage.before_text, room), soft=True)
        y += _PRIOR + 8
    return y + 3


def _point(stage: Stage) -> Point:
    return Point(stage.label, stage.value, stage.text, tone=stage.tone)
