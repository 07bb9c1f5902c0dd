"""The command line: what is on standard output, what on standard error, and the exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from csv_tables import ACCOUNTS, ENTITIES, folder
from executive_suite import __main__ as command_line
from executive_suite import __version__
from executive_suite.cli import data_options
from executive_suite.dataset.reconcile import ReconciliationError
from executive_suite.facts.fact import Fact
from executive_suite.folders import INCLUDE
from executive_suite.rendering.spreadsheet import as_csv
from executive_suite.run import pipeline
from executive_suite.settings import Settings
from loopback import PRETENDED

LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency,activity
    T1,1,2026-03-01,acme,1010,10000,USD,operating
    T1,2,2026-03-01,acme,4010,-10000,USD,operating
    T2,1,2026-06-01,acme,1010,10000,USD,operating
    T2,2,2026-06-01,acme,4010,-10000,USD,operating
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return str(folder(tmp_path / "data", entity=ENTITIES, account=ACCOUNTS, ledger=LEDGER))


def metrics(books: str, *more: str) -> list[str]:
    return ["metrics", "--data", books, "--as-of", "2026-05-01", *more]


def test_metrics_prints_one_json_array_of_facts_and_nothing_else(
    books: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert command_line.main(metrics(books)) == 0
    out, err = capsysbinary.readouterr()
    records = json.loads(out)
    assert isinstance(records, list)
    # DESIGN: the fields of a fact
    fields = {
        "metric_id",
        "entity_id",
        "period",
        "dimensions",
        "value",
        "unit",
        "status",
        "reason",
        "inputs",
        "assumed",
    }
    assert {frozenset(record) for record in records} == {frozenset(fields)}
    at = ("cash_balance", "group", "2026-05-01", {})
    cash = [r for r in records if (r["metric_id"], r["entity_id"], r["period"], r["dimensions"]) == at]
    assert [(r["value"], r["unit"], r["status"]) for r in cash] == [(10000, "cents", "ok")]
    assert b"ledger: rows dated on or after 2026-05-01 were left out (2 rows)" in err


def test_metrics_as_csv_says_the_same(books: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command_line.main(metrics(books)) == 0
    records = json.loads(capsysbinary.readouterr().out)
    assert command_line.main(metrics(books, "--format", "csv")) == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode())))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        assert json.loads(row["dimensions"]) == record["dimensions"]
        assert json.loads(row["inputs"]) == record["inputs"]
        value = record["value"]
        assert row["value"] == ("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))


def test_metrics_are_the_same_bytes_every_time(books: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    outputs = set()
    for _ in range(2):
        command_line.main(metrics(books))
        outputs.add(capsysbinary.readouterr().out)
    assert len(outputs) == 1


def test_every_metric_of_an_empty_folder_says_why_it_has_no_value(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert command_line.main(metrics(str(folder(tmp_path)))) == 0
    facts = [Fact.from_json(record) for record in json.loads(capsysbinary.readouterr().out)]
    assert facts
    assert all(fact.reason for fact in facts if fact.value is None)
    assert {fact.metric_id for fact in facts} >= {"cash_balance", "net_burn", "revenue", "shortfalls_open"}


def test_metrics_and_reports_follow_the_rules_of_another_configuration(
    books: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    own = tmp_path / "config"
    shutil.copytree(data_options.CONFIG, own)
    rules = yaml.safe_load((own / "rules.yaml").read_text(encoding="utf-8"))
    rest = [rule for rule in rules if rule["rule_id"] != "no_ota_listing"]
    assert len(rest) == len(rules) - 1
    (own / "rules.yaml").write_text(yaml.safe_dump(rest, sort_keys=False), encoding="utf-8")
    assert command_line.main(metrics(books, "--config", str(own))) == 0
    printed = json.loads(capsysbinary.readouterr().out)
    counted = {f["dimensions"]["rule"] for f in printed if f["metric_id"] == "shortfalls_open" and f["dimensions"]}
    assert counted == {rule["rule_id"] for rule in rest if rule["kind"] == "shortfall"}
    figures = pipeline.figures_of(Path(books), date(2026, 5, 1), own)
    assert {finding.finding_id for finding in figures.findings if finding.kind == "shortfall"} == counted


def test_faults_are_told_and_nothing_is_printed(books: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    folder(Path(books), ledger=LEDGER.replace("10000", "10001", 1))
    assert command_line.main(metrics(books)) == 1
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"ledger.csv, row 2, amount_cents" in err


@pytest.mark.parametrize(
    ("half", "advice"),
    [
        ("2026-05-01,acme,4010,-10000,USD,operating,",
         b"Give all its lines one date and one recorded_at: some are dated on or after the report date."),
        ("2026-03-01,acme,4010,-10000,USD,operating,2026-05-02T20:00Z",
         b"Give all its lines one recorded_at: some are recorded only after the cut-off."),
    ],
)  # fmt: skip
def test_a_transaction_that_straddles_the_cut_off_stops_the_metrics_too(
    books: str, half: str, advice: bytes, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    lines = f"""
        txn_id,line,date,entity_id,account,amount_cents,currency,activity,recorded_at
        T1,1,2026-03-01,acme,1010,10000,USD,operating,
        T1,2,{half}
    """
    folder(Path(books), ledger=lines)
    assert command_line.main(metrics(books)) == 1
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"over the lines of transaction T1" in err
    assert advice in err


def test_a_transaction_that_two_entities_share_without_owing_each_other_is_stated_and_stops_the_reports(
    books: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    # Double-entry bookkeeping: each entity's books balance. What one pays for the other is due from it.
    folder(
        Path(books),
        entity=ENTITIES + "    other,business,Other,USD,America/Los_Angeles\n",
        ledger=LEDGER.replace("2026-03-01,acme,4010", "2026-03-01,other,4010"),
    )
    assert command_line.main(metrics(books)) == 0
    out, err = capsysbinary.readouterr()
    off = {f["entity_id"]: f["value"] for f in json.loads(out) if f["metric_id"] == "trial_balance_difference"}
    assert off["acme"] == 10_000
    named = b"must sum to zero within acme over the lines of transaction T1 (row 2: 10000 cents)"
    assert named in err
    assert command_line.main(["check", "--data", books, "--as-of", "2026-05-01"]) == 1
    assert named in capsysbinary.readouterr().out
    with pytest.raises(ReconciliationError, match="over the lines of transaction T1"):
        pipeline.figures_of(Path(books), date(2026, 5, 1), data_options.CONFIG)


def test_check_prints_every_fault(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["check", "--data", books]) == 0
    assert capsys.readouterr().out == "no faults\n"
    folder(Path(books), ledger=LEDGER.replace("10000", "10001", 1), system="system_id,status\nS1,deployd\n")
    assert command_line.main(["check", "--data", books]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "ledger.csv, row 2, amount_cents",
        "system.csv, row 2, status",
        "2 faults",
    ]
    assert command_line.main(["check", "--data", books, "--format", "json"]) == 1
    faults = json.loads(capsys.readouterr().out)
    assert [(fault["file"], fault["row"], fault["column"], fault["value"]) for fault in faults] == [
        ("ledger.csv", 2, "amount_cents", "1"),
        ("system.csv", 2, "status", "deployd"),
    ]


def test_check_judges_rows_that_a_later_version_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bookings = """
        booking_id,entity_id,status,recorded_at
        B1,nobody,confirmed,2026-04-01T20:00:00Z
        B1,acme,completed,2026-04-02T20:00:00Z
    """
    data = str(folder(tmp_path, entity=ENTITIES, booking=bookings))
    assert command_line.main(["check", "--data", data]) == 1
    assert "booking.csv, row 2, entity_id: 'nobody': must be a known entity_id" in capsys.readouterr().out
    assert command_line.main(["check", "--data", data, "--as-of", "2026-05-01"]) == 0


def test_check_says_what_was_read_and_what_is_not_there(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder(Path(books), system="system_id,colour\nS1,red\n", review="review_id,rating\nR1,9\n")
    assert command_line.main(["check", "--data", books]) == 1
    err = capsys.readouterr().err
    assert "rows read: entity 2, account 3, ledger 4, system 1, review 1\n" in err
    assert "missing tables, so that figures which need them have no value: bank_line, " in err
    assert "were not read: colour" in err, "notes are listed with faults"


def test_check_refuses_a_folder_without_any_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["check", "--data", str(folder(tmp_path, journal="a\n1\n"))]) == 1
    out = capsys.readouterr().out
    assert "sources: must hold tables of the schema" in out


def test_data_may_lie_in_a_bucket(
    books: str,
    moto_server: str,
    s3_client: Any,
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", PRETENDED["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PRETENDED["aws_secret_access_key"])
    for path in Path(books).iterdir():
        s3_client.put_object(Bucket=bucket, Key=f"2026/{path.name}", Body=path.read_bytes())
    assert command_line.main(metrics(books)) == 0
    here = capsysbinary.readouterr().out
    assert command_line.main(metrics(f"s3://{bucket}/2026/")) == 0
    assert capsysbinary.readouterr().out == here
    assert command_line.main(metrics("s3://no-such-bucket/2026")) == 1
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"s3://no-such-bucket/2026: the bucket cannot be read (NoSuchBucket" in err


def test_restating_back_in_time_is_wrong_usage(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["restate", "--data", books, "--as-of", "2026-05-01", "--known-at", "2026-04-01"]
    assert command_line.main(arguments) == 2
    assert "is before the cut-off of 2026-05-01" in capsys.readouterr().err


def test_check_names_variables_that_are_missing(
    books: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SES_FROM_NAME", " ")
    assert command_line.main(["check", "--data", books]) == 1
    out = capsys.readouterr().out
    assert "environment, AWS_SES_FROM_NAME: is blank" in out
    assert "environment, RECORDS_BUCKET: is missing" in out


def test_check_tries_the_address_of_every_recipient(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "group").mkdir()
    own = {
        "recipients": [("primary", "AWS_RECIPIENT_EMAIL"), ("board", "BOARD_EMAIL"), ("bank", "BANK_EMAIL")],
        "delivery": {"allowed_domains": ["example.com"]},
    }
    rows = [{"recipient_id": name, "address_from": variable, "role": name} for name, variable in own["recipients"]]
    (tmp_path / "group" / "recipients.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    (tmp_path / "group" / "delivery.yaml").write_text(yaml.safe_dump(own["delivery"]), encoding="utf-8")
    monkeypatch.setenv("AWS_RECIPIENT_EMAIL", "founder@example.com")
    monkeypatch.setenv("BOARD_EMAIL", "ann@board")
    monkeypatch.setenv("BANK_EMAIL", "ann@bank.example")
    assert command_line.main(["check", "--data", books, "--config", str(tmp_path / "group")]) == 1
    out = capsys.readouterr().out
    assert "environment, BOARD_EMAIL: is not one plain mail address" in out
    assert "environment, BANK_EMAIL: is outside allowed_domains" in out
    assert "ann@" not in out


@pytest.mark.parametrize("domain", ["example", "exa mple.com", "ann@example.com", ".com", ""])
def test_an_allowed_domain_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], domain: str
) -> None:
    (tmp_path / "delivery.yaml").write_text(yaml.safe_dump({"allowed_domains": [domain]}), encoding="utf-8")
    assert command_line.main(["check", "--config", str(tmp_path)]) == 1
    assert "allowed_domains" in capsys.readouterr().out


def test_check_names_faults_of_the_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sources.yaml").write_text("- {name: books, kind: folder}\n- {name: x, kind: tape}\n")
    assert command_line.main(["check", "--config", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "sources.yaml: books: location: is missing" in out
    assert "'tape'" in out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["metrics"],
        ["metrics", "--as-of", "2026-02-30"],
        # ISO 8601 has other forms of a day than the one that is asked for (5.2.1 and 5.2.3 of its 2004 edition)
        ["metrics", "--as-of", "20260501"],
        ["metrics", "--as-of", "2026-W18-5"],
        ["metrics", "--as-of", "0001-01-01"],
        ["metrics", "--as-of", "9999-12-31"],
        ["metrics", "--as-of", "2026-05-01", "--data", ""],
        ["metrics", "--as-of", "2026-05-01", "--data", "https://example.com/books"],
        ["metrics", "--as-of", "2026-05-01", "--format", "xml"],
        ["build", "--as-of", "2026-05-01"],
        ["restate", "--as-of", "2026-05-01", "--known-at", "soon"],
    ],
)
def test_wrong_usage_exits_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(arguments) == 2
    out, err = capsys.readouterr()
    assert "Usage:" in out + err


@pytest.mark.parametrize("command", command_line.COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert command_line.COMMANDS[command][1].split()[0] in out
    assert "Examples:" in out or "COMMAND" in out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--version"]) == 0
    assert capsys.readouterr().out == f"executive-suite {__version__}\n"


def test_help_loads_no_command() -> None:
    """Start-up stays fast: what is slow to import is imported by the command that needs it."""
    look = "import sys; from executive_suite.__main__ import main; main({}); print(*sys.modules, file=sys.stderr)"
    slow = {"pandas", "numpy", "boto3", "botocore", "pyarrow", "typst"}
    for arguments in (["--help"], ["nonesuch"]):
        command = [sys.executable, "-c", look.format(arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(INCLUDE)})
        assert not slow & set(done.stderr.split())


def test_reports_are_written_and_listed_as_json(books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["build", "--data", books, "--as-of", "2026-05-01", "--out", str(tmp_path), "--report", "portfolio"]
    assert command_line.main([*arguments, "--format", "json"]) == 0
    (built,) = json.loads(capsys.readouterr().out)
    assert built["report"] == "portfolio"
    assert all(Path(path).exists() for path in built["paths"])


def test_figures_are_shown_in_aligned_columns(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(metrics(books, "--format", "table")) == 0
    headings, *rows = capsys.readouterr().out.splitlines()
    (cash,) = [row for row in rows if row.startswith("cash_balance ") and " group " in row and "2026-05-01" in row]
    assert cash.split() == ["cash_balance", "group", "2026-05-01", "10000", "cents"]
    assert headings.index("unit") == cash.index("cents")


def test_definitions_are_data_too(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command_line.main(["definitions", "--format", "json"]) == 0
    found = {one["metric_id"]: one for one in json.loads(capsysbinary.readouterr().out)}
    assert found["cash_balance"]["field"] == "finance"


def test_data_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command_line.main(metrics(str(tmp_path / "nowhere"))) == 1
    assert "nowhere does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("zone", "reviews"),
    # 1 May begins at 07:00 UTC in Los Angeles (the default) and at 22:00 UTC of 30 April in Berlin
    [("", 1), ("America/Los_Angeles", 1), ("Europe/Berlin", 0)],
)
def test_a_group_that_states_no_zone_has_the_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], zone: str, reviews: int
) -> None:
    monkeypatch.setenv("EXECUTIVE_SUITE_TIMEZONE", zone)
    events = "message_id,event,at,recipient_hash\nM1,send,2026-05-01T01:00:00Z,x\n"
    assert command_line.main(metrics(str(folder(tmp_path, email_event=events)))) == 0
    assert ("left out (1 row)" in capsys.readouterr().err) is not bool(reviews)


def test_a_zone_that_is_none_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EXECUTIVE_SUITE_TIMEZONE", "Mars/Olympus")
    assert command_line.main(metrics(str(folder(tmp_path)))) == 1
    assert "EXECUTIVE_SUITE_TIMEZONE" in capsys.readouterr().err


def test_restate_prints_what_changed(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    late = LEDGER.replace("activity\n", "activity,recorded_at\n").replace(
        "operating\n", "operating,2026-05-02T00:00:00Z\n"
    )
    folder(Path(books), ledger=late)
    arguments = ["restate", "--data", books, "--as-of", "2026-05-01"]
    assert command_line.main(arguments) == 0
    assert "ledger txn_id T1, line 1, recorded 2026-05-02T00:00:00+00:00" in capsys.readouterr().out
    assert command_line.main([*arguments, "--known-at", "2026-05-02", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["late_rows"]) == 2


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_table_begins_a_formula(text: str) -> None:
    made = as_csv(["label", "amount"], [[text, "-5.25"], [text, -525]]).decode()
    rows = list(csv.reader(io.StringIO(made, newline="")))
    assert [row[1] for row in rows] == ["amount", "-5.25", "-525"]  # numbers stay numbers
    # OWASP, CSV injection: an apostrophe before it; a carriage return must not begin a row either
    assert [row[0] for row in rows[1:]] == ["'" + text.replace("\r", "\n")] * 2


@pytest.mark.parametrize("command", ["metrics", "statements"])
def test_a_name_in_the_records_calculates_nothing_in_a_spreadsheet(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = ACCOUNTS.replace("Cash", "=cmd|' /C calc'!A0").replace("Bank", "=cmd|' /C calc'!A0")
    data = str(folder(tmp_path / "data", entity=ENTITIES, account=accounts, ledger=LEDGER))
    assert command_line.main([command, "--data", data, "--as-of", "2026-05-01", "--format", "csv"]) == 0
    cells = [cell for row in csv.reader(io.StringIO(capsys.readouterr().out)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=@\t\r" and cell]
    assert not [cell for cell in cells if cell[:1] in {"+", "-"} and not re.fullmatch(r"[+-][\d.]+", cell)]


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Under the most open umask: every report, mail and folder."""
    script = f"umask 000; exec {sys.executable} -m executive_suite build --as-of 2026-05-01 --report cto --out made"
    paths = {"PYTHONPATH": str(INCLUDE), "PATH": os.environ["PATH"]}
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=paths, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = [tmp_path / "made", *(tmp_path / "made").rglob("*")]
    assert len(made) > 3
    assert [path for path in made if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(
    "name", ["../../door", "a/b", "a\\b", "..", ".hidden", "a..b", "acme\u202egnp", "a\tb", "-rf", "x" * 65, "a\u2028b"]
)
def test_an_entity_whose_id_is_a_path_or_reads_differently_is_refused(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(folder(tmp_path / "data", entity=ENTITIES.replace("acme", name), account=ACCOUNTS))
    assert command_line.main(["check", "--data", data]) == 1
    assert "entity_id" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["acme", "3028-51st", "Müller & Söhne", "L.L.C. 2", "東京", "x" * 64])
def test_an_entity_may_have_the_id_its_records_give_it(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(folder(tmp_path / "data", entity=ENTITIES.replace("acme", name), account=ACCOUNTS))
    command_line.main(["check", "--data", data])
    assert "must begin with a letter" not in capsys.readouterr().out
