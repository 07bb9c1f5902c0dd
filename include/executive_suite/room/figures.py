"""The figures that an archived report was made from, and those that it shows: parsed once, kept for the next look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from executive_suite import config
from executive_suite.archive import documents
from executive_suite.facts.figures import Figures
from executive_suite.facts.sources import UNKNOWN
from executive_suite.rendering.blocks import Kpi
from executive_suite.reports import drill
from executive_suite.reports.build import blocks_of, parts_of
from executive_suite.room.kept import Kept
from executive_suite.stores.store import ObjectMissingError, ObjectStore

MOST = 6
"""Runs whose figures are kept between looks: some 20 MB each."""
MOST_REPORTS = 64


class UnreadableError(Exception):
    """The figures are not on record, or were written by a version that this one cannot read; the message says which."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a report shows of its figures.

    Attributes:
        kpis: The figures of its page one, in their order.
        facts: Ids of all facts that it shows.
    """

    kpis: tuple[Kpi, ...]
    facts: frozenset[str]


def of(records: ObjectStore, content_digest: str) -> Figures:
    """The figures of a document, without the rows behind them.

    Raises:
        UnreadableError: they cannot be had.
    """
    key = documents.figures_key(records, content_digest)
    if not key:
        msg = "Which figures this report was made from is not on record."
        raise UnreadableError(msg)
    return _read(Kept(key, records))


@lru_cache(maxsize=MOST)
def _read(kept: Kept) -> Figures:
    try:
        return replace(Figures.from_json(kept.records.get(kept.name).body), sources=UNKNOWN)
    except ObjectMissingError:
        msg = "The figures that this report was made from are no longer on record."
    except (KeyError, TypeError, ValueError):
        msg = "The figures of this report were written by another version of the product."
    raise UnreadableError(msg)


def shown(records: ObjectStore, content_digest: str, report: config.Report) -> Shown:
    """What a report shows, by today's layout of it.

    Raises:
        UnreadableError: its figures cannot be had.
    """
    return _shown(Kept(content_digest, records), report)


@lru_cache(maxsize=MOST_REPORTS)
def _shown(kept: Kept, report: config.Report) -> Shown:
    made, _ = parts_of(of(kept.records, kept.name), report)
    facts = drill.facts_shown(blocks_of(made.whole))
    return Shown(made.whole.page.kpis, frozenset(facts))
