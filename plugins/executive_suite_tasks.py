"""What the DAG's tasks do: Airflow's context in, keys and digests out. All else is in ``executive_suite``."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

log = logging.getLogger(__name__)


def open_deployment(step: str) -> Any:
    """The deployment as one step may see it: what the step has no business with leaves its process first."""
    import os  # noqa: PLC0415 - parsing the DAG needs none of this

    from executive_suite.run import deployment  # noqa: PLC0415 - as above

    return deployment.for_step(step, os.environ)


def audit_run(context: Any) -> Any:
    """This task, as the audit trail names it."""
    from executive_suite import __version__  # noqa: PLC0415 - parsing the DAG needs none of this
    from executive_suite.trail.chain import Run  # noqa: PLC0415 - as above

    ti = context["ti"]
    return Run(ti.dag_id, ti.run_id, ti.task_id, ti.map_index, ti.try_number, __version__)


def preflight(context: Any) -> dict[str, Any]:
    """Check everything that the run needs, and settle what it is to do."""
    from executive_suite.run import plan, preflight  # noqa: PLC0415 - parsing the DAG needs none of this

    deployment = open_deployment("preflight")
    run = context["dag_run"]
    request = plan.Request(
        run_id=run.run_id,
        backfill=str(getattr(run.run_type, "value", run.run_type)).startswith("backfill"),
        params=context["params"],
        conf=run.conf or {},
        interval_end=context.get("data_interval_end"),
        run_after=run.run_after,
    )
    settled = plan.of(request, deployment.config, deployment.settings)
    for remark in preflight.check(deployment, settled):
        log.warning(remark.text)
    log.info(
        "report date %s, %d reports, %s", settled.report_date, len(settled.reports), settled.why_not or "to be sent"
    )
    return {**settled.to_json(), "send_rate": preflight.send_rate(deployment)}


def extract(plan: dict[str, Any]) -> str:
    """Keep what the sources hold."""
    from executive_suite.run import steps  # noqa: PLC0415 - parsing the DAG needs none of this

    return steps.extract(open_deployment("extract"), date.fromisoformat(plan["report_date"]))


def validate(plan: dict[str, Any], raw: str) -> str:
    """Gate and freeze."""
    from executive_suite.run import steps  # noqa: PLC0415 - parsing the DAG needs none of this

    return steps.validate(open_deployment("validate"), date.fromisoformat(plan["report_date"]), raw)


def compute(field: str, datasets: str) -> str:
    """The facts of one field."""
    from executive_suite.run import steps  # noqa: PLC0415 - parsing the DAG needs none of this

    return steps.compute(open_deployment("compute"), field, datasets)


def reconcile(plan: dict[str, Any], datasets: str, facts: list[str]) -> list[dict[str, Any]]:
    """The run's figures, and with them the work of every lane."""
    from executive_suite.run import steps  # noqa: PLC0415 - parsing the DAG needs none of this

    figures = steps.reconcile(open_deployment("reconcile"), datasets, facts)
    return [{"report": report, "figures": figures, "plan": plan} for report in plan["reports"]]


def render(work: dict[str, Any]) -> str:
    """One report; its content digest."""
    from executive_suite.run import steps, steps_lane  # noqa: PLC0415 - parsing the DAG needs none of this
    from executive_suite.run.plan import Plan  # noqa: PLC0415 - as above

    deployment = open_deployment("render")
    document = steps.render(deployment, work["report"], work["figures"])
    run = audit_run(get_current_context())
    return steps_lane.generated(deployment, Plan.from_json(work["plan"]), run, document)


def close(context: Any) -> str:
    """Say what came of the run; red unless everything went out that was to."""
    from executive_suite.run import steps_lane  # noqa: PLC0415 - parsing the DAG needs none of this
    from executive_suite.run.plan import Plan  # noqa: PLC0415 - as above

    ti = context["ti"]
    given = ti.xcom_pull(task_ids="preflight")
    if not given:
        msg = "preflight did not pass: nothing was made and nothing was sent"
        raise AirflowFailException(msg)
    deployment, plan = open_deployment("close"), Plan.from_json(given)
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    found = steps_lane.close(deployment, plan, audit_run(context), troubled(plan.reports, states))
    shortfalls = found.shortfalls()
    for text in shortfalls:
        log.error("did not go out: %s", text)
    if shortfalls:
        msg = f"{len(shortfalls)} of {len(found.lanes)} reports did not go out: " + "; ".join(shortfalls)
        raise AirflowFailException(msg)
    log.info("%d reports archived, %s", len(found.lanes), plan.why_not or "all sent")
    return found.anchor


def take_in_feedback() -> dict[str, int]:
    """What SES says of accepted mails, from the queue into ledger, suppression list and audit; counts of it."""
    import os  # noqa: PLC0415 - parsing the DAG needs none of this

    from executive_suite.run import steps_feedback  # noqa: PLC0415 - as above

    queue = os.environ["EXECUTIVE_SUITE_FEEDBACK_QUEUE"]
    return steps_feedback.take_in(open_deployment("feedback"), queue, audit_run(get_current_context()))


def look_for_late() -> list[str]:
    """What was due and has not gone out by its deadline; the owner is told, once a deadline."""
    from executive_suite.run import watch  # noqa: PLC0415 - parsing the DAG needs none of this

    return [str(deadline) for deadline in watch.look(open_deployment("watch"), audit_run(get_current_context()))]


def troubled(reports: tuple[str, ...], states: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Report to the steps that did not end well, from Airflow's states (``lane.send_3``: failed).

    The steps that failed, and only where none did those that were not reached: they follow from the others.
    """
    found: dict[str, dict[str, list[str]]] = {report: {"failed": [], "upstream_failed": []} for report in reports}
    for task, state in states.items():
        word = str(getattr(state, "value", state))
        if word not in {"failed", "upstream_failed"}:
            continue
        step, _, index = task.removeprefix("lane.").rpartition("_")
        if not task.startswith("lane."):
            concerned, step = reports, task
        elif index.isdigit() and int(index) < len(reports):
            concerned = (reports[int(index)],)
        else:
            concerned, step = reports, task.removeprefix("lane.")
        for report in concerned:
            found[report][word].append(f"{step}: {'failed' if word == 'failed' else 'not reached'}")
    return {report: tuple(steps["failed"] or steps["upstream_failed"]) for report, steps in found.items()}
