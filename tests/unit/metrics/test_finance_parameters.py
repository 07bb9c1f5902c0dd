"""Parameters that nothing can be worked out with: named, never a crash and never a figure."""

import pandas as pd
import pytest

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import LEAST
from group_data import changed, facts_of, put, sample

USED_BY = {
    "burn_window_months": ("finance", "cash_runway_months"),
    "cloud_baseline_periods": ("technology", "cloud_baseline_low"),
    "monte_carlo_horizon_months": ("finance", "runway_p10_months"),
    "monte_carlo_runs": ("finance", "runway_p50_months"),
    "monte_carlo_seed": ("finance", "runway_p90_months"),
    "npv_horizon_months": ("finance", "deployment_npv"),
    "unit_price_cents": ("finance", "contribution_margin"),
}
CASES = [
    *((name, str(least - 1), f"expected a whole number of {least} or more") for name, least in LEAST.items()),
    *((name, "2.5", "expected a whole number") for name in USED_BY),
]


@pytest.mark.parametrize(("name", "value", "words"), [case for case in CASES if case[0] in USED_BY])
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, words: str) -> None:
    run = changed(sample(), param=put("value", value, param=name))
    field, metric_id = USED_BY[name]
    (whole,) = {fact.reason for fact in facts_of(run, field, metric_id) if fact.value is None}
    assert f"param {name} is {value}" in whole
    assert words in whole


# The last month of the targets may lie before the year of the report: then there is no target to tell, and no crash.
def test_targets_that_ended_before_the_year() -> None:
    run = sample()
    param = run.tables["param"]
    row = param[param["param"] == "burn_window_months"].assign(param="revenue_target_last_month", value="202412")
    tables = {**run.tables, "param": pd.concat([param, row], ignore_index=True)}
    data = Context(tables, run.report_date, run.zone)
    assert all(fact.value is None for fact in facts_of(data, "finance", "revenue_target"))
