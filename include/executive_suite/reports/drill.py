"""What is behind a report: a panel for each figure, finding, action and sentence, from the run's figures alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import Chart, Kpi, View
from executive_suite.rendering.drill import Drill, FactPanel, ItemPanel, MetricPanel
from executive_suite.reports import drill_items, drill_rows, phrases
from executive_suite.reports.bound import Explained
from executive_suite.reports.drill_rows import MOST_ROWS
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

MONTHS = 13
"""Months of history: the same month a year earlier is the first."""


def facts_shown(blocks: Iterable[object]) -> tuple[str, ...]:
    """Ids of the facts that cells, figures and charts show, in the order of the report, each once."""
    found: dict[str, None] = {}
    for block in blocks:
        if isinstance(block, Chart):
            found.update(dict.fromkeys(block.facts))
        elif isinstance(block, Kpi) and block.parts:
            found.update(dict.fromkeys(block.parts))
        elif name := getattr(block, "fact_id", ""):
            found[name] = None
    return tuple(found)


def behind(
    s: Selection,
    view: View,
    blocks: Sequence[object],
    sentences: Sequence[Explained],
    *,
    evidence: str = "",
    most: int = MOST_ROWS,
) -> Drill:
    """The panels of a report.

    Args:
        s: The figures of the run.
        view: The report.
        blocks: All of its blocks.
        sentences: Those of page one, with what they rest on.
        evidence: Name of the file with all rows.
        most: Rows that are listed for one table of one figure.
    """
    return _Panels(s, view, tuple(blocks), tuple(sentences), evidence, most).drill()


@dataclass(frozen=True)
class _Panels:
    s: Selection
    view: View
    blocks: tuple[object, ...]
    sentences: tuple[Explained, ...]
    evidence: str
    most: int

    def drill(self) -> Drill:
        facts = {name: f"f{place}" for place, name in enumerate(self._facts, start=1)}
        by_metric: dict[str, list[FactPanel]] = {}
        for name, anchor in facts.items():
            fact = self._by_id[name]
            by_metric.setdefault(fact.metric_id, []).append(self._fact(fact, anchor))
        defined = {item.metric_id for item in self.view.page.definitions} | by_metric.keys()
        items = tuple(self._items(facts))
        things = {name: panel.anchor for name, panel in items}
        panels = tuple({panel.anchor: panel for _, panel in items}.values())
        labels = {name: f"{self._title(self._by_id[name])}: {formats.of(self._by_id[name])}" for name in facts}
        metrics = sorted((self._metric(one, by_metric.get(one, ())) for one in defined), key=lambda one: one.name)
        return Drill(tuple(metrics), panels, facts, things, labels, self.evidence)

    @cached_property
    def _named(self) -> Mapping[str, None]:
        """Ids of the facts that cells, charts and sentences show, in the order of the report."""
        named = (name for sentence in self.sentences for name in sentence.facts)
        kpis = (kpi.fact_id for kpi in self.view.page.kpis)
        return dict.fromkeys((*facts_shown(self.blocks), *kpis, *named))

    @cached_property
    def _metrics(self) -> frozenset[str]:
        return frozenset(name.partition("/")[0] for name in self._named)

    @cached_property
    def _now(self) -> Mapping[str, Fact]:
        return {fact.fact_id: fact for fact in self.figures.facts if fact.metric_id in self._metrics}

    @cached_property
    def _by_id(self) -> Mapping[str, Fact]:
        """The facts of the run, and of the previous report those that it no longer has."""
        before = {fact.fact_id: fact for fact in self.figures.previous if fact.metric_id in self._metrics}
        return {**before, **self._now}

    @cached_property
    def _facts(self) -> tuple[str, ...]:
        """Those that the run or the previous report has; another one explains nothing."""
        return tuple(name for name in self._named if name in self._by_id)

    @property
    def figures(self) -> Figures:
        return self.s.figures

    def _metric(self, metric_id: str, facts: Sequence[FactPanel]) -> MetricPanel:
        found = definition_of(metric_id)
        unit = formats.unit(found.unit) or "count"
        return MetricPanel(
            metric_id, say(found.name), unit, say(found.definition), say(found.premise), found.source, tuple(facts)
        )

    def _title(self, fact: Fact) -> str:
        """Whose figure it is, when, and what divides it, in words."""
        s = self.s
        parts = [s.entity(fact.entity_id), formats.month(fact.period) if fact.monthly else formats.day(fact.period)]
        parts += [
            f"{name} {s.label(name, value)}".replace("_", " ")
            for name, value in sorted(fact.dimensions.items())
            if value
        ]
        return ", ".join(parts)

    def _fact(self, fact: Fact, anchor: str) -> FactPanel:
        return FactPanel(
            anchor,
            self._title(fact),
            formats.of(fact),
            phrases.sentence(fact.reason) if fact.reason else "",
            fact.assumed,
            tuple(self._history(fact)),
            tuple(self._then(fact)),
            tuple(drill_rows.of(self.figures, fact, self.most, self.evidence)) if fact.fact_id in self._now else (),
        )

    def _history(self, fact: Fact) -> Iterator[tuple[str, str]]:
        """The thirteen months until the figure's own, or until the report date, of the same figure."""
        until = fact.period if fact.monthly else self.figures.report_date.isoformat()[:7]
        same = self._months.get((fact.metric_id, fact.entity_id, frozenset(fact.dimensions.items())), [])
        known = [one for one in same if one.period <= until]
        for one in known[-MONTHS:]:
            yield formats.month(one.period), formats.within_period(one)

    @cached_property
    def _months(self) -> Mapping[tuple[str, str, frozenset[tuple[str, str]]], list[Fact]]:
        found: dict[tuple[str, str, frozenset[tuple[str, str]]], list[Fact]] = {}
        for fact in self.figures.facts:
            if fact.metric_id in self._metrics and fact.monthly:
                key = fact.metric_id, fact.entity_id, frozenset(fact.dimensions.items())
                found.setdefault(key, []).append(fact)
        return {key: sorted(facts, key=lambda one: one.period) for key, facts in found.items()}

    def _then(self, fact: Fact) -> Iterator[str]:
        """What it was at the previous report date as known then; for a month, whether it was restated since."""
        if not self.figures.previous_date:
            yield say("No earlier report to compare with.")
            return
        since = formats.day(self.figures.previous_date)
        if fact.period == self.figures.previous_date:
            yield say("As known at the report of {since}, which names its rows.", since=since)
            return
        before = self.s.prior(fact)
        if before is None:
            yield say("Not in the figures of the report of {since}.", since=since)
        elif not fact.monthly:
            yield say("At the report of {since}, as known then: {before}.", since=since, before=formats.of(before))
        elif before.value == fact.value:
            yield say("Not restated since the report of {since}.", since=since)
        else:
            yield say(
                "Restated: {before} in the report of {since}, now {fact}.",
                before=formats.of(before),
                since=since,
                fact=formats.of(fact),
            )

    def _items(self, facts: Mapping[str, str]) -> Iterator[tuple[str, ItemPanel]]:
        """Sentences of page one, then every finding, signal and action that the report or one of those names.

        A sentence that is a signal or finding, word for word, opens that one's panel.
        """
        shown = {getattr(block, "item_id", "") for block in self.blocks}
        shown |= {name for sentence in self.sentences for name in sentence.rules}
        made = {name: panel for name, panel in drill_items.known(self.s).items() if name in shown}
        anchors = {name: f"i{place}" for place, name in enumerate(made, start=1)}
        told = {panel.title: name for name, panel in made.items()}

        def linked(panel: ItemPanel) -> ItemPanel:
            figures = tuple((facts[name], self._name(name)) for name, _ in panel.facts if name in facts)
            others = tuple((anchors[name], made[name].title) for name, _ in panel.items if name in made)
            return replace(panel, facts=figures, items=others)

        for name, panel in made.items():
            yield name, linked(replace(panel, anchor=anchors[name]))
        page = self.view.page
        added = ((say("Made of"), say("The sum of the figures below.")),)
        for place, kpi in enumerate((kpi for kpi in page.kpis if kpi.parts), start=1):
            parts = tuple((name, "") for name in kpi.parts)
            yield kpi.label, linked(ItemPanel(f"k{place}", say("Figure"), f"{kpi.label}: {kpi.text}", added, parts))
        own = (part for one in page.decisions if not one.item_id for part in (one.what, one.why))
        points = {part.point for part in self.view.sections.values()}
        first = {
            *page.message,
            *page.headlines,
            *page.rest,
            *own,
        }  # the others are parts of an action, which has its panel
        for place, one in enumerate(self.sentences, start=1):
            if one.sentence not in first and not (one.sentence in points and (one.facts or one.rules)):
                continue
            if one.sentence in told:
                yield one.sentence, replace(linked(made[told[one.sentence]]), anchor=anchors[told[one.sentence]])
            else:  # what counts or compares the figures of page one rests on those
                page_one = tuple(kpi.fact_id for kpi in page.kpis)
                named = one.facts or (() if one.rules else page_one)
                names, rules = (tuple((name, "") for name in given) for given in (named, one.rules))
                records = ((say("Names"), "; ".join(one.names)),) if one.names else ()
                yield (
                    one.sentence,
                    linked(ItemPanel(f"s{place}", say("Sentence"), one.sentence, records, names, rules, one.rows)),
                )

    def _name(self, fact_id: str) -> str:
        fact = self._by_id[fact_id]
        return f"{say(definition_of(fact.metric_id).name)}, {self._title(fact)}: {formats.of(fact)}"
