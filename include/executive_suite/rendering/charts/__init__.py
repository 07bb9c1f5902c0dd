"""Charts as self-contained SVG: actual dark, prior lighter, plan outlined, forecast hatched; bars start at zero.

Drawn here rather than with a chart library, because those rules need hatching, outlines and words that keep clear of
each other, which grammars of graphics do not offer (docs/report-design.md has pictures and measurements). Each picture
is drawn in two layouts: wide for screens and paper, narrow for phones and mail.
"""

from executive_suite.rendering.charts.bars import bars
from executive_suite.rendering.charts.calendar import Due, calendar
from executive_suite.rendering.charts.columns import Since, columns
from executive_suite.rendering.charts.dated import Event, Path, dated
from executive_suite.rendering.charts.funnel import Stage, funnel
from executive_suite.rendering.charts.lines import lines
from executive_suite.rendering.charts.multiples import multiples
from executive_suite.rendering.charts.sheet import NOTHING, Drawing
from executive_suite.rendering.charts.svg import Level, Point
from executive_suite.rendering.charts.timeline import timeline
from executive_suite.rendering.charts.waterfall import Step, waterfall

__all__ = [
    "NOTHING",
    "Drawing",
    "Due",
    "Event",
    "Level",
    "Path",
    "Point",
    "Since",
    "Stage",
    "Step",
    "bars",
    "calendar",
    "columns",
    "dated",
    "funnel",
    "lines",
    "multiples",
    "timeline",
    "waterfall",
]
