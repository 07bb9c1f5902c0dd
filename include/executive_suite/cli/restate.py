"""``restate``: a past period as known then and as known now, in words or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

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

SHOWN_ROWS = 40
SHOWN_CAUSES = 6

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
    found = restatement.compare(given, as_of, zone, known_at=moment, rules=rulebook.load(folder / "rules.yaml"))
    show.result(form, as_record(found) if form == "json" else None, *as_text(found))


def as_record(found: Restatement) -> dict[str, Any]:
    """The restatement for JSON; facts as the ``metrics`` command prints them."""
    return {
        **asdict(found),
        "report_date": found.report_date.isoformat(),
        "changes": [
            {
                "then": change.then.as_json() if change.then else None,
                "now": change.now.as_json() if change.now else None,
                "difference": None if change.difference is None else str(change.difference),
                "causes": list(change.causes),
            }
            for change in found.changes
        ],
    }


def as_text(found: Restatement) -> Iterator[str]:
    """The restatement in words, line by line."""
    now = f"known before {found.known_at}" if found.known_at else "known now"
    yield f"Restatement of {found.report_date.isoformat()}: as known before {found.cut_off}, and as {now}."
    if not found.changes and not found.late_rows:
        yield "No figure changed, and no row came late."
        return
    yield f"{_counted(len(found.changes), 'figure')} changed; {_counted(len(found.late_rows), 'row')} came late."
    if found.changes:
        yield ""
        yield "Figures"
        yield from (f"  {line}" for change in found.changes for line in _change(change))
    if found.late_rows:
        yield ""
        yield "Late rows"
        for row in found.late_rows[:SHOWN_ROWS]:
            yield f"  {_late(row)}"
        if len(found.late_rows) > SHOWN_ROWS:
            yield f"  and {len(found.late_rows) - SHOWN_ROWS} more (--format json has all)"


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
    if change.causes:
        more = len(change.causes) - SHOWN_CAUSES
        yield f"    because of {', '.join(change.causes[:SHOWN_CAUSES])}{f' and {more} more' if more > 0 else ''}"


def _value(fact: Fact | None) -> str:
    if fact is None:
        return "none"
    return str(fact.value) if fact.status == "ok" else f"n/a ({fact.reason})"


def _late(row: LateRow) -> str:
    key = ", ".join(f"{name} {value}" for name, value in row.key.items())
    what = "new"
    if row.was:
        what = "; ".join(
            f"{name} {value or '(blank)'} → {row.now[name] or '(blank)'}" for name, value in row.was.items()
        )
    return f"{row.table} {key}, recorded {row.recorded_at} ({row.source}): {what}"
