"""A backfill that Airflow gives an earlier run mails only if it was armed itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))

from executive_suite.run.plan import KEYS
from executive_suite_backfills import conf_of


@pytest.mark.parametrize(
    ("run", "backfill", "armed"),
    [
        ({"arm_backfill_send": True}, {}, False),
        ({"arm_backfill_send": True}, None, False),
        ({"arm_backfill_send": True}, {"reports": ["cfo"]}, False),
        ({"arm_backfill_send": True}, {"arm_backfill_send": False}, False),
        ({"arm_backfill_send": True}, {"arm_backfill_send": True}, True),
        ({"arm_backfill_send": False}, {"arm_backfill_send": True}, True),
        ({}, {}, False),
        (None, None, False),
    ],
)
def test_a_run_is_armed_as_its_own_backfill_says(
    run: dict[str, Any] | None, backfill: dict[str, Any] | None, *, armed: bool
) -> None:
    assert "arm_backfill_send" in KEYS
    assert conf_of(run, backfill).get("arm_backfill_send", False) is armed


def test_the_rest_stays_as_airflow_has_it() -> None:
    kept = {"report_date": "2026-05-01", "reports": ["cfo"], "send": True}
    assert conf_of({**kept, "arm_backfill_send": True}, {}) == {**kept, "arm_backfill_send": False}
    assert conf_of(kept, {"reports": ["cto"]}) == kept
