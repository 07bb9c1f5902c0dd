"""What an assistant may look up: archived reports, figures with their sources, signals, changes, deliveries.

Everything is read from the archive and its records, as the report room reads it, and every answer is plain JSON with a
limited number of items. No answer holds an address; whoever may read some reports only sees what those show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from executive_suite import formats
from executive_suite.assistant.shelf import NoAnswerError, Shelf
from executive_suite.assistant.sources import Basis, basis
from executive_suite.config import Report
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.figures import Figures
from executive_suite.identity import without_addresses
from executive_suite.reports.selection import Selection
from executive_suite.room import compare, named, shelf, turnover
from executive_suite.run import clock, owed, periods, standing
from executive_suite.run.deployment import Deployment

MOST_DATES, MOST_FIGURES, MOST_CHANGES, MOST_SIGNALS, MOST_EVENTS = 12, 25, 10, 40, 80
TEXT = 20_000
"""Characters of a report's text in one answer."""
SAMPLE = "Sample data: fictional history based on stated assumptions and a few facts about a real group."


class Desk(Shelf):
    """What one person may look up."""

    def list_reports(self, before: str = "") -> dict[str, Any]:
        """The latest report dates, with the state of each report; ``before`` is an ISO date to go on from."""
        days = [day for day in owed.dates(self.opened, clock.now()) if not before or day.isoformat() < before]
        found = []
        for period in shelf.periods(self.opened, days[:MOST_DATES], clock.now(), briefly=True):
            cells = tuple(cell for cell in period.cells if self.may(cell.report))
            told = periods.sentence(periods.Period(period.report_date, cells))
            states = [{"report": cell.report, "title": cell.title, "state": cell.state} for cell in cells]
            found.append({"date": period.report_date.isoformat(), "summary": told, "reports": states})
        return {"dates": found, "more": max(len(days) - MOST_DATES, 0)}

    def report_text(self, report_id: str, day: str = "", offset: int = 0) -> dict[str, Any]:
        """The text of a report, from a character on; by default of its latest date."""
        configured, on, _, document = self.document(report_id, day)
        text, begin = without_addresses(document.text), max(offset, 0)
        end = begin + TEXT
        return {
            "title": configured.title,
            "date": on.isoformat(),
            "text": text[begin:end],
            "next_offset": end if end < len(text) else None,
        }

    def figures(
        self, report_id: str, metric: str = "", entity: str = "", period: str = "", day: str = ""
    ) -> dict[str, Any]:
        """The figures of a report by metric (id or words of its name), entity id and period, with their sources."""
        configured, on, side, known = self.side(report_id, day)
        with _speaking(known, configured):
            s = Selection(known)
            wanted = [
                fact
                for fact in known.facts
                if self.shows(fact, side)
                and entity in {"", fact.entity_id}
                and (period in {"", fact.period})
                and _meant(metric, fact, named.label(s, fact))
            ]
            wanted.sort(
                key=lambda fact: (
                    fact.metric_id != metric,
                    fact.period != on.isoformat(),
                    bool(fact.dimensions),
                    fact.entity_id != GROUP,
                )
            )
            shown = [_as_json(s, fact, basis(known, fact)) for fact in wanted[:MOST_FIGURES]]
        return {**_head(configured, on, known), "figures": shown, "more": max(len(wanted) - MOST_FIGURES, 0)}

    def signals(self, report_id: str, day: str = "") -> dict[str, Any]:
        """What the reader of a report must know, and what they are asked to do, first what matters most."""
        configured, on, side, known = self.side(report_id, day)
        told = [
            {
                "signal_id": one.signal_id,
                "severity": one.severity,
                "headline": one.headline,
                "since": one.since or None,
                "on": one.on or None,
                "because_of": list(one.because_of),
                "action": one.action or None,
                "owner": one.owner or None,
            }
            for one in side.told.signals[:MOST_SIGNALS]
        ]
        asked = [
            {"action_id": one.action_id, "what": one.title, "owner": one.owner or None, "due_on": one.due_on or None}
            for one in side.told.actions[:MOST_SIGNALS]
        ]
        return {**_head(configured, on, known), "signals": told, "decisions": asked}

    def why(self, report_id: str, figure: str = "", day: str = "", since: str = "") -> dict[str, Any]:
        """What changed between two dates of a report, by how much, and what moved it; with the signals that came.

        ``figure`` are words of the figure's name; without, the largest changes.
        """
        configured, on, now, known = self.side(report_id, day)
        first = since or self.before(configured, on)
        _, begin, then, _ = self.side(report_id, first)
        if begin >= on:
            msg = f"{begin.isoformat()} is not before {on.isoformat()}"
            raise NoAnswerError(msg)
        with _speaking(known, configured):
            moved = compare.moved(then, now)
            rows = [one for one in moved if _named(figure, one.label)]
            # Of "cash fall", which no figure is called, every figure that one of the words names.
            rows = rows or [one for one in moved if any(_named(word, one.label) for word in figure.split())]
            facts = self.by_label(now)
            changes = [
                {
                    "figure": one.label,
                    "entity": one.entity,
                    "period": one.period or None,
                    "then": one.then,
                    "now": one.now,
                    "change": one.change,
                    "moved_most_by": one.why or "cause not recorded",
                    **(
                        basis(known, facts[one.label, one.entity_id]).as_json()
                        if (one.label, one.entity_id) in facts
                        else {}
                    ),
                }
                for one in rows[:MOST_CHANGES]
            ]
        turned = turnover.signals(then.told, now.told)
        return {
            **_head(configured, on, known),
            "since": begin.isoformat(),
            "changes": changes,
            "more": max(len(rows) - MOST_CHANGES, 0),
            "signals_that_came": list(turned.came[:MOST_SIGNALS]),
            "signals_that_ended": list(turned.went[:MOST_SIGNALS]),
        }

    def deliveries(self, report_id: str, day: str = "") -> dict[str, Any]:
        """Where the mails of a report are, and what the audit trail says of them, in order."""
        configured, on, edition, _ = self.document(report_id, day)
        mails = [
            {
                "recipient_id": mail.recipient_id,
                "state": mail.state,
                "what_happened": without_addresses(mail.text),
                "since": mail.since or None,
                "next_step": mail.next_step or None,
                "message_id": mail.message_id or None,
            }
            for mail in shelf.cell(self.opened, on, report_id, clock.now()).mails
        ]
        events = list(islice(self._events(on, report_id), MOST_EVENTS + 1))
        return {
            "title": configured.title,
            "date": on.isoformat(),
            "revision": edition.revision,
            "content_digest": edition.content_digest,
            "mails": mails,
            "trail": events[:MOST_EVENTS],
            "more_events": len(events) > MOST_EVENTS,
        }

    def _events(self, on: date, report_id: str) -> Iterator[dict[str, Any]]:
        for event in sorted(standing.events(self.opened.records, on, report_id), key=lambda one: str(one["time"])):
            data = event["data"]
            yield {
                "time": event["time"],
                "event": event["type"].removeprefix("executive_suite."),
                "outcome": data.get("outcome", ""),
                "reason": without_addresses(str(data.get("reason") or data.get("error") or "")),
                "run": data.get("run", ""),
            }


def _speaking(known: Figures, configured: Report) -> Any:
    return formats.speaking(known.currency, known.locale, known.report_date, configured.language or "en")


def _head(configured: Report, on: date, known: Figures) -> dict[str, Any]:
    note = {"note": SAMPLE} if known.sample else {}
    return {"title": configured.title, "date": on.isoformat(), "dataset": known.dataset_hash, **note}


def _as_json(s: Selection, fact: Fact, found: Basis) -> dict[str, Any]:
    return {
        "metric_id": fact.metric_id,
        "figure": named.label(s, fact),
        "entity": s.entity(fact.entity_id),
        "entity_id": fact.entity_id,
        "period": fact.period,
        "value": formats.of(fact) if fact.value is not None else None,
        "status": fact.status,
        "reason": fact.reason or None,
        "assumed": fact.assumed,
        **found.as_json(),
    }


def _meant(metric: str, fact: Fact, label: str) -> bool:
    return fact.metric_id == metric or _named(metric, label) or _named(metric, fact.metric_id)


def _named(words: str, label: str) -> bool:
    """Whether a name has all of some words."""
    wanted = words.casefold().replace("_", " ").split()
    return all(word in label.casefold().replace("_", " ") for word in wanted)


def reader(opened: Deployment, name: str) -> Desk:
    """The desk of a user of Airflow: the reports whose reader lists name them.

    Raises:
        NoAnswerError: none does.
    """
    found: Sequence[str] = [one.report for one in opened.config.reports if name in one.readers]
    if not found:
        msg = f"{name} is on no report's reader list (readers in reports.yaml)"
        raise NoAnswerError(msg)
    return Desk(opened, frozenset(found))
