"""``check``: every fault of configuration, environment and data, a line each; exit code 1 when there is one."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from executive_suite import config, settings
from executive_suite.cli import data_options
from executive_suite.config import ConfigError
from executive_suite.dataset import quality_rules, snapshot
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.figures import Note
from executive_suite.rules import rulebook
from executive_suite.run import pipeline
from executive_suite.schema.quality import Fault, QualityError, counted, told
from executive_suite.schema.tables import schema
from executive_suite.settings import SettingsError
from executive_suite.sources import config as source_config
from executive_suite.sources import reading

ALWAYS = date(2999, 1, 1)
"""Stands for "whatever the date": nothing is dated or recorded after it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    data_options.arguments(parser, as_of=False)
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(options: argparse.Namespace) -> int:
    """Print every fault on standard output; what is only worth a note goes to standard error."""
    faults = [*configuration(options.config), *environment()]
    found, notes = data(options)
    faults += found
    data_options.tell_notes(notes)
    if options.format == "json":
        sys.stdout.write(json.dumps([fault.as_json() for fault in faults], ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in told(faults)))
        sys.stdout.write(f"{counted(faults)}\n" if faults else "no faults\n")
    return 1 if faults else 0


def configuration(folder: Path) -> Iterator[Fault]:
    """The faults of the YAML files."""
    for name, load in _loaders(folder):
        try:
            load()
        except ConfigError as error:
            for line in str(error).splitlines():
                yield Fault(name, 0, "", "", line, "correct the field")


def _loaders(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    yield str(folder), lambda: config.load(folder)
    yield str(folder / "sources.yaml"), lambda: source_config.load(folder / "sources.yaml")
    yield str(folder / "rules.yaml"), lambda: rulebook.load(folder / "rules.yaml")


def environment() -> Iterator[Fault]:
    """The faults of the environment; an environment with none of the variables belongs to no deployment."""
    names = [name.upper() for name in settings.Settings.model_fields]
    if not any(name in os.environ for name in names):
        sys.stderr.write(
            "note: environment not checked, there is no .env and none of its variables is set (.env.example has them)\n"
        )
        return
    try:
        settings.from_environment(os.environ)
    except SettingsError as error:
        for line in str(error).split("; "):
            name, _, rule = line.partition(": ")
            yield Fault("environment", 0, name, "", rule, ".env.example says what it is for")


def data(options: argparse.Namespace) -> tuple[tuple[Fault, ...], tuple[Note, ...]]:
    """The faults and notes of the data, at a report date or whatever the date."""
    try:
        given = snapshot.read(reading.of(options.data, options.config))
    except (ConfigError, OSError, SettingsError) as error:
        return (Fault("sources", 0, "", "", str(error), "correct sources.yaml or --data"),), ()
    _tell_what_was_read(given)
    if not given.frames and not given.faults:
        rule = f"must hold tables of the schema; no file is called like one ({', '.join(list(schema())[:4])} …)"
        return (Fault("sources", 0, "", "", rule, "name the files after their tables, as docs/data.md says"),), ()
    try:
        dataset = pipeline.dataset(given, options.as_of or ALWAYS, fallback=data_options.fallback_zone())
    except QualityError as error:
        return QualityError([*error.faults, *_of_earlier_versions(given, options)]).faults, given.notes
    except SettingsError as error:
        return (Fault("environment", 0, "", "", str(error), "correct the variable"),), given.notes
    if earlier := tuple(_of_earlier_versions(given, options)):
        return earlier, dataset.notes
    ledger = dataset.tables.get("ledger")
    return () if ledger is None else tuple(quality_rules.unbalanced_within_entities(ledger)), dataset.notes


def _of_earlier_versions(given: Typed, options: argparse.Namespace) -> Iterator[Fault]:
    """Unknown references of rows that a later version replaced: reports of earlier dates are made from those."""
    if options.as_of is None:
        yield from quality_rules.unknown_references(given.frames, given.frames)


def _tell_what_was_read(given: Typed) -> None:
    """Say which tables are there and which are not: figures that need those will say so."""
    read = ", ".join(f"{name} {len(given.frames[name]):,}" for name in schema() if name in given.frames)
    absent = ", ".join(name for name in schema() if name not in given.frames)
    sys.stderr.write(f"read, in rows: {read or 'nothing'}\n")
    if absent:
        sys.stderr.write(f"not there, so that figures which need them have no value: {absent}\n")
