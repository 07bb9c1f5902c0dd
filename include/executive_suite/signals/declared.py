"""What the group wants to know about, as data: ``include/config/signals.yaml``, checked as it is read."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from executive_suite import config_files
from executive_suite.conditions import grammar
from executive_suite.facts.definition import Better
from executive_suite.folders import INCLUDE
from executive_suite.rules import sentences

SHIPPED = INCLUDE / "config" / "signals.yaml"
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]


class _Declared(config_files.Strict):
    @field_validator("where", "act_if", "bad", check_fields=False)
    @classmethod
    def _is_a_condition(cls, text: str) -> str:
        if text.strip():
            grammar.parse(text)
        return text

    @field_validator("headline", "mark", "stopped", "fell", "rose", "action", "evidence", check_fields=False)
    @classmethod
    def _has_known_forms(cls, text: str) -> str:
        sentences.check(text)
        return text


class Series(_Declared):
    """Monthly series that may break, and how a break is put into words.

    Attributes:
        series: Its name; series of one ``family`` tell of one thing, and the first that breaks speaks for the others.
        metric: A metric with monthly facts.
        by: The dimension that divides them; blank for the undivided figure of each entity.
        group: Whether the group's own figure is a series too.
        table: A table or view of the rules whose rows are counted or summed instead.
        where: The rows that count.
        day: The column with their day.
        sums: The column that is summed; blank counts rows.
        means: The column whose mean is taken instead, of grades from 1 to ``top``.
        divides: The column that divides them, besides the entity.
        order: The column by which those parts come, the first of which speaks for the family; by name when blank.
        measured: Whether a month that the table does not cover has no value, instead of zero.
        expenses: Whether the series are the ledger's expenses by account.
        better: Which direction is good news; only the other one is a signal, unless ``neither``.
        unit: What a value is.
        rule: The rule of ``rules.yaml`` whose action answers a break, where it fires.
        stopped: The headline of a series that stopped; ``fell`` and ``rose`` of one that changed level.
    """

    series: Id
    family: Id
    metric: str = ""
    by: str = ""
    group: bool = False
    table: str = ""
    where: str = ""
    day: str = ""
    sums: str = ""
    means: str = ""
    top: Annotated[int, Field(ge=2)] = 5
    divides: str = ""
    order: str = ""
    measured: bool = False
    expenses: bool = False
    better: Better = "higher"
    unit: str = "count"
    label: str = ""
    stopped: str = ""
    fell: str = ""
    rose: str = ""
    readers: tuple[str, ...]
    owner: str = ""
    action: str = ""
    rule: str = ""

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if sum(map(bool, (self.metric, self.table, self.expenses))) != 1:
            msg = f"series {self.series} needs one of metric, table and expenses"
            raise ValueError(msg)
        return self


class Register(_Declared):
    """Rows of a table or view, each of which is a signal.

    Attributes:
        signal: Its name; with the row's key it makes the signal's id.
        kind: Which kind of signal.
        rows: Table, or view of the rules.
        where: The rows that are signals.
        since: Column with the day from which it holds.
        comes: Column with the day on which it comes.
        due: Column with the day by which somebody has to decide.
        amount: Column with the money it moves.
        per: How often.
        share: Column with its part of the whole, as a fraction.
        act_if: The rows on which somebody has to act; blank for none.
        money: Whether it is about money alone, so that a small amount calls for no act.
        mark: The few words for it on a picture.
        owner: Who answers for it; ``column:owner`` takes it from that column.
        rule: The rule of ``rules.yaml`` whose action answers the signal, where it fires; may name a column.
    """

    signal: Id
    kind: Literal["cliff", "lapse", "conflict", "concentration", "decision_open"]
    rows: str
    where: str = ""
    since: str = ""
    comes: str = ""
    due: str = ""
    amount: str = ""
    per: Literal["", "once", "month"] = ""
    share: str = ""
    act_if: str = ""
    money: bool = False
    mark: str = ""
    headline: str
    evidence: str = ""
    readers: tuple[str, ...]
    owner: str = ""
    action: str = ""
    rule: str = ""


class Streak(_Declared):
    """The same bad result, month after month.

    Attributes:
        streak: Its name.
        metric: A metric with monthly facts.
        bad: The condition over ``value``.
        least: How many of the latest months in succession must meet it.
    """

    streak: Id
    metric: str
    bad: str
    least: Annotated[int, Field(ge=2)]
    headline: str
    readers: tuple[str, ...]
    owner: str = ""
    action: str = ""
    rule: str = ""


class Link(_Declared):
    """What explains what: a signal of ``effect`` that begins within ``days`` after one of ``cause``, of one entity."""

    cause: str
    effect: str
    days: Annotated[int, Field(ge=0)] = 92


class Kind(_Declared):
    """Who reads what rules of a kind find, and who answers for it if the rule names nobody."""

    readers: tuple[str, ...]
    owner: str = ""


class Declarations(_Declared):
    """Everything the group wants to know about.

    Attributes:
        audits: Report to the entity that it is about: it reads every signal of that entity, and leads with those that
            need no act of others.
        owners: Who answers for something to the report that reads of it.
        findings: Kind of rule to who reads what it finds.
        together: Rules about one matter, each to the one whose action settles both where both fire.
        materiality: The part of a year's revenue or expenses below which money within the horizon calls for no act.
    """

    series: tuple[Series, ...] = ()
    registers: tuple[Register, ...] = ()
    streaks: tuple[Streak, ...] = ()
    links: tuple[Link, ...] = ()
    audits: Mapping[str, str] = Field(default_factory=dict)
    owners: Mapping[str, str] = Field(default_factory=dict)
    findings: Mapping[str, Kind] = Field(default_factory=dict)
    together: Mapping[str, str] = Field(default_factory=dict)
    materiality: Annotated[float, Field(ge=0, le=1)] = 0.0

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [*(one.series for one in self.series), *(one.signal for one in self.registers)]
        ids += [one.streak for one in self.streaks]
        if twice := _repeated(ids):
            msg = f"names must be unique, found twice: {', '.join(twice)}"
            raise ValueError(msg)
        return self


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]


def load(path: Path = SHIPPED) -> Declarations:
    """The declarations in a YAML file.

    Raises:
        ConfigError: the file is missing, is not YAML, or a field is wrong; file and field are named.
    """
    content = config_files.read(path)
    try:
        return Declarations.model_validate(content)
    except ValidationError as error:
        raise config_files.refused(error, lambda place: f"{path}: {config_files.field_of(place)}") from None


def of(folder: Path) -> Declarations:
    """The declarations of a configuration folder; the shipped ones where it states none.

    Raises:
        ConfigError: as ``load``.
    """
    own = folder / SHIPPED.name
    return load(own) if own.exists() else shipped()


@functools.cache
def shipped() -> Declarations:
    """The declarations of ``include/config/signals.yaml``."""
    return load()
