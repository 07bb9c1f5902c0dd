"""News for a chat: one sentence and one link to the services of ``EXECUTIVE_SUITE_NOTIFY``, once.

No figure, recipient or part of a report leaves this way. A service that does not answer fails nothing, and is not asked
again: a second message would be worse than none, because the mail protocol tells the owner of shortfalls anyway.

| object (records bucket) | says |
|---|---|
| ``notices/<report date>/chat-<mark>`` | the sentence, and when it was told |
"""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime

from executive_suite import canonical, config, formats
from executive_suite.archive.documents import ArchiveError
from executive_suite.config import ConfigError
from executive_suite.run import clock, standing
from executive_suite.run.deployment import Deployment
from executive_suite.run.periods import Cell, Period, news, state_of_report
from executive_suite.run.standing import Due
from executive_suite.run.summary import Summary
from executive_suite.stores.store import StoredObject, StoreError

log = logging.getLogger(__name__)

VARIABLE = "EXECUTIVE_SUITE_NOTIFY"
SECONDS = 8
"""For all services together."""
_ABOVE_ALL = logging.CRITICAL + 1


def of_run(deployment: Deployment, found: Summary) -> None:
    """Tell how a run ended that sends; once per run and outcome, and whatever goes wrong is only logged."""
    if not deployment.settings.executive_suite_notify or not found.send:
        return
    try:
        now = clock.now()
        spoken = config.group(deployment.config_folder)
        period = _period(deployment, found, now)
        trouble = [lane.report for lane in found.lanes if lane.trouble or not lane.keys]
        with formats.speaking("USD", spoken.locale, now.astimezone(deployment.settings.zone).date()):
            text = news(period, trouble)
        tell(deployment, period.report_date, text, found.run_id)
    except (StoreError, ArchiveError, ConfigError) as error:
        log.warning("%s: the services were not told: %s", VARIABLE, error)


def of_deadline(deployment: Deployment, day: date, missing: int, expected: int) -> None:
    """Tell that so many mails were not sent by the deadline; once, and whatever goes wrong is only logged."""
    with formats.speaking("USD", today=day):
        text = f"{formats.near(day)}: {expected - missing} of {expected} mails sent by the deadline."
    try:
        tell(deployment, day, text, "deadline")
    except (StoreError, ConfigError) as error:
        log.warning("%s: the services were not told: %s", VARIABLE, error)


def tell(deployment: Deployment, day: date, text: str, about: str) -> bool:
    """Tell the services one sentence, with the link; whether this call did so.

    Args:
        deployment: With the services.
        day: The report date.
        text: The sentence.
        about: The run or the signal; the same text about the same is told once.

    Raises:
        StoreError: it could not be recorded; nobody was told.
    """
    services = deployment.settings.executive_suite_notify
    if not services:
        return False
    mark = hashlib.sha256(f"{about}\0{text}".encode()).hexdigest()[:16]
    body = canonical.dumps({"at": canonical.instant(clock.now()), "named": [], "text": text})
    if not deployment.records.create(StoredObject(f"notices/{day.isoformat()}/chat-{mark}", body, "application/json")):
        return False
    name = config.group(deployment.config_folder).name or "Executive Suite"
    _call(services, name, "\n".join(filter(None, (text, link(deployment)))))
    return True


def link(deployment: Deployment) -> str:
    """Where people read the reports: the report room, else the archive; empty if neither has an address."""
    checked = deployment.settings
    return checked.executive_suite_room_url or checked.executive_suite_reports_url or ""


def _call(services: str, title: str, body: str) -> None:
    from apprise import Apprise, NotifyFormat

    logging.getLogger("apprise").setLevel(_ABOVE_ALL)  # it writes hosts and parts of addresses, which are secret
    called = Apprise()
    wanted = services.split()
    understood = sum(called.add(address) for address in wanted)
    if understood < len(wanted):
        log.warning("%s: %d of %d addresses are not understood", VARIABLE, len(wanted) - understood, len(wanted))
    if not understood:
        return
    try:
        taken = bool(called.notify(body, title, body_format=NotifyFormat.TEXT, timeout=SECONDS))
    except Exception as error:  # noqa: BLE001 - a hundred services have their own exceptions, and no run fails by one
        log.warning("%s: a service failed: %s", VARIABLE, type(error).__name__)
        return
    if not taken:
        log.warning("%s: a service did not take the message, which is not repeated", VARIABLE)


def _period(deployment: Deployment, found: Summary, now: datetime) -> Period:
    """The reports of a run, from the records as the report room reads them."""
    day = date.fromisoformat(found.report_date)
    cells = []
    for lane in found.lanes:
        configured = deployment.config.report(lane.report)
        due = Due(lane.report, day, frozenset(mail.recipient_id for mail in lane.deliveries))
        where = standing.standing(deployment, due, now)
        cells.append(Cell(lane.report, configured.called, state_of_report(where), where.mails))
    return Period(day, tuple(cells))
