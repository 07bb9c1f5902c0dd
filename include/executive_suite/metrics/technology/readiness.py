"""Operational readiness: when secrets were last rotated and when a restore was last tried."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.registry import metric

CATEGORIES = {"secret_age_days": ("secret", "credential"), "restore_test_age_days": ("restore_test",)}


@metric("secret_age_days", "restore_test_age_days", needs={"system": ("system_id", "category", "since")})
def _readiness(context: Context) -> Iterator[Fact]:
    register = context.rows("system")
    known = [row for row in register if row.since is not None and row.since < context.report_date]
    for metric_id, categories in CATEGORIES.items():
        ages = {row.system_id: (context.report_date - row.since).days for row in known if row.category in categories}
        if not ages:
            reason = f"no system of category {' or '.join(categories)} has a date since"
            yield context.fact(metric_id, not_evaluable(reason), inputs={"system": register})
            continue
        pick = max if metric_id == "secret_age_days" else min
        yield context.fact(metric_id, Measure(pick(ages.values())), inputs={"system": ages})
        for system, days in ages.items():
            yield context.fact(metric_id, Measure(days), inputs={"system": (system,)}, system=system)
