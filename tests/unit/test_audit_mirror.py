"""The trail on this machine: what a manifest has not sealed yet is held by it."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from executive_suite.stores.memory import MemoryStore
from executive_suite.trail import verification
from executive_suite.trail.chain import Chain, Event, run_chain
from executive_suite.trail.local_copy import Copies, LocalCopy
from faults.desk import Clock

LANE = run_chain(date(2026, 5, 1), "manual__1", "cfo")
INCLUDE = Path(__file__).parents[2] / "include"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "not there yet" / "audit.jsonl"


@pytest.fixture
def shelf(file: Path) -> MemoryStore:
    """Three events that no manifest seals."""
    made = MemoryStore()
    chain = Chain(made, LANE, clock=Clock(), copy=Copies((LocalCopy(file),)))
    for number in range(3):
        chain.append(Event(kind="delivery.claimed", report="cfo", attempt=number))
    return made


def key(number: int) -> str:
    return f"audit/{LANE}/{number:06d}.json"


def found(shelf: MemoryStore, file: Path) -> list[tuple[str, int]]:
    return [(fault.kind, fault.number) for fault in verification.against_file(shelf, file.read_bytes().splitlines())]


def test_every_event_is_a_line_of_a_file_that_only_its_owner_reads(shelf: MemoryStore, file: Path) -> None:
    assert file.read_bytes().splitlines() == [shelf.get(key(n)).body for n in (1, 2, 3)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert found(shelf, file) == []


@pytest.mark.usefixtures("shelf")
def test_it_is_verified_like_an_export(file: Path) -> None:
    verdict = verification.verify(verification.exported(file.read_bytes().splitlines()))
    assert (verdict.faults, verdict.events) == ((), 3)


@pytest.mark.parametrize("gone", [(3,), (1, 2, 3)])
def test_a_cut_that_no_manifest_shows_is_found(shelf: MemoryStore, file: Path, gone: tuple[int, ...]) -> None:
    for number in gone:
        shelf.remove(key(number))
    assert verification.verify(verification.stored(shelf)).faults == ()
    assert found(shelf, file) == [("cut tail", number) for number in gone]


def test_a_rewrite_with_good_hashes_is_found(shelf: MemoryStore, file: Path) -> None:
    for number in (1, 2, 3):
        shelf.remove(key(number))
    again = Chain(shelf, LANE, clock=Clock())
    for _ in range(3):
        again.append(Event(kind="delivery.claimed", report="cfo", attempt=9))
    assert verification.verify(verification.stored(shelf)).faults == ()
    assert found(shelf, file) == [("rewrite", 1), ("rewrite", 2), ("rewrite", 3)]


@pytest.mark.parametrize(
    "line", [b'{"data": {"chain": "runs/2026-05-01/', b"", b"null", b'{"data": {"chain": "../x"}}']
)
def test_a_line_that_a_crash_cut_off_is_passed_over(shelf: MemoryStore, file: Path, line: bytes) -> None:
    file.write_bytes(file.read_bytes() + line)
    assert found(shelf, file) == []


def test_a_disk_that_is_full_stops_no_delivery(
    tmp_path: Path, shelf: MemoryStore, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a file").write_bytes(b"")
    LocalCopy(tmp_path / "a file" / "audit.jsonl").send(LANE, [json.loads(shelf.get(key(1)).body)])
    assert "1 events" in caplog.text


WRITER = """
import sys
from pathlib import Path
from executive_suite.trail.local_copy import LocalCopy
for number in range(200):
    LocalCopy(Path(sys.argv[1])).send("c", [{"n": number, "who": sys.argv[2], "pad": "x" * 3000}])
"""


def test_lines_of_several_processes_never_run_into_each_other(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    command: Any = [sys.executable, "-c", WRITER, str(file)]
    writers = [subprocess.Popen([*command, str(n)], env={"PYTHONPATH": str(INCLUDE)}) for n in range(4)]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * 4
    lines = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert sorted((one["who"], one["n"]) for one in lines) == sorted((str(w), n) for w in range(4) for n in range(200))
