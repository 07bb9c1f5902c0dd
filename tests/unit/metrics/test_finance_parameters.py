"""Parameters that nothing can be worked out with: named, never a crash and never a figure."""

from datetime import date

import pandas as pd
import pytest
from finance_rows import facts_of

from executive_suite import metrics
from executive_suite.metrics.context import Context
from executive_suite.metrics.finance.parameters import LEAST
from group_data import changed, put, sample

USED = {name: least for name, least in LEAST.items() if name != "ltv_horizon_months"}
"""Those that a figure of the sample needs; it has no campaign spend, so nothing asks how long a customer stays."""

CASES = [
    *((name, str(least - 1), f"expected a whole number of {least} or more") for name, least in USED.items()),
    *((name, "2.5", "expected a whole number") for name in USED),
    ("unit_price_cents", "2.5", "expected a whole number"),
]


@pytest.mark.parametrize(("name", "value", "words"), CASES)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, words: str) -> None:
    run = changed(sample(), param=put("value", value, param=name))
    facts = [fact for field in ("finance", "accounting", "technology") for fact in metrics.compute(run, field)]
    told = [fact for fact in facts if f"param {name} is {value}" in fact.reason and words in fact.reason]
    assert told
    assert all(fact.value is None and fact.status == "not_evaluable" for fact in told)


# The last month of the targets may lie before the year of the report: then there is no target to tell, and no crash.
def test_targets_that_ended_before_the_year() -> None:
    run = sample()
    param = run.tables["param"]
    row = param[param["param"] == "burn_window_months"].assign(param="revenue_target_last_month", value="202412")
    tables = {**run.tables, "param": pd.concat([param, row], ignore_index=True)}
    data = Context(tables, date(2026, 5, 1), run.zone)
    assert all(fact.value is None for fact in facts_of(data, "finance", "revenue_target"))
