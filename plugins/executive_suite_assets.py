"""What other DAGs may wait for: the frozen dataset of a run, and each report that is archived, as Airflow's assets.

Each event says ``report_date`` and ``content_digest``. A report whose bytes were archived before is no event: there is
nothing new to wait for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, AssetAlias

if TYPE_CHECKING:
    from airflow.sdk import Context


def dataset_of(dag_id: str) -> Asset:
    """The dataset that a DAG of reports freezes: ``executive_suite/dataset``, or by the name of the group's DAG."""
    return _asset(dag_id, "dataset")


def report_of(dag_id: str, report: str) -> Asset:
    """One report of such a DAG, by its id: ``executive_suite/cfo``."""
    return _asset(dag_id, report)


def reports_of(dag_id: str) -> AssetAlias:
    """All of its reports: ``executive_suite/reports``."""
    return AssetAlias(f"{dag_id}/reports", group="executive_suite")


def frozen(context: Context, plan: Mapping[str, Any], key: str) -> None:
    """Say which dataset a run has frozen; the key ends in its digest."""
    extra = {"report_date": plan["report_date"], "content_digest": key.rsplit("/", 1)[-1].partition(".")[0]}
    context["outlet_events"][dataset_of(context["ti"].dag_id)].extra = extra


def archived(context: Context, work: Mapping[str, Any], content_digest: str) -> None:
    """Say which report a lane has archived."""
    dag_id = context["ti"].dag_id
    extra = {"report_date": work["plan"]["report_date"], "content_digest": content_digest}
    context["outlet_events"][reports_of(dag_id)].add(report_of(dag_id, work["report"]), extra=extra)


def _asset(dag_id: str, name: str) -> Asset:
    return Asset(f"{dag_id}/{name}", uri=f"x-executive-suite://{dag_id}/{name}", group="executive_suite")
