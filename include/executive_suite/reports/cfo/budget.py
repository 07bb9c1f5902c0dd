"""The CFO's section on budget and margins: actual against plan, and margins by entity."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact, Why
from executive_suite.rendering.blocks import Cell, Section, Table, Tone, section
from executive_suite.reports import phrases, pictures_change
from executive_suite.reports.absence import Proof, left, none, unknown, zero
from executive_suite.reports.cfo.burn import MOST_ENTITIES
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import noted, say

_LINES = {"revenue": noted("Revenue"), "expenses": noted("Expenses"), "net_income": noted("Net income")}


def budget(s: Selection) -> Section:
    """The section on budget and margins."""
    full = _variance(s, causes=True)
    return section(
        "Budget and margins",
        covered=year_to_date(s, "net_income") is not None,
        point=_point(s),
        rows={"bridge": pictures_change.to_target(s), "full": full, "margins": _margins(s)},
        **shown(variance=_variance(s)),
    )


def year_to_date(s: Selection, line: str, entity_id: str = GROUP) -> tuple[int, int] | None:
    """Actual and budget of a line over the year's complete months, cents; None if no month is budgeted."""
    plans = _plans(s, line, entity_id)
    if not plans:
        return None
    planned = sum(cents(s.fact("budget_amount", entity_id, f.period, **_dimensions(line))) for f in plans)
    return planned + sum(map(cents, plans)), planned


def months(s: Selection) -> list[str]:
    """The complete months of the year that have a budget, ISO."""
    return sorted(fact.period for fact in _plans(s, "net_income", GROUP))


def _plans(s: Selection, line: str, entity_id: str) -> list[Fact]:
    return [
        fact
        for fact in s.every("budget_variance")
        if fact.entity_id == entity_id and s.in_year(fact.period) and fact.dimensions == _dimensions(line)
    ]


def _dimensions(line: str) -> dict[str, str]:
    """The dimensions of a budget line; net income is the undivided figure."""
    return {} if line == "net_income" else {"line": line}


def _point(s: Selection) -> str:
    """The distance of net income from its budget, split into revenue and expenses."""
    revenue, expenses, income = (year_to_date(s, line) for line in _LINES)
    if income is None or revenue is None or expenses is None:
        if s.fact("budget_variance").value is not None:
            whole = Proof(holds=True, facts=(s.fact("budget_variance").fact_id,))
            return none("No complete month of the year has both an actual and a budget.", whole)
        return none(
            "There is no budget to compare with: {value}.",
            unknown(s.fact("budget_variance")),
            value=s.fact("budget_variance").reason or say("no month is budgeted"),
        )
    sold, spent, away = (actual - planned for actual, planned in (revenue, expenses, income))
    year = s.year_label
    if not away:
        return say("Net income of {year} is on budget.", year=year)
    side = say("better") if away > 0 else say("worse")
    return say(
        "Net income of {year} is {away} {side} than planned: revenue {sold}, expenses {spent}; mainly {cause}.",
        year=year,
        away=formats.money(abs(away)),
        side=side,
        sold=_over(sold),
        spent=_over(spent),
        cause=_cause(s, "net_income", s.fact("budget_variance")),
    )


def _over(away: int) -> str:
    return (
        say("{away} {value} plan", away=formats.money(abs(away)), value=say("above") if away > 0 else say("below"))
        if away
        else say("as planned")
    )


def _variance(s: Selection, *, causes: bool = False) -> Table:
    lines = {line: sums for line in _LINES if (sums := year_to_date(s, line)) is not None}

    def variance(line: str) -> Fact:
        return s.fact("budget_variance", **_dimensions(line))

    def tone(line: str) -> Tone:
        fact = variance(line)
        if fact.qualified(Why.UNFAVOURABLE):
            return "watch"
        # Expenses below plan earn no mark if sales are below plan too.
        earned = line != "expenses" or not variance("revenue").qualified(Why.UNFAVOURABLE)
        return "fine" if fact.qualified(Why.FAVOURABLE) and earned else "neutral"

    def signed(metric_id: str, line: str) -> Cell:
        fact = s.fact(metric_id, **_dimensions(line))
        return Cell(fact.value, fact.unit, metric_id=metric_id, assumed=fact.assumed, signed=True)

    more: tuple[Col[str], ...] = (
        figures("Of budget", lambda line: signed("budget_variance_share", line)),
        words("Mainly", lambda line: _cause(s, line, variance(line))),
    )
    return table(
        say("Actual against budget, complete months of {year_label}", year_label=s.year_label),
        lines,
        (
            words("Line", lambda line: say(_LINES[line])),
            figures("Actual", lambda line: Cell(lines[line][0], "cents")),
            figures("Budget", lambda line: Cell(lines[line][1], "cents")),
            figures("Difference", lambda line: signed("budget_variance", line), tone=tone),
            *(more if causes else ()),
        ),
        empty=say(
            "Not available: {value}.",
            value=s.fact("budget_variance").reason or none("no month of the year is budgeted", left(lines)),
        ),
    )


def _cause(s: Selection, line: str, whole: Fact) -> str:
    """The entity that moved the variance most in its direction."""
    parts = [
        fact
        for fact in s.facts("budget_variance", **_dimensions(line))
        if fact.entity_id != GROUP and cents(fact) * cents(whole) > 0
    ]
    if not parts:
        return none("no entity alone", left(parts))
    most = max(parts, key=lambda f: (abs(cents(f)), f.entity_id))
    return f"{s.entity(most.entity_id)} ({formats.amount(most.value, most.unit, signed=True)})"


def _margins(s: Selection) -> Table:
    """Margins of the entities with revenue; the others are only named."""
    entities = [fact.entity_id for fact in s.facts("operating_income") if fact.entity_id != GROUP]
    earning = [entity for entity in entities if s.fact("gross_margin", entity).value is not None]
    sold = {
        entity: s.months("revenue", int(s.fact("burn_window").number or 0), entity)
        for entity in entities
        if entity not in earning
    }
    idle = [entity for entity, facts in sold.items() if facts and zero(*facts).holds]
    unknown_of = [entity for entity in sold if entity not in idle]
    said = []
    if idle and earning:
        named = formats.series([s.entity(entity) for entity in idle[:MOST_ENTITIES]])
        nothing = [fact for entity in idle for fact in sold[entity]]
        said.append(none("No revenue in these months: {listed}.", zero(*nothing), listed=named))
    if unknown_of and earning:
        named = formats.series([s.entity(entity) for entity in unknown_of[:MOST_ENTITIES]])
        said.append(say("Margins cannot be worked out: {listed}.", listed=named))

    def cover(entity: str) -> Cell:
        """By the accounts; for rented property, that of its audit over a whole year."""
        books, rented = s.fact("debt_service_cover", entity), s.fact("property_debt_service_cover", entity)
        return cells.of(rented if entity != GROUP and rented.value is not None else books, notes="never")

    return table(
        say("Margins by entity, latest {window}: shares of revenue, income, and debt service cover", window=window(s)),
        earning[:MOST_ENTITIES],
        (
            words("Entity", s.entity),
            figures("Gross margin", lambda entity: s.fact("gross_margin", entity), notes="never"),
            figures("Contribution", lambda entity: s.fact("contribution_ratio", entity), notes="never"),
            figures("EBITDA", lambda entity: s.fact("ebitda_margin", entity), notes="never"),
            figures("Operating income", lambda entity: s.fact("operating_income", entity), notes="never"),
            figures("Debt cover", cover),
        ),
        total=GROUP,
        note=" ".join(said),
        empty=say("Margins by entity cannot be worked out from the accounts.")
        if unknown_of
        else phrases.unless(
            s.fact("gross_margin"),
            "Not available: no entity has revenue.",
            zero(*(fact for facts in sold.values() for fact in facts)),
        ),
    )
