"""Keeping what was adopted: the folder is checked as its reports will read it before it takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import yaml

from executive_suite.adopt import kept, proof
from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.session import LOCALES, Session
from executive_suite.folders import SHIPPED

_REPORTS = ("ceo", "cto", "accounting", "cmo", "cfo")


def written(session: Session, into: Path) -> list[str]:
    """Check the folder, let it take its place, and tell what happened in lines.

    Raises:
        NotReadableError: the tables have faults; nothing is written.
    """
    if not session.readings:
        return [f"{file}: read before; nothing is new" for file in session.again]
    with kept.replacing(into, session.kept, _texts(session)) as draft:
        lines = list(_told(session, draft, into))
    return lines


def _texts(session: Session) -> dict[str, str]:
    group = next(row for row in session.kept.rows("entity") if row["kind"] == "group")
    locale = LOCALES.get(group["base_currency"], "en_US")
    reports = yaml.safe_load((SHIPPED / "reports.yaml").read_text(encoding="utf-8"))
    own = [one for one in reports if one["report"] in _REPORTS]
    return {
        "group.yaml": (
            "# How this group heads its reports, and how it writes numbers, money and dates (a locale of CLDR). docs/data.md\n"
            f"{yaml.safe_dump({'name': group['name'][:60], 'locale': locale}, allow_unicode=True, sort_keys=False)}"
        ),
        "reports.yaml": (
            "# The reports that this group reads, and who gets each (ids of recipients.yaml).\n"
            f"{yaml.safe_dump(own, allow_unicode=True, sort_keys=False, default_flow_style=None)}"
        ),
    }


def _told(session: Session, draft: Path, into: Path) -> Iterator[str]:
    from executive_suite import metrics
    from executive_suite.dataset import snapshot
    from executive_suite.run import pipeline
    from executive_suite.schema.quality import QualityError
    from executive_suite.sources import reading as sources

    as_of = (session.kept.last_day() or date.today()) + timedelta(days=1)  # noqa: DTZ011 - registers alone have no day
    try:
        given = snapshot.read(sources.of(None, draft), pipeline.DEFAULT_ZONE)
        dataset = pipeline.dataset(given, as_of)
    except QualityError as error:
        fault = error.faults[0]
        msg = f"{fault.file}, row {fault.row}: {fault.rule}; {fault.advice}"
        raise NotReadableError(msg) from None
    del metrics, dataset, into
    for owner, reading in session.readings:
        yield f"{reading.file}: {reading.program} {reading.report} of {owner.name}"
    for file, changes in session.changes:
        yield f"  {file}: {changes.new} new, {changes.same} known, {len(changes.changed)} changed, {len(changes.gone)} gone"
    for word, value, ground in session.settings:
        yield f"  {word}: {value} ({ground})"
    for one in session.chart.proposed:
        yield f"  account {one.account}: {one.kind.type} ({one.kind.ground})"
    yield from session.notes
    for check in proof.checks(session.kept, session.chart, session.readings):
        yield f"  {check.what}: {check.told} told, {check.ours} read {'ok' if check.agrees else 'DIFFERS'}"
    for entity, line in session.unmatched:
        yield f"  unmatched: {entity} {line.account} {line.day} {line.text} {line.amount}"
