"""The DAG of docs/platforms.md that has the function make the reports: its text, word for word, is run."""

from __future__ import annotations

import importlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest

from executive_suite.aws_lambda import request_of
from group_data import INCLUDE
from lambda_runtime import function
from loopback import PRETENDED

PAGES = sorted((INCLUDE.parent / "docs").glob("*.md"))
DUE = datetime(2026, 5, 1, 13, tzinfo=UTC)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The one task of that DAG."""
    fenced = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
    texts = (block for page in PAGES for block in fenced.findall(page.read_text(encoding="utf-8")))
    (text,) = (text for text in texts if "LambdaInvokeFunctionOperator" in text)
    (tmp_path / "by_function_dag.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_AWS_DEFAULT", "aws://")
    for name in ("aws_access_key_id", "aws_secret_access_key"):
        monkeypatch.setenv(name.upper(), PRETENDED[name])
    monkeypatch.setenv("AWS_DEFAULT_REGION", PRETENDED["region_name"])
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("by_function_dag").made.tasks[0]
    del sys.modules["by_function_dag"]


@pytest.mark.parametrize("due", [DUE, None])
def test_the_task_invokes_waits_and_fails_with_the_function(
    operator: Any, due: datetime | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = SimpleNamespace(data_interval_end=due, run_after=DUE)
    operator.payload = jinja2.Template(operator.payload).render(dag_run=run)
    assert request_of(json.loads(operator.payload), "1").interval_end == DUE
    with function("lambda_runtime.echo", {"PYTHONPATH": str(Path(__file__).parents[1])}, tmp_path / "log") as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", running.url)
        assert json.loads(operator.execute({})) == json.loads(operator.payload)
        operator.payload = '{"fail": "so"}'
        with pytest.raises(ValueError, match="resulted in error"):
            operator.execute({})
    # Once each: a call that is given up and made again would start a second run next to the first.
    assert (tmp_path / "log").read_text(encoding="utf-8").count("asked: ") == 2
    assert operator.hook.conn.meta.config.read_timeout > 900
