"""``audit verify | export | replay | seal | variants``: the trail checked, exported, copied; experiments read."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from executive_suite.config import ConfigError
from executive_suite.identity import without_addresses
from executive_suite.mailing import variants_plan, variants_results
from executive_suite.run import deployment
from executive_suite.settings import SettingsError
from executive_suite.stores.store import StoreError
from executive_suite.trail import export, sealing, search_copy, verification
from executive_suite.trail.chain import AuditError
from executive_suite.trail.sealing import Anchor


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("act", choices=("verify", "export", "replay", "seal", "variants"))
    parser.add_argument("--from", dest="first", type=date.fromisoformat, help="first report date or day")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, help="last report date or day")
    parser.add_argument("--anchor", type=_anchor, help="NUMBER:HASH of a manifest that was kept elsewhere")
    parser.add_argument("--file", type=Path, help="verify an export instead of the records bucket")
    parser.add_argument("--mirror", type=Path, help="a local file of the trail: what it holds must stand in the bucket")
    parser.add_argument("--experiment", help="variants: only this one")
    parser.add_argument("--out", type=Path, help="export: the file to write (default: standard output)")


def run(options: argparse.Namespace) -> int:
    """Do it; 0 when the trail is what it was, 1 when it is not."""
    try:
        return _run(options)
    except (SettingsError, ConfigError, StoreError, AuditError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (ClientError, BotoCoreError) as error:
        sys.stderr.write(without_addresses(f"CloudWatch Logs: {error}") + "\n")
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.act == "verify":
        return _verify(options)
    opened = deployment.from_environment()
    if options.act == "export":
        return _export(opened, options)
    if options.act == "seal":
        sys.stdout.write(f"anchor {sealing.seal(opened.records, clock=_now)}\n")
        return 0
    if options.act == "variants":
        return _variants(opened, options)
    copy = search_copy.CloudWatchCopy(opened.logs, _now)
    put = search_copy.replay(opened.records, copy)
    sys.stdout.write(f"{put - copy.refused} events put into {search_copy.LOG_GROUP}, {copy.refused} refused\n")
    return 1 if copy.refused else 0


def _verify(options: argparse.Namespace) -> int:
    if options.file:
        events = verification.exported(options.file.read_bytes().splitlines())
    else:
        events = verification.stored(deployment.from_environment().records)
    verdict = verification.verify(events, first=options.first, last=options.last, anchor=options.anchor)
    found = list(verdict.faults)
    if options.mirror:
        lines = options.mirror.read_bytes().splitlines()
        found += verification.beside(deployment.from_environment().records, lines)
    for fault in found:
        sys.stdout.write(f"{fault}\n")
    for chain, count in verdict.unsealed.items():
        sys.stderr.write(f"note: {chain}: {count} events are not sealed by a manifest yet\n")
    if options.anchor is None:
        sys.stderr.write("note: without --anchor a rewrite of the whole trail, manifests included, cannot be found\n")
    faults = len(found)
    sys.stdout.write(
        f"{verdict.events} events in {verdict.chains} chains: "
        + (f"{faults} fault{'s'[: faults != 1]}\n" if faults else "unchanged\n")
    )
    if verdict.anchor is not None:
        sys.stdout.write(f"anchor {verdict.anchor}\n")
    return 1 if faults else 0


def _export(opened: deployment.Deployment, options: argparse.Namespace) -> int:
    lines = export.lines(opened.records, first=options.first, last=options.last)
    if options.out is None:
        for line in lines:
            sys.stdout.buffer.write(line)
        return 0
    with options.out.open("wb") as file:
        file.writelines(lines)
    options.out.with_name(options.out.name + ".README.md").write_text(export.HOW_TO_CHECK, encoding="utf-8")
    return 0


def _variants(opened: deployment.Deployment, options: argparse.Namespace) -> int:
    """What the ledger knows of each experiment."""
    for experiment in variants_plan.load(opened.include / "config", opened.config):
        if options.experiment not in {None, experiment.experiment}:
            continue
        results = variants_results.collect(opened.records, experiment)
        told = ", ".join(f"{name} {count}" for name, count in results.sent.items())
        sys.stdout.write(f"{experiment.experiment}: mails accepted: {told}\n")
        for found in results.comparisons:
            rates = ", ".join(
                f"{name} {successes} of {mails} ({rate:.1%}, {interval.low:.1%} to {interval.high:.1%})"
                for name, (successes, mails, rate, interval) in found.rates.items()
            )
            weak = " [weak evidence]" if found.weak else ""
            sys.stdout.write(f"  {found.event}{weak}: {rates or 'no mails'}: {found.verdict}: {found.reason}\n")
    return 0


def _anchor(text: str) -> Anchor:
    try:
        return Anchor.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _now() -> datetime:
    return datetime.now(UTC)
