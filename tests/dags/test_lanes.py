"""As many lanes as Airflow opens; its documented default of [core] max_map_length is 1024."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from executive_suite.config import ConfigError

sys.path.insert(0, str(Path(__file__).parents[2] / "plugins"))

from airflow.sdk.configuration import conf

import executive_suite_context
from executive_suite_retries import FINAL

DEFAULT = 1024


def test_more_reports_than_lanes_stop_the_run_before_it_has_read_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIRFLOW__CORE__MAX_MAP_LENGTH", raising=False)
    conf.invalidate_cache()
    executive_suite_context.check_lanes(DEFAULT)
    with pytest.raises(
        ConfigError, match=r"1025 reports .* at most 1024 lanes.*AIRFLOW__CORE__MAX_MAP_LENGTH"
    ) as error:
        executive_suite_context.check_lanes(DEFAULT + 1)
    assert f"{error.type.__module__}:{error.type.__qualname__}" in FINAL  # no retry changes it
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "2000")
    executive_suite_context.check_lanes(DEFAULT + 1)
