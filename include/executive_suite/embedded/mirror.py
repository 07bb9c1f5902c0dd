"""What a person opens: ``out/<report date>`` with the archive and the accepted mails, and the summary in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from executive_suite.embedded.layout import Layout
from executive_suite.run import deployment
from executive_suite.run.deployment import Deployment
from executive_suite.run.summary import Lane, Summary
from executive_suite.stores.store import ObjectMissingError


def show(layout: Layout, run_id: str, say: Callable[[str], None]) -> bool:
    """Mirror a run's archive and mails, and say how each report stands; whether everything went out that was to.

    Args:
        layout: Where ``out`` is.
        run_id: The run.
        say: Prints a line.
    """
    opened = deployment.from_environment()
    summary = _summary(opened, run_id)
    if summary is None:
        say("Nothing was made: the run stopped before its reports. The red task's log in the Airflow UI says why;")
        say("`make run` again after mending it.")
        return False
    folder = layout.out / summary.report_date
    folder.mkdir(parents=True, exist_ok=True)
    for lane in summary.lanes:
        _mirror(opened, folder, lane)
        _say(lane, folder, say)
    shortfalls = summary.shortfalls()
    for text in shortfalls:
        say(f"  DID NOT GO OUT: {text}")
    if not summary.send:
        say(f"  Nothing was mailed: {summary.why_not}.")
    elif not shortfalls:
        say(f"  Audit anchor {summary.anchor} (keep it elsewhere: `audit verify --anchor` finds a rewrite by it)")
        say(f"  All {len(summary.lanes)} reports are archived and sent. Open {folder}")
    return not shortfalls


def _summary(opened: Deployment, run_id: str) -> Summary | None:
    """The summary of a run; its report date is looked up, because a run may have chosen it itself."""
    for key in opened.records.keys("runs/"):
        if key.endswith("/summary.json"):
            body = opened.records.get(key).body
            if json.loads(body)["run_id"] == run_id:
                return Summary.from_json(body)
    return None


def _mirror(opened: Deployment, folder: Path, lane: Lane) -> None:
    for key in lane.keys:
        try:
            body = opened.reports.get(key).body
        except ObjectMissingError:
            continue
        (folder / Path(key).name).write_bytes(body)
    for one in lane.deliveries:
        if one.state == "sent" and one.mail_key:
            mail = folder / f"{one.delivery_id}-g{one.generation}.eml"
            mail.write_bytes(opened.records.get(one.mail_key).body)


def _say(lane: Lane, folder: Path, say: Callable[[str], None]) -> None:
    say(f"  {lane.title}")
    for key in lane.keys:
        if key.endswith((".html", ".txt")):
            say(f"    archived   {key}")
    page = next((key for key in lane.keys if key.endswith(".html")), "")
    if page:
        say(f"    open       {folder / Path(page).name}")
    for one in lane.deliveries:
        said = ", ".join(part for part in (one.state, one.why, one.message_id and f"message {one.message_id}") if part)
        say(f"    mail       {one.recipient_id}: {said}")
