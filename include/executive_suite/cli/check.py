"""``check``: every fault of configuration, environment and data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from executive_suite import config, settings
from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import Form, MaybeAsOf, commands, examples
from executive_suite.config import ConfigError
from executive_suite.dataset import quality_rules, snapshot
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.figures import Note
from executive_suite.rules import rulebook
from executive_suite.run import addresses, pipeline
from executive_suite.schema.quality import Fault, QualityError, counted, lines
from executive_suite.schema.tables import schema
from executive_suite.settings import SettingsError
from executive_suite.signals import declared
from executive_suite.sources import config as source_config
from executive_suite.sources import reading

ANY_DATE = date(2999, 1, 1)
"""Later than anything dated or recorded: no row is left out."""

app = commands()


@app.command(epilog=examples("check", "check --data my-books --as-of 2026-05-01", "check --format json"))
def check(data: Data = None, folder: ConfigFolder = CONFIG, as_of: MaybeAsOf = None, form: Form = "table") -> int:
    """Report every fault of configuration, environment and data, one per line.

    Notes on what was read go to standard error. Exit code 1 if there is a fault.
    """
    faults = [*configuration(folder), *environment(folder)]
    found, notes = data_faults(data, folder, as_of)
    faults += found
    data_options.print_notes(notes)
    summed = counted(faults) if faults else "no faults"
    show.result(form, [fault.as_json() for fault in faults], *lines(faults), summed)
    return int(bool(faults))


def configuration(folder: Path) -> Iterator[Fault]:
    """The faults of the YAML files."""
    loaders: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (folder, config.load),
        (folder / "sources.yaml", source_config.load),
        (folder / "rules.yaml", lambda _: rulebook.of(folder)),
        (folder, declared.of),
    )
    for path, load in loaders:
        try:
            load(path)
        except ConfigError as error:
            for line in str(error).splitlines():
                file, colon, rule = line.partition(": ")
                named = colon and file.endswith(".yaml")
                yield Fault(file if named else str(path), rule if named else line, "correct the field")


def environment(folder: Path) -> Iterator[Fault]:
    """The faults of the environment, with the address of every recipient of the group in ``folder``.

    Without any of the variables there is no deployment to check.
    """
    if not any(name.upper() in os.environ for name in settings.Settings.model_fields):
        show.note(
            "note: environment not checked: there is no .env, and none of its variables is set (see .env.example)"
        )
        return
    named = set()
    try:
        settings.from_environment(os.environ)
    except SettingsError as error:
        for line in str(error).split("; "):
            name, _, rule = line.partition(": ")
            named.add(name)
            yield Fault("environment", rule, ".env.example says what it is for", column=name)
    with suppress(ConfigError):  # a fault of the configuration, and reported as such
        for fault in addresses.faults(config.load(folder), os.environ):
            if fault.where not in named:
                file, column = ("reports.yaml", "") if fault.where == "reports.yaml" else ("environment", fault.where)
                yield Fault(file, fault.rule, "until then what it concerns is held", column=column)


def data_faults(data: Path | None, folder: Path, as_of: date | None) -> tuple[tuple[Fault, ...], tuple[Note, ...]]:
    """The faults and notes of the data, at a report date or at any date."""
    try:
        zone = data_options.fallback_zone()
    except SettingsError as error:
        return (Fault("environment", str(error), "correct the variable"),), ()
    try:
        given = snapshot.read(reading.of(data, folder), zone)
    except (ConfigError, OSError) as error:
        return (Fault("sources", str(error), "correct sources.yaml or --data"),), ()
    _say_what_was_read(given)
    if not given.frames and not given.faults:
        rule = f"must hold tables of the schema; no file has the name of one ({', '.join(list(schema())[:4])} …)"
        return (Fault("sources", rule, "name the files after their tables, as docs/data.md says"),), ()
    # Rows that a later version replaced count as well: reports of earlier dates are made from them.
    earlier = () if as_of else tuple(quality_rules.unknown_references(given.frames, given.frames))
    try:
        dataset = pipeline.dataset(given, as_of or ANY_DATE, fallback=zone)
    except QualityError as error:
        return QualityError([*error.faults, *earlier]).faults, given.notes
    if earlier:
        return earlier, dataset.notes
    ledger = dataset.tables.get("ledger")
    return () if ledger is None else tuple(quality_rules.unbalanced_within_entities(ledger)), dataset.notes


def _say_what_was_read(given: Typed) -> None:
    """Which tables there are and which are missing: figures that need those will say so."""
    read = ", ".join(f"{name} {len(given.frames[name]):,}" for name in schema() if name in given.frames)
    missing = ", ".join(name for name in schema() if name not in given.frames)
    show.note(f"rows read: {read or 'none'}")
    if missing:
        show.note(f"missing tables, so that figures which need them have no value: {missing}")
