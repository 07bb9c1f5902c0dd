"""Verification and building: what is archived can be made again from the records, and anything touched is noticed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from csv_tables import ACCOUNTS, ENTITIES, folder
from executive_suite import __main__ as command_line
from executive_suite import config, reports
from executive_suite.archive import publication, verify
from executive_suite.commands import data_options
from executive_suite.commands import verify as cli_verify
from executive_suite.commands.build import with_pictures
from executive_suite.dataset import snapshot
from executive_suite.document import Document, Part
from executive_suite.run import pipeline
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject

MAY = date(2026, 5, 1)

LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency,activity
    T1,1,2026-03-01,acme,1010,10000,USD,operating
    T1,2,2026-03-01,acme,4010,-10000,USD,operating
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("data"), entity=ENTITIES, account=ACCOUNTS, ledger=LEDGER)


@pytest.fixture(scope="module")
def configured() -> config.Report:
    return config.load(data_options.CONFIG).report("cfo")


class Run:
    """A run that archived one report."""

    def __init__(self, data: Path, configured: config.Report) -> None:
        self.reports, self.records = MemoryStore(), MemoryStore()
        self.configured = configured
        figures = pipeline.figures_of(data, MAY, data_options.CONFIG)
        snapshot.freeze(self.records, pipeline.dataset(pipeline.read(data, data_options.CONFIG), MAY))
        key = f"figures/2026-05-01/{figures.digest}.json"
        self.records.create(StoredObject(key, figures.to_json(), "application/json"))
        publication.publish(
            self.reports,
            self.records,
            reports.build(figures, configured, revision=1),
            generated_at=datetime(2026, 5, 1, 13, tzinfo=UTC),
            revision=1,
            figures=figures.digest,
        )
        self.figures = key

    def checks(self) -> dict[str, list[bool]]:
        found: dict[str, list[bool]] = {}
        for check in verify.verify(
            self.reports, self.records, self.configured, MAY, partial(cli_verify.render, self.records)
        ):
            found.setdefault(check.what, []).append(check.holds)
        return found


@pytest.fixture(scope="module")
def pristine(data: Path, configured: config.Report) -> Run:
    return Run(data, configured)


def test_what_was_archived_is_made_again(pristine: Run, configured: config.Report) -> None:
    assert pristine.checks() == {"archive": [True] * len(configured.formats), "render": [True], "dataset": [True]}


def test_anything_touched_is_noticed(data: Path, configured: config.Report) -> None:
    run = Run(data, configured)
    stood = run.reports.get("2026-05-01/cfo-report.txt")
    run.reports.put(StoredObject(stood.key, stood.body.replace(b"0", b"1")))
    assert run.checks()["archive"].count(False) == 1
    run.reports.put(stood)
    figures = run.records.get(run.figures)
    run.records.put(StoredObject(figures.key, figures.body.replace(b'"value":10000', b'"value":10001', 1)))
    assert (run.checks()["render"], run.checks()["dataset"]) == ([False], [False])
    run.records.put(figures)
    table = next(key for key in run.records.keys("snapshots/") if "ledger" in key)
    run.records.put(StoredObject(table, b"something else"))
    assert (run.checks()["render"], run.checks()["dataset"]) == ([True], [False])


def test_nothing_archived_is_told(configured: config.Report) -> None:
    (found,) = verify.verify(MemoryStore(), MemoryStore(), configured, MAY, partial(cli_verify.render, MemoryStore()))
    assert not found.holds
    assert "nothing archived for 2026-05-01" in found.text


def test_build_writes_the_same_bytes_every_time(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = []
    for name in ("one", "two"):
        arguments = [
            "build",
            "--data",
            str(data),
            "--as-of",
            "2026-05-01",
            "--out",
            str(tmp_path / name),
            "--report",
            "cfo",
        ]
        assert command_line.main(arguments) == 0
        assert str(tmp_path / name / "2026-05-01" / "cfo-report.txt") in capsys.readouterr().out.splitlines()
        bodies.append({path.name: path.read_bytes() for path in (tmp_path / name / "2026-05-01").iterdir()})
    assert set(bodies[0]) >= {"cfo-report.txt", "cfo-report.html", "cfo-report.mail.html"}
    assert bodies[0] == bodies[1]


def test_build_of_a_report_that_is_not_configured_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["build", "--data", str(data), "--as-of", "2026-05-01", "--out", str(tmp_path), "--report", "cxo"]
    assert command_line.main(arguments) == 1
    assert "'cxo' is not configured" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_mail_is_shown_with_its_pictures() -> None:
    picture = Part("p.png", "image/png", b"\x89PNG", "burn")
    document = Document("cfo", "cfo-report", "cfo", "group", MAY, "s", "t", '<img src="cid:burn">', pictures=(picture,))
    # RFC 2397's data URL; "iVBORw==" is the base64 (RFC 4648) of the four bytes
    assert with_pictures(document) == '<img src="data:image/png;base64,iVBORw==">'


def test_faults_build_nothing(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = folder(tmp_path / "data", entity=ENTITIES, account=ACCOUNTS, ledger=LEDGER.replace("10000", "10001", 1))
    arguments = ["build", "--data", str(broken), "--as-of", "2026-05-01", "--out", str(tmp_path / "out")]
    assert command_line.main(arguments) == 1
    assert "ledger.csv, row 2" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert data.exists()
