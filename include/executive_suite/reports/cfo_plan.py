"""The CFO's report on what to do: break-even, revenue targets, capital, budget and margins, control rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.findings import Action
from executive_suite.rendering import charts
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import frame, wording
from executive_suite.reports.blocks import Cell, Chart, Column, FindingList, Table, Tone
from executive_suite.reports.cfo_cash import MOST_ROWS, amount
from executive_suite.reports.phrases import plain, window
from executive_suite.reports.selection import Selection

TIERS = (
    ("zero-cost", "Zero-cost: do now"),
    ("low-cost", "Low-cost infrastructure: do now"),
    ("revenue-producing", "Revenue-producing: decide"),
    ("no-deploy", "No-deploy guardrail: hold"),
)
WIDEST = 12
"""Columns of a chart that still have room for their values."""

LINES = ("revenue", "expenses", "net_income")


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How much has to be sold."""

    reading: str
    chart: Chart
    table: Table


@dataclass(frozen=True, slots=True)
class Targets:
    """What the units of sale have to bring in, month by month."""

    chart: Chart
    table: Table


@dataclass(frozen=True, slots=True)
class Budget:
    """Actual against plan, and margins."""

    variance: Table
    margins: Table


@dataclass(frozen=True, slots=True)
class Controls:
    """The control rules and what breaks them."""

    table: Table
    exceptions: FindingList


def unit_of_sale(s: Selection) -> str:
    """What one unit is called ("charter"); "unit" when there is none or several."""
    names = {f.dimensions["unit"] for f in s.facts("contribution_margin", "unit")}
    return names.pop() if len(names) == 1 else "unit"


def units_in_words(s: Selection, fact: Fact) -> str:
    """A number of units with their name: "6 charters"."""
    if not isinstance(fact.value, int):
        return wording.NOT_AVAILABLE
    return f"{wording.number(fact.value)} {unit_of_sale(s)}{'' if fact.value == 1 else 's'}"


def break_even(s: Selection) -> BreakEven:
    """The section on break-even."""
    margin, ratio = s.fact("contribution_margin"), s.fact("contribution_margin_ratio")
    mean, worst = s.fact("break_even_units"), s.fact("break_even_units", basis="worst_month")
    if margin.value is None or mean.value is None:
        reading = f"Not evaluable: {margin.reason or mean.reason}."
    else:
        reading = (
            f"One {unit_of_sale(s)} leaves {wording.of(margin)} after its own costs, {wording.of(ratio)} of its price. "
            f"{units_in_words(s, mean)} a month cover the mean month, {units_in_words(s, worst)} the worst. "
            "The cost to cover is net of all other income of the group."
        )
    return BreakEven(reading, _break_even_chart(s), _break_even_table(s))


def _break_even_chart(s: Selection) -> Chart:
    margin = s.fact("contribution_margin")
    bases = (
        ("mean", s.fact("residual_fixed_cost")),
        ("worst month", s.fact("residual_fixed_cost", basis="worst_month")),
    )
    units = s.fact("break_even_units", basis="worst_month")
    unit = unit_of_sale(s)
    title = f"Contribution of {unit}s sold in a month against the cost to cover, thousand {wording.currency()}"
    if not isinstance(margin.value, int | Decimal) or not isinstance(units.value, int):
        return frame.chart("break-even", title, charts.columns([Point("", 0, "")]), f"Not evaluable: {margin.reason}.")
    last = max(2, units.value * 4 // 3 + 1)
    points = [Point(str(n), n * Decimal(margin.value), "") for n in range(last + 1)]
    points[-1] = Point(points[-1].label, points[-1].value, f"of {last}")
    levels = [
        Level(Decimal(str(f.value)), f"cost, {name} {_thousand(f.value)}") for name, f in bases if f.value is not None
    ]
    words = "; ".join(f"cost at the {name} {amount(f)}" for name, f in bases)
    alt = (
        f"Each {unit} contributes {wording.of(margin)}; {words}. The lines cross at "
        f"{units_in_words(s, s.fact('break_even_units'))} and {units_in_words(s, units)}."
    )
    note = f"Across: {unit}s a month, from 0 to {last}."
    return frame.chart("break-even", title, charts.lines([("contribution", points)], levels=levels), alt, note)


def _break_even_table(s: Selection) -> Table:
    rows = []
    for words, basis in ((f"Mean of {window(s)}", {}), ("Worst month", {"basis": "worst_month"})):
        units = s.fact("break_even_units", **basis)
        needed = Cell(units_in_words(s, units), units.value, "number", metric_id=units.metric_id, assumed=units.assumed,
                      note=units.reason)  # fmt: skip
        rows.append(
            (
                Cell(words),
                s.cell(s.fact("residual_fixed_cost", **basis)),
                needed,
                s.cell(s.fact("break_even_revenue", **basis)),
            )
        )
    safety, leverage = s.fact("margin_of_safety"), s.fact("operating_leverage")
    note = f"Margin of safety {_with_reason(safety)}; degree of operating leverage {_with_reason(leverage)}."
    return Table(
        f"Break-even a month: cost to cover, units, revenue, {wording.currency()}",
        (
            Column("Month as"),
            Column("Cost to cover", "right"),
            Column("Units", "right"),
            Column("Revenue", "right"),
        ),
        tuple(rows),
        note=note,
    )


def targets(s: Selection) -> Targets:
    """The section on revenue targets."""
    year = str(s.figures.report_date.year)
    wanted = sorted(
        (f for f in s.figures.facts if f.metric_id == "revenue_target" and f.period >= year and len(f.period) == 7),  # noqa: PLR2004 - YYYY-MM
        key=lambda f: f.period,
    )
    rows: list[tuple[Cell, ...]] = []
    over: list[Fact] = []
    ahead: list[Fact] = []
    for target in wanted:
        sold, index = (
            s.fact("unit_revenue", period=target.period),
            s.fact("revenue_seasonal_index", period=target.period),
        )
        done = isinstance(sold.value, int)
        (over if done else ahead).append(target)
        gap = Cell("ahead")
        if done and isinstance(target.value, int):
            cents = int(str(sold.value)) - target.value
            gap = signed(Cell(wording.money(cents), cents, "money", "good" if cents >= 0 else "bad"))
        rows.append(
            (
                Cell(wording.month(target.period)),
                Cell(
                    wording.number(Decimal(str(index.value)), 2) if index.value is not None else wording.NOT_AVAILABLE
                ),
                plain(s.cell(target)) if target.value is not None else s.cell(target),
                plain(s.cell(sold)) if done else Cell("ahead"),
                gap,
            )
        )
    chart = _targets_chart(s, year, over, ahead)
    heads = ("Month", "Season", "Target", "Actual", "Actual less target")
    table = Table(
        f"Revenue target by month, {wording.currency()}, {year}: cost to cover and target profit over "
        "margin, by season",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(rows),
        note="A month's target is set from the months before it and stays. Season: 1 is an average month.",
        empty=f"Not evaluable: {s.fact('revenue_target').reason}.",
    )
    return Targets(chart, table)


def _targets_chart(s: Selection, year: str, over: list[Fact], ahead: list[Fact]) -> Chart:
    """Targets outlined; beside those of the latest months over, as far as there is room, the actual sales."""
    shown = over[-max(1, (WIDEST - len(ahead)) // 2) :] if over else []
    points, words = [], []
    for target in (*shown, *ahead):
        label = wording.month(target.period)[:3]
        if isinstance(target.value, int):
            points.append(Point(label, target.value, _thousand(target.value), "plan"))
            words.append(f"{label} target {_thousand(target.value)}")
        if target in shown:
            sold = s.fact("unit_revenue", period=target.period)
            points.append(Point(f"{label}", _cents(sold), _thousand(sold.value or 0)))
            words.append(f"{label} actual {_thousand(sold.value or 0)}")
    title = (
        f"Revenue of {unit_of_sale(s)}s by month, thousand {wording.currency()}, {year}: target "
        "(outlined), actual (filled)"
    )
    alt = ", ".join(words) or s.fact("revenue_target").reason
    return frame.chart("targets", title, charts.columns(points or [Point("", 0, "")]), f"{alt}.")


def capital(s: Selection) -> Table:
    """The candidates for capital by tier; every tier is named, also an empty one."""
    options = sorted((a for a in s.figures.actions if a.agenda == "capital"), key=lambda a: a.rank)
    rows: list[tuple[Cell, ...]] = []
    for tier, words in TIERS:
        own = [option for option in options if option.status == tier]
        if not own:
            rows.append((Cell(words), Cell("no candidate"), *(Cell("") for _ in range(4))))
        rows += [_candidate(s, words if n == 0 else "", option) for n, option in enumerate(own)]
    rows += [_candidate(s, "Not evaluable", o) for o in options if o.status not in {tier for tier, _ in TIERS}]
    heads = ("Tier", "Candidate", "Cost", "Pays back in", "Runway afterwards", "Net present value")
    return Table(
        f"Candidates for capital by tier, {wording.currency()} and months",
        tuple(Column(head, "right" if number > 1 else "left") for number, head in enumerate(heads)),
        tuple(rows) if options else (),
        note=(
            f"A spend must leave a runway of {s.text('runway_floor')} or more and pay back in time; what fails either "
            "is not deployed, whatever it promises. Gains are weighted with their confidence."
        ),
        empty="Not evaluable: the register of deployment options is absent or empty.",
    )


def _candidate(s: Selection, tier: str, option: Action) -> tuple[Cell, ...]:
    cost = Decimal(option.details.get("cost_cents") or 0)
    facts = [
        s.fact(metric, option=option.action_id)
        for metric in ("payback_months", "runway_after_months", "deployment_npv")
    ]
    return (
        Cell(tier),
        Cell(option.title, assumed=option.assumed),
        Cell(wording.money(cost), cost, "money"),
        *(s.cell(fact) for fact in facts),
    )


def budget(s: Selection) -> Budget:
    """The section on budget and margins."""
    return Budget(_variance(s), _margins(s))


def year_to_date(s: Selection, line: str, entity_id: str = GROUP) -> tuple[int, int] | None:
    """Actual and budget of a line over the year's complete months, cents; None when no month is budgeted."""
    year = str(s.figures.report_date.year)
    plans = [
        f
        for f in s.figures.facts
        if f.metric_id == "budget_variance" and f.entity_id == entity_id and f.period.startswith(year)
        and len(f.period) == 7 and f.dimensions == line_of(line)  # noqa: PLR2004 - YYYY-MM
    ]  # fmt: skip
    if not plans:
        return None
    budgeted = sum(_cents(s.fact("budget_amount", entity_id, f.period, **line_of(line))) for f in plans)
    return budgeted + sum(_cents(f) for f in plans), budgeted


def line_of(line: str) -> dict[str, str]:
    """The dimensions of a budget line; net income is the undivided figure."""
    return {} if line == "net_income" else {"line": line}


def _cents(fact: Fact) -> int:
    return fact.value if isinstance(fact.value, int) else 0


def _variance(s: Selection) -> Table:
    rows = []
    names = {"revenue": "Revenue", "expenses": "Expenses", "net_income": "Net income"}
    for line in LINES:
        sums = year_to_date(s, line)
        if sums is None:
            continue
        variance, share = s.fact("budget_variance", **line_of(line)), s.fact("budget_variance_share", **line_of(line))
        tone: Tone = {"favourable": "good", "unfavourable": "bad"}.get(variance.reason, "neutral")  # type: ignore[assignment]
        rows.append(
            (
                Cell(names[line]),
                *(Cell(wording.money(cents), cents, "money") for cents in sums),
                signed(plain(s.cell(variance, tone))),
                signed(plain(s.cell(share))),
                Cell(_cause(s, line_of(line), variance)),
            )
        )
    heads = ("Line", "Actual", "Budget", "Difference", "Share of budget", "Mainly")
    return Table(
        f"Actual against budget, {wording.currency()}, complete months of {s.figures.report_date.year}",
        tuple(Column(head, "right" if 0 < number < len(heads) - 1 else "left") for number, head in enumerate(heads)),
        tuple(rows),
        empty=f"Not evaluable: {s.fact('budget_variance').reason or 'no month of the year is budgeted'}.",
    )


def _cause(s: Selection, dimensions: dict[str, str], whole: Fact) -> str:
    """The entity that moved the variance most in its direction."""
    parts = [
        f
        for f in s.facts("budget_variance", **dimensions)
        if f.entity_id != GROUP
        and isinstance(f.value, int)
        and isinstance(whole.value, int)
        and f.value * whole.value > 0
    ]
    if not parts:
        return "no entity alone"
    most = max(parts, key=lambda f: (abs(int(str(f.value))), f.entity_id))
    return f"{s.entity(most.entity_id)} ({'+' if int(str(most.value)) > 0 else ''}{wording.of(most)})"


def signed(cell: Cell) -> Cell:
    """A difference with its sign, also when it is above zero."""
    above = isinstance(cell.raw, int | Decimal) and cell.raw > 0
    return replace(cell, text=f"+{cell.text}") if above else cell


def _margins(s: Selection) -> Table:
    metrics = ("gross_margin", "contribution_ratio", "ebitda_margin", "operating_income", "debt_service_cover")
    heads = ("Entity", "Gross margin", "Contribution", "EBITDA", "Operating income", "Debt cover")
    entities = [f.entity_id for f in s.facts("operating_income") if f.entity_id != GROUP][:MOST_ROWS]

    def row(entity: str) -> tuple[Cell, ...]:
        return (Cell(s.entity(entity)), *(s.cell(s.fact(metric, entity)) for metric in metrics))

    return Table(
        f"Margins by entity, latest {window(s)}: shares of revenue, {wording.currency()}, and times",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(row(entity) for entity in entities),
        row(GROUP) if entities else (),
        empty="Not evaluable: no entity has postings.",
    )


def controls(s: Selection) -> Controls:
    """The section on control rules."""
    rows = []
    for fact in sorted(s.facts("control_rule_violations", "rule"), key=lambda f: f.dimensions["rule"]):
        rule = fact.dimensions["rule"]
        verdict, tone = ("not evaluable, which is no pass", "bad")
        if fact.value is not None:
            verdict, tone = ("broken", "bad") if fact.value else ("holds", "good")
        rows.append(
            (
                Cell(rule),
                Cell(s.label("rule", rule)),
                Cell(verdict, tone=tone),  # type: ignore[arg-type]
                s.cell(fact),
            )
        )
    total = s.fact("control_rule_violations")
    table = Table(
        "Non-negotiable control rules and their exceptions, target 0",
        (Column("Rule"), Column("What it demands"), Column("Verdict"), Column("Exceptions", "right")),
        tuple(rows),
        (Cell(""), Cell("All rules"), Cell(""), s.cell(total)) if rows else (),
        empty="Not evaluable: no control rule is registered.",
    )
    return Controls(
        table, s.findings("Exceptions with their evidence", "control_violation", empty="No rule is broken.")
    )


def decisions(s: Selection) -> tuple[str, ...]:
    """What the CFO is asked to decide, from tiers, rules and the outlook; each with its figure."""
    found = []
    options = sorted((a for a in s.figures.actions if a.agenda == "capital"), key=lambda a: a.rank)
    free = [a.title for a in options if a.status in {"zero-cost", "low-cost"}]
    if free:
        cents = sum(Decimal(a.details.get("cost_cents") or 0) for a in options if a.title in free)
        found.append(
            f"Release the zero-cost and low-cost candidates, {wording.money(cents)} in all: {', '.join(free)}."
        )
    for option in options:
        cost = wording.money(Decimal(option.details.get("cost_cents") or 0))
        after = s.text("runway_after_months", option=option.action_id)
        if option.status == "revenue-producing":
            back = s.text("payback_months", option=option.action_id)
            found.append(
                f"Approve {cost} for {option.title}: pays back in {back} and leaves {after} of runway, floor "
                f"{s.text('runway_floor')}."
            )
        elif option.status == "no-deploy":
            found.append(f"Hold {option.title} ({cost}): it would leave {after}, floor {s.text('runway_floor')}.")
    for fact in sorted(s.facts("control_rule_violations", "rule"), key=lambda f: f.dimensions["rule"]):
        if fact.value:
            rule = fact.dimensions["rule"]
            found.append(f"Close {wording.of(fact)} exception{'' if fact.value == 1 else 's'} to {rule}, "
                         f"{s.label('rule', rule)}.")  # fmt: skip
    alive, month = s.fact("default_alive"), s.fact("default_alive_month")
    if alive.value is False:
        found.append(f"Choose between cutting burn and raising money before {s.text('default_alive_month')}: "
                     f"{month.reason} then on the present course.")  # fmt: skip
    return tuple(found)


def _with_reason(fact: Fact) -> str:
    return wording.of(fact) if fact.value is not None else f"{wording.NOT_AVAILABLE} ({fact.reason})"


def _thousand(cents: object) -> str:
    return wording.number(Decimal(str(cents)) / 100_000, 1)
