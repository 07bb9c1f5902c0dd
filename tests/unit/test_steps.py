"""The steps of a run over stores in memory: what they hand on, what they keep, what they refuse."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite import config
from executive_suite.archive.bundle import BundleError, Kept, unbundle
from executive_suite.config import Config
from executive_suite.facts.figures import Note
from executive_suite.folders import INCLUDE
from executive_suite.run import summary
from executive_suite.run.addresses import address_of
from executive_suite.run.plan import Plan
from executive_suite.run.summary import Lane, MailStatus, Summary, keep
from executive_suite.schema.quality import Fault
from executive_suite.sources import raw_store
from executive_suite.sources.raw import RawTables, SourceFile
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject

NOW = datetime(2026, 5, 1, 13, tzinfo=UTC)


@pytest.fixture(scope="module")
def configured() -> Config:
    return config.load(INCLUDE / "config")


@given(
    st.dictionaries(
        st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters="/._-"), min_size=1), st.binary()
    )
)
def test_a_bundle_gives_back_what_was_created_and_nothing_else(objects: dict[str, bytes]) -> None:
    store = MemoryStore()
    store.put(StoredObject("stood there before", b"x"))
    kept = Kept(store)
    for name, body in objects.items():
        kept.create(StoredObject(name, body))
    whole = unbundle(store, kept.bundle("bundles"))
    assert {name: whole.get(name).body for name in whole.keys("")} == objects


def test_a_touched_bundle_is_noticed() -> None:
    store = MemoryStore()
    kept = Kept(store)
    kept.create(StoredObject("figures", b"38800"))
    where = kept.bundle("bundles")
    store.put(StoredObject(where, store.get(where).body.replace(b"38800", b"38801")))
    with pytest.raises(BundleError, match=where):
        unbundle(store, where)


def test_the_same_objects_give_the_same_bundle() -> None:
    keys = set()
    for order in (["a", "b"], ["b", "a"]):
        kept = Kept(MemoryStore())
        for name in order:
            kept.create(StoredObject(name, name.encode()))
        keys.add(kept.bundle("bundles"))
    assert len(keys) == 1


def test_what_stood_there_already_is_in_the_bundle_too() -> None:
    """A second run of a period creates nothing new, and its tasks need the dataset all the same."""
    store = MemoryStore()
    store.put(StoredObject("a", b"1"))
    kept = Kept(store)
    assert not kept.create(StoredObject("a", b"1"))
    body = store.get(kept.bundle("bundles")).body
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == ["a"]


def test_what_the_sources_held_comes_back_as_it_was_faults_and_all() -> None:
    raw = RawTables(
        {"booking": pa.table({"booking_id": ["B1", "B2"], "source_row": pa.array([2, 3], pa.int64())})},
        (SourceFile("booking", "booking.csv", "0" * 64, 2),),
        (Fault("booking.csv", "one of held, confirmed", "correct it", 3, "status", "x"),),
        (Note("booking", "an unknown column was left out", 1),),
        sample=True,
    )
    store = MemoryStore()
    where = raw_store.keep(store, raw, date(2026, 5, 1))
    found = raw_store.load(store, where)
    assert found.tables["booking"].equals(raw.tables["booking"])
    assert (found.files, found.faults, found.notes, found.sample) == (raw.files, raw.faults, raw.notes, True)
    assert raw_store.keep(store, raw, date(2026, 5, 1)) == where


SENT = MailStatus("primary", "d" * 52, 1, "sent", "message-1", "mails/x.eml")
LANE = Lane("cfo", "CFO report", ("2026-05-01/cfo-report.txt",), (SENT,), ())


def summed(*lanes: Lane, send: bool = True) -> Summary:
    return Summary("run", "2026-05-01", send, "" if send else "switched off", lanes)


def test_all_sent_is_no_shortfall() -> None:
    assert summed(LANE).shortfalls() == ()


@pytest.mark.parametrize("state", ["none", "claimed", "uncertain", "retryable", "refused"])
def test_every_other_state_is_one_and_names_report_reader_and_state(state: str) -> None:
    lane = replace(LANE, deliveries=(replace(SENT, state=state),))
    (text,) = summed(LANE, lane).shortfalls()
    assert "CFO report" in text
    assert f"primary: {state}" in text


def test_a_red_step_is_a_shortfall_even_when_an_earlier_run_sent_the_report() -> None:
    (text,) = summed(replace(LANE, trouble=("archive: failed",))).shortfalls()
    assert "archive: failed" in text


def test_a_run_that_mails_nobody_falls_short_only_of_what_it_did_not_archive() -> None:
    unsent = replace(LANE, deliveries=(replace(SENT, state="none"),))
    assert summed(unsent, send=False).shortfalls() == ()
    assert "not archived" in summed(replace(unsent, keys=()), send=False).shortfalls()[0]


def test_a_summary_survives_being_kept() -> None:
    store = MemoryStore()
    made = summed(LANE, replace(LANE, report="cto", trouble=("send: failed",)))
    assert Summary.from_json(store.get(summary.keep(store, made)).body) == made


def test_a_run_id_never_stands_in_an_object_name() -> None:
    # A person may start a run under any id, an address included.
    made = Summary("manual by founder@example.com", "2026-05-01", send=True, why_not="", lanes=())
    assert "@" not in keep(MemoryStore(), made)


def test_an_address_is_looked_up_by_the_name_that_the_configuration_gives(configured: Config) -> None:
    assert address_of(configured, "primary", {"AWS_RECIPIENT_EMAIL": " founder@example.com "}) == "founder@example.com"
    for wrong in (" ", "founder@example", "founder"):
        with pytest.raises(LookupError, match="AWS_RECIPIENT_EMAIL") as caught:
            address_of(configured, "primary", {"AWS_RECIPIENT_EMAIL": wrong})
        assert not wrong.strip() or wrong not in str(caught.value).replace("recipient", "")


def test_the_owner_is_nobody_who_reads_a_report(configured: Config, tmp_path: Path) -> None:
    for file in (INCLUDE / "config").glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    reader = configured.reports[0].recipients[0]
    delivery = (tmp_path / "delivery.yaml").read_text(encoding="utf-8")
    (tmp_path / "delivery.yaml").write_text(delivery.replace("owner: owner", f"owner: {reader}"), encoding="utf-8")
    with pytest.raises(config.ConfigError, match="not receive any report"):
        config.load(tmp_path)


def test_plan_and_summary_are_plain_json() -> None:
    plan = Plan("r", "2026-05-01", ("cfo",), send=True, why_not="", dated=True)
    assert json.loads(json.dumps(plan.to_json())) == plan.to_json()
