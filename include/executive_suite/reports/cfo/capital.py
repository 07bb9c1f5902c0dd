"""The CFO's section on capital allocation: candidates by tier, and which may go ahead."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import OURS, left, none
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

HOLD = "no-deploy"
DECIDE = "revenue-producing"
TIERS = {
    "zero-cost": noted("Zero-cost: do now"),
    "low-cost": noted("Low-cost infrastructure: do now"),
    DECIDE: noted("Brings revenue: decide"),
    HOLD: noted("No-deploy guardrail: hold"),
}
_VERDICTS = {
    "zero-cost": noted("Zero-cost: do now"),
    "low-cost": noted("Low-cost: do now"),
    DECIDE: noted("Brings revenue: decide"),
    HOLD: noted("No-deploy: hold"),
}
_EVERY_OPTION = 50

_NOBODY = noted("No candidate for capital is registered yet.")
_Row = tuple[str, Action | None]
"""A tier and one of its candidates; None if the tier has none."""


def options_of(s: Selection) -> list[Action]:
    """The candidates for capital, as ranked."""
    return lists.agenda(s, "capital")[:_EVERY_OPTION]


def tier_of(s: Selection, option: Action) -> str:
    """The tier of a candidate; empty if it could not be judged."""
    tier = s.fact("capital_tier", option=option.action_id).value
    return str(tier) if tier in TIERS else ""


def cost_of(*options: Action) -> Decimal:
    """What candidates cost in all, cents."""
    return sum((Decimal(option.details.get("cost_cents") or 0) for option in options), Decimal(0))


def capital(s: Selection) -> Section:
    """The section on capital allocation."""
    options = options_of(s)
    return section(
        "Capital allocation",
        covered=bool(options),
        point=_point(s, options),
        rows={"table": _tiers(s, options)} if options else {},
        **shown(verdicts=_verdicts(s, options)),
    )


def _point(s: Selection, options: Sequence[Action]) -> str:
    """What may be spent, on how many candidates, what is held, and by which rule."""
    if not options:
        return phrases.nothing(s.fact("capital_tier"), _NOBODY, left(options))
    held = [option for option in options if tier_of(s, option) == HOLD]
    open_to = [option for option in options if tier_of(s, option) not in {"", HOLD}]
    said = say(
        "{cost_of} may go to {open_to}",
        cost_of=formats.money(cost_of(*open_to)),
        open_to=formats.counted(len(open_to), "candidate"),
    )
    if held:
        count = formats.counted(len(held), "candidate")
        said += say(
            "; {cost_of} for {count} {held} on hold",
            cost_of=formats.money(cost_of(*held)),
            count=count,
            held=phrases.are(len(held)),
        )
    sentences = [f"{said}.", *(_back(s, option) for option in open_to if tier_of(s, option) == DECIDE)]
    floor = s.fact("runway_floor")
    if floor.value is not None:
        sentences.append(
            none("No spend may leave less than {floor} of runway at past burn.", OURS, floor=formats.of(floor))
        )
    return " ".join(filter(None, sentences))


def _verdicts(s: Selection, options: Sequence[Action]) -> Table:
    """The candidates, tier by tier; a tier without any has no row here."""
    order = (*TIERS, "")
    ranked = sorted(options, key=lambda option: order.index(tier_of(s, option)))
    return lean(
        table(
            "Candidates by tier, and what to do with each",
            ranked,
            (
                words("Candidate", lambda o: Cell(phrases.capital(o.title), assumed=o.assumed)),
                figures("Cost", lambda o: Cell(cost_of(o), "cents")),
                figures("Runway left", lambda o: s.fact("runway_after_months", option=o.action_id), notes="never"),
                words("Tier", lambda o: say(_VERDICTS.get(tier_of(s, o), "Not judged"))),
            ),
        )
    )


def _back(s: Selection, option: Action) -> str:
    """The time a candidate to decide on takes to pay back."""
    fact = s.fact("payback_months", option=option.action_id)
    return (
        say("{title} pays back in {fact}.", title=phrases.capital(option.title), fact=formats.of(fact))
        if fact.value is not None
        else ""
    )


def _tiers(s: Selection, options: Sequence[Action]) -> Table:
    """The candidates by tier; every tier has a row, even an empty one."""
    rows: list[_Row] = []
    for tier in (*TIERS, ""):
        own: list[_Row] = [(tier, option) for option in options if tier_of(s, option) == tier]
        rows += own or ([(tier, None)] if tier else [])

    def of(head: str, metric_id: str, *, gain: bool) -> Col[_Row]:
        def cell(row: _Row) -> object:
            option = row[1]
            if option is None:
                return Cell()
            stated = not gain or option.at_stake_cents
            return s.fact(metric_id, option=option.action_id) if stated else Cell(NOTHING)

        return figures(head, cell, notes="never")  # type: ignore[arg-type]

    def name(row: _Row) -> Cell:
        return (
            Cell(say("No candidate")) if row[1] is None else Cell(phrases.capital(row[1].title), assumed=row[1].assumed)
        )

    return table(
        "Candidates for capital by tier",
        rows if options else (),
        (
            words("Candidate", name),
            figures("Cost", lambda row: Cell(cost_of(row[1]), "cents") if row[1] else Cell()),
            of(say("Pays back"), "payback_months", gain=True),
            of(say("Runway left"), "runway_after_months", gain=False),
            of(say("Net present value"), "deployment_npv", gain=True),
            words("Tier", lambda row: say(TIERS.get(row[0], "Not available"))),
        ),
        note=(
            say(
                "A spend must leave a runway of {text} or more and pay back in time; one that fails either is "
                "held, whatever gain it promises. Gains are weighted by confidence; a candidate without a stated "
                "gain ({nothing}) is judged by its cost alone.",
                text=s.text("runway_floor"),
                nothing=NOTHING,
            )
        ),
        empty=phrases.unless(s.fact("capital_tier"), _NOBODY, left(options)),
    )
