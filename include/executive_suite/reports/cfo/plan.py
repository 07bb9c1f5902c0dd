"""The CFO's report on what to do: capital, control rules, budget and margins, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.findings import Action, Finding
from executive_suite.rendering.blocks import ActionList, Cell, Column, FindingList, Table, Tone
from executive_suite.reports import phrases
from executive_suite.reports.cfo.cash import MOST_ROWS
from executive_suite.reports.phrases import answering, plain, signed, titled, window
from executive_suite.reports.selection import Selection

TIERS = (
    ("zero-cost", "Zero-cost: do now"),
    ("low-cost", "Low-cost infrastructure: do now"),
    ("revenue-producing", "Revenue-producing: decide"),
    ("no-deploy", "No-deploy guardrail: hold"),
)
LINES = ("revenue", "expenses", "net_income")
UNSTATED = "\u2013"


@dataclass(frozen=True, slots=True)
class Capital:
    """Where capital may go, by tier."""

    reading: str
    table: Table


@dataclass(frozen=True, slots=True)
class Budget:
    """Actual against plan, and margins."""

    reading: str
    variance: Table
    margins: Table


@dataclass(frozen=True, slots=True)
class Controls:
    """The control rules and what breaks them."""

    reading: str
    table: Table
    exceptions: FindingList
    actions: ActionList


def options_of(s: Selection) -> list[Action]:
    """The candidates for capital, as they are ranked."""
    return sorted((a for a in s.figures.actions if a.agenda == "capital"), key=lambda a: a.rank)


def cost_of(*options: Action) -> Decimal:
    """What candidates cost in all, cents."""
    return sum((Decimal(option.details.get("cost_cents") or 0) for option in options), Decimal(0))


def capital(s: Selection) -> Capital:
    """The section on where capital may go."""
    options = options_of(s)
    held = [option for option in options if option.status == "no-deploy"]
    open_to = [option for option in options if option.status in {tier for tier, _ in TIERS} - {"no-deploy"}]
    reading = "Not evaluable: no candidate for capital is registered."
    if options:
        reading = (
            f"{formats.money(cost_of(*open_to))} may go to {formats.counted(len(open_to), 'candidate')}; "
            f"{formats.money(cost_of(*held))} for {formats.counted(len(held), 'candidate')} "
            f"{'is' if len(held) == 1 else 'are'} held back."
        )
    return Capital(reading, _tiers(s, options))


def _tiers(s: Selection, options: list[Action]) -> Table:
    """The candidates for capital by tier; every tier is named, also an empty one."""
    rows: list[tuple[Cell, ...]] = []
    for tier, words in TIERS:
        own = [option for option in options if option.status == tier]
        if not own:
            rows.append((Cell("No candidate"), *(Cell("") for _ in range(4)), Cell(words)))
        rows += [_candidate(s, words, option) for option in own]
    rows += [_candidate(s, "Not evaluable", o) for o in options if o.status not in {tier for tier, _ in TIERS}]
    heads = ("Candidate", "Cost", "Pays back", "Runway left", "Net present value", "Tier")
    return Table(
        f"Candidates for capital by tier, {formats.currency()} and months",
        tuple(Column(head, "right" if 0 < number < len(heads) - 1 else "left") for number, head in enumerate(heads)),
        tuple(rows) if options else (),
        note=(
            f"A spend must leave a runway of {s.text('runway_floor')} or more and pay back in time; what fails either "
            "is not deployed, whatever it promises. Gains are weighted with their confidence; a candidate without a "
            f"stated gain ({UNSTATED}) is judged by its cost alone."
        ),
        empty="Not evaluable: the register of deployment options is absent or empty.",
    )


def _candidate(s: Selection, tier: str, option: Action) -> tuple[Cell, ...]:
    cost = Decimal(option.details.get("cost_cents") or 0)
    after = s.fact("runway_after_months", option=option.action_id)
    back, worth = (plain(s.cell(s.fact(m, option=option.action_id))) for m in ("payback_months", "deployment_npv"))
    if not option.at_stake_cents:
        back = worth = Cell(UNSTATED, kind="money")
    return (
        Cell(phrases.capital(option.title), assumed=option.assumed),
        Cell(formats.money(cost), cost, "money"),
        back,
        plain(s.cell(after)),
        worth,
        Cell(tier),
    )


def budget(s: Selection) -> Budget:
    """The section on budget and margins."""
    return Budget(_against(s), _variance(s), _margins(s))


def _against(s: Selection) -> str:
    """How far net income is from its budget, and what of it is revenue and what expenses."""
    sums = {line: year_to_date(s, line) for line in LINES}
    income, revenue, expenses = (sums[line] for line in ("net_income", "revenue", "expenses"))
    if income is None or revenue is None or expenses is None:
        return f"Nothing can be said against a budget: {s.fact('budget_variance').reason or 'no month is budgeted'}."
    away, sold, spent = (actual - planned for actual, planned in (income, revenue, expenses))
    if not away:
        return f"Net income of {s.figures.report_date.year} is on budget."
    return (
        f"Net income of {s.figures.report_date.year} is {formats.money(abs(away))} {'better' if away > 0 else 'worse'} "
        f"than planned: revenue {_over(sold)}, expenses {_over(spent)}."
    )


def _over(cents: int) -> str:
    return f"{formats.money(abs(cents))} {'above' if cents > 0 else 'below'} plan" if cents else "as planned"


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
                *(Cell(formats.money(cents), cents, "money") for cents in sums),
                signed(plain(s.cell(variance, tone))),
                signed(plain(s.cell(share))),
                Cell(_cause(s, line_of(line), variance)),
            )
        )
    heads = ("Line", "Actual", "Budget", "Difference", "Of budget", "Mainly")
    return Table(
        f"Actual against budget, {formats.currency()}, complete months of {s.figures.report_date.year}",
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
    return f"{s.entity(most.entity_id)} ({'+' if int(str(most.value)) > 0 else ''}{formats.of(most)})"


def _margins(s: Selection) -> Table:
    """Margins of the entities that had revenue; of the others there is nothing to tell but their names."""
    metrics = ("gross_margin", "contribution_ratio", "ebitda_margin", "operating_income")
    heads = ("Entity", "Gross margin", "Contribution", "EBITDA", "Operating income", "Debt cover")
    entities = [f.entity_id for f in s.facts("operating_income") if f.entity_id != GROUP]
    earning = [entity for entity in entities if s.fact("gross_margin", entity).value is not None]
    idle = [s.entity(entity) for entity in entities if entity not in earning]

    def row(entity: str) -> tuple[Cell, ...]:
        return (
            Cell(s.entity(entity)),
            *(plain(s.cell(s.fact(metric, entity))) for metric in metrics),
            _cover(s, entity),
        )

    return Table(
        f"Margins by entity, latest {window(s)}: shares of revenue, {formats.currency()}, and times",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(row(entity) for entity in earning[:MOST_ROWS]),
        row(GROUP) if earning else (),
        note=f"Without revenue in this time: {', '.join(sorted(idle)[:MOST_ROWS])}." if idle and earning else "",
        empty="Not evaluable: no entity has revenue.",
    )


def _cover(s: Selection, entity: str) -> Cell:
    """Debt service cover by the accounts; of rented property that of its own audit, over a whole year."""
    books, rented = s.fact("debt_service_cover", entity), s.fact("property_debt_service_cover", entity)
    return plain(s.cell(rented if entity != GROUP and rented.value is not None else books))


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
                Cell(phrases.capital(s.label("rule", rule))),
                Cell(verdict, tone=tone),  # type: ignore[arg-type]
                s.cell(fact),
            )
        )
    total = s.fact("control_rule_violations")
    table = Table(
        "Verdict on each rule and its exceptions, count, target 0",
        (Column("Rule"), Column("What it demands"), Column("Verdict"), Column("Exceptions", "right")),
        tuple(rows),
        (Cell(""), Cell("All rules"), Cell(""), s.cell(total)) if rows else (),
        empty="Not evaluable: no control rule is registered.",
    )
    found = [f for f in s.figures.findings if f.kind == "control_violation" and f.outcome == "fires"]
    return Controls(
        _broken(s, rows, found),
        table,
        titled(s.findings("Exceptions with their evidence", "control_violation", empty="No rule is broken.")),
        answering(
            s,
            "What to do about broken rules, by severity and money at stake over effort",
            found,
            phrases.untold(s, "control_violation")
            or ("The rules of the group state nothing to do about these." if found else "No rule is broken."),
        ),
    )


def _broken(s: Selection, rules: Sequence[tuple[Cell, ...]], found: Sequence[Finding]) -> str:
    """How many of the rules are broken, how often, and what money is at stake."""
    total = s.fact("control_rule_violations")
    if not rules or total.value is None:
        return f"Not evaluable: {total.reason or 'no control rule is registered'}."
    broken = sum(1 for row in rules if row[-1].raw)
    if not broken:
        return f"All of the {len(rules)} rules hold."
    stake = sum(finding.at_stake_cents or 0 for finding in found)
    money = f", {formats.money(stake)} at stake" if stake else ""
    return (
        f"{broken} of {formats.counted(len(rules), 'rule')} {'is' if broken == 1 else 'are'} broken: "
        f"{formats.counted(total.value, 'exception')}{money}."
    )
