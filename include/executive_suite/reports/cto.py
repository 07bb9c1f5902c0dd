"""The CTO's report: what is open on each stack, what the cloud costs, and the ten actions that pay most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import frame, monthly, phrases, wording
from executive_suite.reports.blocks import ActionList, Cell, Chart, Column, FindingList, Page, Table
from executive_suite.reports.selection import Selection

_MAIN = ("security_gaps_open", "ux_gaps_open", "delivery_capability_gaps_open", "cloud_baseline_median")
_PERIODS = 12
_DORA = (
    "deployment_frequency",
    "change_lead_time_hours",
    "change_fail_rate",
    "failed_deployment_recovery_hours",
    "rework_rate",
)
_READINESS = ("secret_age_days", "restore_test_age_days", "cloud_untagged_share", "cloud_unit_cost")
_DECISIONS = 3


@dataclass(frozen=True, slots=True)
class CtoView:
    """What the CTO's template relies on."""

    page: Page
    actions: ActionList
    security: FindingList
    ranked: Table
    stacks: Table
    exposure: Chart
    ux: FindingList
    release: FindingList
    dora: Table
    cost: Chart
    services: Table
    savings: Table
    ageing: Table
    readiness: Table


def view(s: Selection, base: Page) -> CtoView:
    """The CTO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("security_gaps_open"),
            s.kpi("finding_sla_breaches"),
            s.kpi("finding_age_days_open", "Mean age of open findings"),
            s.kpi("ux_gaps_open"),
            s.kpi("delivery_capability_gaps_open"),
            monthly.kpi(s, "cloud_billed_cost", "Cloud bill"),
            s.kpi("cloud_open_savings"),
            s.kpi("secret_age_days"),
        ),
        changes=frame.changes(
            s,
            "security_gaps_open",
            "cvss_exposure_open",
            "finding_age_days_open",
            "finding_days_over_limit",
            "ux_gaps_open",
            "delivery_capability_gaps_open",
            "cloud_baseline_median",
            "cloud_open_savings",
        ),
        decisions=_decisions(s),
    )
    return CtoView(
        page=page,
        actions=_actions(s),
        security=_security(s),
        ranked=_ranked(s),
        stacks=_stacks(s),
        exposure=_exposure(s),
        ux=phrases.titled(s.findings("What users miss, with the evidence", "ux_gap")),
        release=phrases.titled(s.findings("Release capabilities that are missing", "delivery_gap")),
        dora=_dora(s),
        cost=_cost(s),
        services=_services(s),
        savings=_savings(s),
        ageing=_ageing(s),
        readiness=_readiness(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """Open gaps against their limits; then the bill against its baseline and what could be saved of it."""
    gaps, breaches = s.fact("security_gaps_open"), s.fact("finding_sla_breaches")
    critical = s.text("security_gaps_open", severity="critical")
    first = f"{wording.of(gaps)} security gaps are open, {critical} of them critical"
    first += f"; {wording.of(breaches)} past their limit." if breaches.value is not None else "; no limit is set."
    if gaps.value is None:
        first = phrases.told(s, *_MAIN)
    low, high = monthly.number(s.fact("cloud_baseline_low")), monthly.number(s.fact("cloud_baseline_high"))
    if low is None or high is None:
        return (first,)
    span = f"{wording.number(low)}\u2013{wording.number(high)} USD a month"
    saving = monthly.number(s.fact("cloud_open_savings"))
    worth = (
        "nothing is recommended to save on it"
        if saving is None
        else f"{wording.number(saving, 2)} USD of it could be saved"
    )
    return (first, f"The cloud costs {span}; {worth}.")


def _decisions(s: Selection) -> tuple[str, ...]:
    """The first actions of the ranking, and the accepted risks that run out."""
    ranked = sorted((a for a in s.figures.actions if a.agenda == "engineering"), key=lambda a: a.rank)[:_DECISIONS]
    found = []
    for action in ranked:
        days = f"{action.effort_days} {'day' if action.effort_days == '1' else 'days'}"
        found.append(f"Start now: {phrases.capital(action.title)}; {days} of work, score {action.score}.")
    unowned = [a for a in s.figures.actions if a.agenda == "engineering" and not a.owner]
    if unowned:
        found.append(f"Name an owner and a date: {len(unowned)} of the ranked actions have none.")
    return tuple(found)


def _actions(s: Selection) -> ActionList:
    """The first of the open actions, and how many there are."""
    ranked = phrases.listed(s.actions("", "engineering"))
    count = len(s.facts("engineering_action_rank", "action"))
    title = f"The first {len(ranked.items)} of {count} open actions, by security impact and user value over effort"
    return replace(ranked, title=title)


def _gaps(s: Selection, kind: str = "") -> list[Fact]:
    """Open findings, oldest first."""
    facts = s.facts("finding_age_days_open", "finding", "kind", "stack", "title")
    chosen = [f for f in facts if not kind or f.dimensions["kind"] == kind]
    return sorted(chosen, key=lambda f: (-monthly.whole(f), f.dimensions["finding"]))


def _security(s: Selection) -> FindingList:
    """The gaps with their evidence, in ranking order."""
    found = s.findings("Security gaps in ranking order, with their evidence", "security_gap")
    titles = {f.dimensions["finding"]: f for f in _gaps(s, "security")}
    places = {_title(titles, f): monthly.whole(f) for f in s.facts("security_gap_rank", "finding", "stack")}
    named = phrases.titled(found)
    items = sorted(named.items, key=lambda item: places.get(item.title, len(places) + 1))
    return replace(named, items=tuple(items))


def _ranked(s: Selection) -> Table:
    """Every open security gap in one line: place, score, decision, age and days past its limit."""
    titles = {f.dimensions["finding"]: f for f in _gaps(s, "security")}
    scores = {f.dimensions["finding"]: f for f in s.facts("cvss_base_score", "finding", "stack", "version")}
    over = {f.dimensions["finding"]: f for f in s.facts("finding_days_over_limit", "finding")}
    decisions = {f.dimensions["finding"]: f for f in s.facts("ssvc_decision", "finding", "stack")}
    ranks = sorted(s.facts("security_gap_rank", "finding", "stack"), key=monthly.whole)

    def of(table: dict[str, Fact], fact: Fact, missing: str) -> Cell:
        found = table.get(fact.dimensions["finding"])
        if found is None or found.value is None:
            return Cell(missing)
        return replace(s.cell(found), note="")

    def past(fact: Fact) -> Cell:
        cell = of(over, fact, "within")
        return replace(cell, tone="bad") if cell.text != "within" else cell

    return s.table(
        "Open security gaps in ranking order, at the report date",
        tuple(ranks),
        (
            ("Rank", lambda f: replace(s.cell(f), note="")),
            ("Gap", lambda f: Cell(_title(titles, f))),
            ("Stack", lambda f: Cell(f.dimensions["stack"])),
            ("CVSS", lambda f: _one_place(of(scores, f, "no vector"))),
            ("SSVC", lambda f: of(decisions, f, "not assessed")),
            ("Open", lambda f: of(titles, f, wording.NOT_AVAILABLE)),
            ("Past limit", past),
        ),
        empty="No security gap is open, or table finding is absent.",
    )


def _one_place(cell: Cell) -> Cell:
    """A CVSS score as it is published: one decimal."""
    if isinstance(cell.raw, Decimal | int):
        return replace(cell, text=wording.number(cell.raw, 1))
    return cell


def _title(titles: dict[str, Fact], fact: Fact) -> str:
    found = titles.get(fact.dimensions["finding"])
    words = found.dimensions["title"] if found else fact.dimensions["finding"]
    return phrases.capital(words)


def _stacks(s: Selection) -> Table:
    """The audit, stack by stack: what is open of each kind, the worst score, the oldest finding."""
    gaps = _gaps(s)
    heads = (
        Column("Stack"),
        Column("Security", "right"),
        Column("UX", "right"),
        Column("Release", "right"),
        Column("CVSS points", "right"),
        Column("Oldest", "right"),
        Column("What is open"),
    )

    def row(stack: str) -> tuple[Cell, ...]:
        own = [f for f in gaps if f.dimensions["stack"] == stack]
        counts = (sum(f.dimensions["kind"] == kind for f in own) for kind in ("security", "ux", "dev_cycle"))
        points = s.fact("cvss_exposure_open", stack=stack)
        return (
            Cell(stack),
            *(Cell(str(count), count, "number") for count in counts),
            Cell("\u2013") if points.value is None else _one_place(replace(s.cell(points), note="")),
            s.cell(own[0]) if own else Cell("\u2013"),
            Cell("; ".join(f.dimensions["title"] for f in own) or "nothing of its own"),
        )

    names = sorted({f.dimensions["stack"] for f in s.facts("security_gaps_open", "stack")})
    return Table(
        "Open findings by stack, count and CVSS base points, at the report date",
        heads,
        tuple(row(name) for name in names),
        note="A finding that touches every stack stands under its own name (ALL), not under each.",
        empty="Nothing is open on any stack, or table finding is absent.",
    )


def _exposure(s: Selection) -> Chart:
    """CVSS points of open gaps week by week: a trend, not a risk."""
    facts = sorted(s.facts("cvss_exposure_open", "week"), key=lambda f: f.dimensions["week"])
    points = [
        Point(wording.day(f.dimensions["week"]).rsplit(" ", 1)[0], value, wording.number(value, 1))
        for f in facts
        if (value := monthly.number(f)) is not None
    ]
    words = "no week can be told"
    if points:
        words = f"{points[0].text} on {points[0].label}, {points[-1].text} on {points[-1].label}"
    title = f"CVSS base points of open security gaps, by week, latest {len(points)} weeks, actual"
    note = "An ordinal scale: read it as a trend, never as risk."
    return frame.chart("exposure", title, charts.lines([("", points)]), f"CVSS points: {words}.", note)


def _dora(s: Selection) -> Table:
    stacks = sorted({f.dimensions["stack"] for f in s.facts("deployment_frequency", "stack")})
    heads = (Column("Measure"), Column("All stacks", "right"), *(Column(stack, "right") for stack in stacks))

    def row(metric_id: str) -> tuple[Cell, ...]:
        cells = [s.fact(metric_id), *(s.fact(metric_id, stack=stack) for stack in stacks)]
        name = s.kpi(metric_id).label
        return (Cell(name, metric_id=metric_id), *(s.cell(f) for f in cells))

    return Table(
        "Delivery performance (DORA), twelve weeks to the report date, actual",
        heads,
        tuple(row(metric_id) for metric_id in _DORA),
    )


def _cost(s: Selection) -> Chart:
    """The bill by month against the range of its baseline."""
    facts = s.months("cloud_billed_cost", _PERIODS)
    points = [
        Point(wording.month(f.period)[:3], value, wording.number(value))
        for f in facts
        if (value := monthly.number(f)) is not None
    ]
    levels = []
    for name in ("low", "high"):
        value = monthly.number(s.fact(f"cloud_baseline_{name}"))
        if value is not None:
            levels.append(Level(value, f"baseline {name} {wording.number(value)}"))
    words = ", ".join(f"{wording.month(f.period)} {wording.of(f)}" for f in facts) or "no complete period"
    title = f"Cloud bill by month, USD, latest {len(points)} complete billing periods, actual"
    return frame.chart("cloud", title, charts.columns(points, levels=levels), f"Cloud bill: {words}.")


def _services(s: Selection) -> Table:
    """The latest period by service beside the one before."""
    month = monthly.latest(s, "cloud_billed_cost").period
    earlier = monthly.before(s, "cloud_billed_cost").period
    chosen = [
        f
        for f in s.figures.facts
        if f.metric_id == "cloud_billed_cost" and f.period == month and set(f.dimensions) == {"service"}
    ]
    chosen.sort(key=lambda f: (-(monthly.number(f) or Decimal(0)), f.dimensions["service"]))

    def prior(fact: Fact) -> Fact:
        return s.fact("cloud_billed_cost", GROUP, earlier, **fact.dimensions)

    def change(fact: Fact) -> Cell:
        now, then = monthly.number(fact), monthly.number(prior(fact))
        if now is None or then is None:
            return Cell("new" if then is None else wording.NOT_AVAILABLE)
        if now == then:
            return Cell("unchanged")
        sign = "+" if now > then else ""
        return Cell(f"{sign}{wording.number(now - then, 2)} USD", tone=monthly.tone(fact.metric_id, now - then))

    table = s.table(
        f"Cloud bill by service, USD, {wording.month(month)} beside {wording.month(earlier)}, actual",
        tuple(chosen),
        (
            ("Service", lambda f: Cell(f.dimensions["service"])),
            (wording.month(month), s.cell),
            (wording.month(earlier), lambda f: replace(s.cell(prior(f)), note="")),
            ("Change", change),
        ),
        empty="Not evaluable: table focus_cost is absent or has no complete period.",
    )
    columns = tuple(Column(c.title, "left" if i == 0 else "right") for i, c in enumerate(table.columns))
    total = monthly.latest(s, "cloud_billed_cost")
    if not table.rows:
        return table
    before = monthly.before(s, "cloud_billed_cost")
    return replace(table, columns=columns, total=(Cell("All services"), s.cell(total), s.cell(before), change(total)))


def _savings(s: Selection) -> Table:
    facts = s.facts("cloud_open_savings", "recommendation", "title")
    facts = tuple(sorted(facts, key=lambda f: (-(monthly.number(f) or Decimal(0)), f.dimensions["recommendation"])))
    table = s.table(
        "Open recommendations to save on the cloud, USD a month, estimate",
        facts,
        (
            ("Recommendation", lambda f: Cell(phrases.capital(f.dimensions["title"]))),
            ("Saving", s.cell),
        ),
        empty="No recommendation is open, or table cost_recommendation is absent.",
    )
    columns = (Column("Recommendation"), Column("Saving", "right"))
    if not facts:
        return table
    return replace(
        table, columns=columns, total=(Cell("All open recommendations"), s.cell(s.fact("cloud_open_savings")))
    )


def _ageing(s: Selection) -> Table:
    heads = (Column("Findings"), Column("Mean", "right"), Column("Median", "right"))
    rows = [
        (
            Cell("Open, age"),
            s.cell(s.fact("finding_age_days_open")),
            s.cell(s.fact("finding_age_days_open", statistic="median")),
        ),
        (
            Cell("Closed in twelve months, days to close"),
            s.cell(s.fact("finding_days_to_close")),
            s.cell(s.fact("finding_days_to_close", statistic="median")),
        ),
    ]
    names = {"security": "Open, security", "ux": "Open, UX", "dev_cycle": "Open, release"}
    rows += [
        (Cell(names.get(f.dimensions["kind"], f.dimensions["kind"])), s.cell(f), Cell("\u2013"))
        for f in s.facts("finding_age_days_open", "kind")
    ]
    return Table("Age of findings, days, at the report date", heads, tuple(rows))


def _readiness(s: Selection) -> Table:
    def row(metric_id: str) -> tuple[Cell, ...]:
        fact = s.fact(metric_id, per="booking") if metric_id == "cloud_unit_cost" else s.fact(metric_id)
        shown = s.kpi(metric_id, per="booking") if metric_id == "cloud_unit_cost" else s.kpi(metric_id)
        return (Cell(shown.label, metric_id=metric_id), s.cell(fact, shown.tone), Cell(phrases.against(shown, fact)))

    rows = [row(metric_id) for metric_id in _READINESS]
    rows += [
        (
            Cell(f"Cloud cost per {f.dimensions['per']}, {s.entity(f.entity_id)}", metric_id=f.metric_id),
            s.cell(f),
            Cell(""),
        )
        for f in s.facts("cloud_unit_cost", "per")
        if f.entity_id != GROUP
    ]
    heads = (Column("Measure"), Column("Now", "right"), Column("Against"))
    return Table("Readiness and unit cost, at the report date", heads, tuple(rows))
