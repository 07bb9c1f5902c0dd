"""Exact sums of integers by group; millions of them, block by block, without a copy of the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.schema.keys import BLOCK

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.integer[Any]]
"""Integers in as few bytes as hold them: for lookups, or to be widened before they are multiplied."""

Flags = npt.NDArray[np.bool_]

Packed = npt.NDArray[np.uint8]
"""Places, one bit each: what may be kept of millions of them."""

DENSE = 1 << 22
"""Places that may be counted in memory even for few lines."""


def among(numbers: Numbers, wanted: Numbers) -> Flags:
    """Which numbers, from 0, are among those wanted: looked up rather than sorted, for millions of them."""
    known = np.zeros(int(wanted.max()) + 1 if len(wanted) else 0, dtype=bool)
    known[wanted] = True
    inside = numbers < len(known)
    if inside.all():
        return np.asarray(known[numbers])
    found = np.zeros(len(numbers), dtype=bool)
    found[inside] = known[numbers[inside]]
    return found


def merged(*places: Integers) -> Integers:
    """All of some places, ascending, each once."""
    some = [part for part in places if len(part)]
    known = np.zeros(max((int(part.max()) + 1 for part in some), default=0), dtype=bool)
    for part in some:
        known[part] = True
    return np.flatnonzero(known)


def packed(places: Integers, size: int) -> Packed:
    """Some places of ``size``, ascending, as bits.

    >>> unpacked(packed(np.array([1, 4]), 9), 9).tolist()
    [1, 4]
    """
    flags = np.zeros(size, dtype=bool)
    flags[places] = True
    return np.packbits(flags)


def unpacked(kept: Packed, size: int) -> Integers:
    """The places that ``packed`` keeps."""
    return np.flatnonzero(np.unpackbits(kept, count=size))


def sums_by(key: Numbers, amounts: Integers, size: int) -> Integers:
    """Exact integer sums of ``amounts`` by ``key`` in 0..size-1."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, key, amounts)
    return sums


def totals(
    columns: Sequence[Numbers], shape: Sequence[int], amounts: Integers
) -> tuple[tuple[Integers, ...], Integers, Integers]:
    """The combinations that occur, in order, with the exact sum of their amounts and how many there are.

    Args:
        columns: What the amounts are added up by: in 0..n-1, one per amount.
        shape: How many values each of the columns could have; if their combinations are few, places are counted
            rather than combinations looked up.
        amounts: Integers.

    Returns:
        The combinations, by column; the sums; the counts.
    """
    size = math.prod(shape)
    if size > max(DENSE, len(amounts)):
        place, used = pd.factorize(_key(columns, shape, slice(None)), sort=True)
        found = np.unravel_index(used, shape)
        return found, sums_by(place, amounts, len(used)), np.bincount(place, minlength=len(used))
    sums, counts = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for start in range(0, len(amounts), BLOCK):
        block = slice(start, start + BLOCK)
        key = _key(columns, shape, block)
        np.add.at(sums, key, amounts[block])
        np.add.at(counts, key, 1)
    used = np.flatnonzero(counts)
    return np.unravel_index(used, shape), sums[used], counts[used]


def _key(columns: Sequence[Numbers], shape: Sequence[int], block: slice) -> Integers:
    key = columns[0][block].astype(np.int64)
    for column, values in zip(columns[1:], shape[1:], strict=True):
        key *= values
        key += column[block]
    return key


def netted(txn: Numbers, cell: Numbers, cents: Integers, size: int) -> tuple[Numbers, Integers]:
    """The lines of each transaction added up within each cell: the cells, in no order, and the exact sums.

    Adjacent lines are added in one pass; only transactions whose lines are scattered are looked up.

    Args:
        txn: Number of its transaction, by line.
        cell: In 0..size-1, by line.
        cents: By line.
        size: How many cells there could be.
    """
    if not len(txn):
        return cell, cents
    begins = np.concatenate([[True], (txn[1:] != txn[:-1]) | (cell[1:] != cell[:-1])])
    if begins.all():
        sums = cents
    else:
        starts = np.flatnonzero(begins)
        txn, cell, sums = txn[starts], cell[starts], np.add.reduceat(cents, starts)
    if (txn[1:] > txn[:-1]).all():
        return cell, sums
    own = txn - txn.min()
    again = np.bincount(own)[own] > 1
    if not again.any():
        return cell, sums
    place, found = pd.factorize(own[again].astype(np.int64) * size + cell[again])
    rest = sums_by(place, sums[again], len(found))
    return np.concatenate([cell[~again], found % size]), np.concatenate([sums[~again], rest])
