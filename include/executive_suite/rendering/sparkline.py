"""A sparkline: the latest thirteen values of a figure in the height of a line, with target and last year marked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from executive_suite.rendering.charts import svg
from executive_suite.rendering.charts.svg import FAINT, INK, PAPER, SOFT

WIDE, HIGH = 120, 28
YEAR = 13
"""Values of a whole year and the same month a year before, which is the first of them."""
_SIDE, _ABOVE = 4.0, 4.0
_BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"


def bars(history: Sequence[Decimal | int | None]) -> str:
    """The same in letters, for mail clients that draw no SVG; they begin at zero if no value is below it.

    >>> bars([0, 8, None, 4]), bars([-2, 2]), bars([5])
    ('\u2581\u2588 \u2585', '\u2581\u2588', '')
    """
    values = list(history)[-YEAR:]
    known = [value for value in values if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - as above
        return ""
    low, high = min(0, *known) if min(known) >= 0 else min(known), max(known)
    steps = [
        round((len(_BARS) - 1) * float(value - low) / float(high - low or 1)) if value is not None else None
        for value in values
    ]
    return "".join(" " if step is None else _BARS[step] for step in steps)


def sparkline(history: Sequence[Decimal | int | None], aim: Decimal | int | None = None) -> str:
    """The values as a line, the last one marked; empty if fewer than two are known.

    Args:
        history: Oldest first, the last one now; None leaves a gap. Only the latest thirteen are drawn; the first of
            thirteen, a year ago, is a ring.
        aim: The target, a dashed line; None without one.

    >>> sparkline([None, 5]), sparkline([1, 2]).count("<circle")
    ('', 1)
    """
    values = list(history)[-YEAR:]
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    every = [float(value) for _, value in known] + ([] if aim is None else [float(aim)])
    top, bottom = max(every), min(every)
    step = (WIDE - 2 * _SIDE) / (len(values) - 1)

    def at(index: int, value: Decimal | int) -> tuple[float, float]:
        part = (float(value) - bottom) / (top - bottom) if top > bottom else 0.5
        return _SIDE + step * index, HIGH - _ABOVE - part * (HIGH - 2 * _ABOVE)

    parts = []
    if bottom < 0 < top:
        y = at(0, 0)[1]
        parts.append(svg.line(0, y, WIDE, y, FAINT, 1.0, css="faint"))
    if aim is not None:
        y = at(0, aim)[1]
        parts.append(svg.line(0, y, WIDE, y, SOFT, 1.0, dash="3 3", css="level"))
    for missing, run in groupby(enumerate(values), key=lambda one: one[1] is None):
        if not missing:
            places = " L".join("{:.1f} {:.1f}".format(*at(index, value)) for index, value in run if value is not None)
            look = f'fill="none" stroke="{INK}" stroke-width="1.6" stroke-linecap="round" class="stroke0"'
            parts.append(f'<path d="M{places} h0" {look}/>')  # h0: a value between two gaps shows as a dot
    if len(values) == YEAR and values[0] is not None:
        x, y = at(0, values[0])
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{PAPER}" stroke="{SOFT}" class="ring"/>')
    index, last = known[-1]
    x, y = at(index, last)
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="{INK}" class="actual"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}">'
        f"{''.join(parts)}</svg>"
    )
