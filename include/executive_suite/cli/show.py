"""What commands print: aligned and, on a terminal, colored for people; JSON for machines.

Names of files, columns and people come from outside: what a terminal would obey, or what would turn a line around, is
shown by its number.
"""

from __future__ import annotations

import json
import re
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


_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def harmless(text: str) -> str:
    r"""Text for a terminal; line ends and tabs stay.

    >>> harmless("re\x1b[31md, \u202ednuor\n")
    're\\u001b[31md, \\u202ednuor\n'
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_json(record: object) -> None:
    """Print a record as JSON, for machines."""
    sys.stdout.write(harmless(json.dumps(record, ensure_ascii=False, indent=1)) + "\n")


def result(form: str, record: object, *lines: str) -> None:
    """Print a result: its record for machines, or its lines for people."""
    if form == "json":
        as_json(record)
    else:
        sys.stdout.writelines(f"{harmless(text)}\n" for text in lines)


def line(text: str, mark: str = "", *, width: int = 0) -> None:
    """Print a line, after a mark in its color."""
    if not mark:
        sys.stdout.write(f"{harmless(text)}\n")
        return
    from rich.text import Text

    _print(Text.assemble((f"{mark:<{width}}", STYLES.get(mark, "")), f" {harmless(text)}"))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in aligned columns; where nobody looks, lines are never wrapped."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(Text(harmless(cell), style=STYLES.get(cell, ""), overflow="fold") for cell in row))
    _print(grid)


def note(text: str) -> None:
    """Say something that is not data, on standard error."""
    sys.stderr.write(f"{harmless(text)}\n")


def _print(content: object) -> None:
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, highlight=False, width=10_000)
    with console.capture() as captured:
        console.print(content, soft_wrap=not console.is_terminal)
    sys.stdout.writelines(f"{text.rstrip()}\n" for text in captured.get().splitlines())
