"""What a person opens after a run: ``out/<report date>`` with archive and accepted mails, and the summary in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from executive_suite.embedded.layout import Layout
from executive_suite.folders import private_folder
from executive_suite.run import deployment, summary
from executive_suite.run.deployment import Deployment
from executive_suite.run.summary import Lane, MailStatus, Summary
from executive_suite.stores.store import ObjectMissingError


def show(layout: Layout, run_id: str, say: Callable[[str], None]) -> Summary | None:
    """Mirror a run's archive and mails, and print the state of each report.

    Returns the run's summary; None if the run stopped before its reports.
    """
    opened = deployment.from_environment()
    # A run may have chosen its report date itself, so its summary is looked up by its id.
    found = next((one for one in summary.kept(opened.records) if one.run_id == run_id), None)
    if found is None:
        say("Nothing was made: the run stopped before its reports. The red task's log in the Airflow UI says why;")
        say("fix it, then `make run` again.")
        return None
    folder = layout.project / "out" / found.report_date
    private_folder(folder.parent)
    private_folder(folder)
    for lane in found.lanes:
        _mirror(opened, folder, lane)
        _say(lane, folder, say)
    shortfalls = found.shortfalls()
    for text in shortfalls:
        say(f"  NOT SENT: {text}")
    if not found.send:
        say(f"  Nothing was mailed: {found.why_not}.")
    elif not shortfalls:
        say(f"  Audit anchor {found.anchor} (keep it elsewhere: `audit verify --anchor` detects a rewrite with it)")
        say(f"  All {len(found.lanes)} reports are archived and sent. Open {folder}")
    return found


def _mirror(opened: Deployment, folder: Path, lane: Lane) -> None:
    for key in lane.keys:
        try:
            body = opened.reports.get(key).body
        except ObjectMissingError:
            continue
        (folder / Path(key).name).write_bytes(body)
    for one in lane.deliveries:
        if one.state == "sent" and one.mail_key:
            mail = folder / mail_name(lane, folder.name, one)
            mail.write_bytes(opened.records.get(one.mail_key).body)


def mail_name(lane: Lane, report_date: str, mail: MailStatus) -> str:
    """The file of a mail as a person looks for it: report, date, recipient; later revisions and resends are marked."""
    marks = [f"revision-{mail.revision}"] * (mail.revision > 1) + [f"resend-{mail.generation - 1}"] * (
        mail.generation > 1
    )
    name = Path(lane.keys[0]).stem if lane.keys else lane.report
    return f"{'-'.join((name, report_date, mail.recipient_id, *marks))}.eml"


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
