"""A picture while it is drawn: it knows where words are, so that none are written over others or over the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from executive_suite.rendering.blocks import Tone
from executive_suite.rendering.charts import lettering, svg
from executive_suite.rendering.charts.lettering import ABOVE, BELOW
from executive_suite.rendering.charts.svg import Anchor

WIDE, NARROW = 760, 400
"""Points across a picture: on screens and paper, and on phones and in mail. On a Letter page's 499 points the letters
have 8.5 points; on a phone of 380 pixels, 11."""
TALLER = (70, 140, 210, 280, 350)
"""Points by which the picture of page one is drawn taller, for paper that has room left."""
_GAP = 3.0
"""Points that words keep from each other at the sides."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture in two layouts, both empty if there is nothing to draw; the wide one also taller, lowest first."""

    wide: str = ""
    narrow: str = ""
    taller: tuple[str, ...] = ()


NOTHING = Drawing()


def both(draw: Callable[[Sheet], None], *, tall: bool = False) -> Drawing:
    """The same picture for both widths, and with ``tall`` for a page with room."""

    def drawn(name: str, width: int, more: float = 0) -> str:
        sheet = Sheet(width, more)
        draw(sheet)
        return svg.picture(width, ceil(sheet.height), [*sheet.marks, *sheet.words], name)

    return Drawing(
        drawn("wide", WIDE), drawn("narrow", NARROW), tuple(drawn("wide", WIDE, more) for more in TALLER if tall)
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Sheet:
    """What is drawn so far.

    Attributes:
        width: Points across.
        more: Points by which the chart is to be taller than it needs to be.
        height: Points down; set by the chart.
        marks: Elements under the words.
        words: Text elements, last so that their halo keeps them readable where a line crosses.
        taken: Where words are.
        kept: What words must not cover: lines and marks.
    """

    def __init__(self, width: float, more: float = 0) -> None:
        """An empty sheet."""
        self.width = width
        self.more = more
        self.height = 0.0
        self.marks: list[str] = []
        self.words: list[str] = []
        self.taken: list[Box] = []
        self.kept: list[Box] = []

    @property
    def narrow(self) -> bool:
        """Whether it is for a phone."""
        return self.width <= NARROW

    def draw(self, *marks: str) -> None:
        """Add elements under the words."""
        self.marks += marks

    def box(self, x: float, y: float, words: str, anchor: Anchor) -> Box:
        """What words take with a baseline at ``y``."""
        wide = lettering.width(words)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        return Box(left, y - ABOVE, left + wide, y + BELOW)

    def free(self, box: Box) -> bool:
        """Whether a rectangle is on the sheet and nothing is there; words keep a little room at their sides."""
        if box.left < 0 or box.right > self.width or box.top < 0:
            return False
        left, top, right, bottom = box.left - _GAP, box.top, box.right + _GAP, box.bottom
        return not any(
            left < other.right and other.left < right and top < other.bottom and other.top < bottom
            for boxes in (self.taken, self.kept)
            for other in boxes
        )

    def write(
        self, x: float, y: float, words: str, anchor: Anchor = "start", tone: Tone = "neutral", *, soft: bool = False
    ) -> None:
        """Write words whose place is known to be free; moved sideways if they would cross the edge."""
        shown = lettering.short(lettering.plain(words), self.width - 2)
        if not shown:
            return
        box = self.box(x, y, shown, anchor)
        moved = max(0.0, 1 - box.left) - max(0.0, box.right - self.width + 1)
        self.taken.append(self.box(x + moved, y, shown, anchor))
        self.words.append(svg.text(x + moved, y, shown, anchor, tone, soft=soft))

    def try_words(
        self,
        words: str,
        places: Iterable[tuple[float, float, Anchor]],
        tone: Tone = "neutral",
        *,
        soft: bool = False,
    ) -> bool:
        """Write words at the first place that is free; False if none is."""
        shown = lettering.plain(words)
        for x, y, anchor in places:
            if shown and self.free(self.box(x, y, shown, anchor)):
                self.write(x, y, shown, anchor, tone, soft=soft)
                return True
        return not shown

    def avoid(self, places: Sequence[tuple[float, float]]) -> None:
        """Keep words off a line through places."""
        for (x1, y1), (x2, y2) in pairwise(places):
            count = max(1, ceil(max(abs(x2 - x1), abs(y2 - y1)) / 10))
            for part in range(count):
                xs = sorted((x1 + (x2 - x1) * part / count, x1 + (x2 - x1) * (part + 1) / count))
                ys = sorted((y1 + (y2 - y1) * part / count, y1 + (y2 - y1) * (part + 1) / count))
                self.kept.append(Box(xs[0] - 1, ys[0] - 1, xs[1] + 1, ys[1] + 1))


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centers as close to those wanted as their sizes allow, none over another, in the same order, from low to high.

    >>> spread([50, 52, 10], [14, 14, 14], 0, 100), spread([95, 96], [14, 14], 0, 100)
    ([44.0, 58.0, 10.0], [79.0, 93.0])
    """
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    groups: list[tuple[list[int], float]] = []  # those that touch, and where they begin
    for at in order:
        members, start = [at], wanted[at] - sizes[at] / 2
        while True:
            size = sum(sizes[one] for one in members)
            start = max(low, min(start, high - size))
            if not groups or groups[-1][1] + sum(sizes[one] for one in groups[-1][0]) <= start:
                break
            members = [*groups.pop()[0], *members]
            start = sum(wanted[one] for one in members) / len(members) - sum(sizes[one] for one in members) / 2
        groups.append((members, start))
    placed = [0.0] * len(wanted)
    for members, start in groups:
        free = start
        for one in members:
            placed[one] = free + sizes[one] / 2
            free += sizes[one]
    return placed


def right_words(texts: Sequence[str], sheet: Sheet) -> tuple[list[list[str]], float]:
    """Words for the right edge in lines, and the room that they take: at most three tenths, 0 without any."""
    if not any(texts):
        return [[] for _ in texts], 0.0
    room = sheet.width * (0.3 if sheet.narrow else 0.25)
    lines = [lettering.broken(lettering.plain(text), room) for text in texts]
    return lines, 10 + max((lettering.width(line) for block in lines for line in block), default=0.0)


def at_right(
    sheet: Sheet, x: float, blocks: Sequence[list[str]], heights: Sequence[float], low: float, high: float
) -> None:
    """Write blocks of words at ``x``, each next to its height, none over another; those too many are left out."""
    kept: list[int] = []
    for at, block in enumerate(blocks):
        if block and sum(len(blocks[one]) for one in [*kept, at]) * lettering.LINE <= high - low:
            kept.append(at)
    sizes = [len(blocks[at]) * lettering.LINE for at in kept]
    for at, center in zip(kept, spread([heights[at] for at in kept], sizes, low, high), strict=True):
        first = center - len(blocks[at]) * lettering.LINE / 2 + ABOVE + 1
        for number, words in enumerate(blocks[at]):
            sheet.write(x, first + number * lettering.LINE, words, soft=True)
