"""The CFO's report on what to do: capital, control rules, budget and margins, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.findings import Action
from executive_suite.rendering.blocks import ActionList, Cell, Column, FindingList, Table, Tone
from executive_suite.reports import phrases, wording
from executive_suite.reports.cfo.cash import MOST_ROWS
from executive_suite.reports.phrases import answering, plain, quoted, signed, titled, window
from executive_suite.reports.selection import Selection

TIERS = (
    ("zero-cost", "Zero-cost: do now"),
    ("low-cost", "Low-cost infrastructure: do now"),
    ("revenue-producing", "Revenue-producing: decide"),
    ("no-deploy", "No-deploy guardrail: hold"),
)
_YEAR_DAYS = 365
LINES = ("revenue", "expenses", "net_income")


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
    actions: ActionList


def capital(s: Selection) -> Table:
    """The candidates for capital by tier; every tier is named, also an empty one."""
    options = sorted((a for a in s.figures.actions if a.agenda == "capital"), key=lambda a: a.rank)
    rows: list[tuple[Cell, ...]] = []
    for tier, words in TIERS:
        own = [option for option in options if option.status == tier]
        if not own:
            rows.append((Cell("No candidate"), Cell(words), *(Cell("") for _ in range(4))))
        rows += [_candidate(s, words, option) for option in own]
    rows += [_candidate(s, "Not evaluable", o) for o in options if o.status not in {tier for tier, _ in TIERS}]
    heads = ("Candidate", "Tier", "Cost", "Pays back in", "Runway afterwards", "Net present value")
    return Table(
        f"Candidates for capital by tier, {wording.currency()} and months",
        tuple(Column(head, "right" if number > 1 else "left") for number, head in enumerate(heads)),
        tuple(rows) if options else (),
        note=(
            f"A spend must leave a runway of {s.text('runway_floor')} or more and pay back in time; what fails either "
            "is not deployed, whatever it promises. Gains are weighted with their confidence; a candidate without a "
            "stated gain is judged by its cost alone."
        ),
        empty="Not evaluable: the register of deployment options is absent or empty.",
    )


def _candidate(s: Selection, tier: str, option: Action) -> tuple[Cell, ...]:
    cost = Decimal(option.details.get("cost_cents") or 0)
    after = s.fact("runway_after_months", option=option.action_id)
    back, worth = (plain(s.cell(s.fact(m, option=option.action_id))) for m in ("payback_months", "deployment_npv"))
    if not option.at_stake_cents:
        back = worth = Cell("no gain stated")
    return (
        Cell(phrases.capital(option.title), assumed=option.assumed),
        Cell(tier),
        Cell(wording.money(cost), cost, "money"),
        back,
        plain(s.cell(after)),
        worth,
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
        f"Margins by entity, latest {window(s)}: shares of revenue, {wording.currency()}, and times",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(row(entity) for entity in earning[:MOST_ROWS]),
        row(GROUP) if earning else (),
        note=f"Without revenue in this time: {', '.join(sorted(idle)[:MOST_ROWS])}." if idle and earning else "",
        empty="Not evaluable: no entity has revenue.",
    )


def _cover(s: Selection, entity: str) -> Cell:
    """Debt service cover by the accounts; of rented property, whose accounts mix costs, that of its own audit."""
    books, rented = s.fact("debt_service_cover", entity), s.fact("property_debt_service_cover", entity)
    return plain(s.cell(rented if books.value is None and rented.value is not None else books))


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


def decisions(s: Selection) -> tuple[str, ...]:
    """What the CFO is asked to decide, from tiers, rules and the outlook; each with its figure."""
    found = []
    options = sorted((a for a in s.figures.actions if a.agenda == "capital"), key=lambda a: a.rank)
    free = [a.title for a in options if a.status in {"zero-cost", "low-cost"}]
    if free:
        cents = sum(Decimal(a.details.get("cost_cents") or 0) for a in options if a.title in free)
        found.append(
            f"Release the zero-cost and low-cost candidates, {wording.money(cents)} in all: "
            f"{', '.join(map(quoted, free))}."
        )
    for option in options:
        cost = wording.money(Decimal(option.details.get("cost_cents") or 0))
        after = s.text("runway_after_months", option=option.action_id)
        if option.status == "revenue-producing":
            back = s.text("payback_months", option=option.action_id)
            found.append(
                f"Approve {cost} for {quoted(option.title)}: it pays back in {back} and leaves {after} of runway, "
                f"against a floor of {s.text('runway_floor')}."
            )
        elif option.status == "no-deploy":
            found.append(f"Hold {quoted(option.title)} ({cost}): {_why_hold(s, option.action_id, after)}.")
    for fact in sorted(s.facts("control_rule_violations", "rule"), key=lambda f: f.dimensions["rule"]):
        if fact.value:
            rule = fact.dimensions["rule"]
            found.append(
                f"Close {wording.counted(fact.value, 'exception')} to {rule}, {quoted(s.label('rule', rule))}."
            )
    alive, month = s.fact("default_alive"), s.fact("default_alive_month")
    if alive.value is False and _soon(s, month):
        found.append(f"Choose between cutting burn and raising money before {s.text('default_alive_month')}: "
                     f"{month.reason} then on the present course.")  # fmt: skip
    return tuple(found)


def _soon(s: Selection, month: Fact) -> bool:
    """Whether cash is gone within a year: later than that there is time to see what sales bring."""
    return isinstance(month.value, str) and (date.fromisoformat(month.value) - s.figures.report_date).days <= _YEAR_DAYS


def _why_hold(s: Selection, option: str, after: str) -> str:
    """Which of the two conditions of a spend a candidate fails: the runway that it leaves, or the time to pay back."""
    left, floor = s.fact("runway_after_months", option=option), s.fact("runway_floor")
    if left.value is not None and floor.value is not None and Decimal(str(left.value)) < Decimal(str(floor.value)):
        return f"it would leave {after} of runway, against a floor of {wording.of(floor)}"
    back = s.fact("payback_months", option=option)
    return f"it pays back in {wording.of(back)}" if back.value is not None else f"it does not pay back ({back.reason})"
