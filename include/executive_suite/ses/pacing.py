"""How fast mails leave, and when a retry follows.

SES counts addresses per second across the whole account, however many workers send. Airflow's pool limits how many send
tasks run at once; each task spaces its calls and waits after its last one too. Both follow from the account's rate, so
together they stay within it without talking to each other.
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
"""SES counts every address: the reader's and the audit copy's."""

MOST_SLOTS = 8
"""More parallel sends would not help: a run has eight lanes."""


def slots(rate: float) -> int:
    """How many send tasks may run at once: the size of Airflow's pool.

    Args:
        rate: The account's ``MaxSendRate``, addresses per second.

    >>> slots(1.0), slots(14.0), slots(500.0)
    (1, 7, 8)
    """
    return min(MOST_SLOTS, max(1, int(rate // DESTINATIONS_A_MAIL)))


def spacing_seconds(rate: float) -> float:
    """Seconds a send task waits between the end of one call and the start of the next.

    In any second each slot begins at most ``k`` calls, ``k`` a whole number with ``slots * k * 2 <= rate``. Below two
    addresses per second one mail uses more than a second's allowance, and the next waits that much longer.

    Args:
        rate: The account's ``MaxSendRate``, addresses per second; 0 if unknown, and then nothing is spaced.

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
    """Spaces the calls of one send task.

    Attributes:
        spacing_seconds: From the end of one call to the start of the next.
        clock: Monotonic seconds.
        sleep: Waits.
    """

    spacing_seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _ended: float | None = None
    _ses: Any = None

    def rest(self) -> None:
        """Wait until the last call is far enough back: before the next delivery, and before giving up the slot."""
        if self._ended is not None:
            left = self._ended + self.spacing_seconds - self.clock()
            if left > 0:
                self.sleep(left)

    def watch(self, ses: SESV2Client) -> SESV2Client:
        """The same client, as far as the protocol uses it, with its sends noted."""
        self._ses = ses
        return cast("SESV2Client", self)

    def send_email(self, **call: Any) -> Any:
        """Pass the one call on, and note when it ends, with whatever outcome."""
        try:
            return self._ses.send_email(**call)
        finally:
            self._ended = self.clock()


def delay_seconds(attempt: int, *, first_seconds: float, cap_seconds: float, dice: Random) -> float:
    """Seconds before a retry: exponential back-off with full jitter, so that lanes that failed together spread out.

    Args:
        attempt: How many tries there have been, from 1.
        first_seconds: Upper bound of the first wait.
        cap_seconds: Upper bound of any wait.
        dice: The source of randomness; passed in so that tests can control it.

    Returns:
        Uniform between 0 and ``min(cap_seconds, first_seconds * 2 ** (attempt - 1))``.

    Raises:
        ValueError: ``attempt`` is less than 1.

    Source: "full jitter" of M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.
    """
    if attempt < 1:
        msg = f"attempt is {attempt}; expected 1 or more"
        raise ValueError(msg)
    return dice.uniform(0, min(cap_seconds, first_seconds * 2 ** min(attempt - 1, 62)))
