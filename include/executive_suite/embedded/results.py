"""What a run made, in words on the terminal: each report, where it is, and the state of each of its mails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from executive_suite.embedded.layout import Layout
from executive_suite.run import deployment, summary
from executive_suite.run.summary import Lane, Summary


def show(layout: Layout, run_id: str, say: Callable[[str], None]) -> Summary | None:
    """Print the state of each report of a run, which has mirrored them itself.

    Returns the run's summary; None if the run stopped before its reports.
    """
    opened = deployment.from_environment()
    # A run may have chosen its report date itself, so its summary is looked up by its id.
    found = next((one for one in summary.kept(opened.records) if one.run_id == run_id), None)
    if found is None:
        say("Nothing was made: the run stopped before its reports. The red task's log in the Airflow UI says why;")
        say("fix it, then `make run` again.")
        return None
    out = layout.project / "out"
    for lane in found.lanes:
        _say(lane, out / found.report_date, say)
    shortfalls, holds = found.shortfalls(), found.holds()
    for text in shortfalls:
        say(f"  NOT SENT: {text}")
    for text in holds:
        say(f"  Held: {text}")
    if not found.send:
        say(f"  Nothing was mailed: {found.why_not}.")
    elif not shortfalls:
        say(f"  Audit anchor {found.anchor} (keep it elsewhere: `audit verify --anchor` detects a rewrite with it)")
        sent = "archived, and all but what is held are sent" if holds else "archived and sent"
        say(f"  All {len(found.lanes)} reports are {sent}. Open {out / 'index.html'}")
    return found


def _say(lane: Lane, folder: Path, say: Callable[[str], None]) -> None:
    say(f"  {lane.title}")
    for key in lane.keys:
        if key.endswith((".html", ".txt")):
            say(f"    archived   {key}")
    page = next((key for key in lane.keys if key.endswith(".html")), "")
    if page:
        say(f"    open       {folder / Path(page).name}")
    for one in lane.deliveries:
        text = ", ".join(part for part in (one.state, one.why, one.message_id and f"message {one.message_id}") if part)
        say(f"    mail       {one.recipient_id}: {text}")
