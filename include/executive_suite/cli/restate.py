"""``restate``: a past period as known then and as known now, in words or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Annotated

import typer

from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import AsOf, Form, commands, examples
from executive_suite.dataset import asof, snapshot
from executive_suite.facts.fact import Fact
from executive_suite.period import cut_off
from executive_suite.restatement import restate as restatement
from executive_suite.restatement.late import LateRow
from executive_suite.restatement.restate import Change, Restatement
from executive_suite.rules import rulebook
from executive_suite.schema.cells import CellError, parse
from executive_suite.schema.tables import Column
from executive_suite.sources import reading

SHOWN_ROWS = 12
"""Late rows of one table that the text names."""

SHOWN_CAUSES = 6
"""Causes of one figure that the text names."""

app = commands()


def _moment(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = parse(text, Column("known-at", "datetime"))
    except CellError as error:
        msg = f"{text!r} is neither a date nor {error.rule}"
        raise typer.BadParameter(msg) from None
    if not isinstance(moment, datetime):
        raise TypeError(moment)
    return moment


KnownAt = Annotated[
    date | None,
    typer.Option(
        "--known-at",
        parser=_moment,
        metavar="WHEN",
        help="Compare with what was known then: a report date or an instant; by default everything recorded.",
    ),
]


@app.command(epilog=examples("restate --as-of 2026-04-01", "restate --as-of 2026-04-01 --known-at 2026-05-01"))
def restate(
    as_of: AsOf, data: Data = None, folder: ConfigFolder = CONFIG, known_at: KnownAt = None, form: Form = "table"
) -> None:
    """Compare a past period as known then and as known now.

    Names every figure that changed, and the late rows that changed it.
    """
    fallback = data_options.fallback_zone()
    given = snapshot.read(reading.of(data, folder), fallback)
    zone = asof.group_zone(given.frames.get("entity"), as_of, fallback)
    moment = known_at
    if moment is not None and not isinstance(moment, datetime):
        moment = cut_off(moment, zone)
    if moment is not None and moment < cut_off(as_of, zone):
        msg = f"{moment.isoformat()} is before the cut-off of {as_of.isoformat()}"
        raise typer.BadParameter(msg, param_hint="--known-at")
    found = restatement.compare(given, as_of, zone, known_at=moment, rules=rulebook.of(folder))
    show.result(form, found.as_json() if form == "json" else None, *as_text(found))


def as_text(found: Restatement) -> Iterator[str]:
    """The restatement in words, line by line."""
    now = f"known before {found.known_at}" if found.known_at else "known now"
    yield f"Restatement of {found.report_date.isoformat()}: as known before {found.cut_off}, and as {now}."
    yield f"Dataset as known then: {found.hash_then}. If the report of then names another, rows were edited."
    if found.undated:
        yield f"Changes in {', '.join(found.undated)} cannot be seen: no column recorded_at."
    if found.changes or found.late_rows:
        yield f"{_counted(len(found.changes), 'figure')} changed; {_counted(len(found.late_rows), 'row')} came late."
    else:
        yield "No figure changed, and no row came late."
    if found.changes:
        yield ""
        yield "Figures"
        yield from (f"  {line}" for change in found.changes for line in _change(change))
    yield from _listing("Late rows", found.late_rows)
    yield from _listing("Recorded since about later days, which restates nothing", found.went_on)


def _listing(title: str, rows: tuple[LateRow, ...]) -> Iterator[str]:
    if rows:
        yield ""
        yield title
    for table, group in groupby(rows, attrgetter("table")):
        own = list(group)
        yield from (f"  {_late(row)}" for row in own[:SHOWN_ROWS])
        if len(own) > SHOWN_ROWS:
            yield f"  and {len(own) - SHOWN_ROWS:,} more of {table} (--format json has all)"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s'[: number != 1]}"


def _change(change: Change) -> Iterator[str]:
    fact = change.now or change.then
    if fact is None:
        return
    divided = "".join(f", {name} {value}" for name, value in sorted(fact.dimensions.items()))
    by = "" if change.difference is None else f" ({change.difference:+})"
    what = f"{fact.metric_id} [{fact.unit}] {fact.entity_id} {fact.period}{divided}"
    yield f"{what}: {_value(change.then)} → {_value(change.now)}{by}"
    yield from (f"    {line}" for line in _why(change))


def _why(found: Change) -> Iterator[str]:
    if found.explained_by:
        others = tuple(name for name in found.causes if name not in found.explained_by)
        also = f"; {_listed(others)} would change it too" if others else ""
        yield f"because of {_listed(found.explained_by, ' or ')} alone{also}"
    elif found.alone:
        yield f"because of {_listed(found.causes)}"
    elif found.causes:
        yield f"no single change moves it; it rests on {_listed(found.causes)}"


def _listed(names: tuple[str, ...], between: str = ", ") -> str:
    more = len(names) - SHOWN_CAUSES
    return f"{between.join(names[:SHOWN_CAUSES])}{f' and {more} more' if more > 0 else ''}"


def _value(fact: Fact | None) -> str:
    if fact is None:
        return "none"
    return str(fact.value) if fact.status == "ok" else f"n/a ({fact.reason})"


def _late(row: LateRow) -> str:
    key = ", ".join(f"{name} {value}" for name, value in row.key.items())
    what = {"new": "new", "gone": "no longer there"}.get(row.change, "")
    if row.change == "changed":
        what = "; ".join(
            f"{name} {value or '(blank)'} → {row.now[name] or '(blank)'}" for name, value in row.was.items()
        )
    return f"{row.table} {key}, recorded {row.recorded_at} ({row.source}): {what}"
