"""Dates of which nothing waits are not looked at again, and what a person or a run begins at them is not missed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from executive_suite.mailing.resend import Decision
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import closed_dates, desk
from executive_suite.run.close import sum_up
from executive_suite.run.closed_dates import NEVER
from executive_suite.run.deployment import Deployment
from executive_suite.run.outstanding import close_dates, outstanding
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import StoredObject
from faults.desk import Clock
from faults.lanes import DAY, RUN, in_memory, lane, like, plan_of
from ses_stub import Do, SesStub

ON = date.fromisoformat(DAY)
FOUNDER = Decision("founder", "the board asked for it")


@pytest.fixture
def old(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Deployment:
    """A date of which one report was sent, half a year later."""
    opened = in_memory(moto_server, bucket, ses, monkeypatch)
    plan = plan_of(opened, reports=("cfo",))
    lane(opened, "cfo", plan)
    sum_up(opened, plan, RUN, {})
    assert closed_dates.numbers(opened.records) == {}, "a young date is not closed"
    clock.forward(timedelta(days=180).total_seconds())
    close_dates(opened, clock())
    assert closed_dates.numbers(opened.records) == {ON: 0}
    assert outstanding(opened, clock()) == ()
    return opened


class Counted(PassedOn):
    """Counts what is asked of the store, and does something before each of it."""

    count = 0
    before: Callable[[int], None] = staticmethod(lambda _: None)

    def _next(self) -> None:
        self.count += 1
        self.before(self.count)

    def create(self, item: StoredObject) -> bool:
        self._next()
        return super().create(item)

    def get(self, key: str) -> StoredObject:
        self._next()
        return super().get(key)

    def keys(self, prefix: str) -> Iterator[str]:
        self._next()
        return super().keys(prefix)


def test_what_a_person_sends_again_waits_at_a_closed_date(old: Deployment, clock: Clock) -> None:
    (entry,) = Outbox(old.records).entries()
    desk.open_next(old, entry, FOUNDER)
    assert [one.cause for one in outstanding(old, clock())] == ["reopened"]
    close_dates(old, clock())
    assert [one.cause for one in outstanding(old, clock())] == ["reopened"]
    plan = plan_of(old, reports=("cfo",))
    lane(old, "cfo", plan)
    sum_up(old, plan, RUN, {})
    assert outstanding(old, clock()) == ()
    assert closed_dates.numbers(old.records)[ON] % 2 == 0


def test_a_correction_waits_at_a_closed_date(old: Deployment, clock: Clock) -> None:
    desk.open_revision(old, "cfo", ON, FOUNDER)
    assert [one.cause for one in outstanding(old, clock())] == ["not archived"]


def test_a_send_that_went_wrong_waits_at_a_closed_date(old: Deployment, ses: SesStub, clock: Clock) -> None:
    ses.script("*", Do("error-after"))
    assert lane(old, "ceo", plan_of(old, reports=("ceo",))).startswith("uncertain")
    assert [(one.report, one.state) for one in outstanding(old, clock())] == [("ceo", "uncertain")]


def test_a_run_that_could_not_make_a_report_waits_at_a_closed_date(old: Deployment, clock: Clock) -> None:
    sum_up(old, plan_of(old, reports=("ceo",)), RUN, {"ceo": ("render: failed",)})
    assert [(one.report, one.cause) for one in outstanding(old, clock())] == [("ceo", "not archived")]


def test_a_closed_date_is_not_looked_at(old: Deployment, clock: Clock) -> None:
    counted = Counted(old.records)
    many = like(old)
    many.__dict__["records"] = counted
    for month in range(1, 9):
        plan = plan_of(old, run_id=f"run {month}", report_date=f"2025-{month:02}-01", reports=("ceo", "cto"))
        for report in plan.reports:
            lane(old, report, replace(plan, dated=True))
        sum_up(old, plan, RUN, {})
    outstanding(many, clock())
    some = counted.count
    counted.count = 0
    assert outstanding(many, clock(), first=date(2026, 5, 2)) == ()
    assert some == counted.count, "nothing is asked of eight closed dates"


def test_a_look_that_is_overtaken_closes_nothing(old: Deployment, clock: Clock) -> None:
    """Who looks reads the number, then the state, and writes; each at any moment of an act: mark, begin, mark."""
    acting = like(old)
    for first in ((), (0,), (1,), (1, 2), (1, 2, 3)):
        for places in itertools.combinations_with_replacement(range(1, 6), 3):
            memory = MemoryStore()
            for number in first:
                memory.create(StoredObject(f"ledger/dates/{DAY}/{number}", b"{}"))
            looker = Looker(memory, places)
            acting.__dict__["records"] = counted = Counted(memory)
            counted.before = looker.meanwhile
            closed_dates.begun(acting, ON, clock())
            looker.waits = True
            closed_dates.begun(acting, ON, clock())
            for late in range(counted.count + 1, 6):
                looker.meanwhile(late)
            assert closed_dates.numbers(memory)[ON] % 2 == 1, (first, places)


@dataclass
class Looker:
    """Who looks at a date while somebody else is at it, one step at each of three moments."""

    records: MemoryStore
    places: tuple[int, int, int]
    waits: bool = False
    number: int = NEVER
    seen: bool = False

    def meanwhile(self, moment: int) -> None:
        for place, step in zip(self.places, (self.read_number, self.read_state, self.write), strict=True):
            if place == moment:
                step()

    def read_number(self) -> None:
        self.number = closed_dates.numbers(self.records).get(ON, NEVER)

    def read_state(self) -> None:
        self.seen = self.waits

    def write(self) -> None:
        if self.number % 2:  # a closed date is not looked at
            closed_dates.looked(self.records, ON, self.number, waits=self.seen)
