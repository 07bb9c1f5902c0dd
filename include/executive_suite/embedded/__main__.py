"""``make run``: start the embedded platform, run the DAG for the sample's report date, show what came of it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import date

from executive_suite import config, settings
from executive_suite.embedded import mirror, progress, provision
from executive_suite.embedded.client import AirflowError
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import Running, held, start_airflow, start_aws, stop
from executive_suite.embedded.processes import ComponentError, Registry
from executive_suite.run import environment as env
from executive_suite.run.deployment import INCLUDE
from executive_suite.settings import Settings

DAG_ID = "executive_suite"
PATIENCE_SECONDS = 1800


def say(text: str) -> None:
    """A line for the person at the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Start, run once, show; stay on a terminal until Ctrl-C.

    Returns:
        0 when every report went out, 1 when one did not or nothing could start, 130 after Ctrl-C.
    """
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--date", type=date.fromisoformat, help="report date; default the sample's, else today")
    parser.add_argument("--stop", action="store_true", help="only stop what a crash or another terminal left running")
    options = parser.parse_args(arguments)
    layout = Layout.of(INCLUDE.parent)
    # SIGTERM stops everything in order, as Ctrl-C does; and Ctrl-C does so too where a shell has switched it off for
    # what it starts in the background.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if options.stop:
        stop(layout)
        return 0
    try:
        return _start(layout, options.date)
    except (settings.SettingsError, config.ConfigError) as error:
        say(f"Not started: {error}")
        return 1
    except (ComponentError, AirflowError) as error:
        say(f"Stopped: {error}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; everything is kept in .local for the next make run.")
        return 130


def _start(layout: Layout, chosen: date | None) -> int:
    given = env.read(layout.project, also=env.named_in(INCLUDE))
    checked = settings.from_environment(given)
    configured = config.load(INCLUDE / "config")
    report_date = chosen or configured.schedule.sample_report_date
    if checked.executive_suite_aws == "embedded":
        say("Executive Suite on the embedded AWS endpoint: everything stays on this machine, no mail leaves it.")
    else:
        say(f"Executive Suite on the REAL AWS account, region {checked.aws_ses_region}: mail goes to real people.")
    with held(layout) as registry:
        running = _platform(layout, registry, checked, given)
        code = _run(running, report_date)
        say(f"\n  Airflow UI     {running.access.address}   user admin, password {running.access.password}")
        if running.aws_endpoint:
            say(f"  AWS endpoint   {running.aws_endpoint}")
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return code
        say("\nRunning until Ctrl-C.")
        threading.Event().wait()
        return code


def _platform(layout: Layout, registry: Registry, checked: Settings, given: Mapping[str, str]) -> Running:
    if checked.executive_suite_aws == "real":
        say("Starting PostgreSQL and Airflow ...")
        return start_airflow(layout, registry, given, "")
    say("Starting the AWS endpoint, PostgreSQL and Airflow ...")
    endpoint = start_aws(layout, registry, checked)
    embedded = {
        **given,
        **provision.environment(endpoint),
        "EXECUTIVE_SUITE_REPORTS_URL": f"{endpoint}/{checked.reports_bucket}",
    }
    return start_airflow(layout, registry, embedded, endpoint)


def _run(running: Running, report_date: date | None) -> int:
    with running.client() as client:
        client.log_in()
        client.await_dag(DAG_ID, seconds=120)
        run_id = client.trigger(
            DAG_ID, {"report_date": report_date.isoformat()} if report_date else {}, note="make run"
        )
        say(f"Run {run_id}" + (f", report date {report_date.isoformat()}" if report_date else ""))
        state = progress.follow(client, DAG_ID, run_id, say, seconds=PATIENCE_SECONDS)
    # From here on this process speaks to the same account as the tasks did.
    os.environ.update(running.environment)
    for name in [name for name in os.environ if name.startswith("AWS_") and name not in running.environment]:
        del os.environ[name]
    say("")
    complete = mirror.show(running.layout, run_id, say)
    return 0 if state == "success" and complete else 1


if __name__ == "__main__":
    sys.exit(main())
