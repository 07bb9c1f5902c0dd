"""``revise``: open the next revision of a report that was sent; recorded with actor and reason."""

from __future__ import annotations

from executive_suite.cli import show
from executive_suite.cli.options import Actor, Date, Form, Reason, Report, commands, examples
from executive_suite.mailing.resend import Decision
from executive_suite.run import deployment, desk

app = commands()


@app.command(epilog=examples('revise --report cfo --date 2026-05-01 --actor NAME --reason "late invoice of April"'))
def revise(report: Report, report_date: Date, actor: Actor, reason: Reason, form: Form = "table") -> None:
    """Open the next revision of a report that was sent; its first lines will give the reason.

    Then clear the lane from its render task, or start a run of this date.
    """
    opened = deployment.from_environment()
    number = desk.open_revision(opened, report, report_date, Decision(actor, reason))
    next_step = "clear the lane from its render task, or start a run of this date"
    record = {"report": report, "report_date": report_date.isoformat(), "revision": number}
    show.result(form, record, f"{report} {report_date.isoformat()}: revision {number} is open; {next_step}")
