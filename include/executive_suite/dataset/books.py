"""Books that use the same transaction numbers, kept apart: T1 of the café is not T1 of the deli."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from executive_suite.schema import keys
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import RECORDED_AT, SOURCE_FILE, SOURCE_ROW
from executive_suite.schema.typed import records

NEEDED = ("txn_id", "entity_id", "amount_cents", SOURCE_FILE)
SEPARATOR = ":"
MENTIONS = {"expense_doc": "txn_id", "bank_line": "matched_txn_id", "maintenance": "ledger_txn_id"}
"""Tables that name a transaction without saying whose, and the column."""

Shared = Mapping[str, tuple[str, ...]]
"""Transaction number to the entities whose books use it for transactions of their own."""


def shared(ledger: pd.DataFrame) -> Shared:
    """The transaction numbers that several books use.

    The lines of each entity must balance on their own. Where one file holds several of the entities, they must use the
    same line numbers; otherwise it is one transaction between them. A later version of a line that differs only in its
    entity is a correction, not another book.

    Args:
        ledger: Every version of every line.
    """
    if not set(NEEDED) <= set(ledger.columns) or ledger["entity_id"].nunique() < 2:  # noqa: PLR2004 - one book
        return {}
    numbered = "line" in ledger.columns
    if numbered and not keys.repeated(ledger, ["txn_id", "line"]).any():
        return {}
    if not numbered and ledger[SOURCE_FILE].nunique() < 2:  # noqa: PLR2004 - one file
        return {}
    twice = ledger[ledger.duplicated(["txn_id", "line"] if numbered else ["txn_id"], keep=False)]
    several = twice.groupby("txn_id", observed=True)["entity_id"].nunique()
    rows = ledger[ledger["txn_id"].isin(several.index[several > 1])]
    if rows.empty:
        return {}
    rows = rows[~rows["txn_id"].isin(_spanning(rows, numbered=numbered))]
    rows = rows[~rows["txn_id"].isin(_unbalanced(rows, numbered=numbered))]
    owners = rows.groupby("txn_id", observed=True)["entity_id"].unique()
    return {str(txn): tuple(sorted(map(str, entities))) for txn, entities in owners.items()}


def _spanning(rows: pd.DataFrame, *, numbered: bool) -> pd.Index:
    """Transactions of which one file holds lines of several entities without using a line number for all of them."""
    by_file = rows.groupby(["txn_id", SOURCE_FILE], observed=True)["entity_id"].nunique()
    mixed = by_file[by_file > 1]
    if numbered and len(mixed):
        clashing = rows[~_moved(rows)]
        lines = clashing.groupby(["txn_id", SOURCE_FILE, "line"], observed=True)["entity_id"].nunique()
        most = lines.groupby(["txn_id", SOURCE_FILE], observed=True).max().reindex(mixed.index, fill_value=0)
        mixed = mixed[most < mixed]
    return mixed.index.get_level_values("txn_id").unique()


def _moved(rows: pd.DataFrame) -> pd.Series:
    """Versions of a line of one file that differ in nothing but their entity."""
    nothing = pd.Series(data=False, index=rows.index)
    same = [name for name in ("txn_id", SOURCE_FILE, "line", "date", "account", "amount_cents") if name in rows.columns]
    if RECORDED_AT not in rows.columns:
        return nothing
    again = rows.duplicated(same, keep=False) & ~rows.duplicated([*same, RECORDED_AT], keep=False)
    return again if again.any() else nothing


def _unbalanced(rows: pd.DataFrame, *, numbered: bool) -> pd.Index:
    """Transactions whose lines do not sum to zero within each entity, in their latest versions."""
    last = rows
    if RECORDED_AT in rows.columns:
        last = rows.sort_values(RECORDED_AT, na_position="first", kind="stable")
    if numbered:
        last = last.drop_duplicates(["txn_id", "entity_id", "line"], keep="last")
    sums = last.groupby(["txn_id", "entity_id"], observed=True)["amount_cents"].sum()
    return sums.index[sums != 0].get_level_values("txn_id").unique()


def apart(ledger: pd.DataFrame, numbers: Shared) -> pd.DataFrame:
    """The ledger with the entity before each shared number: ``cafe:T1``, also where a line reverses one."""
    changed = {}
    for column in ("txn_id", "reverses_txn_id"):
        if column in ledger.columns:
            values = ledger[column].astype("str")
            named = ledger["entity_id"].astype("str") + SEPARATOR + values
            changed[column] = values.where(~values.isin(list(numbers)), named)
    return ledger.assign(**changed)


def ambiguous(frames: Mapping[str, pd.DataFrame], numbers: Shared) -> Iterator[Fault]:
    """Rows of other tables that name a shared number, so that nobody knows whose transaction it is."""
    for table, column in MENTIONS.items():
        frame = frames.get(table)
        if frame is None or column not in frame.columns:
            continue
        for txn, file, row in records(frame[frame[column].isin(list(numbers))], column, SOURCE_FILE, SOURCE_ROW):
            choices = " or ".join(f"{entity}{SEPARATOR}{txn}" for entity in numbers[txn])
            rule = f"must name one transaction; the books of {', '.join(numbers[txn])} each have a {txn}"
            yield Fault(str(file), rule, f"write {choices}", int(row), column, shown(txn))
