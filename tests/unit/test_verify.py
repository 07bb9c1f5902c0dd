"""Verification and building: what is archived can be made again from the records, and anything touched is noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from csv_tables import ACCOUNTS, ENTITIES, folder
from executive_suite import __main__ as command_line
from executive_suite import config, reports
from executive_suite.archive import documents, publication
from executive_suite.archive.verify import Archive, Check
from executive_suite.cli import data_options
from executive_suite.cli import verify as cli_verify
from executive_suite.cli.build import with_pictures
from executive_suite.dataset import snapshot
from executive_suite.document import Document, Part
from executive_suite.folders import INCLUDE
from executive_suite.mailing import corrections, variants_documents, variants_plan
from executive_suite.run import pipeline
from executive_suite.sources import reading
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.s3 import S3Store
from executive_suite.stores.store import ObjectStore, StoredObject
from loopback import PRETENDED

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

    def __init__(
        self,
        data: Path,
        configured: config.Report,
        reports_bucket: ObjectStore | None = None,
        records_bucket: ObjectStore | None = None,
    ) -> None:
        self.reports: ObjectStore = reports_bucket or MemoryStore()
        self.records: ObjectStore = records_bucket or MemoryStore()
        self.configured = configured
        self.made = pipeline.figures_of(data, MAY, data_options.CONFIG)
        snapshot.freeze(self.records, pipeline.dataset(reading.of(data, data_options.CONFIG), MAY))
        self.figures = f"figures/2026-05-01/{self.made.digest}.json"
        self.records.create(StoredObject(self.figures, self.made.to_json(), "application/json"))
        self.document = reports.build(self.made, configured, revision=1)
        documents.keep_origin(self.records, self.document.content_digest, self.figures, 1)
        publication.publish(
            self.reports,
            self.records,
            self.document,
            generated_at=datetime(2026, 5, 1, 13, tzinfo=UTC),
            revision=1,
        )

    def found(self, folder: Path = data_options.CONFIG) -> list[Check]:
        everything = config.load(data_options.CONFIG)
        archive = Archive(self.reports, self.records)
        return list(cli_verify.checks(archive, everything, [self.configured], MAY, folder))

    def checks(self) -> dict[str, list[bool]]:
        by_link: dict[str, list[bool]] = {}
        for check in self.found():
            by_link.setdefault(check.what, []).append(check.holds)
        return by_link


@pytest.fixture(scope="module")
def pristine(data: Path, configured: config.Report) -> Run:
    return Run(data, configured)


def test_what_was_archived_is_made_again(pristine: Run, configured: config.Report) -> None:
    files = [True] * len(set(configured.formats) - {"ics"})  # there is nothing dated in these rows
    assert pristine.checks() == {"archive": files, "document": [True], "render": [True], "dataset": [True]}


def broken(run: Run) -> list[tuple[str, str]]:
    return [(check.what, check.text) for check in run.found() if not check.holds]


def test_a_file_that_was_touched_is_noticed(data: Path, configured: config.Report) -> None:
    run = Run(data, configured)
    stood = run.reports.get("2026-05-01/cfo-report.txt")
    run.reports.put(replace(stood, body=stood.body.replace(b"0", b"1")))
    ((what, text),) = broken(run)
    assert what == "archive"
    assert text.startswith("2026-05-01/cfo-report.txt")
    assert "the bucket holds" in text
    run.reports.remove("2026-05-01/cfo-report.txt")
    ((_, text),) = broken(run)
    assert "the bucket holds nothing" in text
    run.reports.put(replace(stood, metadata={**stood.metadata, "entity": "jada"}, tags={}))
    ((_, text),) = broken(run)
    assert "its metadata say entity 'jada', its tags say report-type None and entity None" in text
    run.reports.put(stood)
    run.reports.put(StoredObject("2026-05-01/notes.txt", b"mine"))
    assert broken(run) == [("archive", "2026-05-01/notes.txt belongs to no report")]


def test_records_that_were_touched_are_noticed(data: Path, configured: config.Report) -> None:
    run = Run(data, configured)
    figures = run.records.get(run.figures)
    run.records.put(replace(figures, body=figures.body.replace(b'"sample":false', b'"sample":true')))
    assert {what for what, _ in broken(run)} >= {"dataset"}
    run.records.put(replace(figures, body=figures.body[:100]))
    assert [what for what, _ in broken(run)] == ["render"]
    run.records.put(figures)
    table = next(key for key in run.records.keys("snapshots/") if "ledger" in key)
    kept = run.records.get(table)
    run.records.put(replace(kept, body=b"something else"))
    assert [what for what, _ in broken(run)] == ["dataset"]
    run.records.put(kept)
    whole = run.records.get(f"documents/{run.document.content_digest}/document.json")
    run.records.put(replace(whole, body=whole.body.replace(b"CFO", b"CEO", 1)))
    ((what, text),) = broken(run)
    assert what == "document"
    assert "its bytes were changed" in text


def test_nothing_archived_is_told(configured: config.Report) -> None:
    (found,) = Archive(MemoryStore(), MemoryStore()).verify(configured, MAY, partial(corrections.build, MemoryStore()))
    assert not found.holds
    assert "nothing archived for 2026-05-01" in found.text


EXPERIMENT = """
- experiment: shorter
  report: cfo
  first: 2026-05-01
  last: 2026-05-31
  arms:
    - name: a
    - name: b
      template: reports/ceo.j2
"""


def test_variants_are_made_again_too(data: Path, tmp_path: Path) -> None:
    """An arm with a template of its own: here the CEO's, on the CEO's figures, so that both can be rendered."""
    ceo = config.load(data_options.CONFIG).report("ceo")
    run = Run(data, ceo)
    (tmp_path / "experiments.yaml").write_text(EXPERIMENT.replace("report: cfo", "report: ceo"))
    experiment = variants_plan.current(tmp_path, config.load(data_options.CONFIG), "ceo", MAY)
    digests = variants_documents.render(run.records, run.document, run.made, ceo, 1, experiment=experiment)
    assert set(digests) == {"b"}
    own = [(check.report, check.what, check.holds) for check in run.found(tmp_path) if "variant" in check.report]
    assert own == [("ceo, variant b", "document", True), ("ceo, variant b", "render", True)]
    # without the experiment its document is still whole
    (tmp_path / "experiments.yaml").write_text("[]\n")
    own = [(check.what, check.holds) for check in run.found(tmp_path) if "variant" in check.report]
    assert own == [("document", True)]
    key = f"documents/{digests['b']}/document.json"
    run.records.put(StoredObject(key, b"{}"))
    assert [check.holds for check in run.found(tmp_path) if "variant" in check.report] == [False]


def test_the_command_looks_into_the_live_buckets(
    data: Path,
    configured: config.Report,
    moto_server: str,
    s3_client: Any,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for line in (INCLUDE.parent / ".env.example").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not name.startswith("#"):
            monkeypatch.setenv(name, value)
    other = f"{bucket}-reports"
    s3_client.create_bucket(Bucket=other)
    for name, value in (
        ("AWS_ENDPOINT_URL", moto_server),
        ("AWS_ACCESS_KEY_ID", PRETENDED["aws_access_key_id"]),
        ("AWS_SECRET_ACCESS_KEY", PRETENDED["aws_secret_access_key"]),
        ("RECORDS_BUCKET", bucket),
        ("REPORTS_BUCKET", other),
    ):
        monkeypatch.setenv(name, value)
    Run(data, configured, S3Store(s3_client, other), S3Store(s3_client, bucket))
    arguments = ["verify", "--date", "2026-05-01", "--report", "cfo"]
    assert command_line.main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split(":")[1].strip() for line in lines} == {"archive", "document", "render", "dataset"}
    assert all(line.startswith("ok ") for line in lines)
    s3_client.put_object(Bucket=other, Key="2026-05-01/cfo-report.html", Body=b"<p>better figures</p>")
    assert command_line.main(arguments) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("DIFFERS")]
    assert "2026-05-01/cfo-report.html" in line
    assert command_line.main([*arguments, "--format", "json"]) == 1
    (wrong,) = [check for check in json.loads(capsys.readouterr().out) if not check["holds"]]
    assert (wrong["report"], wrong["what"]) == ("cfo", "archive")


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


def test_build_into_a_place_that_cannot_be_written_leaves_nothing_behind(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2026-05-01").write_text("no folder")
    arguments = ["build", "--data", str(data), "--as-of", "2026-05-01", "--out", str(tmp_path), "--report", "cfo"]
    assert command_line.main(arguments) == 1
    assert "2026-05-01" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["2026-05-01"]


def test_a_strict_build_writes_nothing_that_the_linter_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nameless = ENTITIES.replace(",Acme,", ",None,")
    broken = folder(tmp_path / "data", entity=nameless, account=ACCOUNTS, ledger=LEDGER)
    arguments = ["build", "--data", str(broken), "--as-of", "2026-05-01", "--out", str(tmp_path / "out")]
    assert command_line.main([*arguments, "--report", "cfo", "--strict"]) == 1
    assert "None" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
