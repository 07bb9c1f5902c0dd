"""Memoization per context: what several metrics of a run need is computed once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

T = TypeVar("T")


def per_context(function: Callable[[Context], T]) -> Callable[[Context], T]:
    """Remember the result of a function of a context for as long as that context lives.

    The context itself holds it, so a result that refers to its context goes with it.
    """

    @functools.wraps(function)
    def remembered(context: Context) -> T:
        known: dict[object, T] = context.__dict__.setdefault("_remembered", {})
        if function not in known:
            known[function] = function(context)
        return known[function]

    return remembered
