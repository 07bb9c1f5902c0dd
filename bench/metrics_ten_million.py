"""All metrics over a ledger of ten million lines, against DuckDB and Polars computing the same figures.

    PYTHONPATH=include .venv/bin/python bench/metrics_ten_million.py [--rows 10000000] [--rounds 5] [--folder DIR]

Each contender runs in a process of its own and is measured from its start to its last figure: wall time, processor time
of all threads, peak memory. The contenders take turns, round by round, after one round that is not counted: whatever
else the machine does then, it does to all of them. The medians are shown, and the goals are held in every round.

"figures" computes the monthly figures of every entity and of the group, the account balances and the trial balance;
"and checks" also what the gate checks: every transaction at zero, no key twice, no unknown account or entity. The
product always does both, and some two hundred further metrics that say why they have no value. Goals: at most 1.5 times
DuckDB's time, at most 2 GiB.

The figures of all three are compared, every cell, before anything is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

AS_OF = date(2026, 5, 1)
CUT_OFF = datetime(2026, 5, 1, 7, tzinfo=UTC)  # midnight in Los Angeles
SALES, OPERATING = 0.45, 0.95  # shares of transactions: sales, then purchases, then between balance accounts
CASH_ACCOUNTS = 2
GOAL_TIMES = 1.5
GOAL_BYTES = 2 << 30

Cells = dict[tuple[str, str, str], int]


@dataclass(frozen=True)
class Run:
    """What one contender took."""

    name: str
    wall: float
    processor: float
    peak: int
    cells: Cells


def generate(folder: Path, rows: int) -> None:
    """Write a balanced ledger of four entities over three years, and what it refers to; the same for the same size."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    dice = np.random.default_rng(7)
    count = rows // 2
    entities = ["acme", "beta", "delta", "gamma"]
    kinds = [("1010", "asset"), ("1020", "asset"), ("1200", "asset"), ("2000", "liability"), ("3010", "equity")]
    kinds += [(str(4000 + 10 * n), "revenue") for n in range(1, 8)] + [
        (str(6000 + 10 * n), "expense") for n in range(1, 21)
    ]
    sides = {"asset": "debit", "expense": "debit"}
    chart = [
        f"{account},Account {account},{kind},{sides.get(kind, 'credit')},{'opex_ga' if kind == 'expense' else 'na'},"
        f"{str(number < CASH_ACCOUNTS).lower()}\n"
        for number, (account, kind) in enumerate(kinds)
    ]
    (folder / "account.csv").write_text("account,name,type,normal_side,function,is_cash\n" + "".join(chart))
    (folder / "entity.csv").write_text(
        "entity_id,kind,name,base_currency,timezone\ngroup,group,Group,USD,America/Los_Angeles\n"
        + "".join(f"{e},business,{e.title()},USD,America/Los_Angeles\n" for e in entities)
    )
    (folder / "param.csv").write_text(
        "param,scope,valid_from,valid_to,value,unit,source\nburn_window_months,group,2020-01-01,,6,months,bench\n"
    )

    def lines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.stack([first, second], axis=1).ravel()

    def words(codes: np.ndarray, names: list[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), names).cast(pa.string())

    day = (np.datetime64("2023-05-01") + np.sort(dice.integers(0, 1096, count))).astype("datetime64[D]")
    sort = dice.random(count)
    other = np.select(
        [sort < SALES, sort < OPERATING],
        [dice.integers(5, 12, count), dice.integers(12, 32, count)],
        dice.integers(1, 5, count),
    )
    amount = dice.integers(100, 500_000, count) * np.where(sort < SALES, 1, -1)
    names = pa.array(np.char.add("T", np.char.zfill(np.arange(1, count + 1).astype(str), 8)))
    owner = np.repeat(np.arange(count), 2)
    noon = day[owner].astype("datetime64[us]")
    table = pa.table(
        {
            "txn_id": names.take(pa.array(owner)),
            "line": pa.array(lines(np.ones(count, np.int64), np.full(count, 2))),
            "date": pa.array(day[owner]),
            "entity_id": words(dice.integers(0, 4, count)[owner], entities),
            "account": words(lines(dice.integers(0, 2, count), other), [name for name, _ in kinds]),
            "amount_cents": pa.array(lines(amount, -amount)),
            "currency": words(np.zeros(2 * count), ["USD"]),
            "activity": words(np.where(sort < OPERATING, 0, 1)[owner], ["operating", "financing"]),
            "posted_at": pa.array(noon + np.timedelta64(20, "h"), pa.timestamp("us", tz="UTC")),
            "recorded_at": pa.array(noon + np.timedelta64(30, "h"), pa.timestamp("us", tz="UTC")),
        }
    )
    pq.write_table(table, folder / "ledger.parquet")


MONTHLY = """
    with line as (
        select entity_id, date, account, amount_cents, activity from read_parquet('{folder}/ledger.parquet')
        where date < date '{as_of}' and recorded_at < timestamptz '{cut_off}'
    ), cell as (
        select entity_id, strftime(date, '%Y-%m') as month, account, activity, sum(amount_cents) as cents
        from line group by all
    ), month as (
        select c.entity_id, c.month,
            -sum(c.cents) filter (a.type = 'revenue') as revenue,
            sum(c.cents) filter (a.type = 'expense') as expenses,
            sum(c.cents) filter (a.is_cash) as net_cash_change,
            -sum(c.cents) filter (a.is_cash and c.activity = 'operating') as net_burn
        from cell c join read_csv('{folder}/account.csv', types = {{'account': 'varchar'}}) a using (account)
        group by all
    ), everyone as (
        select * from month
        union all
        select 'group', month, sum(revenue), sum(expenses), sum(net_cash_change), sum(net_burn) from month
        group by month
    )
    select entity_id, month, coalesce(revenue, 0), coalesce(expenses, 0), coalesce(revenue, 0) - coalesce(expenses, 0),
        coalesce(net_cash_change, 0), sum(coalesce(net_cash_change, 0)) over (partition by entity_id order by month),
        coalesce(net_burn, 0)
    from everyone
"""
FIGURES = ("revenue", "expenses", "net_income", "net_cash_change", "cash_balance", "net_burn")
BALANCES = "select account, sum(amount_cents) from read_parquet('{folder}/ledger.parquet') group by account"
TRIAL = "select entity_id, sum(amount_cents) from read_parquet('{folder}/ledger.parquet') group by entity_id"
LEDGER = "read_parquet('{folder}/ledger.parquet')"
CHART = "read_csv('{folder}/account.csv', types = {{'account': 'varchar'}})"
ENTITIES = "read_csv('{folder}/entity.csv')"
CHECKS = (
    f"select count(*) from (select txn_id from {LEDGER} group by 1 having sum(amount_cents) <> 0)",
    f"select count(*) from (select 1 from {LEDGER} group by txn_id, line having count(*) > 1)",
    f"select count(*) from {LEDGER} l anti join {CHART} a using (account)",
    f"select count(*) from {LEDGER} l anti join {ENTITIES} e using (entity_id)",
)


def duckdb_figures(folder: Path, *, checks: bool) -> Cells:
    """The figures in SQL."""
    import duckdb

    names = {"folder": folder.as_posix(), "as_of": AS_OF.isoformat(), "cut_off": CUT_OFF.isoformat()}
    engine = duckdb.connect()
    cells = {}
    for entity, month, *values in engine.execute(MONTHLY.format(**names)).fetchall():
        cells.update({(name, entity, month): int(value) for name, value in zip(FIGURES, values, strict=True)})
    engine.execute(BALANCES.format(**names)).fetchall()
    engine.execute(TRIAL.format(**names)).fetchall()
    for query in CHECKS if checks else ():
        if engine.execute(query.format(**names)).fetchall() != [(0,)]:
            raise AssertionError(query)
    return cells


def polars_figures(folder: Path, *, checks: bool) -> Cells:
    """The figures in Polars' lazy frames."""
    import polars as pl

    ledger = pl.scan_parquet(folder / "ledger.parquet")
    accounts = pl.scan_csv(folder / "account.csv", schema_overrides={"account": pl.String})
    known = ledger.filter(
        pl.col("date") < pl.lit(AS_OF),
        pl.col("recorded_at") < pl.lit(CUT_OFF),
    )
    cents = pl.col("amount_cents")
    cash, kind = pl.col("is_cash"), pl.col("type")
    month = (
        known.group_by("entity_id", pl.col("date").dt.strftime("%Y-%m").alias("month"), "account", "activity")
        .agg(cents.sum())
        .join(accounts, on="account")
        .group_by("entity_id", "month")
        .agg(
            revenue=-cents.filter(kind == "revenue").sum(),
            expenses=cents.filter(kind == "expense").sum(),
            net_cash_change=cents.filter(cash).sum(),
            net_burn=-cents.filter(cash & (pl.col("activity") == "operating")).sum(),
        )
    )
    group = month.group_by("month").agg(pl.exclude("entity_id").sum()).with_columns(entity_id=pl.lit("group"))
    table = (
        pl.concat([month, group.select(month.collect_schema().names())])
        .sort("entity_id", "month")
        .with_columns(
            net_income=pl.col("revenue") - pl.col("expenses"),
            cash_balance=pl.col("net_cash_change").cum_sum().over("entity_id"),
        )
    )
    queries = [table, ledger.group_by("account").agg(cents.sum()), ledger.group_by("entity_id").agg(cents.sum())]
    if checks:
        queries += [
            ledger.group_by("txn_id").agg(cents.sum()).filter(cents != 0).select(pl.len()),
            ledger.group_by("txn_id", "line").len().filter(pl.col("len") > 1).select(pl.len()),
            ledger.join(accounts, on="account", how="anti").select(pl.len()),
            ledger.join(pl.scan_csv(folder / "entity.csv"), on="entity_id", how="anti").select(pl.len()),
        ]
    found, *rest = pl.collect_all(queries)
    if any(frame.item() for frame in rest[2:]):
        raise AssertionError(rest)
    return {
        (name, row["entity_id"], row["month"]): row[name] for row in found.iter_rows(named=True) for name in FIGURES
    }


def product_figures(folder: Path) -> Cells:
    """The product's own command, and what it printed."""
    command = [sys.executable, "-m", "executive_suite", "metrics", "--data", str(folder), "--as-of", AS_OF.isoformat()]
    installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    printed = subprocess.run(command, capture_output=True, check=True, env=installed).stdout
    return {
        (fact["metric_id"], fact["entity_id"], fact["period"]): fact["value"]
        for fact in json.loads(printed)
        if fact["metric_id"] in FIGURES and not fact["dimensions"] and len(fact["period"]) == len("2026-04")
    }


CONTENDERS: dict[str, Callable[[Path], Cells]] = {
    "product": product_figures,
    "DuckDB, figures": lambda folder: duckdb_figures(folder, checks=False),
    "DuckDB, figures and checks": lambda folder: duckdb_figures(folder, checks=True),
    "Polars, figures": lambda folder: polars_figures(folder, checks=False),
    "Polars, figures and checks": lambda folder: polars_figures(folder, checks=True),
}


def contend(name: str, folder: Path) -> Run:
    """Run one contender in a process of its own."""
    result = folder / "result.json"
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        cells = CONTENDERS[name](folder)
        result.write_text(json.dumps([[*key, value] for key, value in cells.items()]))
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        peak = max(use.ru_maxrss for use in used) * 1024
        (folder / "used.json").write_text(json.dumps([sum(use.ru_utime + use.ru_stime for use in used), peak]))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{name} failed")
    processor, peak = json.loads((folder / "used.json").read_text())
    cells = {(metric, entity, month): value for metric, entity, month, value in json.loads(result.read_text())}
    return Run(name, wall, processor, int(peak), cells)


def table(rounds: list[list[Run]]) -> Iterator[str]:
    """What was measured, against DuckDB with checks in the same round."""
    yield f"{'':28} {'wall':>9} {'x DuckDB':>9} {'from to':>11} {'processor':>10} {'peak':>10}"
    names = list(CONTENDERS)
    base = [runs[names.index("DuckDB, figures and checks")].wall for runs in rounds]
    for runs in zip(*rounds, strict=True):
        times = [run.wall / wall for run, wall in zip(runs, base, strict=True)]
        yield (
            f"{runs[0].name:28} {median(run.wall for run in runs):7.2f} s {median(times):9.2f} "
            f"{min(times):5.2f} {max(times):5.2f} {median(run.processor for run in runs):8.2f} s "
            f"{max(run.peak for run in runs) / 2**20:6.0f} MiB"
        )
    ours = [runs[names.index("product")] for runs in rounds]
    slow = sum(run.wall > GOAL_TIMES * wall for run, wall in zip(ours, base, strict=True))
    large = sum(run.peak > GOAL_BYTES for run in ours)
    for what, missed in ((f"at most {GOAL_TIMES} x DuckDB's time", slow), ("at most 2 GiB", large)):
        yield f"goal: {what}: {f'MISSED in {missed} of {len(rounds)} rounds' if missed else 'met in every round'}"


def differences(runs: list[Run]) -> Iterator[str]:
    """Where a contender's figures are not the product's."""
    for run in runs[1:]:
        shared = runs[0].cells.keys() & run.cells.keys()
        differ = [key for key in shared if runs[0].cells[key] != run.cells[key]]
        if differ or len(shared) < len(run.cells):
            missing = len(run.cells) - len(shared)
            yield f"{run.name}: of {len(run.cells)} cells {len(differ)} differ and {missing} are missing"


def main() -> None:
    """Generate, run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the ledger here; default a folder that is removed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "ledger.parquet").exists():
            child = os.fork()
            if child == 0:
                generate(folder, options.rows)
                os._exit(0)
            os.waitpid(child, 0)
        rounds = [[contend(name, folder) for name in CONTENDERS] for _ in range(options.rounds + 1)]
    for runs in rounds:
        if told := list(differences(runs)):
            sys.exit("\n".join(told))
    cells = len(rounds[0][1].cells)
    print(
        f"{options.rows:,} lines, {cells:,} cells, equal in all; {os.cpu_count()} processors, {options.rounds} rounds"
    )
    print("\n".join(table(rounds[1:])))


if __name__ == "__main__":
    main()
