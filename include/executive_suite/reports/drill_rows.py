"""The rows behind one figure as its panel shows them, and all of them as the evidence file has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.sources import Posted, SourceTable, Used
from executive_suite.rendering.drill import Rows
from executive_suite.reports import phrases
from executive_suite.schema.tables import Table, schema
from executive_suite.wording import say

MOST_ROWS = 8
"""Rows of one table of one figure that the page lists."""
_MOST_COLUMNS = 6
_MOST_AMOUNTS = 13
_UNSEEN = frozenset({"recorded_at", "created_at", "assumed"})
"""Columns that say nothing about a figure."""


def of(figures: Figures, fact: Fact, most: int, evidence: str) -> Iterator[Rows]:
    """The rows behind a figure, by table.

    Args:
        figures: The figures of the run.
        fact: One of them.
        most: Rows that are listed of a table.
        evidence: Name of the file with all rows; empty if there is none.
    """
    traced = figures.sources.facts.get(fact.fact_id)
    if traced is None:
        yield from (Rows(_words(one.table), _counted(one.table, one.rows)) for one in fact.inputs if one.rows)
        return
    for used in traced:
        if not used.rows:
            continue
        if used.posted:
            yield _posted(figures, fact, used, most)
        if used.named:
            yield _listed(figures, used, most, evidence)
        elif not used.posted:
            note = say("The metric states how many rows took part, not which.")
            yield Rows(_words(used.table), _counted(used.table, used.rows), note=note)


def _words(table: str) -> str:
    return table.replace("_", " ")


def _counted(table: str, rows: int) -> str:
    return formats.counted(rows, "ledger line" if table == "ledger" else f"{_words(table)} row")


def _posted(figures: Figures, fact: Fact, used: Used, most: int) -> Rows:
    """Sums of the ledger by account and month, or by account if those are too many."""
    total = sum(one.cents for one in used.posted)
    amount = formats.money(total, places=2)
    told = say("{table} add up to {amount}", table=_counted(used.table, used.named), amount=amount)
    made_of = ""
    if len(used.amounts) > 1:
        parts = [f"{formats.money(cents, places=2)} ({formats.counted(n, 'line')})" for cents, n in used.amounts]
        told, made_of = _counted(used.table, used.named), phrases.some(parts, _MOST_AMOUNTS)
    elif fact.unit.startswith("cents") and fact.number == total:
        told += say(", which is the figure")
    lines = list(_by_account(used.posted) if len(used.posted) > most else used.posted)
    lines.sort(key=lambda one: (-abs(one.cents), one.account, one.month))
    shown, rest = lines[:most], lines[most:]
    names = figures.labels.get("account", {})
    rows = [
        (
            f"{one.account} {names.get(one.account, '')}".strip(),
            formats.month(one.month) if one.month else say("all months"),
            formats.number(one.lines),
            formats.money(one.cents, places=2),
        )
        for one in shown
    ]
    if rest:
        cents, count = sum(one.cents for one in rest), sum(one.lines for one in rest)
        rows.append((say("other accounts"), say("all months"), formats.number(count), formats.money(cents, places=2)))
    note = ""
    if left := sum(cents for cents, _ in used.amounts) - total:
        note = say(
            "Transfers within the group and opening balances change it by {left}.", left=formats.money(left, places=2)
        )
    headings = (say("Account"), say("Month"), say("Lines"), say("Amount"))
    return Rows(say("ledger, by account and month"), told, made_of, headings, tuple(rows), (2, 3), note)


def _by_account(posted: Iterable[Posted]) -> Iterator[Posted]:
    found: dict[str, tuple[int, int]] = {}
    for one in posted:
        cents, count = found.get(one.account, (0, 0))
        found[one.account] = cents + one.cents, count + one.lines
    yield from (Posted(account, "", cents, count) for account, (cents, count) in found.items())


def _listed(figures: Figures, used: Used, most: int, evidence: str) -> Rows:
    told = _counted(used.table, used.named)
    if not used.listed:
        return Rows(_words(used.table), say("{told}: every one on record", told=told))
    known = figures.sources.tables[used.table]
    columns = _columns(known, schema()[used.table])
    places = _largest(known, used) if used.table == "ledger" else list(used.listed)
    shown = sorted(places[:most])
    rows = tuple((where(known, place), *_cells(known, place, columns)) for place in shown)
    left = used.named - len(shown)
    note = ""
    if left and shown:
        which = say("the largest") if used.table == "ledger" else say("the first")
        note = say(
            "{which} {shown} of {named}", which=which, shown=len(shown), named=formats.number(used.named)
        ).capitalize()
        note += say("; more in {evidence}.", evidence=evidence) if evidence else "."
    headings = (say("Row"), *(_heading(name) for name in columns))
    kinds = schema()[used.table].columns
    numbers = tuple(at for at, name in enumerate(columns, start=1) if kinds[name].kind in {"integer", "number"})
    return Rows(_words(used.table), told, "", headings, rows, numbers, note)


def _heading(column: str) -> str:
    return phrases.capital(column.removesuffix("_cents").removesuffix("_id").replace("_", " "))


def where(known: SourceTable, place: int) -> str:
    """File and row: "ledger.csv 6576"; the place in the dataset if the source has no files."""
    file, row, *_ = known.rows[place]
    return f"{file} {row}".strip() or say("row {value}", value=place + 1)


def _largest(known: SourceTable, used: Used) -> list[int]:
    if "amount_cents" not in known.columns:
        return list(used.listed)
    at = 2 + known.columns.index("amount_cents")
    return sorted(used.listed, key=lambda place: (-abs(int(known.rows[place][at] or 0)), place))


def _columns(known: SourceTable, table: Table) -> Sequence[str]:
    """The columns that tell most of a row: key, day, amounts, then the rest in order of the schema."""
    names = [name for name in known.columns if name not in _UNSEEN]
    texts = {name for name in names if table.kind(name) != "integer"}
    names = [name for name in names if name in texts or name not in table.key]
    first = [name for name in names if name in table.key or name == table.business_date]
    money = [name for name in names if table.columns[name].money]
    chosen = list(dict.fromkeys((*first, *money, *names)))[:_MOST_COLUMNS]
    return [
        *(name for name in chosen if name == table.business_date),
        *(n for n in chosen if n in money),
        *(name for name in names if name in chosen and name not in money and name != table.business_date),
    ]


def _cells(known: SourceTable, place: int, columns: Sequence[str]) -> Iterator[str]:
    row = known.rows[place]
    for name in columns:
        text = row[2 + known.columns.index(name)]
        yield formats.money(int(text), places=2) if name.endswith("_cents") and text else text
