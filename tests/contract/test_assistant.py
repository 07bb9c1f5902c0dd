"""An assistant asks over standard input and output, by the official client: it gets our figures with their sources."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import anyio
import boto3
import pytest
import yaml
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from executive_suite.document import Document
from executive_suite.folders import INCLUDE, SHIPPED
from executive_suite.run import behind, pipeline
from executive_suite.run.deployment import from_environment
from loopback import PRETENDED
from open_deployment import ADDRESSES
from room_door import archived
from sample_figures import figures
from ses_stub import SesStub

ROOT = Path(__file__).parents[2]
THEN, NOW = date(2026, 4, 1), date(2026, 5, 1)
ADDRESS = "someone@example.com"


@dataclass(frozen=True)
class Archive:
    """Buckets with the CFO's and the CTO's reports of two dates, and the environment that finds them."""

    environment: Mapping[str, str]
    folder: Path


@pytest.fixture(scope="module")
def archive(moto_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("group")
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    reports = yaml.safe_load((SHIPPED / "reports.yaml").read_text(encoding="utf-8"))
    for one in reports:
        one["readers"] = {"cfo": ["maria"], "cto": ["tom"]}.get(one["report"], [])
    (folder / "reports.yaml").write_text(yaml.safe_dump(reports), encoding="utf-8")
    with SesStub() as ses, pytest.MonkeyPatch.context() as patched:
        environment = {
            **ADDRESSES,
            "AWS_SES_FROM_NAME": "Reports",
            "REPORTS_BUCKET": "assistant-reports",
            "RECORDS_BUCKET": "assistant-records",
            "RECIPIENT_HASH_KEY": "k" * 32,
            "EXECUTIVE_SUITE_GROUP": str(folder),
            "AWS_ENDPOINT_URL": moto_server,
            "AWS_ENDPOINT_URL_SESV2": ses.url,
            "AWS_ACCESS_KEY_ID": PRETENDED["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": PRETENDED["aws_secret_access_key"],
        }
        s3: Any = boto3.client("s3", endpoint_url=moto_server, **PRETENDED)
        for name, value in environment.items():
            patched.setenv(name, value)
        for name in ("REPORTS_BUCKET", "RECORDS_BUCKET"):
            s3.create_bucket(Bucket=environment[name])
        opened = from_environment()
        opened.__dict__["trail_copy"] = None
        cfo = opened.config.model_copy(update={"reports": (opened.config.report("cfo"),)})
        made_from = {
            THEN: figures(THEN),
            NOW: behind.traced(*pipeline.computed(INCLUDE / "data", NOW, SHIPPED), cfo),
        }
        for day, known in made_from.items():
            for report in ("cfo", "cto"):
                configured = opened.config.report(report)
                text = f"{configured.title} of {day}. Ask {ADDRESS}.\n" + "All is well.\n" * 3000
                made = Document(
                    report,
                    configured.file_name,
                    report,
                    "group",
                    day,
                    "A subject",
                    text,
                    "<html></html>",
                    files={"txt": text.encode(), "html": b"<html></html>"},
                )
                archived(opened, made, known)
        yield Archive(environment, folder)


def asked(
    archive: Archive, calls: list[tuple[str, dict[str, Any]]], *options: str, log: TextIO = sys.__stderr__
) -> list[Any]:
    """What a client's session gets: an answer for each call, or the text of a refusal; and the tools at last."""
    child = StdioServerParameters(
        command=sys.executable,
        args=["-m", "executive_suite", "mcp", *options],
        env={**archive.environment, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "include")},
        cwd=archive.folder,
    )
    answers: list[Any] = []

    async def session() -> None:
        async with stdio_client(child, errlog=log) as (read, write), ClientSession(read, write) as client:
            await client.initialize()
            for tool, arguments in calls:
                answer = await client.call_tool(tool, arguments)
                (content,) = answer.content
                text: str = getattr(content, "text", "")
                assert "@" not in text
                answers.append(text if answer.is_error else json.loads(text))
            answers.append((await client.list_tools()).tools)

    anyio.run(session)
    return answers


def test_why_did_cash_fall_is_answered_with_our_figures_and_their_sources(archive: Archive) -> None:
    """The amounts are PRODUCT's: 38,800 in cash, after a month that burned 7,800."""
    why, found, first, deliveries, tools = asked(
        archive,
        [
            ("why", {"report": "cfo", "figure": "cash fall"}),
            ("find_figures", {"report": "cfo", "metric": "cash_balance", "entity": "group", "period": "2026-05-01"}),
            ("get_report", {"report": "cfo"}),
            ("get_deliveries", {"report": "cfo"}),
        ],
    )
    assert (why["since"], why["date"]) == ("2026-04-01", "2026-05-01")
    cash = next(one for one in why["changes"] if one["now"].startswith("$38,800"))
    assert (cash["then"], cash["change"]) == ("$46,600", "−$7,800")
    assert cash["moved_most_by"]
    assert cash["definition"]
    assert {one["table"] for one in cash["sources"]} >= {"ledger"}
    assert "Sample data" in why["note"]

    (balance, *_) = found["figures"]
    assert (balance["metric_id"], balance["value"], balance["status"]) == ("cash_balance", "$38,800", "ok")
    assert all(source["rows"] > 0 for source in balance["sources"])
    assert any("sums" in source or "examples" in source for source in balance["sources"])

    assert first["text"].startswith("CFO report of 2026-05-01.")
    assert len(first["text"]) <= 20_000 == first["next_offset"]
    assert [event["event"] for event in deliveries["trail"]] == ["report.archived"]
    assert all(tool.annotations.read_only_hint for tool in tools)


def test_a_reader_sees_their_reports_and_nothing_of_others(archive: Archive) -> None:
    listed, own, other, another, figures_, bad = asked(
        archive,
        [
            ("list_reports", {}),
            ("get_report", {"report": "cto", "date": "2026-04-01", "offset": 20_000}),
            ("get_report", {"report": "cfo"}),
            ("why", {"report": "cfo"}),
            ("find_figures", {"report": "cto"}),
            ("get_signals", {"report": "cto", "date": "yesterday"}),
        ],
        "--as",
        "tom",
    )[:-1]
    assert {one["report"] for period in listed["dates"] for one in period["reports"]} == {"cto"}
    assert "CFO" not in json.dumps(listed)
    assert own["date"] == "2026-04-01"
    for refusal in (other, another):
        assert "'cfo' is no report that you may read; you may read cto" in refusal
    assert len(figures_["figures"]) == 25
    assert "cash_balance" not in {one["metric_id"] for one in figures_["figures"]}
    assert "is not a date" in bad


def test_whoever_is_on_no_reader_list_gets_nothing(archive: Archive, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("w") as log, pytest.raises(BaseExceptionGroup):
        asked(archive, [("list_reports", {})], "--as", "nobody", log=log)
    assert said.read_text() == "nobody is on no report's reader list (readers in reports.yaml)\n"


def test_nothing_is_written(archive: Archive) -> None:
    s3: Any = boto3.client("s3", endpoint_url=archive.environment["AWS_ENDPOINT_URL"], **PRETENDED)

    def every() -> list[tuple[str, str]]:
        return [
            (one["Key"], one["ETag"])
            for name in ("REPORTS_BUCKET", "RECORDS_BUCKET")
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=archive.environment[name])
            for one in page.get("Contents", ())
        ]

    before = every()
    asked(archive, [("list_reports", {}), ("why", {"report": "cto"}), ("get_deliveries", {"report": "cto"})])
    assert every() == before
