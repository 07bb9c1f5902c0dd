"""Alerts: what calls for an act between two reports, in one line to whoever reads of it, once.

The signals of today, by the sources as they are, are compared with those of the last report. What is new is sent by the
protocol of all mails, as a document of the last report's date whose name is made from the signal's id. That name and
the recipient are the slot in the outbox, so nobody hears of a signal twice before the next report.

| object (records bucket) | says |
|---|---|
| ``alerts/<report date>/<hash>.json`` | what was new since that report, one day |
"""

from __future__ import annotations

import hashlib
import html
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from executive_suite import canonical, config, formats, period
from executive_suite.archive import documents, editions, publication
from executive_suite.archive.editions import Edition
from executive_suite.document import LONGEST_SUBJECT, Document
from executive_suite.facts import signals
from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import Signal
from executive_suite.mailing import protocol
from executive_suite.mailing.errors import NotSentError
from executive_suite.mailing.request import Request
from executive_suite.mailing.variants_plan import Addressee
from executive_suite.run import clock, lane, many, pipeline, services, telling
from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import ObjectMissingError, create_by_hash
from executive_suite.trail.chain import Run

log = logging.getLogger(__name__)

MOST = 5
"""New alerts of one day; more are a flood, and wait for the next day or the next report."""
VARIANT = "alert"


@dataclass(frozen=True, slots=True)
class Alert:
    """A signal that appeared.

    Attributes:
        signal_id: Its id.
        headline: The whole of it in one sentence, without a full stop.
        readers: Ids of the reports that it concerns.
    """

    signal_id: str
    headline: str
    readers: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of its document."""
        return f"alert-{hashlib.sha256(self.signal_id.encode()).hexdigest()[:12]}"


def appeared(deployment: Deployment) -> str:
    """Compare the signals of today with those of the last report; returns the key of what is new.

    Empty if alerts are off, no report was made yet, or nothing is new.

    Raises:
        QualityError, ReconciliationError: the data of today has faults.
    """
    today = clock.now().astimezone(deployment.settings.zone).date()
    last = last_report(deployment, today) if deployment.config.limits.alerts else None
    if last is None:
        return ""
    many.check_sources(deployment)
    now = pipeline.figures_of(None, today, deployment.config_folder, fallback=deployment.settings.zone)
    found = new_since(last, now)
    log.info("%d new since the report of %s", len(found), last.report_date)
    if not found:
        return ""
    told = {
        "since": last.report_date.isoformat(),
        "sample": now.sample,
        "alerts": [{"signal_id": one.signal_id, "headline": one.headline, "readers": [*one.readers]} for one in found],
    }
    return create_by_hash(deployment.records, f"alerts/{last.report_date.isoformat()}", canonical.dumps(told))


def new_since(last: Figures, now: Figures) -> tuple[Signal, ...]:
    """The signals that call for an act now and did not in the last report."""
    return signals.appeared(now.signals, last.signals)


def last_report(deployment: Deployment, today: date) -> Figures | None:
    """The figures of the newest report date up to ``today`` that has an archived report; None before the first."""
    records = deployment.records
    days = sorted((day for day in period.dates(records.folders("editions/")) if day <= today), reverse=True)
    for day in days:
        for report in deployment.config.reports:
            edition = editions.latest(records, day, report.file_name)
            key = documents.figures_key(records, edition.content_digest) if edition else ""
            if key:
                try:
                    return Figures.from_json(records.get(key).body)
                except ObjectMissingError:
                    log.warning("the figures of %s are not in the records", day)
    return None


def send(deployment: Deployment, run: Run, key: str) -> int:
    """Mail each new alert to the recipients of the reports it concerns; how many mails this call sent.

    A report that needs an approval alerts nobody: its readers get nothing that no person has seen. What could not be
    sent is tried again with the next day's alerts; what is uncertain never is.

    Raises:
        StoreError, TrailError: it could not be recorded.
    """
    if not key:
        return 0
    since, sample, found = _read(deployment, key)
    needed = services.for_alerts(deployment, lane.today(deployment, run))
    readers = [Addressee(name) for one in found for name in _recipients(deployment, one)]
    gate = services.one_mail_per_address(deployment, readers)
    needed = replace(needed, gates=(*needed.gates, gate))
    made_before = {one.name: _edition(deployment, since, one) for one in found}
    sent, fresh = 0, sum(_is_of_today(deployment, edition) for edition in made_before.values())
    for one in found:
        edition = made_before[one.name]
        digest = edition.content_digest if edition else ""
        if not digest:
            if fresh >= MOST:
                log.warning("%s and what follows wait: %d new alerts a day are the most", one.signal_id, MOST)
                break
            fresh += 1
            document = document_of(one, since, telling.link(deployment), sample=sample)
            documents.keep(deployment.records, document)
            store = deployment.records
            made = publication.publish(store, store, document, generated_at=clock.now(), revision=1, variant=VARIANT)
            digest = made.content_digest
        for recipient_id in _recipients(deployment, one):
            request = Request(
                "group",
                one.name,
                one.name,
                since,
                1,
                digest,
                recipient_id,
                VARIANT,
                template_variant=True,
                retry_refused=False,
            )
            try:
                sent += not protocol.deliver(request, needed).already
            except NotSentError as error:
                log.warning("%s to %s: %s: %s", one.signal_id, recipient_id, error.state, error.text)
    return sent


def _edition(deployment: Deployment, since: date, alert: Alert) -> Edition | None:
    return editions.current_edition(deployment.records, since, alert.name, 1, variant=VARIANT)


def _is_of_today(deployment: Deployment, edition: Edition | None) -> bool:
    """Whether an alert was made today, by this run or an earlier one."""
    zone = deployment.settings.zone
    today = clock.now().astimezone(zone).date()
    return edition is not None and datetime.fromisoformat(edition.generated_at).astimezone(zone).date() == today


def tell(deployment: Deployment, key: str) -> bool:
    """Tell the chats that something new calls for an act, and not what; once for the same alerts."""
    if not key:
        return False
    since, _, found = _read(deployment, key)
    with formats.speaking("USD", config.group(deployment.config_folder).locale, clock.now().date()):
        one = len(found) == 1
        words = f"{len(found)} new {'signal calls' if one else 'signals call'} for action"
        text = f"Since the {formats.near(since)} reports: {words}."
    return telling.tell(deployment, since, text, " ".join(sorted(alert.signal_id for alert in found)))


def document_of(alert: Alert, since: date, link: str, *, sample: bool) -> Document:
    """The mail: one line, since when it is new, and where to read more."""
    line = f"{alert.headline.rstrip('.')}."
    subject = line.rstrip(".")
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"
    notes = [f"New since the report of {formats.day(since)}; the next one will say more."]
    notes += ["Sample data"] if sample else []
    text = "\n\n".join((line, *notes, *([link] if link else []))) + "\n"
    shown = "".join(f"<p>{html.escape(words)}</p>" for words in (line, *notes))
    place = html.escape(link)
    more = f'<p><a href="{place}">{place}</a></p>' if link else ""
    page = f"<html><body>{shown}{more}</body></html>"
    return Document(alert.name, alert.name, "audit", "group", since, " ".join(subject.split()), text, page)


def _recipients(deployment: Deployment, alert: Alert) -> Iterator[str]:
    """Who gets a report that an alert concerns, each once."""
    concerned = (one for one in deployment.config.reports if one.report in alert.readers and not one.approval)
    yield from dict.fromkeys(recipient_id for report in concerned for recipient_id in report.recipients)


def _read(deployment: Deployment, key: str) -> tuple[date, bool, tuple[Alert, ...]]:
    body: Mapping[str, Any] = json.loads(deployment.records.get(key).body)
    found = tuple(Alert(one["signal_id"], one["headline"], tuple(one["readers"])) for one in body["alerts"])
    return date.fromisoformat(body["since"]), body["sample"], found
