"""The CFO's section on cash: when it ends, how sure that is, and the dated receipts and payments on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import months_later
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases, runway
from executive_suite.reports.cfo import weeks
from executive_suite.reports.cfo.terms import contract_of
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import day, figures, table, words
from executive_suite.reports.tables.lean import MOST_ROWS, shown
from executive_suite.wording import say

_RANGE_MONTHS = 3
_PATHS = ((10, "Worst 10% of simulations"), (50, "Median simulation"), (90, "Best 10% of simulations"))


def cash(s: Selection) -> Section:
    """The section on cash and runway."""
    events = s.facts("cash_event", "day", "event", "key")
    largest = sorted((fact for fact in events if fact.number), key=lambda f: (-abs(cents(f)), f.sort_key))
    return section(
        "Cash and runway",
        covered=s.fact("cash_balance").value is not None,
        point=" ".join(filter(None, (f"{runway.sentence(s)}.", runway.unposted(s), _past(s), _range(s)))),
        rows={
            "course": _course(s),
            "runway": _runway(s),
            "held": _held(s),
            "dated": _dated(s, largest),
            **weeks.rows(s),
        },
        **shown(ahead=_dated(s, largest[:MOST_ROWS]), record=f"{_unsold(s)} {weeks.record(s)}".strip()),
    )


def _past(s: Selection) -> str:
    """How long cash would last at past burn alone, which the dated items do not let it."""
    months = s.fact("cash_runway_months")
    return say("Past burn alone would leave {months}.", months=formats.of(months)) if months.number else ""


def _range(s: Selection) -> str:
    """Cash after three months on the base case, and the range that past errors put around it."""
    last = months_later(s.figures.report_date, _RANGE_MONTHS) - timedelta(days=1)
    month = last.isoformat()[:7]
    expected = s.fact("cash_path", line="closing", month_end=month)
    low, high = (s.fact(f"cash_path_{side}", month_end=month) for side in ("low", "high"))
    if expected.number is None:
        return ""
    said = say("By the end of {last} we expect {expected}", last=formats.month(last), expected=formats.of(expected))
    if low.number is None or high.number is None:
        return f"{said}."
    return say(
        "{said}; errors as large as our past ones make that {low} to {high}.",
        said=said,
        low=formats.of(low),
        high=formats.of(high),
    )


def _unsold(s: Selection) -> str:
    """What sales not made yet would add to the path."""
    fact = s.fact("cash_path_unsold")
    if fact.value is None:
        return ""
    if not fact.number:
        return say("New sales are not counted: {reason}.", reason=fact.reason)
    return say(
        "New sales are not counted. If they come as in the same months of last year, they add {fact} over 12 "
        "months, after what they cost.",
        fact=formats.of(fact),
    )


def _course(s: Selection) -> str:
    """Whether receipts catch up with payments before cash is gone."""
    alive, due, growth = s.fact("default_alive"), s.fact("default_alive_month"), s.fact("receipts_growth")
    if alive.value is None or not isinstance(due.value, str):
        return say("Whether receipts will catch up with payments is {alive}.", alive=phrases.of(alive))
    burn = s.fact("net_burn").number
    if burn is not None and burn <= 0:
        return say("Over {window} receipts have covered payments (“default alive”).", window=window(s))
    pace = (
        say("growing {growth} a month", growth=formats.of(growth))
        if growth.number is not None
        else say("at an unknown growth rate")
    )
    course = say("With payments unchanged and receipts {pace},", pace=pace)
    if alive.value:
        return say(
            "{course} receipts reach payments by {month} (“default alive”).",
            course=course,
            month=formats.month(due.value),
        )
    return say("{course} receipts do not reach payments before cash is gone (“default dead”).", course=course)


def _dated(s: Selection, facts: Iterable[Fact]) -> Table:
    """Income that ends, and dated receipts and payments, by day."""
    return table(
        "Dated items that move cash",
        sorted(facts, key=lambda f: (f.dimensions["day"], f.sort_key)),
        (
            day("Date", lambda f: f.dimensions["day"]),
            words("What", lambda f: _named(s, f)),
            figures("Amount", _amount),
        ),
        empty=phrases.unless(s.fact("cash_event"), "Nothing that is dated lies ahead."),
    )


def _amount(fact: Fact) -> Cell:
    """An amount with its sign; income that ends is an amount each month."""
    after = say("a month") if fact.dimensions["event"] in {"lease_ends", "contract_ends"} else ""
    return Cell(
        fact.value,
        "cents",
        metric_id=fact.metric_id,
        assumed=fact.assumed,
        after=after,
        signed=True,
        fact_id=fact.fact_id,
    )


def _named(s: Selection, fact: Fact) -> str:
    """A dated item in words."""
    entity, key = s.entity(fact.entity_id), fact.dimensions["key"]
    return {
        "lease_ends": say("{entity}: lease ends", entity=entity),
        "contract_ends": say("{contract_of} ends", contract_of=phrases.capital(contract_of(s, key, entity))),
        "booking_paid": say("{entity}: balance of a sale", entity=entity),
        "booking_cost": say("{entity}: costs of a sale", entity=entity),
        "receivable": say("{entity}: payment by a customer", entity=entity),
        "payable": say("{entity}: bill due", entity=entity),
        "tax": f"{entity}: {s.label('account', key)}",
        "capital": say("{entity}: investment", entity=entity),
    }.get(fact.dimensions["event"], f"{entity}: {phrases.words_of(fact.dimensions['event'])}")


def _runway(s: Selection) -> Table:
    """How many months cash covers at past burn by scenario, then simulations; the date is the base case's."""
    size = window(s)
    burns: list[tuple[str, Fact | None, Fact]] = [
        (say("Mean of {size}", size=size), s.fact("net_burn"), s.fact("cash_runway_months")),
        (
            say("Mean of 3 months"),
            s.fact("net_burn", window_months="3"),
            s.fact("cash_runway_months", window_months="3"),
        ),
        (
            say("Worst of {size}", size=size),
            s.fact("net_burn", statistic="max"),
            s.fact("cash_runway_months", basis="worst_month"),
        ),
    ]
    simulated = [(name, None, s.fact(f"runway_p{level}_months")) for level, name in _PATHS]
    exact = [s.fact(f"runway_p{level}_months", method="normal_closed_form") for level, _ in _PATHS]
    note = say(
        "Cash over past burn, whatever is known of the months ahead. Floor for spending decisions: {text}.",
        text=s.text("runway_floor"),
    )
    if any(fact.number is not None for fact in exact):
        note += say(" With Normal months, in closed form: {listed}.", listed=", ".join(map(formats.of, exact)))
    basis = s.fact("runway_p50_months").reason
    return table(
        "Runway at past burn, by scenario",
        [*burns, *(row for row in simulated if row[2].value is not None)],
        (
            words("Scenario", lambda row: row[0]),
            figures("Net burn per month", lambda row: row[1] if row[1] is not None else Cell(NOTHING)),
            figures("Runway", lambda row: row[2]),
        ),
        note=say("{note} Simulation: {basis}.", note=note, basis=basis) if basis else note,
        fixed=True,
    )


def _held(s: Selection) -> Table:
    return table(
        "Cash, including deposits we hold for others",
        (
            (say("Cash balance"), s.fact("cash_balance")),
            (say("Including customer deposits, not yet earned"), s.fact("customer_deposits_held")),
            (say("Including tenants' security deposits, refundable"), s.fact("security_deposits_held")),
        ),
        (words("Cash", lambda row: row[0]), figures("Amount", lambda row: row[1])),
        note="The runway counts these deposits as cash.",
        fixed=True,
    )
