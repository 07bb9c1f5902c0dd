"""One chart of each kind, for a made-up bakery."""

from __future__ import annotations

from decimal import Decimal

from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.charts import Due, Event, Level, Path, Point, Since, Stage, Step
from executive_suite.reports import pictures

MONTHS = (("Jan", 410), ("Feb", 380), ("Mar", 455), ("Apr", 520))
POINTS = [Point(month, value, str(value)) for month, value in MONTHS]

COLUMNS = pictures.chart(
    "columns",
    "Loaves per month, tens: actual, then plan and forecast",
    charts.columns(
        [*POINTS, Point("May", 500, "500", "plan"), Point("Jun", 540, "540", "forecast")],
        levels=[Level(450, "mean 450")],
    ),
    "Loaves per month: Jan 410, Feb 380, Mar 455, Apr 520; planned for May 500, forecast for Jun 540; mean 450.",
    finding="April sold most, 5,200 loaves; the plan for May is below that.",
)
BARS = pictures.chart(
    "bars",
    "Takings by shop, USD, April, compared",
    charts.bars([Point("Harbor", 8120, "8,120", tone="fine"), Point("Old Town", -470, "\u2212470", tone="watch")]),
    "Harbor took $8,120; Old Town lost $470.",
    finding="Harbor carries Old Town, which lost $470.",
)
LINES = pictures.chart(
    "lines",
    "Cash, thousand USD: actual, then forecast (dashed) with its range",
    charts.lines(
        [("cash", [*POINTS, Point("May", 490, "490", "forecast"), Point("Jun", 470, "470", "forecast")])],
        levels=[Level(300, "floor 300")],
        band=[(Decimal(460), Decimal(520)), (Decimal(400), Decimal(540))],
    ),
    "Cash: Jan 410, Feb 380, Mar 455, Apr 520; forecast 490 and 470, between 400 and 540; the floor is 300.",
    finding="Cash stays above its floor of 300 even at the low end of the forecast.",
)
TIMELINE = pictures.chart(
    "timeline",
    "Leases, by days until they end",
    charts.timeline([("Harbor", 30, "in 30 days"), ("Old Town", -4, "4 days ago")], days=90, today="May 1, 2026"),
    "The lease of Harbor ends in 30 days; that of Old Town ended 4 days ago.",
    finding="One lease has expired; one ends in 30 days.",
)
YEARS = pictures.chart(
    "years",
    "Loaves per month, tens (lighter: a year earlier), actual",
    charts.columns(
        [
            point
            for (month, value), before in zip(MONTHS, (400, 430, 450, 470), strict=True)
            for point in (Point(month, before, "", "prior"), Point(month, value, str(value)))
        ],
        since=Since(2, "second oven since March"),
    ),
    "Loaves: Jan 410 (a year earlier 400), Feb 380 (430), Mar 455 (450), Apr 520 (470); second oven since March.",
    finding="April sold 520, a tenth more than a year earlier.",
)
SHOPS = pictures.chart(
    "shops",
    "Takings by shop, USD, April (lighter: a year earlier), actual",
    charts.bars(
        [
            Point("Harbor", 8120, "8,120"),
            Point("Harbor", 7300, "7,300", "prior"),
            Point("Old Town", 0, "0", tone="act"),
            Point("Old Town", 4100, "4,100", "prior"),
        ]
    ),
    "Harbor took $8,120, a year earlier $7,300; Old Town took nothing, a year earlier $4,100.",
    finding="Old Town has taken nothing since January; a year ago it took $4,100.",
)
CASH = pictures.chart(
    "cash",
    "Cash, thousand USD: actual, then base case with its range",
    charts.dated(
        Path(
            known=[(-90, 52), (-60, 47), (-30, 45), (0, 41)],
            ahead=[(14, 38), (30, 31), (45, 22), (60, 17), (80, 6), (100, -4)],
            band=[(0, 41, 41), (45, 18, 25), (100, -14, 5)],
            levels=[Level(20, "floor 20")],
            ticks=[(-90, "Feb"), (-60, "Mar"), (-30, "Apr"), (0, "May"), (31, "Jun"), (61, "Jul"), (92, "Aug")],
            events=[
                Event(20, "May 21: lease of Old Town ends", acute=True),
                Event(31, "Jun 1: sales tax due"),
                Event(33, "Jun 3: oven paid"),
                Event(92, "Aug 1: cash is gone", acute=True),
            ],
            now="$41,000",
            gone=92,
        )
    ),
    "Cash falls from $41,000 to zero on August 1. May 21: lease of Old Town ends; Jun 1: sales tax; Jun 3: oven paid.",
    finding="Cash of $41,000 is gone on August 1.",
)
FALL = pictures.chart(
    "fall",
    "Cash from March to April, month ends, USD, actual",
    charts.waterfall(
        [
            Step("Cash, end of March", 45_000, "45,000", "total"),
            Step("Received", 12_100, "+12,100"),
            Step("Flour and milk", -6_300, "\u22126,300"),
            Step("Wages", -9_800, "\u22129,800"),
            Step("Cash, end of April", 41_000, "41,000", "total"),
        ]
    ),
    "Cash of $45,000, plus $12,100 received, less $6,300 for flour and milk and $9,800 of wages, makes $41,000.",
    finding="Cash fell by $4,000; wages were the largest payment, $9,800.",
)
TARGET = pictures.chart(
    "target",
    "Orders of 2026 against their target, USD",
    charts.waterfall(
        [
            Step("Earned", 31_000, "31,000", "total"),
            Step("Ordered", 12_000, "+12,000", style="forecast"),
            Step("Unsold", 57_000, "57,000", style="plan"),
            Step("Target 2026", 100_000, "100,000", "total", "plan"),
        ]
    ),
    "Of the target of $100,000, $31,000 is earned, $12,000 ordered, and $57,000 unsold.",
    finding="$57,000 of the target of $100,000 is unsold.",
)
FUNNEL = pictures.chart(
    "funnel",
    "Online orders, people in each step, April (lighter: January)",
    charts.funnel(
        [
            Stage("Opened the shop", 412, "412", "", 380, "380"),
            Stage("Chose a cake", 96, "96", "23% go on", 90, "90"),
            Stage("Paid", 0, "0", "0% go on: none since February", 31, "31", "act"),
        ]
    ),
    "412 people opened the shop, 96 chose a cake, none paid; in January 31 paid.",
    finding="Nobody has paid online since February; 31 did in January.",
)
CLIFFS = pictures.chart(
    "cliffs",
    "What ends or falls due in the next 12 months",
    charts.calendar(
        [
            Due(20, "Leases", "May 21: Old Town", "act"),
            Due(31, "Taxes", "Jun 1: sales tax ($1,100)"),
            Due(31, "Permits", "Jun 1: food license, Harbor", "act"),
            Due(40, "Permits", "Jun 10: outdoor seating, Harbor"),
            Due(310, "Leases", "Mar 7: Harbor"),
        ],
        days=365,
        ticks=[(0, "May"), (92, "Aug"), (184, "Nov"), (276, "Feb")],
    ),
    "May 21: lease of Old Town; Jun 1: sales tax of $1,100 and food license of Harbor; Jun 10: seats; Mar 7: Harbor.",
    finding="2 of the 5 dates ahead fall on June 1.",
)
MULTIPLES = pictures.chart(
    "multiples",
    "Loaves per month by kind, tens, to one scale, actual",
    charts.lines(
        [
            (name, [Point(month, value * part // 100, str(value * part // 100)) for month, value in MONTHS])
            for name, part in (("Rye", 40), ("Wheat", 35), ("Spelt", 15), ("Corn", 10))
        ]
    ),
    "In April rye sold 208, wheat 182, spelt 78 and corn 52.",
    finding="Rye sells four times as much as corn, 208 against 52.",
)

CHARTS: tuple[tuple[str, str, Chart], ...] = (
    ("Columns", "Values over time, from zero; plan outlined, forecast hatched, a level dashed.", COLUMNS),
    ("Columns of two years", "Each month next to the one a year earlier, and where the series changed.", YEARS),
    ("Bars", "Things compared, from zero; the finding is above the title.", BARS),
    ("Bars of two years", "Each thing over its value of a year earlier.", SHOPS),
    ("Lines", "A line with its forecast, the range of the forecast, and a level that it must not cross.", LINES),
    ("Small multiples", "More than three lines: a plot for each, to one scale.", MULTIPLES),
    (
        "A path with dated events",
        "What was and what is foreseen, with its range; events with their words on their days.",
        CASH,
    ),
    ("A waterfall", "From one total to another by what changed between them.", FALL),
    ("A bridge to a target", "What is earned, what is likely, and what is missing.", TARGET),
    ("A funnel", "How many reach each step, what part goes on, and where it breaks.", FUNNEL),
    ("A calendar", "What ends or falls due, by kind, with its money.", CLIFFS),
    ("A timeline", "What falls due, and what is overdue.", TIMELINE),
)
