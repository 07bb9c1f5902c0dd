"""Journals and folders that run code, read files elsewhere or never end: refused in one line, with file and line."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite import enclosure
from executive_suite.schema.quality import Fault
from executive_suite.sources import beancount_journal, confined, files, hledger_journal, parquet
from loopback import serving

PRIVATE = "4929-not-for-journals"
OPEN = "2026-01-01 open Assets:Bank\n2026-01-01 open Equity:Opening\n"
PAID = '2026-01-02 * "x"\n  Assets:Bank  1.00 USD\n  Equity:Opening\n'
CODE = "import pathlib\npathlib.Path({!r}).write_text('ran')\n__plugins__ = []\n"


def outside(tmp_path: Path) -> Path:
    """A file next to the journal's folder, which no journal may read."""
    (tmp_path / "elsewhere.txt").write_text(PRIVATE)
    (tmp_path / "books").mkdir()
    return tmp_path / "books"


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ('option "insert_pythonpath" "true"\nplugin "evil"\n', 2),
        ('plugin "evil"\n', 1),
        ('  plugin   "evil" "settings"\n', 1),
        ("plugin \"beancount.plugins.commodity_attr\" \"__import__('os').system('true')\"\n", 1),
        ('plugin "os"\n', 1),
    ],
)
def test_a_journal_runs_no_code(tmp_path: Path, head: str, row: int) -> None:
    books = outside(tmp_path)
    (books / "evil.py").write_text(CODE.format(str(tmp_path / "ran")))
    (books / "main.beancount").write_text(head + OPEN)
    found = beancount_journal.read(books / "main.beancount")
    assert [(fault.file, fault.row) for fault in found.faults if "must not run code: the plugin" in fault.rule] == [
        ("main.beancount", row)
    ]
    assert not (tmp_path / "ran").exists()


def test_a_plugin_of_an_included_file_runs_no_code_either(tmp_path: Path) -> None:
    books = outside(tmp_path)
    (books / "evil.py").write_text(CODE.format(str(tmp_path / "ran")))
    (books / "main.beancount").write_text('include "more.beancount"\n' + OPEN)
    (books / "more.beancount").write_text('option "insert_pythonpath" "true"\nplugin "evil"\n')
    (first, *_) = beancount_journal.read(books / "main.beancount").faults
    assert (first.file, first.row) == ("more.beancount", 2)
    assert not (tmp_path / "ran").exists()


class _Runs:
    """Leaves a mark when a pickle of it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def test_a_cache_next_to_the_journal_is_not_read(tmp_path: Path) -> None:
    books = outside(tmp_path)
    journal = books / "main.beancount"
    journal.write_text(OPEN + PAID)
    cache = books / ".main.beancount.picklecache"
    cache.write_bytes(pickle.dumps(_Runs(tmp_path / "ran")))
    os.utime(cache, (time.time() + 60, time.time() + 60))
    assert len(beancount_journal.read(journal).transactions) == 1
    assert cache.exists()
    assert not (tmp_path / "ran").exists()


INCLUDES = ["../elsewhere.txt", "/etc/hostname", "/dev/zero", "link.txt", "*.txt", "folder", "~/x.beancount"]


def told(faults: tuple[Fault, ...]) -> str:
    return " ".join(f"{fault.file} {fault.row} {fault.rule} {fault.advice} {fault.value}" for fault in faults)


@pytest.mark.parametrize("name", INCLUDES)
def test_a_journal_reads_no_file_elsewhere_and_quotes_none(tmp_path: Path, name: str) -> None:
    books = outside(tmp_path)
    (books / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (books / "folder").mkdir()
    (books / "main.beancount").write_text(OPEN + f'include "{name}"\n')
    faults = beancount_journal.read(books / "main.beancount").faults
    assert [(fault.file, fault.row) for fault in faults] == [("main.beancount", 3)]
    assert PRIVATE not in told(faults)


@pytest.mark.skipif(not shutil.which("hledger"), reason="hledger is not installed")
@pytest.mark.parametrize("name", [*INCLUDES, "bank.csv", "csv:bank.csv", "rules:bank.rules"])
@pytest.mark.parametrize("word", ["include", "!include", "@include"])
def test_the_same_holds_for_hledger(tmp_path: Path, name: str, word: str) -> None:
    books = outside(tmp_path)
    (books / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    (books / "folder").mkdir()
    (books / "main.journal").write_text(f"account assets:bank\n{word} {name}\n")
    faults = hledger_journal.read(books / "main.journal", "books").faults
    assert [(fault.file, fault.row) for fault in faults] == [("main.journal", 2)]
    assert PRIVATE not in told(faults)


def test_an_amount_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "main.journal").write_text("2026-01-01 x\n    assets:bank  1E99999999 USD\n    equity\n")
    if shutil.which("hledger"):
        (fault,) = hledger_journal.read(tmp_path / "main.journal", "books").faults
        assert (fault.row, "exponent" in fault.rule) == (2, True)
    (tmp_path / "main.beancount").write_text(OPEN + PAID.replace("1.00", "1E99999999"))
    (fault,) = beancount_journal.read(tmp_path / "main.beancount").faults
    assert (fault.row, "exponent" in fault.rule) == (4, True)


@pytest.mark.parametrize("amount", ["*".join(["9999999999"] * 3), "*".join(["9999999999"] * 3_000)])
def test_an_amount_that_a_sum_makes_immeasurable_is_refused(tmp_path: Path, amount: str) -> None:
    (tmp_path / "main.beancount").write_text(OPEN + PAID.replace("1.00", amount))
    (fault, *_) = beancount_journal.read(tmp_path / "main.beancount").faults
    assert (fault.file, fault.row) == ("main.beancount", 4)
    assert "amounts up to 10,000,000,000,000" in fault.rule


def test_a_program_knows_nothing_of_our_environment_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECIPIENT_HASH_KEY", PRIVATE)
    shell = shutil.which("sh") or "/bin/sh"
    assert PRIVATE not in confined.run([shell, "-c", "env"], {}, reads=tmp_path / "x").printed
    assert confined.run([shell, "-c", "while :; do :; done"], {}, reads=tmp_path / "x", seconds=1).complaint


@pytest.mark.skipif(not enclosure.version(), reason="the kernel has no Landlock")
def test_a_program_reaches_its_folder_and_nothing_else(tmp_path: Path) -> None:
    """Whatever a journal makes a program do: other files, other processes, and the network are out of its reach."""
    books = outside(tmp_path)
    shell = shutil.which("sh") or "/bin/sh"
    (books / "inside.txt").write_text("its own")
    (books / "link.txt").symlink_to(tmp_path / "elsewhere.txt")

    def did(command: str) -> confined.Done:
        return confined.run([shell, "-c", command], {}, reads=books / "main.journal")

    assert did(f"cat {books}/inside.txt").printed == "its own"
    assert did("echo draft > draft; cat draft").printed == "draft\n"
    for one in (tmp_path / "elsewhere.txt", books / "link.txt", f"/proc/{os.getpid()}/environ", "/proc/1/environ"):
        assert did(f"cat {one}").complaint, one
    for act in (f"echo > {books}/new", f"rm {books}/inside.txt", f"echo >> {books}/inside.txt", f"mkdir {tmp_path}/x"):
        assert did(act).complaint, act
    assert did(f"kill -0 {os.getpid()}").complaint
    with serving(BaseHTTPRequestHandler) as address:
        port = int(address.rpartition(":")[2])
        call = f"import socket; socket.create_connection(('127.0.0.1', {port}))"
        done = confined.run([sys.executable, "-c", call], {}, reads=books / "main.journal")
        assert "PermissionError" in done.complaint


def test_a_folder_reads_no_link_that_leaves_it(tmp_path: Path) -> None:
    books = outside(tmp_path)
    (books / "ledger.csv").symlink_to(tmp_path / "elsewhere.txt")
    faults = files.read_folder(books).faults
    assert any(fault.file == "ledger.csv" and "link" in fault.rule for fault in faults)
    assert PRIVATE not in told(faults)


HEADERS = {"txn_id": ("txn_id",), "line": ("line",)}


def parquet_of(table: pa.Table) -> bytes:
    kept = io.BytesIO()
    pq.write_table(table, kept)
    return kept.getvalue()


def test_a_parquet_file_is_judged_by_what_it_claims_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    # three rows, all blank: a file of a few hundred bytes that could as well claim a thousand million
    body = parquet_of(pa.table({"txn_id": pa.nulls(3, pa.string()), "line": pa.nulls(3, pa.int64())}))
    monkeypatch.setattr(parquet, "MOST_ROWS", 2)
    monkeypatch.setattr(pq.ParquetFile, "read", None)  # not even tried
    assert "it claims 3 and 2" in parquet.read(body, "ledger.parquet", HEADERS, ())[1][0].rule
    monkeypatch.setattr(parquet, "MOST_ROWS", 3)
    monkeypatch.setattr(parquet, "MOST_BYTES", 1)
    assert "when unpacked" in parquet.read(body, "ledger.parquet", HEADERS, ())[1][0].rule


@pytest.mark.parametrize("typed", ["words", "text"])
@pytest.mark.parametrize("column", ["txn_id", "memo"])
def test_a_small_parquet_file_takes_no_gigabytes(column: str, typed: str) -> None:
    """One long word that many rows mean, and rows that are all the same: a few hundred bytes on disk."""
    headers = {"txn_id": ("txn_id",), "memo": ("memo",)}
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["y" * 1_000_000])
    kept = io.BytesIO()
    kind = pa.dictionary(pa.int32(), pa.string()) if typed == "words" else pa.string()
    schema = pa.schema([(column, pa.dictionary(pa.int32(), pa.string()))])
    pq.write_table(pa.table([long], schema), kept, compression="zstd", store_schema=kind != pa.string())
    assert len(kept.getvalue()) < 10_000
    found, (fault,) = parquet.read(kept.getvalue(), "ledger.parquet", headers, ("txn_id",))
    assert found is None
    assert (fault.column, "fit into memory" in fault.rule) == (column, True)
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000_000, pa.int32()), ["y"])
    found, (fault,) = parquet.read(parquet_of(pa.table({column: same})), "ledger.parquet", headers, ("txn_id",))
    assert found is None
    assert "it claims 2,000,000 and 1" in fault.rule


@pytest.mark.parametrize("value", [[1], {"a": 1}, [{"a": [1]}]])
def test_a_parquet_file_has_plain_values(value: object) -> None:
    found, (fault,) = parquet.read(parquet_of(pa.table({"txn_id": [value]})), "ledger.parquet", HEADERS, ())
    assert found is None
    assert "not lists or records (txn_id)" in fault.rule


@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_parquet_file_is_a_fault_and_no_traceback(damage: list[tuple[int, int]]) -> None:
    body = bytearray(parquet_of(pa.table({"txn_id": ["a", "b"] * 50, "line": list(range(100))})))
    for place, byte in damage:
        body[place % len(body)] = byte
    found, faults = parquet.read(bytes(body), "ledger.parquet", HEADERS, ())
    assert found is not None or faults
