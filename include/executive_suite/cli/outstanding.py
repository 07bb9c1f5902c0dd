"""``outstanding``: everything that waits, over all periods."""

from __future__ import annotations

from dataclasses import asdict

from executive_suite.cli import show
from executive_suite.cli.options import First, Form, Last, commands, examples, in_order
from executive_suite.run import clock, deployment
from executive_suite.run.outstanding import outstanding as find_outstanding

app = commands()


@app.command(epilog=examples("outstanding", "outstanding --from 2026-01-01 --format json"))
def outstanding(first: First = None, last: Last = None, form: Form = "table") -> int:
    """Show everything that waits, over all periods: held, failed, uncertain, not sent, not approved.

    Each line has the report date, the report, the recipient's id, the state, since when, and what to do.
    Exit code 0 if nothing waits, 1 if something does.
    """
    in_order(first, last)
    found = find_outstanding(deployment.from_environment(), clock.now(), first=first, last=last)
    if form == "json":
        show.as_json([asdict(one) for one in found])
    elif not found:
        show.line("nothing waits")
    else:
        show.table(
            ("date", "report", "recipient", "state", "since", "why", "next"),
            (
                (
                    one.report_date,
                    one.report,
                    one.recipient_id,
                    one.state,
                    one.since[:16].replace("T", " "),
                    f"{one.cause}: {one.text}",
                    one.next_step,
                )
                for one in found
            ),
        )
    return int(bool(found))
