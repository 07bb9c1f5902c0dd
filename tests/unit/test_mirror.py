"""What ``make run`` leaves for a person to open has names that say what it is."""

from __future__ import annotations

import pytest

from executive_suite.embedded import mirror
from executive_suite.run.summary import Lane, MailStatus

LANE = Lane("cfo", "CFO report", ("2026-05-01/cfo-report.html", "2026-05-01/cfo-report.txt"), (), ())


@pytest.mark.parametrize(
    ("generation", "revision", "name"),
    [
        (1, 1, "cfo-report-2026-05-01-primary.eml"),
        (2, 1, "cfo-report-2026-05-01-primary-resend-1.eml"),
        (1, 2, "cfo-report-2026-05-01-primary-revision-2.eml"),
        (3, 2, "cfo-report-2026-05-01-primary-revision-2-resend-2.eml"),
    ],
)
def test_a_mail_is_named_by_report_date_and_recipient(generation: int, revision: int, name: str) -> None:
    mail = MailStatus("primary", "d" * 52, generation, "sent", "m", "mails/x.eml", revision=revision)
    assert mirror.mail_name(LANE, "2026-05-01", mail) == name
