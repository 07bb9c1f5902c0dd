"""Options that commands share: each has one meaning and one spelling.

``--as-of`` is the report date at which figures are computed, ``--date`` the report date of something archived or sent,
``--from`` and ``--to`` are the first and last report date of a range.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import typer

from executive_suite.mailing.resend import DecisionError, accountable

YEARS = range(1901, 2200)
"""Valid report dates: records begin in 1900, and figures cover every month up to the date."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def commands(help: str = "") -> typer.Typer:  # noqa: A002 - the name that Typer gives it
    """A command, or a group of them."""
    return typer.Typer(help=help, add_completion=False, rich_markup_mode="markdown", no_args_is_help=bool(help))


def examples(*calls: str) -> str:
    """The end of a help text: calls to copy."""
    return "\n\n".join(["Examples:", *(f"python -m executive_suite {call}" for call in calls)])


def day(text: str) -> date:
    """A report date.

    Raises:
        typer.BadParameter: it is not a date, or out of range.
    """
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError as error:
        msg = f"{text!r} is not a day of the calendar ({error})"
        raise typer.BadParameter(msg) from None
    if found is None:
        msg = f"{text!r} is not a date as YYYY-MM-DD"
        raise typer.BadParameter(msg)
    if found.year not in YEARS:
        msg = f"{text!r} is not a report date from {YEARS[0]} to {YEARS[-1]}"
        raise typer.BadParameter(msg)
    return found


def _decision(name: str, text: str) -> str:
    try:
        return accountable(name, text)
    except DecisionError as error:
        raise typer.BadParameter(str(error)) from None


def in_order(first: date | None, last: date | None) -> None:
    """Refuse a range that ends before it begins.

    Raises:
        typer.BadParameter: it does.
    """
    if first and last and last < first:
        msg = f"{last.isoformat()} is before --from {first.isoformat()}"
        raise typer.BadParameter(msg, param_hint="--to")


AS_OF = typer.Option("--as-of", parser=day, metavar="DATE", help="Report date of the figures, YYYY-MM-DD.")
AsOf = Annotated[date, AS_OF]
MaybeAsOf = Annotated[date | None, AS_OF]
DATE = typer.Option("--date", parser=day, metavar="DATE", help="Report date of the archived report, YYYY-MM-DD.")
Date = Annotated[date, DATE]
MaybeDate = Annotated[date | None, DATE]
First = Annotated[date | None, typer.Option("--from", parser=day, metavar="DATE", help="First report date.")]
Last = Annotated[date | None, typer.Option("--to", parser=day, metavar="DATE", help="Last report date.")]
Report = Annotated[str, typer.Option("--report", metavar="ID", help="Report id, for example cfo.")]
Reports = Annotated[list[str] | None, typer.Option("--report", metavar="ID", help="Only this report; repeatable.")]
Delivery = Annotated[str, typer.Option("--delivery", metavar="ID", help="Delivery id, instead of report and date.")]
Recipient = Annotated[
    str, typer.Option("--recipient", metavar="ID", help="Recipient id; by default every recipient of the report.")
]
Actor = Annotated[
    str,
    typer.Option("--actor", parser=lambda text: _decision("actor", text), metavar="NAME", help="Who decides."),
]
Reason = Annotated[
    str,
    typer.Option("--reason", parser=lambda text: _decision("reason", text), metavar="TEXT", help="Why."),
]
Form = Annotated[Literal["table", "json"], typer.Option("--format", help="For people, or for machines.")]
