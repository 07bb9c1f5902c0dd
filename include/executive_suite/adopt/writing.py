"""Keeping what was adopted: the folder is read as its reports will read it before it takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from executive_suite.adopt import kept, proof, reports, telling
from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.session import Session
from executive_suite.adopt.settings import LOCALES
from executive_suite.facts.figures import Figures
from executive_suite.folders import SHIPPED
from executive_suite.period import Month

_GROUP = """\
# How this group heads its reports, and how it writes numbers, money and dates (a locale of CLDR).
"""
_REPORTS = """\
# The reports of this group, and who gets each: ids of recipients.yaml, whose addresses stay in the environment.
# A report for which there are no records yet is not made.
"""
FIRST_REPORT = date(2000, 1, 1)
"""At which a folder is checked that has no day yet."""
_README = """\
# A group of companies

This folder was made by `adopt` from exports, and is yours: correct what was taken wrongly, add what no export has.

- `data/account.csv`: what each account is. `is_cash` says whether it is money.
- `data/ledger.csv`: every line, with the export and row that it came from. Lines on *Unclassified* wait for their
  account: write it over that word. A later version of a line has `recorded_at`, when it was known.
- `data/entity.csv`, `data/param.csv`: the companies, and what figures are computed with.
- `group.yaml`, `reports.yaml`: how reports are headed and written, and who gets which.
- `adopted.csv`: the files that were read; leave it as it is.

Export again next month, and adopt into this folder: what is new is added, what changed is named.
"""
OF_ANY_GROUP = ("ceo", "cto", "accounting", "cmo", "cfo")
"""The reports that are about a group as a whole; audits of one business are the sample's."""


def written(session: Session, into: Path) -> tuple[date | None, list[str]]:
    """Check the folder, let it take its place, and tell what happened.

    Returns:
        The report date at which its last complete month is over, None if nothing has a day; and the lines.

    Raises:
        NotReadableError: the tables have faults, or a file's own totals say that it was misread; nothing is written.
    """
    as_of = _as_of(session)
    if not session.readings:
        return as_of, list(telling.told(session, ()))
    _refuse_misread(session)
    with kept.replacing(into, session.kept, _texts(session)) as draft:
        figures = _figures(draft, as_of or FIRST_REPORT)
        return as_of, [
            *telling.told(session, figures.facts if as_of else ()),
            *reports.told(figures, draft),
            *reports.more(session.kept, (reading for _, reading in session.readings)),
        ]


def _refuse_misread(session: Session) -> None:
    """Refuse a journal whose own sums differ from its rows.

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
    return {"README.md": _README, "group.yaml": _GROUP + _yaml(head), "reports.yaml": _REPORTS + _yaml(own)}


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, default_flow_style=None)


def _as_of(session: Session) -> date | None:
    """The day after the last one that the files cover, but no later than the month after the last transaction ends."""
    ends = [date.fromisoformat(one.ends) for one in session.kept.files if one.ends]
    days = [date.fromisoformat(row["date"]) for name in ("ledger", "bank_line") for row in session.kept.rows(name)]
    if days and ends:
        return min(max(ends) + timedelta(days=1), (Month.of(max(days)) + 1).first)
    known = [date.fromisoformat(one.known_on) for one in session.kept.files if one.known_on]
    return max(known or days) + timedelta(days=1) if known or days else None


def _figures(draft: Path, as_of: date) -> Figures:
    """The figures of the draft.

    Raises:
        NotReadableError: its tables have faults, or its figures contradict one another.
    """
    from executive_suite import metrics
    from executive_suite.dataset import reconcile, snapshot
    from executive_suite.run import pipeline
    from executive_suite.schema.quality import QualityError
    from executive_suite.sources import reading as sources

    try:
        given = snapshot.read(sources.of(None, draft), pipeline.DEFAULT_ZONE)
        dataset = pipeline.dataset(given, as_of)
        context = pipeline.context_of(dataset, draft)
        return pipeline.judge(dataset, context, metrics.compute_all(context), draft)
    except QualityError as error:
        raise NotReadableError(next(_faults(error))) from None
    except reconcile.ReconciliationError as error:
        raise NotReadableError(" ".join(str(error).split())) from None


def _faults(error: Any) -> Iterator[str]:
    for fault in error.faults:
        row = f", row {fault.row}" if fault.row else ""
        where = "; parameters are rows of data/param.csv in the folder" if "parameter" in fault.advice else ""
        yield f"{fault.file}{row}: {fault.column} {fault.rule} (got {fault.value}); {fault.advice}{where}"
