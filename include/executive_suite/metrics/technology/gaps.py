"""Open gaps of security, user experience and delivery: how many, in which order, how old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.findings import SEVERITIES, Severity
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows
from executive_suite.metrics.technology import scoring

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("finding_id", "stack", "kind", "title", "opened_on", "closed_on")
SCORED_COLUMNS = (*COLUMNS, "cvss_vector")


@dataclass(frozen=True, slots=True)
class Gap:
    """One registered finding that is open at the report date.

    Attributes:
        finding_id: Its id.
        stack: Where it is.
        kind: security, ux or dev_cycle.
        title: In a reader's words.
        cwe: Weakness class; empty when none is given.
        opened_on: The day it was found.
        age_days: Days from then to the report date.
        vector: CVSS vector; empty when there is none, or when it cannot be read.
        score: CVSS base score; None when unscored.
        fault: Why the vector cannot be read; empty when it can.
        decision: SSVC decision; empty when not assessed.
        accepted_until: Last day of an acceptance that runs at the report date, else None.
        assumed: Whether the row is marked so.
    """

    finding_id: str
    stack: str
    kind: str
    title: str
    cwe: str
    opened_on: date
    age_days: int
    vector: str
    score: Decimal | None
    fault: str
    decision: str
    accepted_until: date | None
    assumed: bool

    @property
    def severity(self) -> Severity:
        """The qualitative rating of its base score."""
        return scoring.rating(self.score)

    @property
    def basis(self) -> str:
        """What it is ranked by, in words; only security gaps are scored."""
        if self.kind != "security":
            return f"open {self.age_days} days"
        decision = f"SSVC {self.decision}" if self.decision else "SSVC not assessed"
        score = f"CVSS v{scoring.version(self.vector)} {self.score}" if self.score is not None else "no CVSS vector"
        return f"{decision}, {score}, open {self.age_days} days"


def stacks(context: Context) -> Mapping[str, str]:
    """Every stack that has ever been named, and every business, with the entity behind it (the group when none is).

    A stack belongs to the entity whose id it spells, in any case; a business that no finding or deployment names is
    a stack of its own, so that an audit shows that nothing is open there.
    """
    names = set(context.table("finding", "stack")["stack"].dropna())
    if context.has("deployment") and "stack" in context.table("deployment").columns:
        names |= set(context.table("deployment")["stack"].dropna())
    owners: dict[str, str] = {}
    if context.has("entity"):
        register = context.table("entity", "entity_id", "kind")
        owners = {str(e).casefold(): str(e) for e in register.loc[register["kind"] == "business", "entity_id"]}
    spelled = {str(name).casefold() for name in names}
    names |= {entity.upper() for key, entity in owners.items() if key not in spelled}
    return {str(name): owners.get(str(name).casefold(), GROUP) for name in sorted(names)}


def known_open(context: Context, *, on: date | None = None) -> pd.DataFrame:
    """Findings opened before a day (default: the report date) and not closed before it."""
    frame = context.table("finding", *COLUMNS)
    day = pd.Timestamp(on or context.report_date)
    return frame[(frame["opened_on"] < day) & (frame["closed_on"].isna() | (frame["closed_on"] >= day))]


def open_gaps(context: Context, kind: str = "", *, accepted: bool = False, on: date | None = None) -> tuple[Gap, ...]:
    """Open gaps of a kind (every kind when empty) in ranking order.

    Args:
        context: The run.
        kind: security, ux or dev_cycle.
        accepted: Give those under a running acceptance instead of those without.
        on: The day to look at (default: the report date).

    Returns:
        Order: SSVC decision, then CVSS base score, then age, all descending, then id.
    """
    day = on or context.report_date
    found = []
    for row in rows(known_open(context, on=day)):
        until = row.day("accepted_until")
        running = until is not None and until >= day
        if (kind and row.text("kind") != kind) or running != accepted:
            continue
        opened = row.on("opened_on")
        vector, score, fault = _scored(row.text("cvss_vector"))
        gap = Gap(
            finding_id=row.text("finding_id"),
            stack=row.text("stack"),
            kind=row.text("kind"),
            title=row.text("title"),
            cwe=row.text("cwe"),
            opened_on=opened,
            age_days=(day - opened).days,
            vector=vector,
            score=score,
            fault=fault,
            decision=scoring.ssvc(*(row.text(column) for column in scoring.ANSWERS)),
            accepted_until=until if running else None,
            assumed=row.assumed,
        )
        found.append(gap)
    return tuple(sorted(found, key=_order))


def _scored(vector: str) -> tuple[str, Decimal | None, str]:
    """The vector with its score; a vector that cannot be read scores nothing and says why."""
    if not vector:
        return "", None, ""
    try:
        return vector, scoring.base_score(vector), ""
    except ValueError as error:
        return "", None, str(error)


def _order(gap: Gap) -> tuple[int, Decimal, int, str]:
    score = gap.score if gap.score is not None else Decimal(-1)
    return (scoring.DECISIONS.index(gap.decision), -score, -gap.age_days, gap.finding_id)


@metric(
    Definition(
        "security_gaps_open",
        "Open security gaps",
        "count",
        "Findings of kind security opened before the report date, not closed, with no acceptance of the risk running. "
        "Accepted ones are counted apart until their acceptance ends.",
        "OWASP Vulnerability Management Guide; risk acceptance as in ISO/IEC 27005",
        "zero",
    ),
    needs={"finding": COLUMNS},
)
def _security_gaps(context: Context) -> Iterator[Fact]:
    yield from _counts(context, "security_gaps_open", "security")


@metric(
    Definition(
        "ux_gaps_open",
        "Open UX shortfalls",
        "count",
        "Findings of kind ux opened before the report date, not closed and not accepted.",
        "ISO 9241-210 (human-centred design): findings of an evaluation are tracked to closure",
        "zero",
    ),
    needs={"finding": COLUMNS},
)
def _ux_gaps(context: Context) -> Iterator[Fact]:
    yield from _counts(context, "ux_gaps_open", "ux")


def _counts(context: Context, metric_id: str, kind: str) -> Iterator[Fact]:
    gaps = open_gaps(context, kind)
    inputs = {"finding": len(gaps)}

    def count(chosen: list[Gap], **dimensions: str) -> Fact:
        return context.fact(
            metric_id,
            Measure(len(chosen)),
            inputs={"finding": len(chosen)},
            assumed=any(g.assumed for g in chosen),
            **dimensions,
        )

    yield context.fact(metric_id, Measure(len(gaps)), inputs=inputs, assumed=any(g.assumed for g in gaps))
    for stack in stacks(context):
        yield count([g for g in gaps if g.stack == stack], stack=stack)
    yield count(list(open_gaps(context, kind, accepted=True)), state="accepted")
    if kind == "security":
        scored = "cvss_vector" in context.table("finding").columns
        blind = not_evaluable("column finding.cvss_vector is absent")
        for severity in SEVERITIES:
            told = count([g for g in gaps if g.severity == severity], severity=severity)
            yield told if scored else context.fact(metric_id, blind, inputs={"finding": 0}, severity=severity)


@metric(
    Definition(
        "security_gap_rank",
        "Rank of a security gap",
        "rank",
        "Open security gaps ordered by SSVC decision (act, attend, not assessed, track*, track), then CVSS base score, "
        "then age, then id. A gap nobody assessed stands below attend, so that it is not buried.",
        "CERT/CC SSVC decision table cisa_coordinator 2.0.3; FIRST CVSS v3.1 and v4.0",
    ),
    needs={"finding": (*SCORED_COLUMNS, *scoring.ANSWERS)},
)
def _security_order(context: Context) -> Iterator[Fact]:
    for rank, gap in enumerate(open_gaps(context, "security"), start=1):
        yield _of_gap(context, "security_gap_rank", Measure(rank, reason=gap.basis), gap)


@metric(
    Definition(
        "cvss_base_score",
        "CVSS base score",
        "score",
        "Base score of the finding's CVSS vector, 0 to 10. Severity, not risk; scores of version 3 and version 4 are "
        "never averaged.",
        "FIRST CVSS v3.1 section 7, v4.0 section 8",
        "lower",
    ),
    needs={"finding": SCORED_COLUMNS},
)
def _base_scores(context: Context) -> Iterator[Fact]:
    for gap in open_gaps(context, "security"):
        unscored = not_evaluable(gap.fault) if gap.fault else not_applicable("the finding has no CVSS vector")
        score = unscored if gap.score is None else Measure(gap.score)
        major = scoring.version(gap.vector) if gap.vector else "none"
        yield _of_gap(context, "cvss_base_score", score, gap, version=major)


@metric(
    Definition(
        "ssvc_decision",
        "SSVC decision",
        "text",
        "Act, attend, track* or track, from exploitation, automatable, technical impact and mission & well-being.",
        "CERT/CC SSVC decision table cisa_coordinator 2.0.3",
    ),
    needs={"finding": (*COLUMNS, *scoring.ANSWERS)},
)
def _decisions(context: Context) -> Iterator[Fact]:
    for gap in open_gaps(context, "security"):
        decision = Measure(gap.decision) if gap.decision else not_applicable("the SSVC answers are not recorded")
        yield _of_gap(context, "ssvc_decision", decision, gap)


def _of_gap(context: Context, metric_id: str, measure: Measure, gap: Gap, **dimensions: str) -> Fact:
    said = {"finding": gap.finding_id, "stack": gap.stack, **dimensions}
    return context.fact(metric_id, measure, inputs={"finding": 1}, assumed=gap.assumed, **said)
