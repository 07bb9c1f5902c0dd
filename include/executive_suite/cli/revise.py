"""``revise``: open the next revision of a report that was sent; recorded with actor and reason."""

from __future__ import annotations

from executive_suite.cli import show
from executive_suite.cli.options import Actor, Date, Form, Reason, Report, commands, examples
from executive_suite.mailing import revise as revision
from executive_suite.mailing.resend import Decision
from executive_suite.run import clock, deployment, lane

app = commands()


@app.command(epilog=examples('revise --report cfo --date 2026-05-01 --actor NAME --reason "late invoice of April"'))
def revise(report: Report, report_date: Date, actor: Actor, reason: Reason, form: Form = "table") -> None:
    """Open the next revision of a report that was sent; its first lines will give the reason.

    Then clear the lane from its render task, or start a run of this date.
    """
    opened = deployment.from_environment()
    configured = opened.config.report(report)
    number = revision.revise(
        opened.records,
        configured.report,
        configured.file_name,
        report_date,
        Decision(actor, reason),
        clock=clock.now,
        chain=lane.today(opened),
    )
    next_step = "clear the lane from its render task, or start a run of this date"
    record = {"report": report, "report_date": report_date.isoformat(), "revision": number}
    show.result(form, record, f"{report} {report_date.isoformat()}: revision {number} is open; {next_step}")
