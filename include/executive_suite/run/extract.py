"""Extract: store what the sources hold, faulty or not."""

from __future__ import annotations

from datetime import date

from executive_suite import canonical
from executive_suite.archive.bundle import Kept
from executive_suite.run import clock, many, readership
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.sources import raw_store, reading
from executive_suite.stores.store import create_by_hash


def extract(deployment: Deployment, plan: Plan) -> str:
    """Store what the sources hold now, and what was read of the archive; returns the key of an object that names it.

    Raises:
        ConfigError: a source is configured wrongly.
        FileNotFoundError: a source does not exist.
    """
    many.check_sources(deployment)
    readership.count(deployment, clock.now())
    kept = Kept(deployment.records)
    key = raw_store.keep(kept, reading.of(None, deployment.config_folder), date.fromisoformat(plan.report_date))
    named = canonical.dumps({"raw": key, "bundle": kept.bundle("raw/bundles")})
    return create_by_hash(deployment.records, f"raw/{plan.report_date}", named)
