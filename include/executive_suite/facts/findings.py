"""What the rules found in a run, with evidence, and the ranked actions that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["critical", "high", "medium", "low"]
Outcome = Literal["fires", "clear", "not_evaluable"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
AGENDA_DAYS = 30
"""Days within which the agenda of all reports says what to do."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One input row that a finding rests on.

    Attributes:
        table: Input table.
        key: The row's primary key, column to value.
        text: The row in a reader's words.
        file: File it was read from; empty when the source has none.
        row: Its row there.
        assumed: Whether the row is marked ``assumed``.
    """

    table: str
    key: Mapping[str, str]
    text: str
    file: str = ""
    row: int | None = None
    assumed: bool = False

    @property
    def source(self) -> str:
        """Where it was read from: "booking.csv, row 2"; empty when the source has no files."""
        return f"{self.file}, row {self.row}" if self.file else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule for the run, or one open gap.

    Attributes:
        finding_id: The rule's id ("equity_risk"), or the row's id for a registered gap ("F1").
        kind: As the rule names it: shortfall, security_gap, accounting_gap, rental_concern, ….
        title: In a reader's words.
        outcome: ``fires``, ``clear``, or ``not_evaluable`` (an input is missing; never a pass).
        severity: How bad it is when it fires.
        reason: Why it fires, is clear or could not be evaluated, with the figures.
        entity_id: Whom it concerns; ``group`` when several.
        at_stake_cents: Money at stake, or None when unknown.
        at_stake_every: How often it is at stake ("month"); empty for an amount that is lost once.
        owner: Who answers for it; empty when nobody is named.
        evidence: The rows it rests on.
        score: What it is ranked by, as text with its parts ("CVSS 9.1, open 116 days"); empty when unranked.
        action: What to do about it, with its figure; empty when nothing is asked.
        effort_days: Working days that the action takes, decimal text; empty keeps it off the thirty-day agenda.
        due_on: ISO date by which that has to be done; empty when the records name none.
        estimated: Whether the money at stake is an estimate, not a record.
        judged_by: The limits and figures by which it was judged, name in the rule to value as text.
    """

    finding_id: str
    kind: str
    title: str
    outcome: Outcome
    severity: Severity
    reason: str
    entity_id: str = "group"
    at_stake_cents: int | None = None
    owner: str = ""
    evidence: tuple[Evidence, ...] = ()
    score: str = ""
    at_stake_every: str = ""
    action: str = ""
    effort_days: str = ""
    due_on: str = ""
    estimated: bool = False
    judged_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def assumed(self) -> bool:
        """Whether any evidence row is marked ``assumed``."""
        return any(row.assumed for row in self.evidence)

    @property
    def urgency(self) -> tuple[int, int, int, str]:
        """The order in which readers see findings: those that fire, worst first, most money at stake, then by id."""
        stake = self.at_stake_cents or 0
        return (0 if self.outcome == "fires" else 1, SEVERITIES.index(self.severity), -stake, self.finding_id)


@dataclass(frozen=True, slots=True)
class Action:
    """One ranked thing to do.

    Attributes:
        action_id: Stable id; breaks ties.
        agenda: thirty_day, engineering, ota_sequence or capital.
        rank: From 1.
        title: In a reader's words.
        score: What it is ranked by, as text with its parts.
        owner: Empty when nobody is named.
        due_on: ISO date; empty when none is set.
        entity_id: Whom it concerns.
        status: For example ``eligible``, ``blocked: COI missing``, ``zero-cost``; empty when plain.
        at_stake_cents: Money at stake or gained, or None.
        at_stake_every: How often ("month"); empty for an amount that comes once.
        effort_days: Decimal text; empty when unknown.
        assumed: Whether it rests on a row marked ``assumed``.
        details: Further columns of its agenda, name to text.
        estimated: Whether the money at stake is an estimate, not a record.
        expected_cents: The part of the stake that ranks the action: within the horizon, estimates cut to the record.
        readers: The reports that it concerns; empty where the agenda says so.
        answers: The signals and findings that it answers.
    """

    action_id: str
    agenda: str
    rank: int
    title: str
    score: str
    owner: str = ""
    due_on: str = ""
    entity_id: str = "group"
    status: str = ""
    at_stake_cents: int | None = None
    effort_days: str = ""
    assumed: bool = False
    details: Mapping[str, str] = field(default_factory=dict)
    at_stake_every: str = ""
    estimated: bool = False
    expected_cents: int | None = None
    readers: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
