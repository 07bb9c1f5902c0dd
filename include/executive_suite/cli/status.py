"""``status``: the mails of a report date and their states."""

from __future__ import annotations

from executive_suite.cli import entries, show
from executive_suite.cli.options import Delivery, Form, MaybeDate, Recipient, Report, commands, examples
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import clock

app = commands()


@app.command(epilog=examples("status --date 2026-05-01", "status --report cfo --date 2026-05-01 --format json"))
def status(
    report_date: MaybeDate = None,
    report: Report = "",
    recipient: Recipient = "",
    delivery: Delivery = "",
    form: Form = "table",
) -> None:
    """Show the mails of a report date and their states."""
    opened, found = entries.chosen(delivery, report, report_date, recipient)
    records = []
    for entry in found:
        latest = Outbox(opened.records).read(entry.delivery_id).latest
        state = {"state": latest.state(clock.now()), "generation": latest.number, "message_id": latest.message_id}
        records.append(entries.as_record(entry, **state))
    if form == "json":
        show.as_json(records)
    else:
        show.table([*records[0]], ([str(value) for value in record.values()] for record in records))
