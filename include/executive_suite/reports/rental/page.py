"""The audit of rented property: value, income, what of it is visible, upkeep, season, occupancy, tenancy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from executive_suite.facts import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import ActionList, Cell, Chart, Column, FindingList, Kpi, Page, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import audit, frame, wording
from executive_suite.reports.audit import MonthColumn
from executive_suite.reports.rental import concerns
from executive_suite.reports.selection import Selection

CALENDAR = "Add table availability: a row a unit and night, with its status."


@dataclass(frozen=True, slots=True)
class RentalView:
    """What the template relies on; each field is a block of the section that it is named after."""

    page: Page
    attention: FindingList
    agenda: ActionList
    valuation: Table
    income: Chart
    income_months: Table
    returns: Table
    visibility_reading: str
    visibility: Table
    upkeep: Chart
    upkeep_categories: Table
    season: Chart
    season_months: Table
    occupancy_reading: str
    occupancy: Chart
    occupancy_months: Table
    tenancy: Table


def view(s: Selection, base: Page) -> RentalView:
    """The audit from the figures of a run."""
    who = audit.whose(s, "net_operating_income")
    if who == "group":
        who = audit.whose(s, "occupancy")
    found = concerns.concerns(s, who)
    page = replace(
        base,
        message=_message(s, who, found),
        kpis=_kpis(s, who),
        changes=frame.changes(
            s, "occupancy", "adr", "net_operating_income", "maintenance_cost", "cap_rate", entity_id=who
        ),
        decisions=audit.decisions(found),
    )
    return RentalView(
        page=page,
        attention=audit.listed(s, who, found, base.reader, concerns.NEEDS),
        agenda=audit.agenda(s, who, found, base.reader, concerns.NEEDS),
        valuation=_valuation(s, who),
        income=_income(s, who),
        income_months=_income_months(s, who),
        returns=_returns(s, who),
        visibility_reading=_visibility_reading(s, who),
        visibility=_visibility(s, who),
        upkeep=_upkeep(s, who),
        upkeep_categories=_upkeep_categories(s, who),
        season=_season(s, who),
        season_months=_season_months(s, who),
        occupancy_reading=_occupancy_reading(s, who),
        occupancy=_occupancy(s, who),
        occupancy_months=_occupancy_months(s, who),
        tenancy=_tenancy(s, who),
    )


def _message(s: Selection, who: str, found: tuple[audit.Concern, ...]) -> tuple[str, ...]:
    """Occupancy against its target and what it earned; then the worst concern of another kind."""
    others = tuple(concern for concern in found if concern.title != concerns.EMPTY)
    occupancy, target = s.fact("occupancy", who), s.fact("occupancy_target", who)
    goal = f"against a target of {wording.of(target)}" if target.value is not None else "with no target set"
    rate = s.fact("adr", who)
    first = f"Occupancy of {wording.of(occupancy)} over twelve months, {goal}; average daily rate {wording.of(rate)}."
    if occupancy.value is None:
        first = audit.told(_kpis(s, who), f"occupancy: {audit.note(occupancy)}")
    return (first, audit.lead(s, who, others, concerns.NEEDS))


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    return (
        s.kpi("occupancy", entity_id=who, target=s.fact("occupancy_target", who)),
        s.kpi("adr", entity_id=who),
        s.kpi("revpar", entity_id=who),
        s.kpi("net_operating_income", entity_id=who),
        s.kpi("cap_rate", entity_id=who),
        s.kpi("property_debt_service_cover", entity_id=who),
        s.kpi("property_value", entity_id=who),
        s.kpi("rent_collection_rate", entity_id=who),
    )


def _valuation(s: Selection, who: str) -> Table:
    names = {"market": "Market", "income": "Income (NOI / market cap rate)", "cost": "Cost less depreciation"}
    rows = [
        (Cell(name), audit.bare(s, fact), audit.said(audit.note(fact)))
        for approach, name in names.items()
        if (fact := s.fact("property_value", who, approach=approach)).status != "not_evaluable" or fact.reason
    ]
    value, equity = s.fact("property_value", who), s.fact("property_equity", who)
    rows.append(
        (
            Cell("Owner's equity"),
            audit.bare(s, equity),
            audit.said("value less liens" if equity.value else equity.reason),
        )
    )
    heads = (Column("Approach"), Column(wording.currency(), "right"), Column("Basis and date"))
    title = f"Value of the property by three approaches, {wording.currency()}, at the report date"
    empty = audit.missing(value, "Add the property to table asset (asset_class property) with its market value.")
    there = tuple(rows) if value.inputs else ()
    return Table(title, heads, there, empty=empty)


def _income(s: Selection, who: str) -> Chart:
    months = s.months("net_operating_income", audit.MONTHS, who)
    title = f"Net operating income a month, {wording.currency()}, {audit.latest(months)}, actual"
    total = s.fact("net_operating_income", who)
    words = f"{audit.in_words(months)}; twelve months {wording.of(total)}"
    return audit.chart("noi", title, (charts.columns(audit.points(months)), months), words, total)


def _income_months(s: Selection, who: str) -> Table:
    return audit.by_month(
        s,
        f"Income and operating expense by month, {wording.currency()}, complete months, actual",
        who,
        (
            MonthColumn("Gross income", "net_operating_income", {"part": "effective_gross_income"}),
            MonthColumn("Operating", "net_operating_income", {"part": "operating_expense"}),
            MonthColumn("NOI", "net_operating_income"),
            MonthColumn("Below the line", "net_operating_income", {"part": "below_the_line"}),
            MonthColumn("Expense ratio", "operating_expense_ratio"),
        ),
        empty=audit.missing(
            s.fact("net_operating_income", who),
            "Add the property's postings to table ledger, and the property to asset.",
        ),
    )


def _returns(s: Selection, who: str) -> Table:
    ids = ("operating_expense_ratio", "property_debt_service_cover", "cap_rate", "cash_on_cash_return")
    facts = [s.fact(metric_id, who) for metric_id in ids]
    rows = tuple(
        (Cell(s.kpi(f.metric_id).label), audit.bare(s, f), audit.said(audit.note(f))) for f in facts if f.inputs
    )
    empty = audit.missing(s.fact("net_operating_income", who), "Add tables ledger, account and asset.")
    title = "Returns and cover, latest 12 complete months, actual"
    return Table(title, (Column("Figure"), Column("Value", "right"), Column("Note")), rows, empty=empty)


def _visibility_reading(s: Selection, who: str) -> str:
    gross, billed = s.fact("net_operating_income", who, part="effective_gross_income"), s.fact("rent_billed", who)
    if not audit.cents(gross) or billed.value is None:
        return f"Rent billed is {wording.NOT_AVAILABLE}: {audit.note(billed)}."
    economic = s.fact("economic_occupancy", who)
    if audit.cents(billed) >= audit.cents(gross):
        behind = f"Invoices of {wording.of(billed)} cover all of the {wording.of(gross)} of income of twelve months."
    else:
        part = wording.share(Decimal(audit.cents(billed)) / audit.cents(gross))
        behind = f"Invoices cover {wording.of(billed)} ({part}) of the {wording.of(gross)} of income of twelve months."
    if economic.value is None:
        return behind
    return f"{behind} Of the rent that could have come in, {wording.of(economic)} did (economic occupancy)."


def _visibility(s: Selection, who: str) -> Table:
    return audit.by_month(
        s,
        f"Rent by month: billed, collected, and what could have come in, {wording.currency()} and %, actual",
        who,
        (
            MonthColumn("Income", "net_operating_income", {"part": "effective_gross_income"}),
            MonthColumn("Billed", "rent_billed"),
            MonthColumn("Collected", "rent_collected"),
            MonthColumn("Rate", "rent_collection_rate"),
            MonthColumn("Economic occ.", "economic_occupancy"),
        ),
        empty=audit.missing(s.fact("rent_billed", who), "Add tables lease, invoice and payment."),
    )


def _categories(s: Selection, who: str) -> tuple[Fact, ...]:
    facts = s.facts("maintenance_cost", "category", entity_id=who)
    return tuple(sorted(facts, key=lambda f: (-audit.cents(f), f.dimensions["category"])))


def _upkeep(s: Selection, who: str) -> Chart:
    facts = _categories(s, who)
    points = [Point(_name(f.dimensions["category"]), audit.cents(f), wording.of(f)) for f in facts]
    words = "; ".join(f"{p.label} {p.text}" for p in points)
    title = f"Repairs by category, {wording.currency()}, latest 12 complete months, actual"
    return audit.chart("upkeep", title, (charts.bars(points), points), words, s.fact("maintenance_cost", who))


def _upkeep_categories(s: Selection, who: str) -> Table:
    total = s.fact("maintenance_cost", who)
    rows = tuple(
        (
            Cell(_name(f.dimensions["category"])),
            s.cell(f),
            audit.share(f, total),
            _before(s, f),
        )
        for f in _categories(s, who)
    )
    capex, unbooked = (
        s.fact("maintenance_cost", who, kind="capex"),
        s.fact("maintenance_cost", who, state="not_in_ledger"),
    )
    return Table(
        f"Repairs by category, {wording.currency()}, latest 12 complete months, actual",
        (
            Column("Category"),
            Column(wording.currency(), "right"),
            Column("Share", "right"),
            Column("At the previous date", "right"),
        ),
        rows,
        total=(Cell("All repairs"), s.cell(total), audit.share(total, total), Cell("")) if rows else (),
        note=f"Improvements (capex), apart from these: {wording.of(capex)}. Not in the ledger: {wording.of(unbooked)}."
        if rows
        else "",
        empty=audit.missing(total, "Add table maintenance: a row a work order, with category and cost."),
    )


def _before(s: Selection, fact: Fact) -> Cell:
    before = s.prior(fact)
    return Cell("new") if before is None else s.cell(before)


def _season(s: Selection, who: str) -> Chart:
    facts = sorted(s.facts("seasonal_index", "month", entity_id=who), key=lambda f: f.dimensions["month"])
    title = "Seasonal index of nights sold by calendar month (1 = the average month)"
    if not facts:
        facts = sorted(
            s.facts("seasonal_index", "month", entity_id=who, statistic="mean"), key=lambda f: f.dimensions["month"]
        )
        title = "Mean nights sold by calendar month (no index: the history is too short)"
    points = [Point(_calendar(f), f.value, wording.number(f.value, 2)) for f in facts if f.value is not None]  # type: ignore[arg-type]
    levels = [Level(1, "average month")] if "index" in title and facts and facts[0].unit == "index" else []
    words = ", ".join(f"{p.label} {p.text}" for p in points)
    picture = charts.columns(points, levels=levels)
    return audit.chart("season", title, (picture, points), words, s.fact("seasonal_index", who))


def _season_months(s: Selection, who: str) -> Table:
    whole = s.fact("seasonal_index", who)
    means = sorted(
        s.facts("seasonal_index", "month", entity_id=who, statistic="mean"), key=lambda f: f.dimensions["month"]
    )
    rows = []
    for mean in means:
        index = s.fact("seasonal_index", who, month=mean.dimensions["month"])
        nights = Cell(wording.number(mean.value, 1), raw=mean.value, kind="number", metric_id="seasonal_index")  # type: ignore[arg-type]
        rows.append((Cell(_calendar(mean)), nights, s.cell(index)))
    return Table(
        "Nights sold by calendar month: mean of the years on record, and seasonal index",
        (Column("Month"), Column("Mean nights", "right"), Column("Index", "right")),
        tuple(rows),
        note=(_extremes(s, who) or f"{audit.note(whole).capitalize()}.") if rows else "",
        empty=audit.missing(whole, CALENDAR),
    )


def _extremes(s: Selection, who: str) -> str:
    """The months of the highest and the lowest index."""
    facts = [f for f in s.facts("seasonal_index", "month", entity_id=who) if f.value is not None]
    if not facts:
        return ""
    low, high = (pick(facts, key=lambda f: Decimal(str(f.value))) for pick in (min, max))
    return f"Strongest month {_calendar(high)} ({wording.of(high)}), weakest {_calendar(low)} ({wording.of(low)})."


def _occupancy_reading(s: Selection, who: str) -> str:
    standard, adjusted = s.fact("occupancy", who), s.fact("occupancy_adjusted", who)
    if standard.value is None:
        return f"Occupancy is {wording.NOT_AVAILABLE}: {audit.note(standard)}."
    return (
        f"Two denominators, both over twelve months: {wording.of(standard)} of all nights in the inventory, "
        f"{wording.of(adjusted)} of the nights that were actually offered."
    )


def _occupancy(s: Selection, who: str) -> Chart:
    months = s.months("occupancy", audit.MONTHS, who)
    target = s.fact("occupancy_target", who)
    levels = [Level(target.value, f"target {wording.of(target)}")] if target.value is not None else []  # type: ignore[arg-type]
    points = [
        replace(
            point,
            text=point.text.removesuffix(" %"),
            tone="bad" if target.value is not None and point.value < target.value else "neutral",  # type: ignore[operator]
        )
        for point in audit.points(months)
    ]
    title = f"Occupancy by month, % of the nights in the inventory, {audit.latest(points)}, actual"
    words = f"{audit.in_words(months)}; target {wording.of(target)}"
    picture = charts.columns(points, levels=levels)
    return audit.chart("occupancy", title, (picture, points), words, s.fact("occupancy", who))


def _occupancy_months(s: Selection, who: str) -> Table:
    return audit.by_month(
        s,
        f"Occupancy and rates by month, % and {wording.currency()} a night, complete months, actual",
        who,
        (
            MonthColumn("Occupancy", "occupancy"),
            MonthColumn("Adjusted", "occupancy_adjusted"),
            MonthColumn("ADR", "adr"),
            MonthColumn("RevPAR", "revpar"),
            MonthColumn("Adjusted RevPAR", "revpar", {"basis": "adjusted"}),
        ),
        empty=audit.missing(s.fact("occupancy", who), CALENDAR),
    )


def _tenancy(s: Selection, who: str) -> Table:
    licences = s.facts("licence_days_left", "kind", entity_id=who)
    facts = [s.fact("turnover_days", who), *licences]
    rows = tuple(
        (Cell(_name(f.dimensions["kind"]) if f.dimensions else "Turnover"), audit.bare(s, f), audit.said(audit.note(f)))
        for f in facts
        if f.value is not None or f.dimensions
    )
    return Table(
        "Days between tenants, and days until the licences expire, at the report date",
        (Column("What"), Column("Days", "right"), Column("Note")),
        rows,
        empty=audit.missing(facts[0], "Add tables lease and compliance_doc."),
    )


def _name(key: str) -> str:
    names = {
        "hvac": "HVAC",
        "str_licence": "Short-term rental licence",
        "tot_registration": "Occupancy tax registration",
    }
    return names.get(key, key.replace("_", " ").capitalize())


def _calendar(fact: Fact) -> str:
    return f"{date(2000, int(fact.dimensions['month']), 1):%b}"
