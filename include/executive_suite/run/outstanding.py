"""Everything that waits for a person or for time, over all periods: from the records, not from any run.

Whatever is due (``owed``) and not sent is outstanding. Dates of which nothing waits any more are not looked at again.
"""

from __future__ import annotations

from datetime import date, datetime

from executive_suite.run import closed_dates, owed
from executive_suite.run.closed_dates import NEVER
from executive_suite.run.deployment import Deployment
from executive_suite.run.owed import Dated
from executive_suite.run.standing import Mail

LOOKS = 24
"""Old dates that one call of ``close_dates`` looks at for the first time: years of records are caught up with."""


def outstanding(
    deployment: Deployment, now: datetime, *, first: date | None = None, last: date | None = None
) -> tuple[Mail, ...]:
    """Everything that waits ``now``, in order of report date (from ``first`` to ``last``), report and recipient."""
    days = (day for day in owed.dates(deployment, now) if (first or day) <= day <= (last or day))
    known = closed_dates.numbers(deployment.records)
    looked_at = owed.of_dates(deployment, closed_dates.may_wait(deployment, days, known, now), now, briefly=True)
    waiting = (mail for dated in looked_at for mail in _waiting(dated))
    return tuple(sorted(waiting, key=lambda mail: (mail.report_date, mail.report, mail.recipient_id)))


def close_dates(deployment: Deployment, now: datetime) -> None:
    """Look at the old dates that are not closed, and close those of which nothing waits."""
    every = owed.dates(deployment, now)
    known = closed_dates.numbers(deployment.records)
    old = [
        day for day in closed_dates.may_wait(deployment, every, known, now) if closed_dates.old(deployment, day, now)
    ]
    new = [day for day in old if day not in known][:LOOKS]
    again = [day for day in old if day in known]
    for dated in owed.of_dates(deployment, [*new, *again], now, briefly=True):
        waits = bool(_waiting(dated))
        closed_dates.looked(deployment.records, dated.day, known.get(dated.day, NEVER), waits=waits)


def _waiting(dated: Dated) -> list[Mail]:
    return [mail for report in dated.reports for mail in report.mails if mail.state != "sent"]
