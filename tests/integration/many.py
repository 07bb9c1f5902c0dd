"""Small groups side by side in one Airflow, each with its own books, reader and cash: a mix-up would show."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import boto3
from botocore.config import Config

from executive_suite import settings
from executive_suite.embedded.client import Client
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.platform import Running, held, start_airflow, start_aws
from executive_suite.run import environment, many
from executive_suite.stores.prefixed import Prefixed
from executive_suite.stores.s3 import S3Store
from executive_suite.trail import verification
from ses_stub import SesStub

CHECKOUT = Path(__file__).parents[2]
DATE = "2026-05-01"
REPORTS = """
- report: cfo
  file_name: cfo-report
  title: CFO report
  short_name: CFO
  reader: CFO
  report_type: cfo
  entity: group
  view: executive_suite.reports.cfo:view
  template: reports/cfo.j2
  formats: [txt, html]
  recipients: [primary]
"""
RECIPIENTS = """
- {recipient_id: primary, address_from: AWS_RECIPIENT_EMAIL, role: reader}
- {recipient_id: owner, address_from: AWS_BCC_EMAIL, role: owner}
"""
ACCOUNTS = """account,name,type,subtype,normal_side,is_cash,function,cost_behaviour
1010,Checking,asset,bank,debit,true,na,na
4010,Sales,revenue,,credit,false,na,na
6010,Rent,expense,,debit,false,opex_ga,fixed
"""


@dataclass(frozen=True)
class Side:
    """The running platform and what its groups are."""

    running: Running
    client: Client
    ses: SesStub
    names: tuple[str, ...]

    def store(self, bucket: str) -> S3Store:
        """A bucket (REPORTS_BUCKET, RECORDS_BUCKET)."""
        given = self.running.environment
        s3 = boto3.client(
            "s3",
            endpoint_url=self.running.aws_endpoint,
            region_name="us-east-1",
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}),
        )
        return S3Store(s3, given[bucket])

    def keys(self, bucket: str) -> list[str]:
        """Every key of a bucket."""
        return list(self.store(bucket).keys(""))

    def await_dags(self, *, seconds: float) -> None:
        """Wait until the DAGs of every group are there."""
        for name in self.names:
            self.client.await_dag(dag_of(name), seconds=seconds)

    def run_all(self, *, seconds: float) -> dict[str, str]:
        """One run of every group at once; group to the state of its run."""
        self.await_dags(seconds=300)
        runs = {name: self.client.trigger(dag_of(name), {"report_date": DATE}) for name in self.names}
        deadline = time.monotonic() + seconds
        states: dict[str, str] = {}
        while len(states) < len(runs) and time.monotonic() < deadline:
            time.sleep(2)
            waiting = [name for name in runs if name not in states]
            found = {name: self.client.state(dag_of(name), runs[name]) for name in waiting}
            states |= {name: state for name, state in found.items() if state in {"success", "failed"}}
        return states

    def trail_faults(self, name: str) -> list[str]:
        """What is wrong with the trail of a group: a broken chain, an event of another group's DAG, or no event."""
        store = Prefixed(self.store("RECORDS_BUCKET"), f"groups/{name}/")
        events = list(verification.stored(store))
        faults = [str(fault) for fault in verification.verify(events).faults]
        dags = {json.loads(body)["data"]["dag"] for _, body in events}
        return faults if dags == {dag_of(name)} else [*faults, f"events of {sorted(dags)}"]

    def lags(self) -> list[tuple[float, float]]:
        """Of every task that ran: seconds from the end of what it waited for until it is scheduled, and until it runs.

        The tasks of a run with one report run one after the other.
        """
        found = []
        for name in self.names:
            for run in self.client.get(f"/dags/{dag_of(name)}/dagRuns")["dag_runs"]:
                ready = datetime.fromisoformat(run["queued_at"])
                tasks = self.client.tasks(dag_of(name), run["dag_run_id"])
                for task in sorted((task for task in tasks if task["start_date"]), key=lambda task: task["start_date"]):
                    scheduled, begun = (datetime.fromisoformat(task[at]) for at in ("scheduled_when", "start_date"))
                    found.append(((scheduled - ready).total_seconds(), (begun - scheduled).total_seconds()))
                    ready = datetime.fromisoformat(task["end_date"])
        return found

    def mails(self) -> Mapping[str, list[str]]:
        """Address of a reader or a copy to the text of every mail that it was sent."""
        sent: dict[str, list[str]] = {}
        for mail in self.ses.accepted:
            body = mail.parsed.get_body(("plain",))
            for address in (*mail.to, *mail.bcc):
                sent.setdefault(address, []).append(body.get_content() if body else "")
        return sent


def dag_of(name: str) -> str:
    """The DAG of a group's reports."""
    return f"executive_suite__{name}"


def cash_of(number: int) -> str:
    """The cash of a group at the report date, as a report writes it: each has its own."""
    return f"${70_000 + 111 * number:,}"


def make(folder: Path, number: int) -> None:
    """A group with four months of books."""
    (folder / "data").mkdir(parents=True)
    (folder / "group.yaml").write_text(f"name: Firm {folder.name}\n", encoding="utf-8")
    (folder / "reports.yaml").write_text(REPORTS, encoding="utf-8")
    (folder / "recipients.yaml").write_text(RECIPIENTS, encoding="utf-8")
    (folder / "sources.yaml").write_text("- {name: books, kind: folder, location: data}\n", encoding="utf-8")
    (folder / "data" / "account.csv").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "data" / "entity.csv").write_text(
        f"entity_id,kind,name,base_currency,timezone\n{folder.name},group,Firm {folder.name},USD,America/New_York\n",
        encoding="utf-8",
    )
    opening = 7_000_000 + 11_100 * number - 4 * 50_000  # four months earn 500 each
    rows = [f"O,1,2026-01-01,{opening},1010", f"O,2,2026-01-01,{-opening},4010"]
    for month in range(1, 5):
        sold, rent = 150_000, 100_000
        rows += [f"S{month},1,2026-0{month}-15,{sold},1010", f"S{month},2,2026-0{month}-15,{-sold},4010"]
        rows += [f"R{month},1,2026-0{month}-20,{rent},6010", f"R{month},2,2026-0{month}-20,{-rent},1010"]
    lines = (row.split(",") for row in rows)
    (folder / "data" / "ledger.csv").write_text(
        "txn_id,line,date,entity_id,account,amount_cents,currency,activity\n"
        + "".join(
            f"{t},{n},{day},{folder.name},{account},{cents},USD,operating\n" for t, n, day, cents, account in lines
        ),
        encoding="utf-8",
    )


@contextmanager
def started(folder: Path, count: int) -> Iterator[Side]:
    """The platform of a checkout of its own with so many groups, and one whose folder is broken."""
    for part in ("dags", "plugins", "include"):
        shutil.copytree(CHECKOUT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / ".env.example", folder)
    groups, names = folder / "groups", tuple(f"firm-{number:03d}" for number in range(count))
    for number, name in enumerate(names):
        make(groups / name, number)
    (groups / "torn").mkdir()
    (groups / "torn" / "reports.yaml").write_text("reports: [", encoding="utf-8")
    given = {
        **environment.read(folder, {}),
        many.GROUPS: str(groups),
        **{f"AWS_RECIPIENT_EMAIL{many.mark(name)}": f"{name}@example.com" for name in names},
        **{f"AWS_BCC_EMAIL{many.mark(name)}": f"copy-{name}@example.com" for name in names},
        "EXECUTIVE_SUITE_SCHEDULE": "0 6 1 * *",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    }
    layout = Layout.of(folder)
    checked = settings.from_environment(given)
    with SesStub() as ses, held(layout) as registry:
        ses.account["SendQuota"]["MaxSendRate"] = 1000.0
        endpoint = start_aws(layout, registry, checked)
        aws = {**endpoint.environment, "AWS_ENDPOINT_URL_SESV2": ses.url}
        running = start_airflow(layout, registry, {**given, **aws}, endpoint.url)
        with running.client() as client:
            client.log_in()
            yield Side(running, client, ses, names)
