"""The account: quota before a batch, slots for its rate, and the circuit that stops all sends."""

from __future__ import annotations

import math
import threading
from random import Random

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.mailing import account as delivery_account
from executive_suite.mailing.account import Account, Circuit
from executive_suite.mailing.errors import HeldError, RefusedError, RetryableError
from executive_suite.mailing.request import Request
from executive_suite.ses import pacing
from executive_suite.stores.memory import MemoryStore
from faults.desk import LIMITS, REPORT_DATE, Clock, Desk, client
from loopback import PRETENDED
from ses_stub import Do, SesStub

REQUEST = Request("group", "cfo", "cfo-report", REPORT_DATE, 1, "d" * 64, "primary")
HEALTHY = Account(daily_quota=200, sent=0, rate=1, may_send=True, sandbox=True)  # the SES sandbox's own limits


def dice(seed: int) -> Random:
    return Random(seed)


def test_the_account_is_read_from_ses(ses: SesStub) -> None:
    ses.account["SendQuota"]["SentLast24Hours"] = 49_990.0
    assert delivery_account.look(client(ses)) == Account(50_000, 49_990, 14, may_send=True, sandbox=False)


def test_an_endpoint_that_does_not_offer_it_says_nothing(moto_server: str) -> None:
    account = delivery_account.look(boto3.client("sesv2", endpoint_url=moto_server, **PRETENDED))
    assert account is None
    assert delivery_account.batch_stop(account, 8) is None


# SES counts every To, Cc and Bcc address: eight reports with an audit copy each are sixteen
@pytest.mark.parametrize(("sent", "stopped"), [(0, False), (184, False), (185, True), (500, True)])
def test_a_batch_that_the_quota_does_not_hold_does_not_begin(sent: float, *, stopped: bool) -> None:
    stop = delivery_account.batch_stop(Account(200, sent, 1, may_send=True, sandbox=True), 8)
    assert (stop is not None) == stopped
    assert stop is None or (stop.code, stop.delay_seconds) == ("daily-quota", 6 * 3600)


def test_no_quota_is_no_limit() -> None:
    assert delivery_account.batch_stop(Account(-1, 10**6, 14, may_send=True, sandbox=False), 8) is None


def test_a_paused_account_begins_no_batch() -> None:
    stop = delivery_account.batch_stop(Account(200, 0, 1, may_send=False, sandbox=True), 1)
    assert stop is not None
    assert (stop.code, stop.delay_seconds) == ("account-paused", None)


@given(st.floats(2, 5000))
def test_all_slots_together_never_exceed_the_rate(rate: float) -> None:
    """A slot whose calls are ``d`` seconds apart begins at most ceil(1/d) of them in any second."""
    slots, spacing = pacing.slots(rate), pacing.spacing_seconds(rate)
    assert 1 <= slots <= pacing.MOST_SLOTS
    calls_a_second = slots * math.ceil(round(1 / spacing, 9))
    assert calls_a_second * pacing.DESTINATIONS_A_MAIL <= rate


@given(st.floats(0.01, 1.99))
def test_an_account_slower_than_one_mail_a_second_sends_one_after_the_other(rate: float) -> None:
    assert pacing.slots(rate) == 1
    assert pacing.spacing_seconds(rate) * rate == pytest.approx(pacing.DESTINATIONS_A_MAIL)


def test_an_account_that_tells_no_rate_is_not_slowed_down() -> None:
    assert pacing.spacing_seconds(0.0) == 0.0


@pytest.mark.parametrize("rate", [6.0, 24.0])
def test_parallel_workers_stay_within_the_rate_as_ses_sees_it(ses: SesStub, rate: float) -> None:
    """As many workers as the pool has slots, each with tasks of several mails one after the other."""

    def slot(number: int) -> None:
        for task in range(2):
            pacer = pacing.Pacer(pacing.spacing_seconds(rate))
            desk = Desk(pacer.watch(client(ses)), records=records, reports=records)
            for mail in range(2):
                desk.send(recipient_id=f"reader-{number}-{task}-{mail}")
                pacer.rest()

    records = MemoryStore()
    Desk(client(ses), records=records, reports=records).publish()
    workers = [threading.Thread(target=slot, args=(number,)) for number in range(pacing.slots(rate))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(ses.accepted) == 4 * pacing.slots(rate)
    for first in ses.times:
        within = [moment for moment in ses.times if first <= moment < first + 1]
        assert len(within) * pacing.DESTINATIONS_A_MAIL <= rate


def test_the_first_stopped_send_stops_all_others(ses: SesStub) -> None:
    desk = Desk(client(ses))
    desk.circuit = Circuit(desk.records, desk.clock)
    desk.gates = (desk.circuit.gate,)
    desk.publish()
    ses.script("*", Do("pause"))
    with pytest.raises(RefusedError, match="SendingPausedException"):
        desk.send()
    for _ in range(3):
        with pytest.raises(HeldError, match="circuit-open"):
            desk.send()
    assert len(ses.calls) == 1
    assert desk.circuit.close("founder", "the account is fine again")
    assert desk.send().message_id == "stub-000001"


def test_a_circuit_closes_when_the_account_says_that_it_may_send() -> None:
    store, clock = MemoryStore(), Clock()
    paused = Account(200, 0, 1, may_send=False, sandbox=True)
    Circuit(store, clock).open("SendingPausedException")
    assert Circuit(store, clock, lambda: None).gate(REQUEST, "cfo@example.com") is not None
    assert Circuit(store, clock, lambda: paused).gate(REQUEST, "cfo@example.com") is not None
    assert Circuit(store, clock, lambda: HEALTHY).gate(REQUEST, "cfo@example.com") is None
    last = Circuit(store, clock).last()
    assert last is not None
    assert (last.act, last.actor) == ("closed", "account check")


def test_a_circuit_is_opened_and_closed_once() -> None:
    circuit = Circuit(MemoryStore(), Clock())
    assert circuit.last() is None
    assert not circuit.close("founder", "nothing was wrong")
    circuit.open("a")
    circuit.open("b")
    last = circuit.last()
    assert last is not None
    assert last.reason == "a"


@given(st.integers(1, 10_000), st.floats(0.01, 1000), st.floats(0.01, 10_000), st.integers())
def test_a_wait_is_between_nothing_and_its_cap(attempt: int, first: float, cap: float, seed: int) -> None:
    wait = pacing.delay_seconds(attempt, first_seconds=first, cap_seconds=cap, dice=dice(seed))
    assert 0 <= wait <= min(cap, first * 2.0 ** min(attempt - 1, 62))


def test_waits_are_spread_evenly() -> None:
    """Full jitter: uniform on 0..600, so mean 300 and a standard error of 600/sqrt(12)/sqrt(4000) = 2.7."""
    chance = dice(1)
    waits = [pacing.delay_seconds(3, first_seconds=150, cap_seconds=9000, dice=chance) for _ in range(4000)]
    assert abs(sum(waits) / len(waits) - 300) < 4 * 2.74


def test_a_first_attempt_is_number_one() -> None:
    with pytest.raises(ValueError, match="attempt is 0"):
        pacing.delay_seconds(0, first_seconds=1, cap_seconds=1, dice=dice(1))


def test_a_throttled_batch_comes_back_spread(ses: SesStub) -> None:
    """Forty lanes throttled together: their waits lie between nothing and the first wait, and far apart."""
    ses.script("*", *(Do("throttle") for _ in range(40)))
    desk = Desk(client(ses))
    desk.publish()
    waits = []
    for number in range(40):
        with pytest.raises(RetryableError) as caught:
            desk.send(recipient_id=f"reader{number}")
        waits.append(caught.value.delay_seconds or 0.0)
    assert 0 <= min(waits) <= max(waits) <= LIMITS.first_retry_seconds
    assert len({round(wait, 1) for wait in waits}) > 10


def test_waits_grow_with_each_try_and_a_throttle_storm_ends_in_one_mail(ses: SesStub) -> None:
    ses.script("*", *(Do("throttle") for _ in range(8)))
    desk = Desk(client(ses))
    desk.publish()
    for tries in range(1, 9):
        with pytest.raises(RetryableError) as caught:
            desk.send()
        assert (caught.value.delay_seconds or 0.0) <= LIMITS.first_retry_seconds * 2 ** (tries - 1)
    assert not desk.send().already
    assert len(ses.accepted) == 1
