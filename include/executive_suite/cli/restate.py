"""``restate``: a past period as known then beside as known now, in words or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from executive_suite.cli import data_options
from executive_suite.dataset import asof, snapshot
from executive_suite.facts.fact import Fact
from executive_suite.period import cut_off
from executive_suite.restatement import restate
from executive_suite.restatement.late import LateRow
from executive_suite.restatement.restate import Change, Restatement
from executive_suite.rules import rulebook
from executive_suite.schema.cells import CellError, parse
from executive_suite.schema.tables import Column
from executive_suite.sources import reading

SHOWN_ROWS = 40
SHOWN_CAUSES = 6


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    data_options.arguments(parser)
    text = "compare with what was known then: a report date or an instant; default everything recorded"
    parser.add_argument("--known-at", type=_moment, help=text)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _moment(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = parse(text, Column("known-at", "datetime"))
    except CellError as error:
        msg = f"{text!r} is neither a date nor {error.rule}"
        raise argparse.ArgumentTypeError(msg) from None
    if not isinstance(moment, datetime):
        raise TypeError(moment)
    return moment


def run(options: argparse.Namespace) -> int:
    """Print the restatement."""
    with data_options.told_faults() as outcome:
        given = snapshot.read(reading.of(options.data, options.config))
        zone = asof.group_zone(given.frames.get("entity"), options.as_of, data_options.fallback_zone())
        known_at = options.known_at
        if known_at is not None and not isinstance(known_at, datetime):
            known_at = cut_off(known_at, zone)
        if known_at is not None and known_at < cut_off(options.as_of, zone):
            sys.stderr.write(
                f"--known-at {known_at.isoformat()} is before the cut-off of {options.as_of.isoformat()}\n"
            )
            return 2
        rules = rulebook.load(options.config / "rules.yaml")
        found = restate.compare(given, options.as_of, zone, known_at=known_at, rules=rules)
        sys.stdout.write(as_json(found) if options.format == "json" else "\n".join(as_text(found)) + "\n")
    return outcome.code


def as_json(found: Restatement) -> str:
    """The restatement as JSON; facts as the ``metrics`` command prints them."""
    record: dict[str, Any] = {
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
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


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
