"""The eight reports as notebooks: each with its own tables as pandas frames and its own charts drawn by matplotlib.

What our templates get is written next to each notebook as JSON: nothing has to be computed there, only shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from executive_suite import config
from executive_suite.facts.figures import Figures
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import ActionList, Chart, FindingList, Page, Table
from executive_suite.reports import cash_picture
from executive_suite.reports.build import blocks_of, view_of

KINDS = ("columns", "bars", "lines", "timeline", "multiples", "funnel", "waterfall", "calendar", "dated")

OPENING = """
import json
import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown, display

report = json.load(open(f"{name}.json", encoding="utf-8"))

def show(number):
    block = report[number]
    display(Markdown(f"**{block['title']}**"), pd.DataFrame(block["rows"], columns=block["heads"]))

def draw(number):
    block = report[number]
    figure, axes = plt.subplots(figsize=(6.7, 3))
    axes.set_title(block["title"], fontsize=9)
    globals()["draw_" + block["kind"]](axes, **block["given"])
    plt.show()

def draw_columns(axes, points, levels=(), since=None):
    drawn = axes.bar([p["label"] for p in points], [p["value"] for p in points], color="#1f2933")
    axes.bar_label(drawn, [p["text"] for p in points], fontsize=7)
    for level in levels:
        axes.axhline(level["value"], linestyle="--", linewidth=1)

def draw_bars(axes, points):
    drawn = axes.barh([p["label"] for p in points], [p["value"] for p in points], color="#1f2933")
    axes.bar_label(drawn, [p["text"] for p in points], fontsize=7)
    axes.invert_yaxis()

def draw_lines(axes, series, levels=(), band=()):
    for title, points in series:
        axes.plot([p["label"] for p in points], [p["value"] for p in points], label=title)
    labels = [p["label"] for p in series[0][1]][-len(band):] if band else []
    axes.fill_between(labels, [low for low, _ in band], [high for _, high in band], alpha=0.3)
    for level in levels:
        axes.axhline(level["value"], linestyle="--", linewidth=1)
    axes.legend(fontsize=7)

def draw_timeline(axes, points, days, today):
    axes.scatter([day for _, day, _ in points], [title for title, _, _ in points], color="#1f2933")
    axes.set_xlim(0, days)
    axes.set_xlabel(f"days from {today}")

draw_funnel = draw_waterfall = draw_bars
draw_multiples = draw_lines

def draw_calendar(axes, points, days, ticks=()):
    axes.scatter([due["day"] for due in points], [due["lane"] for due in points], color="#1f2933")
    axes.set_xlim(0, days)

def draw_dated(axes, points):
    for part in ("known", "ahead"):
        axes.plot([day for day, _ in points[part]], [value for _, value in points[part]])
    axes.fill_between(*zip(*points["band"], strict=True), alpha=0.3)
    for event in points["events"]:
        axes.annotate(event["text"], (event["day"], 0), fontsize=7)
"""


def write(figures: Figures, configured: tuple[config.Report, ...], folder: Path) -> dict[str, int]:
    """Each report's notebook and data into ``folder``; how many tables and charts they show."""
    shown = {"tables": 0, "charts": 0}
    drawn = _recorded()
    for report in configured:
        view = view_of(figures, report)
        blocks = [block for found in blocks_of(view) for block in _as_data(found, drawn)]
        blocks.append(_footnotes(view.page))
        for block in blocks:
            shown["charts" if "kind" in block else "tables"] += "words" not in block
        (folder / f"{report.report}.json").write_text(json.dumps(blocks, default=float), encoding="utf-8")
        cells = [_cell("name = ''", tags=["parameters"]), _cell(OPENING.strip())]
        cells += [_cell_of(number, block) for number, block in enumerate(blocks)]
        (folder / f"{report.report}.in.ipynb").write_text(notebook(cells), encoding="utf-8")
    return shown


def notebook(cells: list[dict[str, Any]]) -> str:
    """A notebook of the format that nbformat describes as 4.5."""
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number}"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells})


def trivial(data: Path) -> str:
    """A notebook that reads one table and groups it once."""
    work = (
        f"import pandas as pd\nledger = pd.read_csv({str(data / 'ledger.csv')!r})\n"
        "ledger.groupby(['entity_id', 'account']).amount_cents.sum().unstack(0)"
    )
    return notebook([_cell("name = ''", tags=["parameters"]), _cell(work)])


def _cell(source: str, tags: list[str] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {"tags": tags or []},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _cell_of(number: int, block: dict[str, Any]) -> dict[str, Any]:
    if "words" in block:
        return {"cell_type": "markdown", "metadata": {}, "source": block["words"]}
    return _cell(f"{'draw' if 'kind' in block else 'show'}({number})")


def _recorded() -> Callable[[str], dict[str, Any]]:
    """From now on what each chart was drawn from is kept; the function gives it back for its picture."""
    kept: dict[str, dict[str, Any]] = {}

    def watched(kind: str, draw: Callable[..., charts.Drawing]) -> Callable[..., charts.Drawing]:
        first = {"lines": "series", "multiples": "series"}.get(kind, "points")

        def drawing(points: Any, *, tall: bool = False, **given: Any) -> charts.Drawing:
            made = draw(points, **given, **({"tall": True} if tall else {}))
            kept[made.wide] = {"kind": kind, "given": _plain({first: points, **given})}
            return made

        return drawing

    for kind in KINDS:
        setattr(charts, kind, watched(kind, getattr(charts, kind)))
    cash_picture.dated = charts.dated  # imported by name there
    return lambda svg: kept[re.sub(r"hatch-[\w-]+", "hatch", svg)]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _as_data(block: Any, drawn: Callable[[str], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What a notebook shows of a block: words, a table's rows or a chart's points."""
    if isinstance(block, Page):
        decisions = [f"- **{item.what}** {item.why}" for item in block.decisions]
        yield {"words": "\n\n".join([f"# {block.title}", block.period, *block.message, *decisions])}
        rows = [[item.label, item.value, item.comparison] for item in block.kpis]
        yield {"title": "Figures", "heads": ["Figure", "Value", "Against"], "rows": rows}
    elif isinstance(block, Table) and block.rows:
        lines = (*block.rows, *((block.total,) if block.total else ()))
        rows = [[cell.text for cell in line] for line in lines]
        yield {"title": block.title, "heads": [column.title for column in block.columns], "rows": rows}
    elif isinstance(block, Chart) and block.svg:
        yield {"title": block.title, **drawn(block.svg)}
    elif isinstance(block, FindingList) and block.items:
        rows = [[item.severity, item.title, item.reason, item.at_stake, item.owner] for item in block.items]
        yield {"title": block.title, "heads": ["Severity", "Finding", "Why", "At stake", "Owner"], "rows": rows}
    elif isinstance(block, ActionList) and block.items:
        rows = [[str(item.rank), item.title, item.score, item.owner, item.due] for item in block.items]
        yield {"title": block.title, "heads": ["Rank", "Action", "Ranked by", "Owner", "Due"], "rows": rows}


def _footnotes(page: Page) -> dict[str, Any]:
    lines = [f"- **{item.name}** {item.unit}: {item.definition} {item.source}" for item in page.definitions]
    return {"words": "\n".join(["## Definitions", "", *lines])}
