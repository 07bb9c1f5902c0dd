"""``make preview``: the reports in a folder, to look at before anything is archived or sent; no Airflow, no AWS."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from executive_suite import config, folders
from executive_suite.cli import build, data_options
from executive_suite.run import environment

OUT = folders.HOME / "out" / "preview"


def main(arguments: list[str] | None = None) -> int:
    """Build all reports, or one, of the sample's date, or another."""
    parser = argparse.ArgumentParser(prog="make preview", description=__doc__)
    parser.add_argument("--report", action="append", default=[], help="only this report")
    parser.add_argument("--as-of", type=data_options.day, help="report date; default the sample's, else today")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    with data_options.told_faults() as outcome:
        # The date is the one thing here that may come from the clock, and only when neither shell nor file names it.
        chosen = given.as_of or config.load(data_options.CONFIG).schedule.sample_report_date or date.today()  # noqa: DTZ011
        options = argparse.Namespace(
            data=None,
            config=data_options.CONFIG,
            as_of=chosen,
            out=given.out,
            report=given.report,
            strict=False,
            brief=True,
        )
        outcome.code = build.run(options)
        if outcome.code == 0:
            sys.stdout.write(f"Open {given.out / chosen.isoformat()}\n")
    return outcome.code


if __name__ == "__main__":
    environment.join(folders.HOME)
    sys.exit(main())
