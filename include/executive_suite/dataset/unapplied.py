"""Payments whose invoice is not known: cash received or paid, applied to no document."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from executive_suite.dataset.quality_rules import MANY
from executive_suite.facts.figures import Note
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.schema.typed import records

TABLE, COLUMN = "payment", "invoice_id"

Frames = Mapping[str, pd.DataFrame]


def payments(used: Frames, everything: Frames) -> tuple[dict[str, pd.DataFrame], list[Note]]:
    """The payments of a report date if one has an invoice that is not known then, and what to say about those.

    Args:
        used: The rows that the report date uses.
        everything: All rows of the sources, to tell an invoice that comes later from one that no file holds.
    """
    if not all(name in used and COLUMN in used[name].columns for name in (TABLE, "invoice")):
        return {}, []
    frame = used[TABLE]
    unknown = frame[COLUMN].notna() & ~frame[COLUMN].isin(used["invoice"][COLUMN])
    if not unknown.any():
        return {}, []
    later = frame[COLUMN].isin(everything["invoice"][COLUMN])
    notes = []
    if count := int((unknown & later).sum()):
        notes.append(Note(TABLE, "payments of invoices that are not known yet count as unapplied", count))
    if (nowhere := unknown & ~later).any():
        rows = list(records(frame[nowhere], SOURCE_FILE, SOURCE_ROW, COLUMN))
        listed = ", ".join(f"{file} row {row} ({invoice})" for file, row, invoice in rows[:MANY])
        more = f" and {len(rows) - MANY} more" if len(rows) > MANY else ""
        text = "payments of invoices that no file holds count as unapplied; correct invoice_id or leave it blank"
        notes.append(Note(TABLE, f"{text}: {listed}{more}", len(rows)))
    return {TABLE: frame.assign(**{COLUMN: frame[COLUMN].where(~unknown)})}, notes
