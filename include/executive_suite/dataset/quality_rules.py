"""Rules across rows: keys, references, balance, equity and time zones, among the rows known at the cut-off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from executive_suite.dataset.row_rules import plain
from executive_suite.period import time_zones
from executive_suite.schema import keys
from executive_suite.schema.quality import MOST, Fault, first, shown
from executive_suite.schema.tables import RECORDED_AT, SOURCE_FILE, SOURCE_ROW, Reference, Table, schema
from executive_suite.schema.typed import records
from executive_suite.sources.spelling import closest

WHOLE_BP = 10_000

MANY = 10
"""Row numbers that a message lists."""

GUESSED = 20
"""Unknown references for which a similar key is looked for, which takes time."""

WHOLE = {"ledger": "txn_id", "equity_holder": "entity_id"}
"""Tables with rules across rows, and the column that groups those rows."""

ENTITY_ID = re.compile(r"(?!.*\.\.)[^\W_](?:[\w .&-]{0,62}[\w.&-])?")
"""Letters of any script; no separator of paths, no control character, nothing that turns the reading direction."""

Frames = Mapping[str, pd.DataFrame]


def _fault(row: pd.Series[Any], column: str, value: object, rule: str, advice: str) -> Fault:
    return Fault(str(row[SOURCE_FILE]), rule, advice, int(row[SOURCE_ROW]), column, shown(value))


def duplicate_keys(frame: pd.DataFrame, table: Table) -> Iterator[Fault]:
    """Two rows with the same key and ``recorded_at``: neither is the later version."""
    key = [*table.key, *({RECORDED_AT} & set(frame.columns))]
    if not table.key or not set(key) <= set(frame.columns):
        return
    again = keys.repeated(frame, key)
    if again.any():
        again &= frame[list(table.key)].notna().all(axis="columns").to_numpy(dtype=bool)
    if not again.any():
        return
    places: dict[str, tuple[str, int]] = {}
    for *values, file, row in records(frame[frame.duplicated(key, keep=False)], *key, SOURCE_FILE, SOURCE_ROW):
        places.setdefault(str(values), (str(file), row))

    def fault(file: object, row: int, values: list[Any]) -> Fault:
        named = ", ".join(f"{column}={plain(value)}" for column, value in zip(table.key, values, strict=False))
        other, at = places[str(values)]
        rule = f"must be a unique key (first used in {'' if other == file else f'{other}, '}row {at})"
        advice = (
            "give a correction a later recorded_at; add up parts of one record with `sum` in sources.yaml; "
            "if it is the same record twice, keep one of the two"
        )
        return Fault(str(file), rule, advice, row, ", ".join(table.key), shown(named))

    rows = records(frame[again].head(MOST), *key, SOURCE_FILE, SOURCE_ROW)
    yield from first((fault(file, int(row), values) for *values, file, row in rows), int(again.sum()))


def _numbered(rows: Iterable[int]) -> str:
    """Row numbers in words, the first ten."""
    numbers = [str(number) for number in rows]
    more = f" and {len(numbers) - MANY} more" if len(numbers) > MANY else ""
    return f"row{'s'[: len(numbers) != 1]} {', '.join(numbers[:MANY])}{more}"


def sound(name: str, frame: pd.DataFrame, faulty: frozenset[int]) -> pd.DataFrame:
    """The rows that rules across rows can judge: one faulty cell excludes its whole transaction."""
    if not faulty:
        return frame
    broken = frame.index.isin(faulty)
    together = WHOLE.get(name, "")
    if together in frame.columns:
        broken |= frame[together].isin(frame.loc[broken, together]).to_numpy(dtype=bool)
    return frame[~broken]


def rows_at(places: AbstractSet[tuple[str, int]], frame: pd.DataFrame) -> frozenset[int]:
    """The positions in a frame of some places, each a file and a row number in it."""
    if not places:
        return frozenset()
    pairs = records(frame, SOURCE_FILE, SOURCE_ROW)
    return frozenset(position for position, place in enumerate(pairs) if place in places)


def unknown_references(used: Frames, everything: Frames) -> Iterator[Fault]:
    """Values that are not a key of the table they refer to, among the rows known at the cut-off."""
    for name, frame in used.items():
        for reference in schema()[name].references:
            if reference.column in frame.columns and reference.table in used:
                yield from _dangling(frame, reference, used[reference.table], everything[reference.table])


def _dangling(frame: pd.DataFrame, reference: Reference, target: pd.DataFrame, ever: pd.DataFrame) -> Iterator[Fault]:
    if reference.target not in target.columns:
        return
    values = frame[reference.column]
    there = set(target[reference.target].dropna())
    if isinstance(values.dtype, pd.CategoricalDtype) and there.issuperset(values.cat.categories):
        return
    missing = values[values.notna()].drop_duplicates()
    gone = [value for value in missing if value not in there]
    if not gone:
        return
    later = set(ever[reference.target].dropna())
    near = target[reference.target].dropna().astype(str).tolist() if len(target) <= MOST else []
    guesses = {value: closest(str(value), near) for value in missing.head(GUESSED)}
    rule = f"must be a known {reference.target}; the table {reference.table} has no such row at the cut-off"

    def fault(value: object, file: object, row: int) -> Fault:
        guess = guesses.get(value, "")
        advice = f"add the row to {reference.table}, or correct the reference{f' (perhaps {guess})' if guess else ''}"
        if value in later:
            advice = f"its row in {reference.table} is recorded only after the cut-off: correct its recorded_at"
        return Fault(str(file), rule, advice, int(row), reference.column, shown(value))

    dangling = frame[values.isin(gone)]
    cells = records(dangling.head(MOST), reference.column, SOURCE_FILE, SOURCE_ROW)
    yield from first((fault(*cell) for cell in cells), len(dangling))


def unbalanced(ledger: pd.DataFrame, known: pd.DataFrame, ever: pd.DataFrame) -> Iterator[Fault]:
    """Transactions whose lines do not sum to zero, also because they straddle the cut-off.

    Args:
        ledger: The lines that a report uses.
        known: These and the lines dated on or after the report date.
        ever: Every version of every line, whenever it was recorded.
    """
    if not {"txn_id", "amount_cents"} <= set(ledger.columns):
        return
    off = sums(ledger)
    if off.empty:
        return
    complete, later = sums(known).index, sums(_last_versions(ever, off.index)).index

    def fault(txn: Any, rows: pd.DataFrame) -> Fault:
        rule = f"must sum to zero over the lines of transaction {txn} ({_numbered(rows[SOURCE_ROW])}: {off[txn]} cents)"
        advice = "correct an amount or add the missing line; debit is positive, credit negative"
        if txn not in complete:
            advice = "give all its lines one date and one recorded_at: some are dated on or after the report date"
        elif txn not in later:
            advice = "give all its lines one recorded_at: some are recorded only after the cut-off"
        return _fault(rows.iloc[0], "amount_cents", off[txn], rule, advice)

    groups = ledger[ledger["txn_id"].isin(off.index[:MOST])].groupby("txn_id", observed=True)
    yield from first((fault(txn, rows) for txn, rows in groups), len(off))


def _last_versions(ever: pd.DataFrame, txns: pd.Index[Any]) -> pd.DataFrame:
    """The lines of some transactions as last recorded."""
    rows = ever[ever["txn_id"].isin(txns)]
    if RECORDED_AT in rows.columns:
        rows = rows.sort_values(RECORDED_AT, na_position="first", kind="stable")
    return rows.drop_duplicates(["txn_id", "line"], keep="last") if "line" in rows.columns else rows


def unbalanced_within_entities(ledger: pd.DataFrame) -> Iterator[Fault]:
    """Transactions that sum to zero, but not within each entity that they touch.

    Args:
        ledger: Balanced lines, those of a transaction together.
    """
    if not {"txn_id", "entity_id", "amount_cents"} <= set(ledger.columns) or ledger.empty:
        return
    _, same = keys.steps(ledger["txn_id"])
    entity = keys.codes(ledger["entity_id"])[0]
    crosses = np.concatenate([[False], same & (entity[1:] != entity[:-1])])
    if not crosses.any():
        return
    rows = ledger[ledger["txn_id"].isin(ledger.loc[crosses, "txn_id"])]
    for _, own in rows.groupby(["txn_id", "entity_id"], observed=True):
        if total := int(own["amount_cents"].sum()):
            line = own.iloc[0]
            whose, what = f"within {line['entity_id']}", f"the lines of transaction {line['txn_id']}"
            rule = f"must sum to zero {whose} over {what} ({_numbered(own[SOURCE_ROW])}: {total} cents)"
            advice = "book what one entity owes the other on accounts due to and due from it"
            yield _fault(line, "amount_cents", total, rule, advice)


def sums(ledger: pd.DataFrame) -> pd.Series[Any]:
    """The transactions that do not sum to zero, with their sums in cents."""
    amounts = ledger["amount_cents"]
    if amounts.hasnans:
        ledger = ledger[amounts.notna()]  # an unreadable cell has its own fault
    return keys.sums(ledger["txn_id"], ledger["amount_cents"].to_numpy(dtype=np.int64))


def equity_not_whole(holders: pd.DataFrame) -> Iterator[Fault]:
    """Days on which the shares of an entity's holders do not total 10,000 basis points."""
    if not {"entity_id", "valid_from", "pct_bp"} <= set(holders.columns):
        return
    open_end = pd.Series(pd.NaT, index=holders.index, dtype="datetime64[us]")
    ends = holders["valid_to"] if "valid_to" in holders.columns else open_end
    for entity, rows in holders.groupby("entity_id", observed=True):
        last = ends[rows.index]
        changes = sorted({*rows["valid_from"], *(last.dropna() + pd.Timedelta(days=1)), pd.Timestamp.max})
        for day, following in pairwise(changes):
            valid = rows[(rows["valid_from"] <= day) & (last.isna() | (last >= day))]
            total = int(valid["pct_bp"].sum())
            if len(valid) and total != WHOLE_BP:
                until = "" if following == pd.Timestamp.max else f" until {(following - pd.Timedelta(days=1)).date()}"
                found = f"from {day.date()}{until}: {total}, {_numbered(valid[SOURCE_ROW])}"
                rule = f"must sum to {WHOLE_BP} basis points over the holders of {entity} ({found})"
                yield _fault(valid.iloc[0], "pct_bp", total, rule, "correct the shares, or end one with valid_to")


def malformed_ids(entities: pd.DataFrame) -> Iterator[Fault]:
    """Entities whose id could be taken for a path, or reads differently from what it is."""
    if "entity_id" not in entities.columns:
        return
    # A blank one is another fault, and reported as such.
    plain_ids = entities["entity_id"].map(lambda one: not isinstance(one, str) or ENTITY_ID.fullmatch(one) is not None)
    for _, row in entities[entities["entity_id"].notna() & ~plain_ids.astype(bool)].iterrows():
        rule = "must begin with a letter or digit and hold only letters, digits, spaces and . _ & -, at most 64"
        yield _fault(row, "entity_id", row["entity_id"], rule, "give the entity a plain id in every table")


def unknown_zones(entities: pd.DataFrame) -> Iterator[Fault]:
    """Entities whose time zone is not in the IANA database."""
    if "timezone" in entities.columns:
        wrong = entities[entities["timezone"].notna() & ~entities["timezone"].isin(time_zones())]
        for _, row in wrong.iterrows():
            advice = "write a name such as America/Los_Angeles"
            yield _fault(row, "timezone", row["timezone"], "must be a time zone of the IANA database", advice)
