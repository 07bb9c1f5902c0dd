"""Open gaps of security, user experience and release practice: how many, in which order, how old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.findings import SEVERITIES, Severity
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.cut import Cut, cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology import scoring
from executive_suite.metrics.technology.scoring import Scores

COLUMNS = ("finding_id", "stack", "kind", "title", "opened_on", "closed_on")
SCORED_COLUMNS = (*COLUMNS, "cvss_vector")
FURTHER = ("cvss_threat_score", "cvss_environmental_score")


@dataclass(frozen=True, slots=True)
class Gap:
    """One registered finding that is open on a day.

    Attributes:
        kind: security, ux or dev_cycle.
        cwe: Weakness class; empty when none is given.
        age_days: Days from then to the day.
        cvss: The scores of its CVSS vector.
        decision: SSVC decision; empty when not assessed.
    """

    finding_id: str
    stack: str
    kind: str
    title: str
    cwe: str
    opened_on: date
    age_days: int
    cvss: Scores
    decision: str
    assumed: bool

    @property
    def score(self) -> Decimal | None:
        """Its CVSS base score; None when unscored."""
        return self.cvss.base

    @property
    def version(self) -> str:
        """The major version of its CVSS vector; ``none`` without one."""
        return scoring.version(self.cvss.vector) if self.cvss.vector else "none"

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
        score = f"CVSS v{self.version} {self.score}" if self.score is not None else "no CVSS vector"
        return f"{decision}, {score}, open {self.age_days} days"

    @property
    def order(self) -> tuple[int, Decimal, int, str]:
        """Its place among gaps: SSVC decision, then CVSS base score, then age, all descending, then id."""
        score = Decimal(-1) if self.score is None else self.score
        return (scoring.DECISIONS.index(self.decision), -score, -self.age_days, self.finding_id)


@per_context
def stacks(context: Context) -> Mapping[str, str]:
    """Every stack ever named, and every business, with the entity behind it (the group when there is none).

    A stack belongs to the entity whose id it spells, in any case; a business that no finding or deployment names is
    a stack of its own, so that an audit shows that nothing is open there.
    """
    names = {row.stack for row in context.rows("finding", "stack")}
    if context.has("deployment"):
        names |= {row.stack for row in context.rows("deployment") if row.get("stack")}
    owners: dict[str, str] = {}
    if context.has("entity"):
        entities = context.rows("entity", "entity_id", "kind")
        businesses = (row for row in entities if row.kind == "business" and row.entity_id not in ends(context))
        owners = {row.entity_id.casefold(): row.entity_id for row in businesses}
    spelled = {name.casefold() for name in names}
    names |= {entity.upper() for key, entity in owners.items() if key not in spelled}
    return {name: owners.get(name.casefold(), GROUP) for name in sorted(names)}


def open_gaps(context: Context, kind: str = "", *, accepted: bool = False, on: date | None = None) -> tuple[Gap, ...]:
    """Gaps opened before a day and not closed before it, in ranking order (``Gap.order``).

    Args:
        context: The run.
        kind: security, ux or dev_cycle; every kind when empty.
        accepted: Give those whose risk is accepted on the day instead of those without a running acceptance.
        on: The day to look at (default: the report date).
    """
    day = on or context.report_date
    found = []
    for row in context.rows("finding", *COLUMNS):
        until = row.get("accepted_until")
        is_open = row.opened_on < day and (row.closed_on is None or row.closed_on >= day)
        if not is_open or (kind and row.kind != kind) or (until is not None and until >= day) != accepted:
            continue
        found.append(
            Gap(
                row.finding_id,
                row.stack,
                row.kind,
                row.title,
                row.text("cwe"),
                row.opened_on,
                (day - row.opened_on).days,
                scoring.scored(row.text("cvss_vector")),
                scoring.ssvc(*map(row.text, scoring.ANSWERS)),
                row.assumed,
            )
        )
    return tuple(sorted(found, key=lambda gap: gap.order))


@metric("security_gaps_open", needs={"finding": COLUMNS})
def _security_gaps(context: Context) -> Iterator[Fact]:
    gaps = cut(context, "finding", open_gaps(context, "security"))
    yield from _counts(gaps, "security_gaps_open", "security")
    scored = "cvss_vector" in context.table("finding").columns
    blind = not_evaluable("column finding.cvss_vector is absent")
    for own in gaps.by("severity", lambda gap: gap.severity if scored else None, SEVERITIES):
        yield own.fact("security_gaps_open", Measure(len(own)) if scored else blind)


@metric("ux_gaps_open", needs={"finding": COLUMNS})
def _ux_gaps(context: Context) -> Iterator[Fact]:
    yield from _counts(cut(context, "finding", open_gaps(context, "ux")), "ux_gaps_open", "ux")


def _counts(gaps: Cut, metric_id: str, kind: str) -> Iterator[Fact]:
    """All gaps, those of each stack, and the accepted ones."""
    yield gaps.fact(metric_id, Measure(len(gaps)))
    for own in gaps.by("stack", lambda gap: gap.stack, stacks(gaps.context)):
        yield own.fact(metric_id, Measure(len(own)))
    accepted = cut(gaps.context, gaps.table, open_gaps(gaps.context, kind, accepted=True))
    yield accepted.fact(metric_id, Measure(len(accepted)), state="accepted")


@metric("security_gap_rank", needs={"finding": (*SCORED_COLUMNS, *scoring.ANSWERS)})
def _security_order(context: Context) -> Iterator[Fact]:
    for rank, gap in enumerate(open_gaps(context, "security"), start=1):
        yield _of_gap(context, "security_gap_rank", Measure(rank, reason=gap.basis), gap)


@metric("cvss_base_score", "cvss_threat_score", "cvss_environmental_score", needs={"finding": SCORED_COLUMNS})
def _scores(context: Context) -> Iterator[Fact]:
    gaps, further = open_gaps(context, "security"), False
    for gap in gaps:
        cvss = gap.cvss
        if cvss.base is None:
            unscored = not_evaluable(cvss.fault) if cvss.fault else not_applicable("the finding has no CVSS vector")
            yield _of_gap(context, "cvss_base_score", unscored, gap, version=gap.version)
            continue
        more = cvss.threat is not None or cvss.environmental is not None
        own = Measure(cvss.base, reason="base metrics only" if more else "")
        yield _of_gap(context, "cvss_base_score", own, gap, version=gap.version)
        for metric_id, score, name in zip(FURTHER, (cvss.threat, cvss.environmental), cvss.names, strict=True):
            if score is not None:
                further = True
                yield _of_gap(context, metric_id, Measure(score, reason=name), gap, version=gap.version)
    if not further:
        nothing = not_applicable("no vector of an open security finding states such metrics")
        yield from context.facts(dict.fromkeys(FURTHER, nothing), inputs={"finding": gaps})


@metric("ssvc_decision", needs={"finding": (*COLUMNS, *scoring.ANSWERS)})
def _decisions(context: Context) -> Iterator[Fact]:
    for gap in open_gaps(context, "security"):
        decision = Measure(gap.decision) if gap.decision else not_applicable("the SSVC answers are not recorded")
        yield _of_gap(context, "ssvc_decision", decision, gap)


def _of_gap(context: Context, metric_id: str, measure: Measure, gap: Gap, **dimensions: str) -> Fact:
    named = {"finding": gap.finding_id, "stack": gap.stack, **dimensions}
    return Cut(context, "finding", (gap,), dimensions=named).fact(metric_id, measure)
