"""The cause of a change since the previous report: a part, a month of the window, or a figure it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import Month, complete_months
from executive_suite.reports.phrases import capital
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "break_even_units": ("residual_fixed_cost", "contribution_margin"),
    "cap_rate": ("net_operating_income", "property_value"),
    "cash_forecast_low": ("cash_balance",),
    "cash_runway_months": ("cash_balance", "net_burn"),
    "cost_per_delivery": ("delivery_days",),
    "dso_days": ("ar_ageing", "revenue_recognised"),
    "gross_margin": ("revenue_recognised",),
    "property_debt_service_cover": ("net_operating_income",),
}
"""The figures behind quotients and paths, whose parts do not add up."""

MONTHLY: Mapping[str, tuple[str, int]] = {
    "adr": ("adr", 12),
    "billable_utilisation": ("billable_utilisation", 12),
    "cloud_baseline_median": ("cloud_billed_cost", 6),
    "crew_utilisation": ("crew_utilisation", 12),
    "effective_hourly_rate": ("effective_hourly_rate", 12),
    "idle_captain_days": ("idle_captain_days", 12),
    "net_operating_income": ("net_operating_income", 12),
    "occupancy": ("occupancy", 12),
    "realisation_rate": ("realisation_rate", 12),
    "revpar": ("revpar", 12),
}
"""Figures over the latest complete months: the monthly figure, and the number of months."""

TRAILING = {"window": "trailing_12_months"}
TRAILING_FROM: Mapping[str, tuple[str, ...]] = {"delivery_margin": ("delivery_jobs", "cost_per_delivery")}
"""As ``MADE_FROM``, for figures of twelve months that also exist for all time."""

WITHOUT_PARTS: Mapping[str, tuple[str, ...]] = {"operating_income": ("revenue_recognised", "expense_by_function")}
"""The figures behind a figure of a group with one entity, which has no parts."""

FLOWS: Mapping[str, str] = {"cash_balance": "net_cash_change"}
"""Balances, and the monthly flow that moves each."""

_ROUNDED = Decimal("0.01")
_MOST_MONTHS = 3
_LAST = {"age_days", "bucket", "billing_model"}
"""Divisions that explain little: named only if no other moved."""

_COUNTED = {"age_days": noted("{} days old"), "bucket": noted("within {} days")}
"""Names of parts whose value is a number."""

_Part = tuple[Decimal, int, str, str]
"""How much a part moved, the rank of its division (higher explains less), its id, and its name."""


def driver(s: Selection, fact: Fact) -> str:
    """What moved a figure most in the direction of its change; empty without a change or a recorded cause.

    Parts are the entities of a group figure, or those of its dimensions if they add up to the figure in both reports
    (a list of examples or of thresholds does not). Quotients name the figures behind them, figures over a window the
    month that entered and the one that left, ages the time between the reports.
    """
    whole = moved(fact, s.prior(fact))
    if not whole:
        return ""
    if _sources(fact):
        return ", ".join(_made_from(s, fact, _sources(fact)))
    parts = [part for part in (*_entities(s, fact), *_dimensions(s, fact)) if part[0] * whole > 0]
    if fact.metric_id not in MONTHLY and parts:
        move, _, _, name = max(parts, key=lambda part: (-part[1], abs(part[0]), part[2]))
        return f"{name} ({formats.difference(move, fact.unit)})"
    made = ", ".join(_made_from(s, fact, WITHOUT_PARTS.get(fact.metric_id, ()) if not fact.dimensions else ()))
    return _month(s, fact) or _time(s, fact, whole) or _flow(s, fact) or made


def moved(now: Fact, then: Fact | None) -> Decimal:
    """The difference; zero if either has no number."""
    if then is None or now.number is None or then.number is None:
        return Decimal(0)
    return Decimal(now.number) - Decimal(then.number)


def _entities(s: Selection, fact: Fact) -> Iterator[_Part]:
    if fact.entity_id != GROUP or fact.dimensions:
        return
    parts = [part for part in s.facts(fact.metric_id) if part.entity_id != GROUP]
    for part in parts if len(parts) > 1 else ():
        yield moved(part, s.prior(part)), 0, part.entity_id, s.entity(part.entity_id)


def _dimensions(s: Selection, fact: Fact) -> Iterator[_Part]:
    before = s.prior(fact)
    if before is None:
        return
    for names in s.divisions(fact.metric_id):
        if not set(fact.dimensions) < set(names):
            continue
        now = _parts(fact, s.facts(fact.metric_id, *names, entity_id=fact.entity_id))
        then = _parts(fact, s.facts_before(fact.metric_id, *names, entity_id=fact.entity_id))
        if not (_adds_up(now, fact) and _adds_up(then, before)):
            continue
        rank = int(bool(_LAST & set(names)))
        for key in sorted(now.keys() | then.keys()):
            move = now.get(key, Decimal(0)) - then.get(key, Decimal(0))
            yield move, rank, "/".join(value for _, value in key), _name(s, dict(key))


def _adds_up(parts: Mapping[tuple[tuple[str, str], ...], Decimal], whole: Fact) -> bool:
    """Whether parts add up to the whole, apart from rounding to a hundredth each."""
    return whole.number is not None and abs(sum(parts.values()) - Decimal(whole.number)) <= _ROUNDED * len(parts)


def _parts(whole: Fact, facts: tuple[Fact, ...]) -> dict[tuple[tuple[str, str], ...], Decimal]:
    """The parts of a figure by what divides them beyond its own dimensions."""
    own = whole.dimensions.items()
    return {
        tuple(sorted(fact.dimensions.items() - own)): Decimal(fact.number)
        for fact in facts
        if own <= fact.dimensions.items() and fact.number is not None
    }


def _name(s: Selection, dimensions: Mapping[str, str]) -> str:
    """The name of a part: its title if it has one, else its values, with a noun for bare numbers."""
    for title in ("title", "name"):
        if title in dimensions:
            return dimensions[title]
    return ", ".join(_named(name, s.label(name, value)) for name, value in dimensions.items())


def _named(dimension: str, word: str) -> str:
    if dimension == "function":
        return formats.function(word).lower()
    if not word[:1].isdigit():
        name = word.replace("_", " ")
        return name if name[:1].isupper() else _lower(say(capital(name)))
    return say(_COUNTED.get(dimension, f"{dimension.replace('_', ' ')} {{}}")).format(word)


def _month(s: Selection, fact: Fact) -> str:
    """The month that entered the window of a figure since the previous report, and the one that left it."""
    if fact.metric_id not in MONTHLY or fact.dimensions or not s.figures.previous_date:
        return ""
    metric_id, count = MONTHLY[fact.metric_id]
    now = complete_months(s.figures.report_date, count)
    then = complete_months(date.fromisoformat(s.figures.previous_date), count)
    came = [s.fact(metric_id, fact.entity_id, str(month)) for month in now if month not in then]
    left = [s.fact(metric_id, fact.entity_id, str(month)) for month in then if month not in now]
    if len(came) != 1 or any(month.number is None for month in (*came, *left)):
        return ""
    ((new, old),) = zip(came, left, strict=True)
    return say(
        "{period} ({new}) in, {period_2} ({old}) out",
        period=formats.month(new.period),
        new=formats.within_period(new),
        period_2=formats.month(old.period),
        old=formats.within_period(old),
    )


def _time(s: Selection, fact: Fact, whole: Decimal) -> str:
    """The time between the reports, if an age grew by just that."""
    if fact.unit != "days" or not s.figures.previous_date:
        return ""
    passed = (s.figures.report_date - date.fromisoformat(s.figures.previous_date)).days
    return say("the {passed} days between the reports", passed=passed) if whole == passed else ""


def _sources(fact: Fact) -> tuple[str, ...]:
    """The figures behind a quotient; none if it is divided further."""
    if fact.dimensions == TRAILING:
        return TRAILING_FROM.get(fact.metric_id, ())
    return () if fact.dimensions else MADE_FROM.get(fact.metric_id, ())


def _flow(s: Selection, fact: Fact) -> str:
    """What moved a balance in each complete month since the previous report."""
    if fact.metric_id not in FLOWS or fact.dimensions or not s.figures.previous_date:
        return ""
    since = Month.of(date.fromisoformat(s.figures.previous_date))
    months = [month for month in complete_months(s.figures.report_date, _MOST_MONTHS) if month >= since]
    flows = [s.fact(FLOWS[fact.metric_id], fact.entity_id, str(month)) for month in months]
    if any(flow.number is None for flow in flows):
        return ""
    return ", ".join(f"{formats.month(f.period)} {formats.difference(Decimal(f.number or 0), f.unit)}" for f in flows)


def _made_from(s: Selection, fact: Fact, metric_ids: Iterable[str]) -> Iterator[str]:
    for metric_id in metric_ids:
        part = s.fact(metric_id, fact.entity_id, **fact.dimensions)
        move = moved(part, s.prior(part))
        if move:
            found = definition_of(metric_id)
            yield f"{_lower(say(found.name))} {formats.difference(move, found.unit)}"


def _lower(name: str) -> str:
    """A metric's name inside a sentence; an abbreviation keeps its capitals."""
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"
