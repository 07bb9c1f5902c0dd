"""A path through time: what was, what is foreseen with its range, a floor, and numbered events on their days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite.rendering import svg
from executive_suite.rendering.svg import FILL, INK, LETTER, SOFT, WIDTH, Level

Number = Decimal | int
At = Callable[[int, Number], tuple[float, float]]
_TOP, _BOTTOM, _LEFT, _ROW = 18.0, 30.0, 34.0, 18.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day, which the picture marks with its number.

    Attributes:
        day: From the report date.
        text: What happens, with its date; printed under the picture.
        acute: Whether it calls for an act.
    """

    day: int
    text: str
    acute: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """What is drawn; days count from the report date, and are negative before it.

    Attributes:
        known: Day and value of what was, the last one at the report date.
        ahead: Day and value of what is foreseen.
        band: Day, low and high around it.
        levels: Horizontal references.
        ticks: Day and label under the picture.
        events: What happens, in order of the day.
        now: The value at the report date, as a reader sees it.
    """

    known: Sequence[tuple[int, Number]]
    ahead: Sequence[tuple[int, Number]]
    band: Sequence[tuple[int, Number, Number]] = ()
    levels: Sequence[Level] = ()
    ticks: Sequence[tuple[int, str]] = ()
    events: Sequence[Event] = ()
    now: str = ""


def dated(path: Path, *, height: int = 230) -> str:
    """The picture; empty without a path."""
    if not path.ahead or not path.known:
        return ""
    line = [*path.known, *path.ahead]
    values = [float(value) for _, value in line] + [float(level.value) for level in path.levels] + [0.0]
    values += [float(edge) for _, low, high in path.band for edge in (low, high)]
    top, bottom = max(values), min(values)
    right = WIDTH - svg.right_margin([level.text for level in path.levels])
    first, last = line[0][0], line[-1][0]
    across = (right - _LEFT) / max(1, last - first)
    scale = (height - _BOTTOM - _TOP) / ((top - bottom) or 1.0)

    def at(day: int, value: Number) -> tuple[float, float]:
        return _LEFT + (day - first) * across, height - _BOTTOM - (float(value) - bottom) * scale

    parts = [_band(path, at)] if path.band else []
    parts.append(svg.line(_LEFT, at(first, 0)[1], right, at(first, 0)[1], INK, 1.0, css="axis"))
    heights = [at(first, level.value)[1] for level in path.levels]
    for level, y, baseline in zip(path.levels, heights, svg.apart(heights), strict=True):
        parts.append(svg.line(_LEFT, y, right, y, SOFT, 1.0, dash="5 4", css="level"))
        parts.append(svg.text(right + 8, baseline + 4, level.text, "start", css="soft"))
    parts += [
        _stroke([at(*one) for one in path.known]),
        _stroke([at(*path.known[-1]), *(at(*one) for one in path.ahead)], "4 4"),
    ]
    x, y = at(*path.known[-1])
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{INK}" class="actual"/>',
        svg.text(x + 6, y - 8, path.now, "start"),
    ]
    parts += _ticks(path, at, height)
    parts += _events(path, at, line, height)
    return svg.picture(height + int(_ROW * len(path.events)) + (6 if path.events else 0), parts)


def _stroke(places: Sequence[tuple[float, float]], dash: str = "") -> str:
    d = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="none" stroke="{INK}" stroke-width="2"{extra} class="stroke0"/>'


def _band(path: Path, at: At) -> str:
    edges = [at(day, high) for day, _, high in path.band] + [at(day, low) for day, low, _ in reversed(path.band)]
    outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in edges)
    return f'<polygon points="{outline}" fill="url(#hatch)" stroke="none"/>'


def _ticks(path: Path, at: At, height: int) -> list[str]:
    """Labels of the axis, those that would run into the one before left out."""
    found, free = [], -1.0
    for day, label in path.ticks:
        x, half = at(day, 0)[0], len(label) * LETTER / 2
        if x - half > free:
            found.append(svg.text(x, height - 10, label, "middle", css="soft"))
            free = x + half + 4
    return found


def _events(path: Path, at: At, line: Sequence[tuple[int, Number]], height: int) -> list[str]:
    """A numbered mark on the path for each event, and its words under the picture."""
    found = []
    for number, event in enumerate(path.events, start=1):
        x, y = at(event.day, _value(line, event.day))
        color, css = (FILL["act"], "act") if event.acute else (INK, "actual")
        found.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color}" class="{css}"/>')
        found.append(svg.text(x, y - 9, str(number), "middle", "act" if event.acute else "neutral"))
        found.append(svg.text(_LEFT, height + _ROW * number - 4, f"{number}  {event.text}", "start"))
    return found


def _value(line: Sequence[tuple[int, Number]], day: int) -> Number:
    """The path's value on a day, between the points around it."""
    before = max((one for one in line if one[0] <= day), key=lambda one: one[0], default=line[0])
    after = min((one for one in line if one[0] >= day), key=lambda one: one[0], default=line[-1])
    if before[0] == after[0]:
        return before[1]
    part = Decimal(day - before[0]) / Decimal(after[0] - before[0])
    return Decimal(before[1]) + (Decimal(after[1]) - Decimal(before[1])) * part
