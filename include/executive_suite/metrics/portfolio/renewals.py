"""When contracts end, until when notice can be given, and how much recurring revenue depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.cut import Cut, cut
from executive_suite.metrics.portfolio.contracts import COLUMNS, NO_CONTRACTS, Contract, active_on, fees
from executive_suite.metrics.registry import metric
from executive_suite.period import months_later

HORIZONS = (30, 60, 90, 180)


@dataclass(frozen=True, slots=True)
class Term:
    """The running term of a contract.

    Attributes:
        end: Its last day; None when it never ends.
        over: Whether it has ended and the contract goes on without one.
    """

    end: date | None
    over: bool = False

    @property
    def runs_until(self) -> date | None:
        """The last day of a term that still runs; None if it never ends or is over."""
        return None if self.over else self.end

    def notice_by(self, days: int | None) -> date | None:
        """The last day to give notice; None without a running term or a notice period."""
        return None if self.runs_until is None or days is None else self.runs_until - timedelta(days=days)


def running_term(start: date, end: date | None, on: date, *, renews: bool) -> Term:
    """The term that runs on a day.

    >>> running_term(date(2024, 6, 1), date(2025, 5, 31), date(2026, 5, 1), renews=True).end
    datetime.date(2026, 5, 31)
    >>> running_term(date(2024, 6, 1), date(2025, 5, 31), date(2026, 5, 1), renews=False).over
    True
    """
    if end is None or end >= on:
        return Term(end)
    if not renews:
        return Term(end, over=True)
    # Whole months end on the day before the anniversary, or, as some contracts say and as February forces, on it.
    for short in (timedelta(days=1), timedelta(0)):
        day = end + short
        months = (day.year - start.year) * 12 + day.month - start.month
        if months > 0 and day == months_later(start, months):
            times = 1
            while months_later(start, months * times) - short < on:
                times += 1
            return Term(months_later(start, months * times) - short)
    days = max((end - start).days + 1, 1)
    return Term(end + timedelta(days=-(-(on - end).days // days) * days))


def term_of(contract: Contract, on: date) -> Term:
    """The term of a contract that runs on a day."""
    return running_term(contract.start_on, contract.end_on, on, renews=bool(contract.auto_renew))


@metric(
    "contract_renewals",
    "contract_notice_deadline",
    "renewal_mrr",
    "renewals_due",
    needs={"client_contract": (*COLUMNS, "end_on", "auto_renew", "notice_days")},
    otherwise=NO_CONTRACTS,
)
def _facts(context: Context) -> Iterator[Fact]:
    today = context.report_date
    contracts = active_on(context)
    terms = {one.contract_id: term_of(one, today) for one in contracts}
    for unit in cut(context, "client_contract", contracts).by_entity():
        for one in unit.rows:
            own = replace(unit, rows=(one,), dimensions={"contract": one.contract_id, "client": one.client_id})
            term = terms[one.contract_id]
            yield own.fact("contract_renewals", _end(term, renews=bool(one.auto_renew)))
            yield own.fact("contract_notice_deadline", _notice(term, one.notice_days, today))
        ends = [term.runs_until for one in unit.rows if (term := terms[one.contract_id]).runs_until is not None]
        yield unit.fact("contract_renewals", _earliest(ends, "no contract has a running term"))
        notices = (terms[one.contract_id].notice_by(one.notice_days) for one in unit.rows)
        ahead = [day for day in notices if day is not None and day >= today]
        yield unit.fact("contract_notice_deadline", _earliest(ahead, "no notice deadline lies ahead"))
        for dimensions, part in _parts(unit, terms):
            here = replace(unit, dimensions=dimensions)
            yield here.fact("renewals_due", Measure(len(part)))
            yield here.fact("renewal_mrr", _recurring(part))


def _end(term: Term, *, renews: bool) -> Measure:
    if term.end is None:
        return qualified(not_applicable("evergreen: no end date"), "", Qualifier(Why.EVERGREEN))
    why = Why.OUT_OF_CONTRACT if term.over else Why.RENEWS_ITSELF if renews else Why.ENDS
    said = {Why.OUT_OF_CONTRACT: "out of contract: past its end and still active", Why.RENEWS_ITSELF: "renews itself"}
    return Measure(term.end.isoformat(), reason=said.get(why, ""), qualifier=Qualifier(why))


def _notice(term: Term, days: int | None, today: date) -> Measure:
    deadline = term.notice_by(days)
    if deadline is None:
        return not_applicable("no running term" if term.runs_until is None else "no notice period")
    if deadline < today:
        return Measure(deadline.isoformat(), reason="passed", qualifier=Qualifier(Why.PASSED))
    return Measure(deadline.isoformat())


def _earliest(days: Iterable[date], otherwise: str) -> Measure:
    first = min(days, default=None)
    return not_applicable(otherwise) if first is None else Measure(first.isoformat())


def _parts(unit: Cut, terms: Mapping[str, Term]) -> Iterator[tuple[dict[str, str], list[Contract]]]:
    """Contracts by horizon, those of the longest undivided, and those without a running term."""
    ends = [(terms[one.contract_id], one) for one in unit.rows]
    within: list[Contract] = []
    for days in HORIZONS:
        limit = unit.context.report_date + timedelta(days=days)
        within = [one for term, one in ends if term.runs_until is not None and term.runs_until <= limit]
        yield {"within_days": str(days)}, within
    yield {}, within
    yield {"state": "out_of_contract"}, [one for term, one in ends if term.over]
    yield {"state": "evergreen"}, [one for term, one in ends if term.end is None]


def _recurring(contracts: list[Contract]) -> Measure:
    return fees(contracts)
