"""Things that fall due, by days from the report date."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.sheet import NOTHING, Drawing, Sheet, both
from executive_suite.rendering.charts.svg import FAINT, INK

_ROW, _MOST = 26.0, 110.0
"""Points of a row, and of one at most where paper has room."""
_HEAD, _HIGHEST = 26.0, 60.0
"""Points above the first row, and at most where paper has more room than the rows take."""


def timeline(points: Sequence[tuple[str, int, str]], *, days: int, today: str, tall: bool = False) -> Drawing:
    """Each thing on its row: (name, day, text), over ``days``; what is overdue is at the report date."""
    return both(lambda sheet: _draw(sheet, points, days, today), tall=tall) if points else NOTHING


def _draw(sheet: Sheet, points: Sequence[tuple[str, int, str]], days: int, today: str) -> None:
    names = [lettering.plain(name) for name, _, _ in points]
    longest = max(map(lettering.width, names))
    over = longest > sheet.width * (0.3 if sheet.narrow else 0.4)
    left = 8.0 if over else longest + 18
    right = sheet.width - min(sheet.width * 0.4, 18 + max(lettering.width(text) for _, _, text in points))
    row = max(_ROW + (16 if over else 0), min(_MOST, _ROW + sheet.more / len(points)))
    head = min(_HIGHEST, _HEAD + max(0.0, sheet.more - (row - _ROW) * len(points)))
    sheet.height = head + row * len(points) + 6
    end = f"+{days} days"
    sheet.write(
        max(left, lettering.width(today) / 2), 13, lettering.short(today, sheet.width * 0.4), "middle", soft=True
    )
    sheet.try_words(end, [(right, 13, "middle"), (sheet.width - 2, 13, "end")], soft=True)
    sheet.draw(svg.line(left, 20, left, sheet.height - 4, INK, 1.0, css="axis"))
    for index, (name, (_, day, text)) in enumerate(zip(names, points, strict=True)):
        y = head + row * (index + 0.5) + (5 if over else -3)
        x = left + min(max(day, 0), days) * (right - left) / max(1, days)
        if over:
            sheet.write(left + 10, y - 12, lettering.short(name, sheet.width - left - 12))
        else:
            sheet.write(left - 12, y + 4, name, "end")
        sheet.draw(
            svg.line(left, y, x, y, FAINT, 2.0, css="faint"), svg.dot(x, y, "act" if day < 0 else "neutral", size=5)
        )
        sheet.write(x + 10, y + 4, lettering.short(text, sheet.width - x - 12), soft=True)
