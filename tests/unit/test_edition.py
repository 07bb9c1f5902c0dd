"""A later edition of the month: its mail holds only what has changed, and says so when nothing has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from executive_suite import reports
from executive_suite.document import Document
from executive_suite.facts.earlier import Earlier, Told
from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import Signal, Subject
from executive_suite.rendering import lint
from executive_suite.run import edition
from report_figures import figures, report

BRIEF = report().model_copy(update={"mail": "brief"})
FIRST = date(2026, 4, 15)
"""Of the month of the figures, which report at May 1: here they are those of a later edition."""
SIGNAL = Signal(
    "cliff:group:lease", "cliff", "group", Subject("lease", {"lease_id": "L1"}), "The lease ends on May 31",
    on="2026-05-31", severity="act", readers=("specimen",),
)  # fmt: skip


def later(told: Told, *signals: Signal) -> Figures:
    return replace(figures(), signals=signals, earlier=Earlier(told=(told,)))


def said(document: Document) -> str:
    tree = html.fromstring(document.mail_html)
    for hidden in tree.xpath("//style|//head|//*[@class='preheader']"):
        hidden.drop_tree()
    return " ".join(tree.text_content().split())


def everything(given: Figures) -> Told:
    """What the same figures tell."""
    values = {
        f"{fact.metric_id}/{fact.entity_id}": str(fact.value)
        for fact in given.facts
        if fact.value is not None and not fact.dimensions and not fact.monthly
    }
    signals = {one.signal_id: (one.headline, *one.readers) for one in given.signals}
    return Told(FIRST, values, signals, tuple(action.action_id for action in given.actions))


def test_when_nothing_has_changed_it_says_so_and_shows_no_figure() -> None:
    same = everything(replace(figures(), signals=(SIGNAL,)))
    document = reports.build(later(same, SIGNAL), BRIEF)
    shown = said(document)
    assert "Nothing has changed since Apr 15." in shown
    assert "Mid-month edition: what changed since Apr 15" in shown
    assert "The lease ends" not in shown
    assert "$38,800" not in shown
    assert document.subject.startswith("No new signal since Apr 15 | ")


def test_it_holds_the_figure_that_moved_next_to_what_it_was_and_no_other() -> None:
    told = everything(figures())
    told = replace(told, values={**told.values, "cash_balance/group": "4000000"})
    shown = said(reports.build(later(told), BRIEF))
    assert "$38,800" in shown
    assert "Apr 15: $40,000" in shown
    assert "1 figure changed; no new signal" in shown
    assert "Cash runway" not in shown


def test_a_signal_that_is_new_leads_and_one_that_is_gone_is_named() -> None:
    over = replace(SIGNAL, signal_id="lapse:group:permit", headline="No permit since Jan 2, 2026")
    told = everything(replace(figures(), signals=(over,)))
    document = reports.build(later(told, SIGNAL), BRIEF)
    shown = said(document)
    assert shown.index("The lease ends on May 31.") < shown.index("No longer: No permit since Jan 2, 2026.")
    assert document.subject.startswith("The lease ends on May 31 | ")


def test_the_report_itself_and_a_whole_mail_stay_whole() -> None:
    same = everything(figures())
    one, other = reports.build(later(same), BRIEF), reports.build(figures(), BRIEF)
    assert one.text == other.text
    assert one.files["html"] == other.files["html"]
    assert reports.build(later(same), report()).mail_html == reports.build(figures(), report()).mail_html


def test_the_linter_takes_it() -> None:
    assert lint.check(reports.build(later(everything(figures())), BRIEF)) == ()


@pytest.mark.parametrize(
    ("cron", "day", "before"),
    [
        ("0 6 1,15 * *", date(2026, 5, 15), date(2026, 5, 1)),
        ("0 6 1,15 * *", date(2026, 5, 1), None),
        ("0 6 1,15 * *", date(2026, 5, 14), None),
        ("0 6 5 * *", date(2026, 5, 5), None),
        ("0 6 * * 1", date(2026, 6, 8), date(2026, 6, 1)),
        ("30 23 28,31 * *", date(2026, 3, 31), date(2026, 3, 28)),
        ("", date(2026, 5, 15), None),
    ],
)
def test_the_schedule_says_which_editions_follow_which(
    tmp_path: Path, cron: str, day: date, before: date | None
) -> None:
    (tmp_path / "schedule.yaml").write_text(f'cron: "{cron}"\n')
    assert edition.before(day, tmp_path) == before
