"""Every parameter that the code asks for or the sample states is in the documentation, and nothing else is."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite import metrics
from executive_suite.cli import data_options, options
from executive_suite.dataset import snapshot
from executive_suite.folders import INCLUDE
from executive_suite.run import pipeline

PAGE = INCLUDE.parent / "docs" / "parameters.md"
ASKED = re.compile(r"""param\(\s*context,\s*(?:"([a-z][a-z0-9_]+)"|([A-Z_]+)\b)""")


def documented() -> set[str]:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([a-zA-Z0-9_<>]+)`", row.split("|")[1])}


def test_what_the_code_asks_for_is_documented() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (INCLUDE / "executive_suite").rglob("*.py"))
    constants = dict(re.findall(r"""^([A-Z_]+) = "([a-z][a-z0-9_]+)"$""", source, re.MULTILINE))
    asked = {name or constants[constant] for name, constant in ASKED.findall(source) if name or constant in constants}
    assert len(asked) > 20
    assert sorted(asked - documented() - {"fx_"}) == []  # fx_<CUR> names one parameter per currency


def test_what_the_sample_states_is_documented() -> None:
    with (INCLUDE / "data" / "param.csv").open(encoding="utf-8", newline="") as file:
        stated = {row["param"] for row in csv.DictReader(file)}
    assert sorted(name for name in stated - documented() if not name.startswith("fx_")) == []


def test_what_is_documented_is_asked_for() -> None:
    files = [*(INCLUDE / "executive_suite").rglob("*.py"), *data_options.CONFIG.glob("*.yaml")]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [name for name in sorted(documented() - {"fx_<CUR>"}) if name not in source] == []


@pytest.mark.parametrize("metric_id", ["cash_runway_months", "net_burn", "runway_p50_months", "expense_by_nature"])
def test_the_first_parameters_give_a_stranger_a_runway(tmp_path: Path, metric_id: str) -> None:
    """The block that a reader copies, over seven months of rent and sales: 1,000 in and 1,500 out a month."""
    block = PAGE.read_text(encoding="utf-8").split("```csv\n")[1].partition("```")[0]
    lines = ["txn_id,line,date,entity_id,account,amount_cents,currency,activity"]
    for month in range(1, 8):
        for number, (debit, credit, cents) in enumerate([("1010", "4010", 100_000), ("6010", "1010", 150_000)]):
            day = f"2025-{month:02d}-10"
            lines += [
                f"T{month}-{number},{n},{day},acme,{a},{c},USD,operating"
                for n, a, c in ((1, debit, cents), (2, credit, -cents))
            ]
    lines += [
        f"T0,{n},2025-01-01,acme,{a},{c},USD,financing" for n, a, c in ((1, "1010", 1_000_000), (2, "3010", -1_000_000))
    ]
    accounts = ACCOUNTS + "    3010,Capital,equity,credit,false\n"
    given = raw(tmp_path, entity=ENTITIES, account=accounts, ledger="\n".join(lines) + "\n", param=block)
    dataset = pipeline.dataset(snapshot.read(given), options.day("2025-08-01"))
    found = [
        fact
        for fact in metrics.compute_all(dataset.context)
        if fact.metric_id == metric_id
        and fact.entity_id == "group"
        and not fact.dimensions
        and fact.period == "2025-08-01"
    ]
    assert [fact.status for fact in found] == ["ok"], found
    if metric_id == "cash_runway_months":
        # (10,000 - 7 x 500) / 500
        assert found[0].value == 13
