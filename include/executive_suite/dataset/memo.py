"""Memoization per context: what several metrics of a run need is computed once."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

T = TypeVar("T")


def per_context(function: Callable[[Context], T]) -> Callable[[Context], T]:
    """Remember the result of a function of a context for as long as that context lives."""
    known: dict[int, T] = {}

    @functools.wraps(function)
    def remembered(context: Context) -> T:
        if id(context) not in known:
            known[id(context)] = function(context)
            weakref.finalize(context, known.pop, id(context), None)
        return known[id(context)]

    return remembered
