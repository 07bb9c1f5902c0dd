"""Which reader understands a file: each is asked in turn, and the first that knows it reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from executive_suite.adopt.readers import (
    banks,
    gnucash,
    grids,
    hledger_rules,
    iif,
    journals,
    ofx,
    processors,
    qif,
    registers,
    square,
    stays,
    vrbo,
)
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.upload import Upload

Reader = Callable[[Upload], Reading | None]
"""Reads a file; None if it is of another kind.

Raises:
    NotReadableError: it is of this kind, and cannot be read or only by guessing.
"""

READERS: Sequence[Reader] = (
    hledger_rules.read,
    gnucash.read,
    ofx.read,
    iif.read,
    qif.read,
    journals.read,
    grids.read,
    processors.read,
    square.read,
    stays.read,
    vrbo.read,
    registers.read,
    banks.read,
)
"""The most particular first."""


def read(upload: Upload) -> Reading:
    """What a file says.

    Raises:
        NotReadableError: nobody knows it, or who knows it cannot read it.
    """
    refused: NotReadableError | None = None
    for reader in READERS:
        try:
            if found := reader(upload):
                return found
        except NotReadableError as error:
            if reader is not grids.read:
                raise refused or error from None
            # A statement of a bank may have the columns of a ledger.
            refused = error
    if refused:
        raise refused
    looked_for = "columns for a day and an amount, or the layout of a known program, were looked for"
    msg = f"{upload.name}: no known export; {looked_for}"
    raise NotReadableError(msg)
