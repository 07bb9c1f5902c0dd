"""A fault that the linter found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to fix: which part, which rule, and the words found."""

    part: str
    rule: str
    found: str

    def __str__(self) -> str:
        return f"{self.part}: {self.rule}: {self.found!r}"
