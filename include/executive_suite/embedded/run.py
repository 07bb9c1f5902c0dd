"""``run``: start the embedded platform, run the DAG for the sample's report date, show the results (``make run``)."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from typing import Annotated

import typer

from executive_suite import config, settings
from executive_suite.cli import show
from executive_suite.cli.options import Form, MaybeAsOf, commands, examples
from executive_suite.embedded import announce, progress, results
from executive_suite.embedded.components import USER, has_desktop
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import ENDS, Running, begin_aws, held, start_airflow
from executive_suite.embedded.platform import stop as stop_platform
from executive_suite.embedded.processes import Registry
from executive_suite.folders import HOME
from executive_suite.run import clock, deployment, environment, signing
from executive_suite.settings import Settings
from executive_suite.trail.signing import LocalKey

DAG_ID = "executive_suite"
PATIENCE_SECONDS = 1800
INTERRUPTED = 130

app = commands()
Stop = Annotated[bool, typer.Option("--stop", help="Only stop what a crash or another terminal left running.")]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the report room in a browser, where there is one.")]


@app.command(epilog=examples("run", "run --as-of 2026-04-01", "run --open", "run --stop"))
def run(*, as_of: MaybeAsOf = None, stop: Stop = False, browse: Open = False, form: Form = "table") -> int:
    """Start the embedded platform, make one run, show its results; on a terminal, keep running until Ctrl-C.

    Without --as-of: the sample's report date in schedule.yaml, else today. With --format json, standard output is the
    run's summary and progress goes to standard error. Exit code 1 if a report was not sent, 130 after Ctrl-C.
    """
    layout = Layout.of(HOME)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # who reads the progress through a pipe reads each line as it comes
    # SIGTERM and a closed terminal stop everything in order, like Ctrl-C; and Ctrl-C works even where a shell has
    # switched it off for what it starts in the background.
    for number in ENDS:
        signal.signal(number, signal.default_int_handler)
    if stop:
        stop_platform(layout)
        return 0
    say = show.note if form == "json" else show.line
    given = environment.read(layout.project, also=environment.named_in(environment.group(layout.project)))
    checked = settings.from_environment(given)
    configured = config.load(environment.group(layout.project))
    report_date = as_of or configured.schedule.sample_report_date
    scheduled = announce.schedule(configured, given, clock.now())
    try:
        with held(layout) as registry:
            running = _platform(layout, registry, checked, given, say, partial(_reach, say=say, browse=browse))
            with _announced(running, scheduled, say):
                code = _run(running, report_date, say, form)
                _stay(running, say)
            return code
    except KeyboardInterrupt:
        with suppress(OSError):  # the terminal may be gone
            say("\nStopped; .local keeps everything for the next make run.")
        return INTERRUPTED


def _platform(
    layout: Layout,
    registry: Registry,
    checked: Settings,
    given: Mapping[str, str],
    say: Callable[[str], None],
    reached: Callable[[Running], None],
) -> Running:
    if checked.executive_suite_aws == "real":
        say(f"Executive Suite on the REAL AWS account, region {checked.aws_ses_region}: mail goes to real people.")
        say("Starting PostgreSQL and Airflow ...")
        return start_airflow(layout, registry, given, "", reached=reached, say=say)
    say("Executive Suite on the embedded AWS endpoint: everything stays on this machine, no mail leaves it.")
    say("Starting the AWS endpoint, PostgreSQL and Airflow ...")
    aws, settle = begin_aws(layout, registry, checked, say)
    variables = {**given, **aws.environment}
    return start_airflow(layout, registry, variables, aws.url, meanwhile=settle, reached=reached, say=say)


def _reach(running: Running, say: Callable[[str], None], *, browse: bool) -> None:
    """Print where to look as soon as it can be looked at: before the run, which takes its time."""
    say(f"  Airflow UI     {running.access.address}   user {USER}, password in {running.layout.passwords}")
    say(f"  Report room    {running.room}")
    if browse and sys.stdout.isatty() and has_desktop(sys.platform, os.environ):
        webbrowser.open(running.room)


@contextmanager
def _announced(running: Running, scheduled: str, say: Callable[[str], None]) -> Iterator[None]:
    """Say what the schedule starts for as long as the platform runs, if there is one."""
    if not scheduled:
        yield
        return
    say(scheduled)
    ended = threading.Event()
    with running.client() as client:
        client.log_in()
        watcher = threading.Thread(target=announce.follow, args=(client, DAG_ID, say, ended), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join(10)


def _run(running: Running, report_date: date | None, say: Callable[[str], None], form: str) -> int:
    with running.client() as client:
        client.log_in()
        client.await_dag(DAG_ID, seconds=120)
        conf = {"report_date": report_date.isoformat()} if report_date else {}
        run_id = client.trigger(DAG_ID, conf, run_id=_name(report_date, clock.now()), note="make run")
        say(f"Run {run_id}" + (f", report date {report_date.isoformat()}" if report_date else ""))
        state = progress.follow(client, DAG_ID, run_id, say, seconds=PATIENCE_SECONDS)
    # From here on this process uses the same account as the tasks did.
    os.environ.update(running.environment)
    for name in [name for name in os.environ if name.startswith("AWS_") and name not in running.environment]:
        del os.environ[name]
    say("")
    found = results.show(running.layout, run_id, say)
    _sign(running, say)
    if form == "json" and found:
        typer.echo(found.to_json())
    return 0 if state == "success" and found and not found.shortfalls() else 1


def _name(report_date: date | None, now: datetime) -> str:
    """A run's id as people look for it, its report date first; Airflow makes one from the present alone."""
    return f"{report_date.isoformat()}_by_make_run_at_{now:%Y-%m-%dT%H:%M:%S}" if report_date else ""


def _sign(running: Running, say: Callable[[str], None]) -> None:
    """Sign the trail with a key of this machine, which no task has; with an account, who holds the key does it."""
    if not running.aws_endpoint:
        return
    place = running.layout.state / "seals"
    own = {"EXECUTIVE_SUITE_SEAL_KEY": str(place / "key.pem"), "EXECUTIVE_SUITE_ANCHORS": str(place / "anchors")}
    LocalKey.made(place / "key.pem")
    done = signing.sign(deployment.from_environment({**os.environ, **own}))
    (place / "public.pem").write_text(done.public_key, encoding="utf-8")
    say(f"  The trail is signed up to manifest {done.anchor.number if done.anchor else 0} ({place / 'public.pem'})")


def _stay(running: Running, say: Callable[[str], None]) -> None:
    """Print once more how to reach the platform; on a terminal, keep it running until Ctrl-C."""
    say("")
    _reach(running, say, browse=False)
    if running.aws_endpoint:
        say(f"  AWS endpoint   {running.aws_endpoint}")
    if sys.stdin.isatty() and sys.stdout.isatty():
        say('  Airflow CLI    make airflow ARGS="dags list", in another terminal')
        say("\nRunning until Ctrl-C.")
        threading.Event().wait()
