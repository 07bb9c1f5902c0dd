"""How fast mails leave, and when a try comes again.

SES counts addresses a second over the whole account, however many workers send. Airflow's pool bounds how many send
tasks run at once; each of them keeps a distance between its calls, also after its last one. Both follow from the
account's rate, so that together they stay within it without talking to each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client

DESTINATIONS_A_MAIL = 2
"""SES counts every address: the reader and the audit copy."""

MOST_SLOTS = 8
"""More sends at once help nobody: a run has eight lanes."""


def slots(rate: float) -> int:
    """How many send tasks may run at once: the size of Airflow's pool.

    Args:
        rate: The account's ``MaxSendRate``, addresses a second.

    >>> slots(1.0), slots(14.0), slots(500.0)
    (1, 7, 8)
    """
    return min(MOST_SLOTS, max(1, int(rate // DESTINATIONS_A_MAIL)))


def spacing_seconds(rate: float) -> float:
    """How long a send task waits between the end of one call and the next.

    In any second each slot begins at most ``k`` calls, ``k`` a whole number with ``slots * k * 2 <= rate``. Below two
    addresses a second one mail is more than a second's worth, and the next waits for as long as it takes.

    Args:
        rate: The account's ``MaxSendRate``, addresses a second; 0 when it is not known, and then nothing is spaced.

    >>> spacing_seconds(14.0), spacing_seconds(1.0), spacing_seconds(200.0), spacing_seconds(0.0)
    (1.0, 2.0, 0.08333333333333333, 0.0)
    """
    if rate <= 0:
        return 0.0
    if rate < DESTINATIONS_A_MAIL:
        return DESTINATIONS_A_MAIL / rate
    return 1.0 / int(rate // (DESTINATIONS_A_MAIL * slots(rate)))


@dataclass
class Pacer:
    """Keeps the distance between the calls of one send task.

    Attributes:
        spacing_seconds: The distance, from the end of a call to the beginning of the next.
        clock: Seconds that only go forward.
        sleep: Waits.
    """

    spacing_seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _ended: float | None = None

    def rest(self) -> None:
        """Wait until the distance to the last call is kept; before the next delivery, and before the slot is left."""
        if self._ended is not None:
            left = self._ended + self.spacing_seconds - self.clock()
            if left > 0:
                self.sleep(left)

    def watch(self, ses: SESV2Client) -> SESV2Client:
        """The same client, whose sends are noticed."""
        return cast("SESV2Client", _Watched(self, ses))

    def ended(self) -> None:
        """A call has ended, however it did."""
        self._ended = self.clock()


@dataclass
class _Watched:
    """What the protocol needs of a client: the one call."""

    pacer: Pacer
    ses: Any

    def send_email(self, **call: Any) -> Any:
        """Pass it on; how it ends is the caller's, when it ends is the pacer's."""
        try:
            return self.ses.send_email(**call)
        finally:
            self.pacer.ended()


def delay_seconds(attempt: int, *, first_seconds: float, cap_seconds: float, dice: Random) -> float:
    """How long to wait before a try: exponential back-off with full jitter, so that lanes that failed together part.

    Args:
        attempt: How many tries there were, from 1.
        first_seconds: The most that the first wait may be.
        cap_seconds: The most that any wait may be.
        dice: The source of chance; passed in, so that a test can know it.

    Returns:
        Between 0 and ``min(cap_seconds, first_seconds * 2 ** (attempt - 1))``, every value alike.

    Raises:
        ValueError: ``attempt`` is less than 1.

    Source: "full jitter" of M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.
    """
    if attempt < 1:
        msg = f"attempt is {attempt}; expected 1 or more"
        raise ValueError(msg)
    return dice.uniform(0, min(cap_seconds, first_seconds * 2 ** min(attempt - 1, 62)))
