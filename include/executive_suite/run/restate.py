"""Restate: a report date as known then and as the sources say now; a step of its own, because it reads the sources."""

from __future__ import annotations

from datetime import date

from executive_suite.dataset import asof, snapshot
from executive_suite.restatement import restate as restatement
from executive_suite.restatement.restate import Restatement
from executive_suite.rules import rulebook
from executive_suite.run import many
from executive_suite.run.deployment import Deployment
from executive_suite.sources import reading


def restate(deployment: Deployment, report_date: date) -> Restatement:
    """What became known too late for a report date, by the group's sources and rules as they are.

    Raises:
        ConfigError: a source is configured wrongly.
        FileNotFoundError: a source does not exist.
        QualityError: the data has faults in one of the two views.
    """
    many.check_sources(deployment)
    folder, fallback = deployment.config_folder, deployment.settings.zone
    given = snapshot.read(reading.of(None, folder), fallback)
    zone = asof.group_zone(given.frames.get("entity"), report_date, fallback)
    return restatement.compare(given, report_date, zone, rules=rulebook.of(folder))
