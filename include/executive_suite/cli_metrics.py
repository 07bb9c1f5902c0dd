"""``metrics``: the fact table of a report date on standard output, and nothing else there."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from executive_suite import facts, metrics, snapshot, source_files
from executive_suite.quality import QualityError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--data", type=Path, required=True, help="folder of CSV or Parquet files in the schema")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="report date, YYYY-MM-DD")
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def run(options: argparse.Namespace) -> int:
    """Print the facts."""
    try:
        dataset = snapshot.build(source_files.read_folder(options.data), options.as_of, ZoneInfo("America/Los_Angeles"))
    except QualityError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(facts.to_json(metrics.compute_all(dataset.context)))
    return 0
