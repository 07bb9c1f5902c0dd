"""When a try comes again: exponential back-off with full jitter, so that lanes that failed together part."""

from __future__ import annotations

from random import Random


def delay_seconds(attempt: int, *, first_seconds: float, cap_seconds: float, dice: Random) -> float:
    """How long to wait before a try.

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
