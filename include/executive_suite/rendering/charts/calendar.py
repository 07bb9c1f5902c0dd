"""A calendar of what ends or falls due: months across, a lane for each kind, words next to each day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from executive_suite.rendering.blocks import Tone
from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.lettering import ABOVE, BELOW, LINE
from executive_suite.rendering.charts.sheet import NOTHING, Box, Drawing, Sheet, both
from executive_suite.rendering.charts.svg import FAINT, INK, Anchor

MOST_PER_LANE = 6
_ROW, _STEP, _HEAD = 20.0, 5.0, 24.0


@dataclass(frozen=True, slots=True)
class Due:
    """Something on a day.

    Attributes:
        day: From the report date.
        lane: The kind of thing it is, as readers call it.
        text: What it is, with its date and money.
        tone: ``act`` if somebody has to act on it.
    """

    day: int
    lane: str
    text: str
    tone: Tone = "neutral"


def calendar(items: Sequence[Due], *, days: int, ticks: Sequence[tuple[int, str]] = ()) -> Drawing:
    """Lanes in the order in which they first occur; of each, at most the first six items, and how many more.

    Args:
        items: What matters most first; days outside of the horizon stand at its edge.
        days: The horizon.
        ticks: Day and label of each month that begins within it.
    """
    return both(lambda sheet: _draw(sheet, items, days, ticks)) if items else NOTHING


def _draw(sheet: Sheet, items: Sequence[Due], days: int, ticks: Sequence[tuple[int, str]]) -> None:
    lanes = {lane: [item for item in items if item.lane == lane] for lane in dict.fromkeys(item.lane for item in items)}
    names = {
        lane: lettering.short(lettering.plain(lane), sheet.width * (0.95 if sheet.narrow else 0.3)) for lane in lanes
    }
    left = 8.0 if sheet.narrow else max(map(lettering.width, names.values())) + 20
    across = (sheet.width - left - 12) / max(1, days)

    def x(day: int) -> float:
        return left + min(max(day, 0), days) * across

    y = _HEAD
    for lane, due in lanes.items():
        if y > _HEAD:
            sheet.draw(svg.line(0, y - 2, sheet.width, y - 2, FAINT, 1.0, css="faint"))
        if sheet.narrow:
            sheet.write(left + 7, y + 13, names[lane], soft=True)
            y += 17
        else:
            sheet.write(2, y + 15, names[lane], soft=True)
        y = _lane(sheet, due, x, left, y) + 6
    sheet.height = y
    for day, label in ticks:
        words = lettering.plain(label)
        if 0 <= day <= days and sheet.try_words(words, [(x(day) + 3, 14, "start")], soft=True):
            sheet.marks.insert(0, svg.line(x(day), 4, x(day), y - 4, FAINT, 0.7, css="faint"))
    sheet.draw(svg.line(x(0), 2, x(0), y - 2, INK, 1.2, css="axis"))


def _lane(sheet: Sheet, due: Sequence[Due], x: Callable[[int], float], left: float, top: float) -> float:
    """Rows of a lane from the top, each item in the first row with room; returns where the lane ends."""
    shown, bottom = due if len(due) <= MOST_PER_LANE else due[: MOST_PER_LANE - 1], top
    for item in sorted(shown, key=lambda one: one.day):
        at = x(item.day)
        lines, anchor = _fitted(sheet, item, at, left)
        start, row = at + (11 if anchor == "start" else -11), 0
        wide = max(map(lettering.width, lines))
        edge = start if anchor == "start" else start - wide
        while True:
            y = top + row * _STEP + 15
            end = y + BELOW + (len(lines) - 1) * LINE + 2
            whole = Box(min(edge, at - 7), y - ABOVE - 1, max(edge + wide, at + 7), end)
            if sheet.free(whole):
                break
            row += 1
        sheet.draw(svg.dot(at, y - 4.5, item.tone, size=5))
        for number, words in enumerate(lines):
            sheet.write(start, y + number * LINE, words, anchor, item.tone)
        sheet.kept.append(whole)
        bottom = max(bottom, end)
    if len(due) > len(shown):
        bottom += _ROW
        sheet.write(left + 11, bottom - 5, f"and {len(due) - len(shown)} more", soft=True)
    return bottom


def _fitted(sheet: Sheet, item: Due, at: float, left: float) -> tuple[list[str], Anchor]:
    """Words to the right of their day if they fit there, else where there is more room, in up to two lines."""
    words = lettering.plain(item.text)
    right, before = sheet.width - at - 13, at - left - 13
    if lettering.width(words) <= right or right >= before:
        return lettering.broken(words, right) or [""], "start"
    return lettering.broken(words, before) or [""], "end"
