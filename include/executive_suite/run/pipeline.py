"""From sources to figures: read, build the dataset, compute, reconcile, judge, rank; one function per step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite import canonical, formats, metrics
from executive_suite.config import ConfigError, brand, group, load, quarterly, report_ids
from executive_suite.dataset import asof, labels, reconcile, snapshot
from executive_suite.dataset.context import Context
from executive_suite.dataset.group import last_quarter, quarter_before
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.dataset.snapshot import Snapshot, Typed
from executive_suite.facts.earlier import NOTHING, Asked, Began, Earlier, Told
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.figures import Figures, Note
from executive_suite.facts.foreseen import Foreseen
from executive_suite.facts.readership import Readership
from executive_suite.facts.statements import NO_STATEMENTS, FinancialStatements
from executive_suite.facts.table import ordered
from executive_suite.metrics.forecast import foresee
from executive_suite.metrics.forecast.carried import carried as path_carried
from executive_suite.period import months_later
from executive_suite.rules import agenda, judgement, rulebook
from executive_suite.rules.judgement import Judgement
from executive_suite.run import edition
from executive_suite.schema.quality import QualityError
from executive_suite.schema.tables import RECORDED_AT, SOURCE_FILE, SOURCE_ROW
from executive_suite.settings import Settings
from executive_suite.signals import declared, found, materiality, ranking, registered
from executive_suite.sources import reading
from executive_suite.sources.raw import RawTables
from executive_suite.statements.carried import carried as statements_carried
from executive_suite.statements.carried import of_quarters

ASKED_MONTHS = 3
"""Earlier report dates of which it is said what they asked for."""
DEFAULT_ZONE = ZoneInfo(str(Settings.model_fields["executive_suite_timezone"].default))
RECORD_MONTHS = 12
"""Earlier report dates that a track record looks at."""
MOST_LINES = 1_000_000
"""Ledger lines up to which it does."""


def dataset(data: RawTables | Typed, report_date: date, *, fallback: ZoneInfo = DEFAULT_ZONE) -> Snapshot:
    """The frozen dataset of a report date, in the zone of the group's own entity (else ``fallback``).

    Raises:
        QualityError: with every fault of the input.
    """
    given = snapshot.read(data, fallback) if isinstance(data, RawTables) else data
    return snapshot.build(given, report_date, asof.group_zone(given.frames.get("entity"), report_date, fallback))


def previous_report_date(report_date: date) -> date:
    """The comparison date of a report: the same day of the previous month, or that month's last day.

    Whole months lie between the two, so monthly figures are comparable.

    >>> previous_report_date(date(2026, 5, 1)).isoformat(), previous_report_date(date(2026, 3, 31)).isoformat()
    ('2026-04-01', '2026-02-28')
    """
    return months_later(report_date, -1)


def context_of(frozen: Snapshot, config: Path, earlier: Earlier = NOTHING) -> Context:
    """A dataset as metrics see it, with the group's rules and what earlier report dates said.

    Raises:
        ConfigError: ``rules.yaml`` is wrong.
    """
    return replace(frozen.context, rules=Judgement(rulebook.of(config)), earlier=earlier)


@dataclass(frozen=True)
class Before:
    """Earlier report dates, as known then.

    Attributes:
        earlier: What they said: their forecasts, and what they asked for.
        previous: The dataset of the latest of them, with which reports compare; None where its data has faults.
        notes: Why reports compare with nothing.
    """

    earlier: Earlier
    previous: Snapshot | None
    notes: tuple[Note, ...] = ()


def before(data: Typed, report_date: date, config: Path, *, fallback: ZoneInfo = DEFAULT_ZONE) -> Before:
    """Earlier report dates of the same data."""
    previous, notes = compared(data, report_date, fallback=fallback)
    return Before(earlier(data, report_date, config, previous, fallback=fallback), previous, notes)


def compared(
    data: Typed, report_date: date, *, fallback: ZoneInfo = DEFAULT_ZONE
) -> tuple[Snapshot | None, tuple[Note, ...]]:
    """The dataset with which reports compare; if its data has faults, None and why they compare with nothing."""
    day = previous_report_date(report_date)
    try:
        return dataset(data, day, fallback=fallback), ()
    except QualityError as error:
        return None, (Note("", no_comparison(day, error)),)


def earlier(
    data: Typed, report_date: date, config: Path, previous: Snapshot | None, *, fallback: ZoneInfo = DEFAULT_ZONE
) -> Earlier:
    """What earlier report dates said: one walk over those of the year before, each dataset built once.

    The latest few are taken back whole, for what they asked for; of the others, only the tables that a forecast reads.
    A date whose data has faults said nothing. A ledger so large that twelve datasets more would not be worth their
    time has no record. ``previous`` is the dataset of the latest date (``compared``).
    """
    if len(data.frames.get("ledger", ())) > MOST_LINES:
        return NOTHING
    needed = _of_forecasts(data)
    foreseen, asked = list[Foreseen](), list[Asked]()
    for back in range(RECORD_MONTHS, 0, -1):
        day, then = months_later(report_date, -back), previous
        if back > 1:
            then = _sound(data, day, fallback) if back <= ASKED_MONTHS else None
        context = context_of(then, config) if then else _forecasting(needed, day, fallback)
        if context is not None:
            foreseen += foresee.foresee(context)
        if then is not None and context is not None:
            asked += _asked(context, config)
    known = Earlier(tuple(foreseen), tuple(asked))
    first, begins = edition.before(report_date, config), _quarter_began(report_date, config)
    told = tuple(_told(data, first, config, known, fallback)) if first else ()
    began = tuple(_began(data, begins, config, known, fallback)) if begins else ()
    return replace(known, told=told, began=began)


def _sound(data: Typed, day: date, fallback: ZoneInfo) -> Snapshot | None:
    """The dataset of an earlier report date; None if its data has faults."""
    try:
        return dataset(data, day, fallback=fallback)
    except QualityError:
        return None


def _told(data: Typed, day: date, config: Path, earlier: Earlier, fallback: ZoneInfo) -> Iterator[Told]:
    """What the report of an earlier date of the month told; nothing if its data has faults."""
    figures = _judged(data, day, config, earlier, fallback)
    if figures is None:
        return
    values = {
        f"{fact.metric_id}/{fact.entity_id}": str(fact.value)
        for fact in figures.facts
        if fact.value is not None and not fact.dimensions and not fact.monthly
    }
    signals = {one.signal_id: (one.headline, *one.readers) for one in figures.signals}
    yield Told(day, values, signals, tuple(sorted(action.action_id for action in figures.actions)))


def _quarter_began(report_date: date, config: Path) -> date | None:
    """The first day of the latest quarter that has ended; None where no report is made every quarter."""
    if not quarterly(config):
        return None
    return quarter_before(report_date, load(config).schedule.fiscal_year_first_month).first


def _began(data: Typed, day: date, config: Path, earlier: Earlier, fallback: ZoneInfo) -> Iterator[Began]:
    """What was told as the quarter began; nothing if its data has faults."""
    figures = _judged(data, day, config, earlier, fallback)
    if figures is None:
        return
    listed = sorted((one for one in figures.actions if one.agenda == ranking.AGENDA), key=lambda one: one.rank)
    signals = {one.signal_id: one.headline for one in figures.signals}
    yield Began(day, signals, {one.action_id: one.title for one in listed})


def _judged(data: Typed, day: date, config: Path, earlier: Earlier, fallback: ZoneInfo) -> Figures | None:
    """The figures of an earlier report date as known then; None if its data has faults."""
    frozen = _sound(data, day, fallback)
    if frozen is None:
        return None
    # Seen with the record of today's report, so that what differs is what has happened since.
    context = context_of(frozen, config, earlier)
    return judge(frozen, context, metrics.compute_all(context), config)


def _asked(context: Context, config: Path) -> Iterator[Asked]:
    """What a report date asked for: the thirty-day agenda, and the registers of what needs an act."""
    try:
        _, listed = Judgement(judgement.in_force(context)).thirty_day(context)
    except MissingInputError:
        return
    wanted = declared.of(config)
    known = materiality.weighed(context, registered.found(context, (), wanted.registers), wanted)
    acute = [one for one in known if one.severity == "act"]
    names = {*(action.action_id for action in listed), *(one.signal_id for one in acute)}
    yield Asked(context.report_date, tuple(sorted(names)))


def _of_forecasts(data: Typed) -> Typed:
    """The tables and columns that a forecast reads."""
    known = {name: columns for name, columns in foresee.TABLES.items() if name in data.frames}
    return replace(data, frames={name: _columns(data.frames[name], *columns) for name, columns in known.items()})


def _forecasting(needed: Typed, day: date, fallback: ZoneInfo) -> Context | None:
    """What a forecast of an earlier report date saw; None where that has faults."""
    frozen = _sound(needed, day, fallback)
    return frozen.context if frozen else None


def _columns(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Some columns of a table, with when and where its rows were recorded."""
    wanted = {*names, RECORDED_AT, SOURCE_FILE, SOURCE_ROW}
    return frame[[column for column in frame.columns if column in wanted]]


def earlier_of(datasets: Mapping[str, Any]) -> Earlier:
    """What earlier report dates said, as the step that froze the datasets kept it."""
    kept: Earlier = canonical.restored(Earlier, datasets["earlier"]) if "earlier" in datasets else NOTHING
    return kept


def readership_of(datasets: Mapping[str, Any]) -> Readership:
    """What was read of the archive, as the same step kept it."""
    kept: Readership = canonical.restored(Readership, datasets.get("readership", {}))
    return kept


def no_comparison(before: date, error: QualityError) -> str:
    """Why reports compare with no earlier date."""
    return f"no comparison with {before.isoformat()}: as known then the data has {len(error.faults)} faults"


def judge(
    frozen: Snapshot,
    context: Context,
    facts: tuple[Fact, ...],
    config: Path,
    *,
    previous: tuple[Fact, ...] = (),
    notes: tuple[Note, ...] = (),
) -> Figures:
    """Findings, agendas and everything else reports may say, once the figures reconcile.

    Args:
        frozen: The dataset.
        context: The same as metrics see it (``context_of``), so that nothing is worked out again.
        facts: Its figures.
        config: The folder of the configuration.
        previous: The figures of the previous report date.
        notes: What the reports note about the input.

    Raises:
        ReconciliationError: figures that must agree do not.
        ConfigError: ``schedule.yaml`` and the data disagree on when a quarter ends.
    """
    reconcile.check(frozen, facts)
    currency, locale = reporting_currency(frozen.tables), group(config).locale
    with formats.speaking(currency, locale, frozen.report_date):
        findings = judgement.evaluate(context, facts, judgement.in_force(context))
        actions = agenda.rank(context, facts, findings)
        told = found.signals(context, facts, declared.of(config))
        docket, told = ranking.ranked(
            context, findings, [one for one in actions if one.agenda == "thirty_day"], told, declared.of(config)
        )
        books, quarters, path = statements_carried(context), quarters_of(context, config), path_carried(context)
    return Figures(
        report_date=frozen.report_date,
        cut_off=frozen.cut_off.isoformat(),
        zone=frozen.zone.key,
        dataset_hash=frozen.hash,
        facts=ordered(facts),
        findings=findings,
        actions=(*actions, *docket),
        signals=told,
        entities=labels.entity_names(context),
        coverage=frozen.coverage,
        notes=(*frozen.notes, *notes),
        previous=previous,
        previous_date=previous_report_date(frozen.report_date).isoformat() if previous else "",
        earlier=context.earlier,
        statements=books,
        quarters=quarters,
        path=path,
        sample=frozen.sample,
        currency=currency,
        locale=locale,
        brand=brand(config),
        reports=report_ids(config),
        labels=labels.of(frozen.tables),
    )


def quarters_of(context: Context, config: Path) -> FinancialStatements:
    """The statements by quarter; none where no report is made every quarter.

    Raises:
        ConfigError: ``schedule.yaml`` and the data disagree on when a quarter ends.
    """
    if not quarterly(config):
        return NO_STATEMENTS
    stated, known = load(config).schedule.fiscal_year_first_month, last_quarter(context)
    if quarter_before(context.report_date, stated).last != known.last:
        msg = (
            f"schedule.yaml: fiscal_year_first_month is {stated}, but the quarters of the data begin in "
            f"{known.year.first} (parameter fiscal_year_first_month): make the two agree"
        )
        raise ConfigError(msg)
    return of_quarters(context)


def figures_of(
    data: Path | str | None, report_date: date, config: Path, *, fallback: ZoneInfo = DEFAULT_ZONE
) -> Figures:
    """The figures of a report date, from the sources to the last check; ``run.behind`` adds the rows behind them.

    Raises:
        QualityError: with every fault of the input.
        ReconciliationError: figures that must agree do not.
    """
    return computed(data, report_date, config, fallback=fallback)[0]


def computed(
    data: Path | str | None, report_date: date, config: Path, *, fallback: ZoneInfo = DEFAULT_ZONE
) -> tuple[Figures, Context]:
    """The same, and what they were computed from."""
    given = snapshot.read(reading.of(data, config), fallback)
    frozen = dataset(given, report_date, fallback=fallback)
    then = before(given, report_date, config, fallback=fallback)
    previous = metrics.compute_all(context_of(then.previous, config)) if then.previous else ()
    context = context_of(frozen, config, then.earlier)
    return judge(frozen, context, metrics.compute_all(context), config, previous=previous, notes=then.notes), context
