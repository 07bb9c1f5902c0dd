"""Two dates of one report: which of its figures moved, by how much, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact, Value, number_of
from executive_suite.facts.figures import Figures
from executive_suite.period import last_complete_month
from executive_suite.rendering.blocks import Kpi
from executive_suite.reports.drivers import driver
from executive_suite.reports.selection import Selection
from executive_suite.room import named
from executive_suite.room.figures import Shown
from executive_suite.room.report import Told

AT_DATE, LAST_MONTH = "date", "month"
Key = tuple[str, str, str, frozenset[tuple[str, str]]]
"""Metric, entity, role of the period, what divides it: what is the same figure at two dates."""
_Rank = tuple[bool, bool, int, str, Decimal, str]
"""Whether only one date has the figure, whether it is a part; kind of unit, unit, size of the change; its id."""


@dataclass(frozen=True, slots=True)
class Side:
    """A report at one of the two dates."""

    figures: Figures
    shown: Shown
    told: Told

    @property
    def date(self) -> str:
        """ISO date."""
        return self.figures.report_date.isoformat()

    @property
    def last_month(self) -> str:
        """The last complete month, ISO."""
        return str(last_complete_month(self.figures.report_date))

    def key(self, fact: Fact) -> Key:
        """What the figure is at any date: that of the report date, that of the last complete month, or of one month."""
        role = {self.date: AT_DATE, self.last_month: LAST_MONTH}.get(fact.period, fact.period)
        return fact.metric_id, fact.entity_id, role, frozenset(fact.dimensions.items())


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that moved.

    Attributes:
        label: As its reader knows it.
        entity_id: Whose.
        entity: The same by name.
        period: What it is about, where that is not the report date.
        then: The value at the first date, as the reader sees it.
        now: At the second.
        change: The difference with its sign; a word where there is none.
        why: What moved it most, where that is known.
        on_page_one: Whether it is one of the figures of page one.
    """

    label: str
    entity_id: str
    entity: str
    period: str
    then: str
    now: str
    change: str
    why: str = ""
    on_page_one: bool = False


def moved(then: Side, now: Side) -> tuple[Moved, ...]:
    """The figures that the report shows and that moved.

    Page one first; then whole figures, money by size before the others by unit; then their parts in the same order; at
    last those that only one of the dates has.
    """
    return _Pair(then, now).moved()


class _Pair:
    """Both sides, with their figures by what they are at any date."""

    def __init__(self, then: Side, now: Side) -> None:
        self._then, self._now = then, now
        metrics = {name.partition("/")[0] for side in (then, now) for name in _ids(side)}
        self._was, self._is = _keyed(then, metrics), _keyed(now, metrics)
        self._shown = _shown(then, self._was) | _shown(now, self._is)
        # The causes of a change are those that reports state: between the figures and those of the report before.
        self._s = Selection(replace(now.figures, previous=then.figures.facts, previous_date=then.date))

    def moved(self) -> tuple[Moved, ...]:
        first = list(self._page_one())
        told = {self._now.key(fact) for kpi in self._now.shown.kpis for fact in self._facts_of(kpi)}
        ranked = filter(None, map(self._fact, self._shown - told))
        rest = sorted(ranked, key=itemgetter(0))
        found: dict[tuple[str, ...], Moved] = {}
        for row in (*first, *(row for _, row in rest)):
            # A balance at the report date is that of the month before it, too.
            found.setdefault((row.label, row.entity_id, row.then, row.now), row)
        return tuple(found.values())

    def _page_one(self) -> Iterator[Moved]:
        before = {_role(kpi): kpi for kpi in self._then.shown.kpis}
        for kpi in self._now.shown.kpis:
            facts = self._facts_of(kpi)
            fact = facts[0] if len(facts) == 1 else None
            was = before.get(_role(kpi)) or self._as_kpi(kpi, fact)
            if was is None or formats.alike(was.value, kpi.value, kpi.unit):
                continue
            yield Moved(
                label=kpi.label,
                entity_id=fact.entity_id if fact else GROUP,
                entity=self._s.entity(fact.entity_id if fact else GROUP),
                period="" if was.label == kpi.label else f"{was.label} → {kpi.label}",
                then=was.text,
                now=kpi.text,
                change=named.change(was.value, kpi.value, kpi.unit),
                why=self._why(fact) if fact else "",
                on_page_one=True,
            )

    def _facts_of(self, kpi: Kpi) -> list[Fact]:
        names = {kpi.fact_id, *kpi.parts} - {""}
        metrics = {name.partition("/")[0] for name in names}
        return [fact for fact in self._is.values() if fact.metric_id in metrics and fact.fact_id in names]

    def _as_kpi(self, kpi: Kpi, fact: Fact | None) -> Kpi | None:
        """The figure at the first date, if its page one did not have it."""
        was = self._was.get(self._now.key(fact)) if fact else None
        if was is None or (fact and kpi.value != fact.value):  # shown with the other sign
            return None
        return replace(kpi, value=was.value)

    def _fact(self, key: Key) -> tuple[_Rank, Moved] | None:
        """A row with what ranks it; None if the figure did not move."""
        was, is_ = self._was.get(key), self._is.get(key)
        fact = is_ or was
        if fact is None or (key[2] not in {AT_DATE, LAST_MONTH} and (was is None or is_ is None)):
            return None
        values = was.value if was else None, is_.value if is_ else None
        if values == (None, None) or formats.alike(*values, fact.unit):
            return None
        row = Moved(
            label=named.label(self._s, fact),
            entity_id=fact.entity_id,
            entity=self._s.entity(fact.entity_id),
            period=self._period(key[2]),
            then=formats.amount(values[0], formats.once(fact.unit)),
            now=formats.amount(values[1], formats.once(fact.unit)),
            change=named.change(*values, fact.unit),
            why=self._why(is_) if was and is_ else "",
        )
        unit = formats.once(fact.unit)
        size = -abs(_size(*values, fact.unit))
        return (None in values, bool(fact.dimensions), _family(fact.unit), unit, size, fact.fact_id), row

    def _period(self, role: str) -> str:
        if role == AT_DATE:
            return ""
        if role == LAST_MONTH:
            return f"{formats.month(self._then.last_month)} → {formats.month(self._now.last_month)}"
        return f"{formats.month(role)}, restated" if role <= self._then.last_month else formats.month(role)

    def _why(self, fact: Fact) -> str:
        """What moved a figure most."""
        if fact.period != self._now.last_month:
            return driver(self._s, fact)
        if fact.entity_id != GROUP or fact.dimensions:
            return ""
        whole = self._moved(self._now.key(fact))
        parts = [
            (self._moved(key), key[1])
            for key in self._is.keys() | self._was.keys()
            if (key[0], key[2:]) == (fact.metric_id, (LAST_MONTH, frozenset())) and key[1] != GROUP
        ]
        move, entity_id = max(parts, key=lambda part: (part[0] * whole, part[1]), default=(Decimal(0), ""))
        if move * whole <= 0 or len(parts) == 1:
            return ""
        return f"{self._s.entity(entity_id)} ({formats.difference(move, fact.unit)})"

    def _moved(self, key: Key) -> Decimal:
        was, is_ = self._was.get(key), self._is.get(key)
        if was is None or is_ is None or was.number is None or is_.number is None:
            return Decimal(0)
        return Decimal(is_.number) - Decimal(was.number)


def _ids(side: Side) -> Iterator[str]:
    yield from side.shown.facts
    for kpi in side.shown.kpis:
        yield from filter(None, (kpi.fact_id, *kpi.parts))


def _keyed(side: Side, metrics: Collection[str]) -> dict[Key, Fact]:
    return {side.key(fact): fact for fact in side.figures.facts if fact.metric_id in metrics}


def _shown(side: Side, facts: Mapping[Key, Fact]) -> set[Key]:
    return {key for key, fact in facts.items() if fact.fact_id in side.shown.facts}


def _role(kpi: Kpi) -> tuple[str, str, str]:
    """Which figure of page one it is, whatever its period."""
    metric_id, entity_id, *_ = (*(kpi.fact_id or (kpi.parts or ("",))[0]).split("/"), "")
    parts = "/".join(kpi.fact_id.split("/")[3:])
    return (kpi.metric_id or metric_id, entity_id, parts)


def _size(then: Value | None, now: Value | None, unit: str) -> Decimal:
    """How much it moved, for the order: a figure that is new or gone by its whole size."""
    one, other = (Decimal(number_of(value, unit) or 0) for value in (then, now))
    return other - one


def _family(unit: str) -> int:
    """Money first, then what else has a number, then words."""
    return 0 if formats.is_money(unit) else 2 if unit in {"text", "date", "bool"} else 1
