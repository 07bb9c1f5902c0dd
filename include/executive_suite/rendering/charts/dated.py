"""A path through time: what was, what is foreseen with its range, levels, and events on their days with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.flags import Flag, Mark, Way, planned, raise_flags
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, at_right, both, right_words
from executive_suite.rendering.charts.svg import FAINT, INK, SOFT, Level, Number

_TOP, _BOTTOM, _LEFT = 24.0, 30.0, 8.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day, which the picture marks on the path.

    Attributes:
        day: From the report date.
        text: What happens; printed next to the mark.
        acute: Whether it calls for an act.
        when: Its date, printed above that; like the scale under the picture, it is a value.
    """

    day: int
    text: str
    acute: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """What is drawn; days count from the report date, and are negative before it.

    Attributes:
        known: Day and value of what was, the last one at the report date.
        ahead: Day and value of what is foreseen.
        band: Day, low and high around it.
        levels: Horizontal references.
        ticks: Day and label under the picture.
        events: What happens.
        now: The value at the report date, as a reader sees it.
        end: What is at the end of the path: its last value, what it is; empty to leave it out.
        gone: The day on which the value falls below zero; None if it does not.
    """

    known: Sequence[tuple[int, Number]]
    ahead: Sequence[tuple[int, Number]]
    band: Sequence[tuple[int, Number, Number]] = ()
    levels: Sequence[Level] = ()
    ticks: Sequence[tuple[int, str]] = ()
    events: Sequence[Event] = ()
    now: str = ""
    end: str = ""
    gone: int | None = None


def dated(path: Path, *, tall: bool = False) -> Drawing:
    """The picture, as high as the words of its events need; nothing without a path."""
    if not path.ahead or not path.known:
        return NOTHING
    return both(lambda sheet: _draw(sheet, path), tall=tall)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Points of the plot's edges, and what one day and one unit take."""

    first: int
    days: int
    left: float
    right: float
    bottom: float
    low: float
    across: float
    scale: float

    def at(self, day: int, value: Number | Fraction) -> tuple[float, float]:
        return self.left + (day - self.first) * self.across, self.bottom - (float(value) - self.low) * self.scale


def _draw(sheet: Sheet, path: Path) -> None:
    """Try with ever more room above the plot, until the words of all events find a place."""
    room = sheet.width * 0.44
    most = 40 + 2 * int(lettering.LINE) * (1 + len(path.events))
    step = max(30, most // 8)
    ways: Sequence[tuple[Way, ...]] = (("either", "right", "left"), ("crossing",))
    for above, way in ((above, way) for tried in ways for above in range(0, most + step, step) for way in tried):
        trial = Sheet(sheet.width, sheet.more)
        plot = _frame(trial, path, float(above))
        flags = planned(trial, _marks(path, plot), low=plot.bottom, room=room, way=way)
        if flags is not None:
            _finish(sheet, trial, flags)
            return


def _finish(sheet: Sheet, trial: Sheet, flags: Sequence[Flag]) -> None:
    raise_flags(trial, flags)
    sheet.height, sheet.marks, sheet.words, sheet.taken = trial.height, trial.marks, trial.words, trial.taken


def _frame(sheet: Sheet, path: Path, above: float) -> _Plot:
    """Everything but the events."""
    line = _line(path)
    values = [float(value) for _, value in line] + [float(level.value) for level in path.levels] + [0.0]
    values += [float(edge) for _, low, high in path.band for edge in (low, high)]
    high, low = max(values), min(values)
    sheet.height = above + (240 if sheet.narrow else 270) + sheet.more
    blocks, margin = right_words([*(level.text for level in path.levels), "0", path.end], sheet)
    first, last = line[0][0], line[-1][0]
    top, bottom, right = _TOP + above, sheet.height - _BOTTOM, sheet.width - margin - 4
    across, scale = (right - _LEFT) / max(1, last - first), (bottom - top) / ((high - low) or 1.0)
    plot = _Plot(first, last - first, _LEFT, right, bottom, low, across, scale)
    if path.band:
        upper = [plot.at(day, edge) for day, _, edge in path.band]
        sheet.draw(svg.shade([*upper, *(plot.at(day, edge) for day, edge, _ in reversed(path.band))]))
    zero, heights = plot.at(first, 0)[1], [plot.at(first, level.value)[1] for level in path.levels]
    sheet.draw(*(svg.line(_LEFT, y, right, y, SOFT, 1.0, dash="5 4", css="level") for y in heights))
    sheet.draw(svg.line(_LEFT, zero, right, zero, INK, 1.2, css="axis"))
    now, ends = plot.at(*path.known[-1]), plot.at(*line[-1])
    at_right(sheet, right + 8, blocks, [*heights, zero, ends[1]], 2, bottom + 8)
    known, ahead = [plot.at(*one) for one in path.known], [now, *(plot.at(*one) for one in line[len(path.known) :])]
    sheet.draw(svg.line(now[0], top - 14, now[0], bottom, FAINT, 1.0, css="faint"))
    if len(known) > 1:
        sheet.draw(svg.path(known))
    sheet.draw(svg.path(ahead, dash="5 4"), svg.dot(*now, size=4))
    sheet.avoid([*known, *ahead])
    sheet.avoid([(_LEFT, zero), (right, zero)])
    sheet.avoid([(now[0], top - 14), (now[0], bottom)])
    for y in heights:
        sheet.avoid([(_LEFT, y), (right, y)])
    x, y = now  # to its left first: the events are to its right
    sheet.try_words(
        path.now, [(x - 6, y - 9, "end"), (x - 6, y + 18, "end"), (x + 6, y - 9, "start"), (x + 6, y + 18, "start")]
    )
    _ticks(sheet, path, plot)
    return plot


def _line(path: Path) -> list[tuple[int, Number]]:
    """The whole path; through zero on the day when it is gone."""
    ahead = sorted({**dict(path.ahead), **({} if path.gone is None else {path.gone: 0})}.items())
    return [*path.known, *((day, value) for day, value in ahead if day > path.known[-1][0])]


def _ticks(sheet: Sheet, path: Path, plot: _Plot) -> None:
    """Where the labels of the axis begin, as months do."""
    for day, label in path.ticks:
        if not 0 <= day - plot.first <= plot.days:
            continue
        x, y = plot.at(day, 0)[0], sheet.height - 10
        words = lettering.plain(label)
        if sheet.try_words(words, [(x + 3, y, "start")], soft=True):
            sheet.draw(svg.line(x, plot.bottom, x, sheet.height - 10, FAINT, 1.0, css="faint"))


def _marks(path: Path, plot: _Plot) -> list[Mark]:
    line = _line(path)
    found = []
    for event in path.events:
        x, y = plot.at(event.day, 0 if event.day == path.gone else _value(line, event.day))
        found.append(
            Mark(min(max(x, plot.left), plot.right), y, event.text, "act" if event.acute else "neutral", event.when)
        )
    return found


def _value(line: Sequence[tuple[int, Number]], day: int) -> Fraction:
    """The path's value on a day, between the points around it."""
    before = max((one for one in line if one[0] <= day), key=lambda one: one[0], default=line[0])
    after = min((one for one in line if one[0] >= day), key=lambda one: one[0], default=line[-1])
    if before[0] == after[0]:
        return Fraction(before[1])
    part = Fraction(day - before[0], after[0] - before[0])
    return Fraction(before[1]) + (Fraction(after[1]) - Fraction(before[1])) * part
