"""What is said and written while a report is made, so that each sentence can be bound to what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Written:
    """The parts that sentences were made of.

    Attributes:
        figures: Numbers and dates as written, each with the facts that it shows (none if worked out).
        names: Names of records as written, each with the records that have it ("entity jada").
        said: Sentences of the code, in the language of the report, fields in braces.
        quoted: Sentences of an earlier report as they were said then, each with its record.
        denied: Sentences that something is not there, each with whether that is so and the facts that prove it.
    """

    figures: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    quoted: dict[str, set[str]] = field(default_factory=dict)
    denied: dict[str, set[tuple[bool, tuple[str, ...]]]] = field(default_factory=dict)


_WRITTEN: ContextVar[Written | None] = ContextVar("written", default=None)


@contextmanager
def recording() -> Iterator[Written]:
    """Keep what is written meanwhile.

    >>> from executive_suite.formats import money, month
    >>> before = money(800_000), month("2026-05")
    >>> with recording() as written:
    ...     again = money(800_000), month("2026-05")
    >>> written.figures
    {'$8,000': set(), 'May 2026': set()}
    """
    kept = Written()
    before = _WRITTEN.set(kept)
    try:
        yield kept
    finally:
        _WRITTEN.reset(before)


def kept(text: str, fact_id: str = "") -> str:
    """A number or date as written, with the fact that it shows."""
    written = _WRITTEN.get()
    if written is not None:
        written.figures.setdefault(text, set()).update(filter(None, (fact_id,)))
    return text


def named(text: str, record: str) -> str:
    """A name as written, with the record that has it."""
    written = _WRITTEN.get()
    if written is not None:
        written.names.setdefault(text, set()).add(record)
    return text


def quoted(text: str, record: str) -> str:
    """A sentence of an earlier report, with what it was there: its words account for nothing else that is said."""
    written = _WRITTEN.get()
    if written is not None:
        written.quoted.setdefault(text, set()).add(record)
    return text


def said(message: str) -> str:
    """A sentence of the code, as it is said."""
    written = _WRITTEN.get()
    if written is not None:
        written.said.add(message)
    return message


def denied(text: str, *, holds: bool, facts: tuple[str, ...]) -> str:
    """A sentence that something is not there, with its proof."""
    written = _WRITTEN.get()
    if written is not None:
        written.denied.setdefault(text, set()).add((holds, facts))
    return text
