"""What commands print: aligned and, on a terminal, colored for people; JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

STYLES = {
    "ok": "green",
    "sent": "green",
    "DIFFERS": "bold red",
    "LATE": "bold red",
    "MAY NOT SEND": "bold red",
    "failed": "bold red",
    "refused": "bold red",
    "uncertain": "bold red",
    "held": "yellow",
    "not approved": "yellow",
    "not sent": "yellow",
    "none": "yellow",
    "claimed": "yellow",
    "retryable": "yellow",
}
"""The words that have a color on a terminal."""


def as_json(record: object) -> None:
    """Print a record as JSON, for machines."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def result(form: str, record: object, *lines: str) -> None:
    """Print a result: its record for machines, or its lines for people."""
    if form == "json":
        as_json(record)
    else:
        sys.stdout.writelines(f"{text}\n" for text in lines)


def line(text: str, mark: str = "", *, width: int = 0) -> None:
    """Print a line, after a mark in its color."""
    if not mark:
        sys.stdout.write(f"{text}\n")
        return
    from rich.text import Text

    _print(Text.assemble((f"{mark:<{width}}", STYLES.get(mark, "")), f" {text}"))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in aligned columns; where nobody looks, lines are never wrapped."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(Text(cell, style=STYLES.get(cell, ""), overflow="fold") for cell in row))
    _print(grid)


def note(text: str) -> None:
    """Say something that is not data, on standard error."""
    sys.stderr.write(f"{text}\n")


def _print(content: object) -> None:
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, highlight=False, width=10_000)
    with console.capture() as captured:
        console.print(content, soft_wrap=not console.is_terminal)
    sys.stdout.writelines(f"{text.rstrip()}\n" for text in captured.get().splitlines())
