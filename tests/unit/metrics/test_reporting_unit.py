"""A group that reports in a currency of half the worth has twice the amounts, and all else the same.

Only the group's own currency differs; every record stays in that of its entity. An amount that was taken for the
reporting currency without being converted would stay as it was.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.dataset.context import Context
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.fact import Fact
from executive_suite.run import pipeline
from executive_suite.schema.tables import schema
from executive_suite.sources import reading
from group_data import INCLUDE, REPORT_DATE, sample

OF_NO_ENTITY = ("campaign_scenario", "deployment_option")
"""Their amounts are in the reporting currency unless they state one."""
LONG_AGO = pd.Timestamp("1990-01-01")
STATEMENTS_IN_THEIR_OWN = "bank_reconciliation_difference"
"""Balances of statements in another currency are not compared with the books."""


def _halved(given: Typed) -> Typed:
    """The group reports in CAD, 2 for a US dollar; parameters of cents are in it, and double."""
    tables = dict(given.frames)
    entity, params, asset = (tables[name].copy() for name in ("entity", "param", "asset"))
    entity.loc[entity["kind"] == "group", "base_currency"] = "CAD"
    cents = params["unit"] == "cents"
    params.loc[cents, "value"] = params.loc[cents, "value"].map(lambda text: str(2 * Decimal(text)))
    rate = params.iloc[[0]].assign(param="fx_USD", scope="group", value="2", valid_from=LONG_AGO, valid_to=pd.NaT)
    rate["recorded_at"] = LONG_AGO.tz_localize("UTC")
    undated = asset["acquired_on"].isna() & asset["valued_on"].isna()
    asset.loc[undated, "valued_on"] = LONG_AGO
    tables |= {"entity": entity, "asset": asset}
    tables["param"] = pd.concat([params, rate.astype(params.dtypes.to_dict())], ignore_index=True)
    tables |= {name: tables[name].assign(currency=pd.Series("USD", tables[name].index)) for name in OF_NO_ENTITY}
    return replace(given, frames=tables)


def _facts(run: Context) -> dict[tuple[object, ...], Fact]:
    return {(f.metric_id, f.entity_id, f.period, *f.dimensions.items()): f for f in metrics.compute_all(run)}


def _double(one: Fact, other: Fact) -> bool:
    """Whether an amount is twice the other, up to what rounding each row to the cent may leave."""
    first, second = one.number, other.number
    if first is None or second is None or "cents" not in one.unit:
        return (one.status, str(one.value)) == (other.status, str(other.value)) or _near(first, second)
    return abs(Fraction(second) - 2 * Fraction(first)) <= 3 + abs(Fraction(first)) / 1000


def _near(first: Decimal | int | None, second: Decimal | int | None) -> bool:
    if first is None or second is None:
        return False
    return abs(Fraction(first) - Fraction(second)) <= abs(Fraction(first)) / 1000 + Fraction(1, 100)


def test_amounts_double_and_nothing_else_changes() -> None:
    given = _halved(snapshot.read(reading.of(INCLUDE / "data", INCLUDE / "config")))
    run = pipeline.context_of(pipeline.dataset(given, REPORT_DATE), INCLUDE / "config")
    for name, frame in run.tables.items():
        money = [column for column in frame.columns if schema()[name].columns[column].money]
        plain = sample().tables[name]
        doubled = [column for column in money if not frame[column].equals(2 * plain[column])]
        assert doubled in ([], ["statement_balance_cents"], ["est_monthly_saving_cents"]), name
    before, after = _facts(sample()), _facts(run)
    assert before.keys() == after.keys()
    wrong = [key for key, fact in before.items() if not _double(fact, after[key])]
    assert {key[0] for key in wrong} == {STATEMENTS_IN_THEIR_OWN}, wrong[:20]
