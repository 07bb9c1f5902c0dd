"""The SES account: its quota, its rate, and a circuit that stops every send while the account is paused.

| object (records bucket) | says |
|---|---|
| ``circuit/<n>`` | the n-th change: opened (by an SES error) or closed (by a person or an account check) |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite import canonical
from executive_suite.mailing import journal
from executive_suite.mailing.gates import Gate, Stop
from executive_suite.mailing.request import Request
from executive_suite.ses.pacing import DESTINATIONS_A_MAIL
from executive_suite.stores.store import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client


@dataclass(frozen=True, slots=True)
class Account:
    """What SES reports about the account.

    Attributes:
        daily_quota: Addresses in 24 hours; -1 for no limit.
        sent: Addresses in the last 24 hours.
        rate: Addresses per second.
        may_send: Whether it may send at all.
        sandbox: Whether it reaches verified addresses only.
    """

    daily_quota: float
    sent: float
    rate: float
    may_send: bool
    sandbox: bool

    @property
    def left(self) -> float:
        """Addresses left today."""
        return float("inf") if self.daily_quota < 0 else max(0.0, self.daily_quota - self.sent)


def look(ses: SESV2Client) -> Account | None:
    """The account's state; None if the endpoint does not offer it or does not answer."""
    try:
        answer = ses.get_account()
    except (ClientError, BotoCoreError):
        return None
    return of(answer)


def of(answer: Mapping[str, Any]) -> Account:
    """The account's state from a ``GetAccount`` answer."""
    quota = answer.get("SendQuota", {})
    return Account(
        float(quota.get("Max24HourSend", -1)),
        float(quota.get("SentLast24Hours", 0)),
        float(quota.get("MaxSendRate", 1)),
        bool(answer.get("SendingEnabled", True)) and answer.get("EnforcementStatus") != "SHUTDOWN",
        not answer.get("ProductionAccessEnabled", True),
    )


def batch_stop(account: Account | None, mails: int) -> Stop | None:
    """Whether a batch may begin: no reports today are better than half of them.

    Args:
        account: What ``look`` saw.
        mails: How many mails the batch has, without audit copies.
    """
    if account is None:
        return None
    if not account.may_send:
        return Stop("account-paused", "sending is paused for this SES account")
    need = mails * DESTINATIONS_A_MAIL
    if account.left < need:
        return Stop(
            "daily-quota",
            f"the batch needs {need} addresses, and {account.left:.0f} of {account.daily_quota:.0f} are left today",
            delay_seconds=6 * 3600,
        )
    return None


@dataclass(frozen=True, slots=True)
class Turn:
    """One change of the circuit."""

    act: Literal["opened", "closed"]
    actor: str
    reason: str
    at: str


class Circuit:
    """While open, nothing is sent. It opens when SES has stopped the account, because no send could succeed then.

    Args:
        records: The records bucket.
        clock: Returns the current time.
        account: Looks up the account; the circuit closes on its own once the account may send again.
    """

    def __init__(
        self,
        records: ObjectStore,
        clock: Callable[[], datetime],
        account: Callable[[], Account | None] = lambda: None,
    ) -> None:
        self._records = records
        self._clock = clock
        self._account = account

    def open(self, code: str) -> bool:
        """Stop all sends; returns whether this call stopped them."""
        if self.opened() is not None:
            return False
        self._turn("opened", "ses", code)
        return True

    def close(self, actor: str, reason: str) -> bool:
        """Allow sends again; returns whether the circuit was open."""
        if self.opened() is None:
            return False
        self._turn("closed", actor, reason)
        return True

    def last(self) -> Turn | None:
        """The latest change; None if it never opened."""
        return journal.latest(self._records, "circuit/", Turn)

    def opened(self) -> Turn | None:
        """The change that stopped all sends; None while mails may be sent."""
        last = self.last()
        return last if last is not None and last.act == "opened" else None

    @property
    def gate(self) -> Gate:
        """Stops every mail while the circuit is open."""

        def gate(_request: Request, _address: str) -> Stop | None:
            opened = self.opened()
            if opened is None:
                return None
            account = self._account()
            if account is not None and account.may_send:
                self.close("account check", "the account says that it may send again")
                return None
            return Stop(
                "circuit-open",
                f"all sends have been stopped since {opened.at}: {opened.reason}",
            )

        return gate

    def _turn(self, act: Literal["opened", "closed"], actor: str, reason: str) -> None:
        journal.append(self._records, "circuit/", Turn(act, actor, reason, canonical.instant(self._clock())))
