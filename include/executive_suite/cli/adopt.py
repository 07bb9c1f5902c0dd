"""``adopt``: a group's folder from the exports that people have."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from executive_suite.cli import show
from executive_suite.cli.options import commands, examples

if TYPE_CHECKING:
    from executive_suite.adopt.charting import Proposed
    from executive_suite.adopt.classify import Kind
    from executive_suite.adopt.reading import AccountType

REPORT = "cfo"
"""The report that is the first to look at."""
app = commands()


def _refuse_no_key(entity: str) -> None:
    """Refuse what cannot be the key of an entity.

    Raises:
        typer.BadParameter: it is none, or figures use it for something else.
    """
    from executive_suite.adopt.entities import RESERVED

    if entity and (not re.fullmatch(r"[a-z][a-z0-9_-]{0,40}", entity) or entity in RESERVED):
        msg = f"{entity!r} is not a key such as cafe: lower-case letters, figures and hyphens, not {sorted(RESERVED)}"
        raise typer.BadParameter(msg, param_hint="--entity")


@app.command(epilog=examples("adopt Journal.csv checking.qfx --into my-group --yes"))
def adopt(  # noqa: PLR0913 - one per option
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Exports, in any order.")],
    into: Annotated[Path, typer.Option("--into", metavar="FOLDER", help="The group's folder, new or adopted before.")],
    name: Annotated[str, typer.Option("--name", help="Name of the group; by default the folder's.")] = "",
    entity: Annotated[str, typer.Option("--entity", metavar="ID", help="Whose files without a company are.")] = "",
    currency: Annotated[str, typer.Option("--currency", metavar="CODE", help="Of the group, such as USD.")] = "",
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE", help="Such as America/Chicago.")] = "",
    fiscal_start: Annotated[
        int | None, typer.Option("--fiscal-start", min=1, max=12, metavar="MM", help="First month of the fiscal year.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write the CFO report into FOLDER/<report date>, too."),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Take every proposal, and ask nothing.")] = False,
) -> None:
    """Make or extend a group's folder from exports of bookkeeping programs, banks, shops and tools.

    Prints what was read and taken for granted, and proves it: against the files' own totals and the bank. Exit code 1
    if a file cannot be read or only by guessing; nothing is written then.
    """
    _refuse_no_key(entity)
    from executive_suite.adopt import session, writing
    from executive_suite.adopt.settings import Wanted

    wanted = Wanted(name, entity, currency.upper(), timezone, fiscal_start or 0)
    ask = None if yes or not sys.stdin.isatty() else _ask
    zone = os.environ.get("EXECUTIVE_SUITE_TIMEZONE", "").strip()
    made = session.adopted(files, into, wanted, ask, deployment_zone=zone, each=_progress)
    as_of, lines = writing.written(made, into)
    for line in lines:
        show.line(line)
    if as_of is None:
        return
    if out is None:
        show.line(f"next: python -m executive_suite build --group {into} --as-of {as_of} --out out")
        return
    from executive_suite.cli import build

    for own in build.written(build.made(None, as_of, into, [REPORT]), out):
        show.line(f"your CFO report: {next(path for path in own if path.suffix == '.pdf')}")
    show.line(f"next, to make and send the reports on schedule: make run GROUP={into}")


def _progress(paths: Iterable[Path]) -> Iterator[Path]:
    """A bar over the files on a terminal, on standard error."""
    if not sys.stderr.isatty():
        return iter(paths)
    from rich.console import Console
    from rich.progress import track

    return iter(track(list(paths), "Reading", console=Console(stderr=True), transient=True))


TYPES: tuple[AccountType, ...] = ("asset", "liability", "equity", "revenue", "expense")
CASH = "cash"


def _ask(one: Proposed) -> Kind:
    """What an account is, from whoever sits at the terminal."""
    from rich.prompt import Prompt

    from executive_suite.adopt.classify import Kind

    said = Prompt.ask(f"What is the account {one.account}?", choices=[CASH, *TYPES])
    if said == CASH:
        return Kind("asset", "bank", is_cash=True)
    chosen = next(one for one in TYPES if one == said)
    return Kind(chosen, "", is_cash=False, function="opex_ga" if chosen == "expense" else "")
