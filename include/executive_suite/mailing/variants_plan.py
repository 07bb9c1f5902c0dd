"""Which experiment a report is in, and who gets which variant: by configuration and keyed hash, never by chance."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from executive_suite import config_files
from executive_suite.config import MOST_RECIPIENTS, Config, ConfigError, Identifier, Report
from executive_suite.config_files import Strict

FILE = "experiments.yaml"


class Arm(Strict):
    """One variant: a share of the readers or a list of them; the report's template or another."""

    name: Identifier
    weight: Annotated[int, Field(ge=1)] = 1
    recipients: tuple[Identifier, ...] = ()
    template: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_/-]+\.j2$")] | None = None


class Experiment(Strict):
    """An experiment on one report, from one report date to another."""

    experiment: Identifier
    report: Identifier
    first: date
    last: date
    arms: Annotated[tuple[Arm, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _arms_differ(self) -> Experiment:
        names = [arm.name for arm in self.arms]
        if len(set(names)) != len(names):
            msg = f"arms must have different names, found {names}"
            raise ValueError(msg)
        listed = [recipient for arm in self.arms for recipient in arm.recipients]
        if len(set(listed)) != len(listed):
            msg = "a recipient may be in one arm only"
            raise ValueError(msg)
        if listed and not all(arm.recipients for arm in self.arms):
            msg = "either every arm names its recipients, or none does"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class Addressee:
    """One recipient of one report, with their variant.

    Attributes:
        recipient_id: The recipient.
        variant: The arm's name; empty without an experiment.
        template: The arm's own template; None for the report's.
    """

    recipient_id: str
    variant: str = ""
    template: str | None = None


def load(folder: Path, config: Config) -> tuple[Experiment, ...]:
    """The experiments of a configuration folder; none if it has no such file.

    Raises:
        ConfigError: the file is wrong, names something not configured, or has two experiments on one report and date.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        found = TypeAdapter(tuple[Experiment, ...]).validate_python(config_files.read(path))
    except ValidationError as error:
        raise config_files.refused(error, lambda place: f"{path}: {config_files.field_of(place)}") from None
    for experiment in found:
        config.report(experiment.report)
        for arm in experiment.arms:
            for recipient_id in arm.recipients:
                config.recipient(recipient_id)
        others = [other for other in found if other is not experiment and other.report == experiment.report]
        if any(other.first <= experiment.last and experiment.first <= other.last for other in others):
            msg = f"{path}: {experiment.experiment}: another experiment on {experiment.report} runs at the same time"
            raise ConfigError(msg)
    return found


def running(experiments: Iterable[Experiment], report: str, report_date: date) -> Experiment | None:
    """The experiment of a report at a date; None if there is none."""
    for experiment in experiments:
        if experiment.report == report and experiment.first <= report_date <= experiment.last:
            return experiment
    return None


def current(folder: Path, config: Config, report: str, report_date: date) -> Experiment | None:
    """The experiment of a report at a date, from a configuration folder; None if there is none.

    Raises:
        ConfigError: the file is wrong.
    """
    return running(load(folder, config), report, report_date)


def recipient_ids(report: Report, experiment: Experiment | None) -> tuple[str, ...]:
    """Everybody who gets a report, in any variant."""
    if experiment is not None and experiment.arms[0].recipients:
        return tuple(recipient_id for arm in experiment.arms for recipient_id in arm.recipients)
    return tuple(dict.fromkeys(report.recipients))


def assign(key: str, experiment: str, subject: str, arms: Sequence[Arm]) -> Arm:
    """A person's variant, by keyed hash: nobody can choose it, and it never changes.

    Args:
        key: The hash key.
        experiment: Its name; another experiment assigns people anew.
        subject: Recipient id, or another permanent name of the person.
        arms: The variants; changing them reassigns people, so a running experiment keeps them.
    """
    digest = hmac.new(key.encode(), f"variant|{experiment}|{subject}".encode(), sha256).digest()
    # 256 bits over a sum of small weights: the bias of the remainder is not measurable
    place = int.from_bytes(digest) % sum(arm.weight for arm in arms)
    return next(arm for arm, end in zip(arms, accumulate(arm.weight for arm in arms), strict=True) if place < end)


def addressees(report: Report, experiment: Experiment | None, key: str) -> tuple[Addressee, ...]:
    """Who gets a report, and in which variant.

    Args:
        report: The configured report.
        experiment: Its experiment; None for none.
        key: The hash key.

    Raises:
        ConfigError: more recipients than a report may have.
    """
    readers = recipient_ids(report, experiment)
    if len(readers) > MOST_RECIPIENTS:
        msg = f"report {report.report}: {len(readers)} recipients; at most {MOST_RECIPIENTS} are allowed"
        raise ConfigError(msg)
    if experiment is None:
        return tuple(map(Addressee, readers))
    listed = {recipient_id: arm for arm in experiment.arms for recipient_id in arm.recipients}
    arms = [listed.get(reader) or assign(key, experiment.experiment, reader, experiment.arms) for reader in readers]
    return tuple(Addressee(reader, arm.name, arm.template) for reader, arm in zip(readers, arms, strict=True))
