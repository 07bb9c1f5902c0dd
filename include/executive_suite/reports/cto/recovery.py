"""The CTO's section on backup and recovery: what would be lost, how fast it comes back, and what nobody has tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Section, Table, Tone, section
from executive_suite.reports.absence import none, unknown
from executive_suite.reports.cto import cloud, remedies, uptime
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import table, words
from executive_suite.wording import say

_TESTED, _SECRET, _REPAIRED = "restore_test_age_days", "secret_age_days", "failed_deployment_recovery_hours"
TESTED_WITHIN_DAYS = 92
"""A restore is tried at least every quarter: CIS Controls v8, safeguard 11.5."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What recovery needs, what is on record about it, and what to do."""

    what: str
    known: Cell
    todo: str
    tone: Tone = "neutral"


def recovery(s: Selection) -> Section:
    """The section on backup and recovery."""
    return section(
        "Backup and recovery",
        point=_point(s),
        covered=any(s.fact(name).value is not None for name in (_TESTED, _SECRET, _REPAIRED, "uptime")),
        lines=_lines(s),
        rows={"systems": uptime.systems(s), "measures": cloud.measures(s)},
    )


def _point(s: Selection) -> str:
    """When a restore was last tried; that nothing says what is backed up."""
    tested = s.fact(_TESTED)
    first = none("No restore test is recorded: nobody knows whether a backup comes back.", unknown(tested))
    if tested.value is not None:
        on = s.figures.report_date - timedelta(days=cents(tested))
        first = say("A restore was last tested on {on}, {tested} ago.", on=formats.day(on), tested=formats.of(tested))
    return say(
        "{first} The records do not show what is backed up, how often, or how long a restore takes.", first=first
    )


def _lines(s: Selection) -> Table:
    return table(
        "What recovery rests on, and what to do",
        _known(s),
        (
            words("What", lambda line: line.what),
            words("On record", lambda line: line.known, tone=lambda line: line.tone),
            words("Action", lambda line: line.todo),
        ),
    )


def _known(s: Selection) -> list[_Line]:
    tested, secret, repaired, up = (s.fact(name) for name in (_TESTED, _SECRET, _REPAIRED, "uptime"))
    found = [
        _Line(
            say("Restore test"),
            _ago(tested),
            say("Restore each system every quarter; note how long it takes"),
            "fine" if tested.value is not None and cents(tested) <= TESTED_WITHIN_DAYS else "act",
        ),
        _Line(
            say("Backups"), Cell(say("not recorded")), say("Record system, frequency and place of each backup"), "act"
        ),
    ]
    rollback = s.fact("delivery_capability_gaps_open", capability="rollback")
    registered = rollback.qualifier.subject if rollback.qualifier is not None else ""
    if repaired.value is not None or rollback.value:
        known = cells.known(repaired)
        todo = remedies.brief(s, registered).text if rollback.value else ""
        found.append(
            _Line(say("Recovery from a failed release"), known, todo, "watch" if rollback.value else "neutral")
        )
    if secret.value is not None:
        late = cents(secret) > cloud.ROTATED_WITHIN_DAYS
        todo = say(
            "Rotate every {rotated_within_days}", rotated_within_days=formats.counted(cloud.ROTATED_WITHIN_DAYS, "day")
        )
        found.append(_Line(say("Oldest secret"), _ago(secret, "old"), todo, "act" if late else "fine"))
    if up.number is not None:
        down = s.fact("downtime_hours")
        shown = say("{number}, down {down} in 12 months", number=formats.share(up.number, 2), down=formats.of(down))
        found.append(_Line(say("Uptime"), Cell(shown), ""))
    return found


def _ago(fact: Fact, after: str = "ago") -> Cell:
    """An age of days."""
    return Cell(say("none on record")) if fact.value is None else Cell(f"{formats.of(fact)} {after}")
