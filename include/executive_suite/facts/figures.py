"""Everything that the reports of one run may say: facts, findings, actions and where they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Self

from executive_suite import canonical
from executive_suite.brand import PLAIN, Brand
from executive_suite.facts import table as facts
from executive_suite.facts.cash_path import NO_PATH, CashPath
from executive_suite.facts.earlier import NOTHING, Earlier
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action, Finding
from executive_suite.facts.readership import NOTHING_COUNTED, Readership
from executive_suite.facts.signals import Signal
from executive_suite.facts.sources import UNKNOWN, Sources
from executive_suite.facts.statements import NO_STATEMENTS, FinancialStatements
from executive_suite.facts.table import uncollected


@dataclass(frozen=True, slots=True)
class Note:
    """A soft fault of the input that travels with the figures: printed on the reports that it touches."""

    table: str
    text: str
    rows: int = 0


_TABLES = ("facts", "previous")


@dataclass(frozen=True, slots=True)
class Figures:
    """The one dataset from which every report of a run is made.

    Attributes:
        report_date: The date that the run reports at.
        cut_off: First instant not known to it, ISO 8601 UTC.
        zone: IANA name of the group's time zone.
        dataset_hash: SHA-256 of the frozen snapshot.
        facts: The fact table, in table order.
        findings: What the rules found.
        actions: The ranked agendas.
        signals: What readers must know, first what matters most.
        entities: Entity id to the name a reader knows.
        coverage: Table to rows used; absent tables do not appear.
        notes: Soft faults of the input.
        previous: The fact table of the previous report date as known then; empty when there is none.
        previous_date: That report date, ISO; empty when there is none.
        earlier: What earlier report dates said, as known then: the track record rests on it.
        statements: The financial statements, of the group and of each unit.
        quarters: The same of the latest quarter, of the one before and of the same a year earlier; none where no report
            is made every quarter.
        path: The base case of cash by day, and the levers on it.
        readership: Which of the archived reports were read.
        sample: Whether the data is the shipped sample, which every report then says.
        currency: What its amounts are in, ISO 4217.
        locale: How the reports write numbers, money and dates: a CLDR locale with its territory.
        brand: The group's name, mark and color.
        reports: Ids of the reports that the group makes; empty where that is not known.
        labels: Names a reader knows rows by: kind ("account", "channel", …) to key to name.
        sources: The rows behind the figures that reports show.
    """

    report_date: date
    cut_off: str
    zone: str
    dataset_hash: str
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = ()
    actions: tuple[Action, ...] = ()
    signals: tuple[Signal, ...] = ()
    entities: Mapping[str, str] = field(default_factory=dict)
    coverage: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    previous: tuple[Fact, ...] = ()
    previous_date: str = ""
    earlier: Earlier = NOTHING
    statements: FinancialStatements = NO_STATEMENTS
    quarters: FinancialStatements = NO_STATEMENTS
    path: CashPath = NO_PATH
    readership: Readership = NOTHING_COUNTED
    sample: bool = False
    currency: str = "USD"
    locale: str = "en_US"
    brand: Brand = PLAIN
    reports: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sources: Sources = UNKNOWN

    def to_json(self) -> bytes:
        """Canonical JSON, the same bytes for the same figures."""
        record = asdict(replace(self, facts=(), previous=(), sources=UNKNOWN))
        tables = {name: facts.to_columns(facts.ordered(getattr(self, name))) for name in _TABLES}
        return canonical.dumps({**record, **tables, "sources": self.sources.as_json()}) + b"\n"

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """The figures that ``to_json`` wrote."""
        with uncollected():
            record = canonical.loads(body)
            current, previous = (facts.from_columns(record.pop(name)) for name in _TABLES)
            sources = Sources.from_json(record.pop("sources")) if "sources" in record else UNKNOWN
            found: Self = canonical.restored(cls, {**record, "facts": ()})
            return replace(found, facts=current, previous=previous, sources=sources)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hexadecimal."""
        return hashlib.sha256(self.to_json()).hexdigest()
