"""The CEO's report: what is missing, what it puts at stake, and what to decide within thirty days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases, wording
from executive_suite.reports.blocks import ActionList, Cell, Chart, Column, FindingList, Page, Table
from executive_suite.reports.selection import Selection

_MAIN = ("cash_balance", "cash_runway_months", "shortfalls_open", "pipeline_gap", "kpis_missing")
_YEAR = 12
_ASSET_COLUMNS = ("asset_book_value", "asset_market_value", "asset_equity", "asset_insured_ratio")
_PIPELINE = ("pipeline_weighted", "pipeline_gap", "pipeline_coverage", "win_rate", "sales_cycle_days")
_HIGHLY_CONCENTRATED = 1800
"""DOJ/FTC Merger Guidelines (2023), 2.1; borrowed as a yardstick."""


@dataclass(frozen=True, slots=True)
class CeoView:
    """What the CEO's template relies on."""

    page: Page
    shortfalls: FindingList
    agenda: ActionList
    units: Table
    contribution: Chart
    contribution_months: Chart
    pipeline: Table
    pipeline_gap: Chart
    concentration: str
    equity: Table
    roles: Table
    assets: Table
    register: Table
    kpis: Table


def view(s: Selection, base: Page) -> CeoView:
    """The CEO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("cash_balance"),
            s.kpi("cash_runway_months"),
            monthly.kpi(s, "segment_contribution", "Contribution of the group"),
            s.kpi("pipeline_gap"),
            s.kpi("shortfalls_open"),
            s.kpi("kpis_missing"),
            s.kpi("equity_uncommitted_pct"),
            s.kpi("succession_coverage"),
        ),
        changes=frame.changes(
            s,
            "cash_balance",
            "pipeline_gap",
            "win_rate",
            "shortfalls_open",
            "kpis_missing",
            "equity_uncommitted_pct",
            "asset_equity",
        ),
        decisions=_decisions(s, base.reader),
    )
    return CeoView(
        page=page,
        shortfalls=s.findings("Shortfalls that fire or cannot be told, with their evidence", "shortfall"),
        agenda=phrases.listed(
            s.actions("Thirty-day agenda, by severity and money at stake over effort", "thirty_day", most=20)
        ),
        units=_units(s),
        contribution=_contribution(s),
        contribution_months=_contribution_months(s),
        pipeline=_pipeline(s),
        pipeline_gap=_pipeline_gap(s),
        concentration=_concentration(s),
        equity=_equity(s),
        roles=_roles(s),
        assets=_assets(s),
        register=_register(s),
        kpis=_kpis(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """How long the cash lasts and how many shortfalls are open; then what is left to sell, against what is in hand."""
    cash, runway, fired = s.fact("cash_balance"), s.fact("cash_runway_months"), s.fact("shortfalls_open")
    length = f"lasts {wording.of(runway)}" if runway.value is not None else f"has no runway to state ({runway.reason})"
    count = f"{wording.of(fired)} {fired.reason}" if fired.value is not None else fired.reason
    first = f"Cash of {wording.of(cash)} {length}; shortfalls open: {count}."
    if cash.value is None:
        first = phrases.told(s, *_MAIN)
    gap, weighted = s.fact("pipeline_gap"), s.fact("pipeline_weighted")
    if gap.value is not None:
        rest = f"is neither earned nor covered by a pipeline of {wording.of(weighted)}"
        return (first, f"{wording.of(gap)} of this year's revenue target {rest}.")
    if weighted.value is not None:
        worth = f"The weighted pipeline is worth {wording.of(weighted)}"
        return (first, f"{worth}; the gap to target is {wording.NOT_AVAILABLE}: {gap.reason}.")
    return (first,)


def _decisions(s: Selection, reader: str) -> tuple[str, ...]:
    """What the agenda gives to the reader, then the three entries at its head that others own."""
    agenda = sorted((a for a in s.figures.actions if a.agenda == "thirty_day"), key=lambda a: a.rank)
    own = [a for a in agenda if a.owner == reader]
    others = [a for a in agenda if a.owner != reader][:3]
    found = []
    for action in (*own, *others):
        stake = "" if action.at_stake_cents is None else f", {wording.money(action.at_stake_cents)} at stake"
        who = "" if action.owner == reader else f" (asks: {action.owner})"
        why = action.details.get("why", "")
        found.append(
            f"{phrases.capital(action.title)}{who}, by {wording.day(action.due_on)}. {phrases.capital(why)}{stake}."
        )
    return tuple(found)


def _entities(s: Selection, metric_id: str) -> list[str]:
    """Entities that have the metric, the group left out, by the name a reader knows."""
    found = {f.entity_id for f in s.figures.facts if f.metric_id == metric_id and f.entity_id != GROUP}
    return sorted(found, key=s.entity)


def _units(s: Selection) -> Table:
    """Revenue, cost and contribution of the last complete month, with the month before and the budget beside them."""
    heads = (
        Column("Business unit"),
        Column("Revenue", "right"),
        Column("vs budget", "right"),
        Column("Direct cost", "right"),
        Column("Contribution", "right"),
        Column(f"vs {wording.month(monthly.before(s, 'segment_contribution').period)}", "right"),
    )

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        change = monthly.latest(s, "metric_change", entity_id, metric="segment_contribution", against="prior_month")
        budget = monthly.latest(s, "metric_change", entity_id, metric="segment_revenue", against="budget")
        return (
            Cell(name),
            s.cell(monthly.latest(s, "segment_revenue", entity_id)),
            _changed(s, budget),
            s.cell(monthly.latest(s, "segment_direct_cost", entity_id)),
            _toned(s, monthly.latest(s, "segment_contribution", entity_id)),
            _changed(s, change),
        )

    month = monthly.latest(s, "segment_contribution").period
    shared = monthly.latest(s, "segment_direct_cost", part="shared")
    note = s.fact("metric_change", GROUP, month).reason
    if shared.value is not None:
        note = "; ".join(filter(None, (note, f"shared cost {wording.of(shared)} is not allocated")))
    return Table(
        f"Business units, {wording.currency()}, {wording.month(month)}, actual",
        heads,
        tuple(row(entity, s.entity(entity)) for entity in _entities(s, "segment_contribution")),
        row(GROUP, "Group"),
        f"{phrases.capital(note)}." if note else "",
        "Not evaluable: the ledger has no complete month.",
    )


def _toned(s: Selection, fact: Fact) -> Cell:
    """A contribution: below zero is bad news."""
    value = monthly.number(fact)
    return s.cell(fact, "neutral" if value is None or value >= 0 else "bad")


def _changed(s: Selection, fact: Fact) -> Cell:
    """A change with its sign, good or bad."""
    value = monthly.number(fact)
    if value is None:
        return Cell(wording.NOT_AVAILABLE, metric_id=fact.metric_id)
    cell = s.cell(fact, monthly.tone("metric_change", value))
    return replace(cell, text=f"+{cell.text}" if value > 0 else cell.text)


def _points(facts: list[tuple[str, Fact]]) -> list[Point]:
    found = []
    for name, fact in facts:
        value = monthly.number(fact)
        if value is not None:
            found.append(Point(name, value, wording.of(fact), tone="bad" if value < 0 else "neutral"))
    return found


def _contribution(s: Selection) -> Chart:
    """Contribution of each unit in the last complete month, largest first."""
    facts = [(s.entity(e), monthly.latest(s, "segment_contribution", e)) for e in _entities(s, "segment_contribution")]
    points = sorted(_points(facts), key=lambda p: (-p.value, p.label))
    month = wording.month(monthly.latest(s, "segment_contribution").period)
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no business unit has a figure"
    title = f"Contribution by business unit, {wording.currency()}, {month}, actual"
    return frame.chart("contribution", title, charts.bars(points), f"Contribution in {month}: {words}.")


def _contribution_months(s: Selection) -> Chart:
    """Contribution of the group by month."""
    facts = s.months("segment_contribution", _YEAR)
    points = _points([(wording.month(f.period)[:3], f) for f in facts])
    points = [replace(p, text=wording.number(Decimal(p.value) / 100_000, 1)) for p in points]
    words = ", ".join(f"{wording.month(f.period)} {wording.of(f)}" for f in facts) or "no complete month"
    title = (
        f"Contribution of the group after shared cost, thousand {wording.currency()}, latest "
        f"{len(points)} complete months, actual"
    )
    return frame.chart("months", title, charts.columns(points), f"Contribution of the group: {words}.")


def _pipeline(s: Selection) -> Table:
    heads = (
        Column("Business unit"),
        Column("Weighted pipeline", "right"),
        Column("Gap to target", "right"),
        Column("Coverage", "right"),
        Column("Win rate", "right"),
        Column("Sales cycle", "right"),
    )

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        return (Cell(name), *(_quiet(s, s.fact(metric_id, entity_id)) for metric_id in _PIPELINE))

    names = sorted(set(_entities(s, "pipeline_gap")) | set(_entities(s, "pipeline_weighted")), key=s.entity)
    return Table(
        f"Pipeline against the revenue target, {wording.currency()}, calendar year "
        f"{s.figures.report_date.year}, actual",
        heads,
        tuple(row(entity, s.entity(entity)) for entity in names),
        row(GROUP, "Group"),
        s.fact("pipeline_weighted").reason,
        "Not evaluable: neither opportunities nor a budget are on record.",
    )


def _quiet(s: Selection, fact: Fact) -> Cell:
    """A cell whose missing value needs no sentence in each row."""
    return s.cell(fact) if fact.value is not None else replace(s.cell(fact), note="")


def _pipeline_gap(s: Selection) -> Chart:
    facts = [(s.entity(e), s.fact("pipeline_gap", e)) for e in _entities(s, "pipeline_gap")]
    points = sorted(_points(facts), key=lambda p: (-p.value, p.label))
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no business unit has a target"
    year = s.figures.report_date.year
    title = (
        f"Revenue still to find, {wording.currency()}, calendar year {year}, target less earned less weighted pipeline"
    )
    return frame.chart("gap", title, charts.bars(points), f"Revenue still to find in {year}: {words}.")


def _concentration(s: Selection) -> str:
    """One sentence a division: how concentrated revenue is, beside the yardstick."""
    found = []
    for name, dimensions in (("customers", {}), ("business units", {"by": "entity"}), ("channels", {"by": "channel"})):
        fact = s.fact("revenue_concentration_hhi", **dimensions)
        value = monthly.number(fact)
        if value is None:
            found.append(f"over {name} {wording.NOT_AVAILABLE} ({fact.reason})")
        else:
            verdict = "above" if value > _HIGHLY_CONCENTRATED else "within"
            found.append(f"over {name} {wording.number(value)}, {verdict} the yardstick")
    yardstick = wording.number(_HIGHLY_CONCENTRATED)
    return f"Revenue concentration (HHI, {yardstick} counts as highly concentrated): {'; '.join(found)}."


def _equity(s: Selection) -> Table:
    facts = sorted(
        s.facts("equity_share_pct", "person", "signed", "vesting"), key=lambda f: (f.entity_id, -monthly.whole(f))
    )
    bare = {(f.entity_id, f.dimensions["person"]) for f in s.facts("equity_uncommitted_pct", "person") if f.value}

    def risk(fact: Fact) -> Cell:
        exposed = (fact.entity_id, fact.dimensions["person"]) in bare
        return Cell("exposed" if exposed else "committed", tone="bad" if exposed else "good")

    return s.table(
        "Holders of equity at the report date, share of the company",
        tuple(facts),
        (
            ("Company", lambda f: Cell(s.entity(f.entity_id))),
            ("Holder", lambda f: Cell(f.dimensions["person"])),
            ("Share", s.cell),
            ("Signed agreement", lambda f: Cell(f.dimensions["signed"])),
            ("Vesting", lambda f: Cell(f.dimensions["vesting"])),
            ("Risk", risk),
        ),
        empty="Not evaluable: table equity_holder is absent or empty; add the capitalisation table.",
    )


def _roles(s: Selection) -> Table:
    def risk(fact: Fact) -> Cell:
        return Cell("exposed" if fact.value else "covered", tone="bad" if fact.value else "good")

    def left(fact: Fact) -> Cell:
        day = fact.dimensions["departure"]
        return Cell(wording.day(day) if day else "not planned")

    return s.table(
        "Critical roles and who could take over, at the report date",
        s.facts("key_role_exposed", "role", "person", "departure", "successor", "runbook"),
        (
            ("Role", lambda f: Cell(f.dimensions["role"])),
            ("Business unit", lambda f: Cell(s.entity(f.entity_id))),
            ("Held by", lambda f: Cell(f.dimensions["person"])),
            ("Leaves", left),
            ("Successor", lambda f: Cell(f.dimensions["successor"] or "nobody named")),
            ("Runbook", lambda f: Cell(f.dimensions["runbook"] or "none")),
            ("Risk", risk),
        ),
        empty="Not evaluable: table key_role is absent or empty; add the critical roles.",
    )


def _assets(s: Selection) -> Table:
    heads = (
        Column("Business unit"),
        Column("Assets", "right"),
        Column("Book value", "right"),
        Column("Market value", "right"),
        Column("Equity", "right"),
        Column("Insured", "right"),
    )

    def row(entity_id: str, name: str) -> tuple[Cell, ...]:
        cells = (s.cell(s.fact(m, entity_id)) for m in ("asset_count", *_ASSET_COLUMNS))
        return (Cell(name), *(replace(cell, note="") for cell in cells))

    return Table(
        f"Assets by business unit, {wording.currency()}, at the report date",
        heads,
        tuple(row(entity, s.entity(entity)) for entity in _entities(s, "asset_count")),
        row(GROUP, "Group"),
        _coverage(s),
        "Not evaluable: table asset is absent or empty; add the register of assets.",
    )


def _coverage(s: Selection) -> str:
    """How many assets a value is missing for; empty when none is."""
    found = [s.fact(metric_id).reason for metric_id in ("asset_book_value", "asset_market_value")]
    words = "; ".join(dict.fromkeys(filter(None, found)))
    return f"{phrases.capital(words)}: left out of the sums." if words else ""


def _register(s: Selection) -> Table:
    facts = s.facts("asset_market_value", "asset", "class", "name")
    facts = tuple(sorted(facts, key=lambda f: (-(monthly.number(f) or 0), f.dimensions["asset"])))

    def same(metric_id: str, fact: Fact) -> Cell:
        cell = s.cell(s.fact(metric_id, fact.entity_id, **fact.dimensions))
        return replace(cell, note="")

    return s.table(
        f"Register of assets, {wording.currency()}, at the report date, largest market value first",
        facts,
        (
            ("Asset", lambda f: Cell(f.dimensions["name"])),
            ("Business unit", lambda f: Cell(s.entity(f.entity_id))),
            ("Class", lambda f: Cell(f.dimensions["class"])),
            ("Book value", lambda f: same("asset_book_value", f)),
            ("Market value", lambda f: replace(s.cell(f), note="")),
            ("Equity", lambda f: same("asset_equity", f)),
        ),
        empty="Not evaluable: table asset is absent or empty; add the register of assets.",
    )


def _report_name(report_id: str) -> str:
    """Offices are written in capitals, other reports as words."""
    return report_id.upper() if len(report_id) == len("ceo") else phrases.capital(report_id)


def _kpis(s: Selection) -> Table:
    facts = s.facts("kpis_missing", "kpi", "report", "name", "formula")
    facts = tuple(sorted(facts, key=lambda f: (-int(bool(f.value)), f.dimensions["report"], f.dimensions["name"])))

    def state(fact: Fact) -> Cell:
        if fact.value is None:
            return Cell("not evaluable", tone="bad")
        return Cell("missing", tone="bad") if fact.value else Cell("ready", tone="good")

    total = s.fact("kpis_missing")
    return s.table(
        f"KPIs: {wording.of(total)} missing of {s.text('kpis_defined')} defined, with the definition of each",
        facts,
        (
            ("KPI", lambda f: Cell(f.dimensions["name"])),
            ("Report", lambda f: Cell(_report_name(f.dimensions["report"]))),
            ("State", state),
            ("What is missing", lambda f: Cell(phrases.capital(f.reason) or "Nothing")),
            ("Definition", lambda f: Cell(f.dimensions["formula"])),
        ),
        empty="Not evaluable: table kpi_definition is absent or empty; add the catalogue of KPIs.",
    )
