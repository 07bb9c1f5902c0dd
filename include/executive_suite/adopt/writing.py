"""Keeping what was adopted: the folder is read as its reports will read it before it takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from executive_suite.adopt import kept, laying, proof, reports, telling
from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.session import Session
from executive_suite.adopt.settings import LOCALES
from executive_suite.facts.fact import Fact
from executive_suite.folders import SHIPPED

_GROUP = """\
# How this group heads its reports, and how it writes numbers, money and dates (a locale of CLDR).
"""
_REPORTS = """\
# The reports of this group, and who gets each: ids of recipients.yaml, whose addresses stay in the environment.
# A report for which there are no records yet is not made.
"""
OF_ANY_GROUP = ("ceo", "cto", "accounting", "cmo", "cfo")
"""The reports that are about a group as a whole; audits of one business are the sample's."""


def written(session: Session, into: Path) -> list[str]:
    """Check the folder, let it take its place, and tell what happened, in lines.

    Raises:
        NotReadableError: the tables have faults, or a file's own totals say that it was misread; nothing is written.
    """
    if not session.readings:
        return [*telling.told(session, ()), f"{into}: as before"]
    _refuse_misread(session)
    with kept.replacing(into, session.kept, _texts(session)) as draft:
        as_of = _as_of(session)
        facts = _figures(draft, as_of)
        return [*telling.told(session, facts), *reports.told(draft, as_of, into)]


def _refuse_misread(session: Session) -> None:
    """Refuse a journal whose own sums differ from what was read of it.

    Raises:
        NotReadableError: they do.
    """
    for one in proof.checks(session.kept, session.laid.chart, session.readings):
        if one.of_itself and not one.agrees:
            msg = (
                f"{one.file}, row {one.row}: {one.what} is {one.told:,.2f}, but its rows come to {one.ours:,.2f}; "
                "export it again, whole"
            )
            raise NotReadableError(msg)


def _texts(session: Session) -> dict[str, str]:
    group = next(row for row in session.kept.rows("entity") if row["kind"] == "group")
    head = {"name": group["name"][:60], "locale": LOCALES.get(group["base_currency"], "en_US")}
    shipped = yaml.safe_load((SHIPPED / "reports.yaml").read_text(encoding="utf-8"))
    own = [one for one in shipped if one["report"] in OF_ANY_GROUP]
    return {"group.yaml": _GROUP + _yaml(head), "reports.yaml": _REPORTS + _yaml(own)}


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, default_flow_style=None)


def _as_of(session: Session) -> date:
    """The day after the last one that a file covers: then its last month is complete."""
    days = [date.fromisoformat(one.ends) for one in session.kept.files if one.ends]
    known = [date.fromisoformat(one.known_on) for one in session.kept.files if one.known_on]
    totals = [total.ends for _, reading in session.readings for total in reading.totals]
    return max(days or known or totals or [laying.FIRST_DAY]) + timedelta(days=1)


def _figures(draft: Path, as_of: date) -> tuple[Fact, ...]:
    """The figures of the draft.

    Raises:
        NotReadableError: its tables have faults.
    """
    from executive_suite import metrics
    from executive_suite.dataset import snapshot
    from executive_suite.run import pipeline
    from executive_suite.schema.quality import QualityError
    from executive_suite.sources import reading as sources

    try:
        given = snapshot.read(sources.of(None, draft), pipeline.DEFAULT_ZONE)
        dataset = pipeline.dataset(given, as_of)
    except QualityError as error:
        raise NotReadableError(next(_faults(error))) from None
    return metrics.compute_all(pipeline.context_of(dataset, draft))


def _faults(error: Any) -> Iterator[str]:
    for fault in error.faults:
        row = f", row {fault.row}" if fault.row else ""
        yield f"{fault.file}{row}: {fault.column} {fault.rule} (got {fault.value}); {fault.advice}"
