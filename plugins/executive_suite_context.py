"""What Airflow knows about a task, in the product's words."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from executive_suite import __version__
from executive_suite.identity import without_addresses
from executive_suite.run.plan import Request, RequestError
from executive_suite.trail.chain import Run
from executive_suite_steps import step

if TYPE_CHECKING:
    from airflow.sdk import Context

OUTCOME = "outcome"
"""The XCom with the run's result in a few words, for its note: of ``close``, or of ``preflight`` if that failed."""
FAULTS = "faults"
"""The XCom with what stopped ``preflight``, unless a person asked for what no run does."""

log = logging.getLogger(__name__)


class NothingMadeError(LookupError):
    """Preflight did not pass, so the run has no plan."""


def request_of(context: Context) -> Request:
    """What the person or schedule that started the run asked for."""
    run: Any = context["dag_run"]
    return Request(
        run_id=run.run_id,
        backfill=str(getattr(run.run_type, "value", run.run_type)).startswith("backfill"),
        params=context["params"],
        conf=run.conf or {},
        interval_end=context.get("data_interval_end"),
        run_after=run.run_after,
        started_by=getattr(run, "triggering_user_name", None) or "",
    )


def run_of(context: Context) -> dict[str, Any]:
    """The task, as the audit trail names it, in plain values."""
    ti: Any = context["ti"]
    return asdict(Run(ti.dag_id, ti.run_id, ti.task_id, ti.map_index, ti.try_number, __version__))


def plan_of(context: Context) -> dict[str, Any]:
    """The plan that preflight settled, in plain values.

    Raises:
        NothingMadeError: preflight did not pass.
    """
    given = context["ti"].xcom_pull(task_ids="preflight")
    if not given:
        msg = "preflight did not pass: nothing was made and nothing was sent"
        raise NothingMadeError(msg)
    return dict(given)


def states_of(context: Context) -> dict[str, str]:
    """Every task of the run with its state; mapped tasks carry their number (``lane.send_3``)."""
    ti: Any = context["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    return {task: str(getattr(state, "value", state)) for task, state in states.items()}


def checked(context: Context) -> dict[str, Any]:
    """Check the run; returns its plan in plain values."""
    try:
        plan = dict(step("preflight", request=request_of(context).to_json(), run=run_of(context)))
        check_lanes(len(plan["reports"]))
    except RequestError as error:
        _leave(context, error)
        raise
    except Exception as error:
        context["ti"].xcom_push(FAULTS, [without_addresses(str(fault)) for fault in error.args])
        _leave(context, error)
        raise
    return plan


def check_lanes(reports: int) -> None:
    """Refuse a run with more lanes than Airflow opens: it would say so only once every figure is computed.

    Raises:
        ConfigError: there are more.
    """
    from airflow.sdk.configuration import conf

    from executive_suite.config_files import ConfigError

    most = conf.getint("core", "max_map_length", fallback=1024)
    if reports > most:
        msg = (
            f"{reports} reports are due, and this Airflow opens at most {most} lanes: set max_map_length of [core] "
            f"(AIRFLOW__CORE__MAX_MAP_LENGTH) to {reports} or more, for the API server as well"
        )
        raise ConfigError(msg)


def closed(context: Context) -> str:
    """Close the run; returns the anchor of the audit trail.

    What stopped preflight is told to the owner from here: preflight itself sends no mail, and may not.
    """
    if faults := context["ti"].xcom_pull(task_ids="preflight", key=FAULTS):
        try:
            step("unstarted", request=request_of(context).to_json(), run=run_of(context), faults=faults)
        except Exception as error:  # noqa: BLE001 - what stopped the run may stop the mail; the run's own end says more
            log.warning("the owner was not notified: %s", error)
    try:
        ended = step("close", plan=plan_of(context), run=run_of(context), states=states_of(context))
    except Exception as error:
        _leave(context, error)
        raise
    context["ti"].xcom_push(OUTCOME, ended["outcome"])
    return str(ended["anchor"])


def _leave(context: Context, error: Exception) -> None:
    """Leave what the task fails with for the run's note."""
    context["ti"].xcom_push(OUTCOME, getattr(error, "outcome", "") or without_addresses(str(error)))
