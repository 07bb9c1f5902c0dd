"""Proof in the room: what the command says, as it is read; and an export that a stranger can check."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from executive_suite import __main__ as command_line
from executive_suite.room.app import room
from executive_suite.room.door import Person
from executive_suite.run import bodies, deployment
from executive_suite.run.deployment import Deployment
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject, StoreError
from executive_suite.trail import export, sealing
from executive_suite.trail.signing import seal_key
from room_door import HOME, RoomDoor, visitor

READER = Person("2", "viewer", may_act=False, reports=frozenset({"ceo"}))
AWAY = "the bucket is away"
JSON = {"content-type": "application/json"}


@pytest.fixture
def opened(everything: Deployment) -> Deployment:
    """A copy that a test may change."""
    made = replace(everything)
    store = MemoryStore()
    for key in everything.records.keys(""):
        store.put(everything.records.get(key))
    made.__dict__.update(records=store, reports=MemoryStore(), trail_copy=None)
    return made


def verified(browser: TestClient, **asked: str) -> list[dict[str, Any]]:
    answer = browser.post(f"{HOME}/proof", json=asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def changed(opened: Deployment) -> str:
    """Change one event of the trail; its key."""
    key = next(key for key in opened.records.keys("audit/runs/") if "/cfo/" in key)
    item = opened.records.get(key)
    opened.records.put(replace(item, body=item.body.replace(b'"outcome":"written"', b'"outcome":"wrotten"')))
    return key


def test_the_verdict_is_that_of_the_command(
    opened: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(opened)
    monkeypatch.setattr(deployment, "from_environment", lambda: opened)
    assert command_line.main(["audit", "verify"]) == 1
    said = capsys.readouterr().out.splitlines()
    *progress, last = verified(visitor(opened))
    count = len(list(opened.records.keys("audit/")))
    assert progress[-1] == {"progress": f"{count} of {count} events read"}
    assert last["verdict"]["faults"] == [line for line in said if line.startswith("edit: ")]
    assert f"anchor {last['verdict']['anchor']}" in said
    shown = html.fromstring(last["html"])
    assert shown.get("data-state") == "changed"
    assert [item.text_content() for item in shown.xpath(".//li")] == last["verdict"]["faults"]


def test_what_no_seal_holds_is_shown_apart(opened: Deployment) -> None:
    assert verified(visitor(opened))[-1]["verdict"]["unsealed"] == {}
    late = next(key for key in opened.records.keys("audit/manifests/") if key.endswith("000002.json"))
    opened.records.remove(late)
    last = verified(visitor(opened))[-1]
    assert last["verdict"]["faults"] == []
    unsealed = last["verdict"]["unsealed"]
    assert sum(unsealed.values()) > 10
    shown = html.fromstring(last["html"])
    assert f"{sum(unsealed.values())} events are not sealed yet" in shown.xpath(".//summary")[0].text
    assert {item.text for item in shown.xpath(".//dd")} == set(unsealed)


def test_an_anchor_that_was_kept_shows_a_rewrite_of_everything(opened: Deployment, everything: Deployment) -> None:
    kept = verified(visitor(everything))[-1]["verdict"]["anchor"]
    assert verified(visitor(opened), anchor=kept)[-1]["verdict"]["faults"] == []
    other = f"{kept.partition(':')[0]}:{'0' * 64}"
    (fault,) = verified(visitor(opened), anchor=other)[-1]["verdict"]["faults"]
    assert fault.startswith("rewrite: manifests")


def test_the_page_waits_where_there_is_no_script(opened: Deployment) -> None:
    changed(opened)
    answer = visitor(opened).get(f"{HOME}/proof?verify=1&anchor=")
    assert "The trail was changed: 1 fault." in html.fromstring(answer.content).text_content()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (JSON, "{}", 200),
        ({"content-type": "application/x-www-form-urlencoded"}, "anchor=", 415),
        ({**JSON, "origin": "https://elsewhere.example"}, "{}", 403),
        (JSON, '{"anchor": "12:abc"}', 422),
        (JSON, '{"anchor": "", "more": 1}', 422),
    ],
)
def test_only_json_from_the_rooms_own_pages_is_taken(
    everything: Deployment, headers: dict[str, str], body: str, status: int
) -> None:
    assert visitor(everything).post(f"{HOME}/proof", content=body, headers=headers).status_code == status


def test_seals_say_whether_they_are_signed_and_stamped(opened: Deployment) -> None:
    opened.records.put(StoredObject(seal_key(2, "sig"), b"s"))
    opened.records.put(StoredObject(seal_key(2, "tsr"), b"t"))
    rows = html.fromstring(visitor(opened).get(f"{HOME}/proof").content).xpath(".//tbody/tr")
    cells = [[cell.text_content().strip() for cell in row] for row in rows]
    assert [(row[0].removeprefix("Seal "), row[4], row[5]) for row in cells] == [
        ("2", "✓ yes", "✓ yes"),
        ("1", "no", "no"),
    ]
    anchor = sealing.event_at(opened.records, sealing.MANIFESTS, 2)["data"]["hash"]
    assert cells[0][6] == f"2:{anchor}"


def test_a_seal_that_is_none_any_more_says_so(opened: Deployment) -> None:
    opened.records.put(StoredObject("audit/manifests/000001.json", b"[]"))
    text = html.fromstring(visitor(opened).get(f"{HOME}/proof").content).text_content()
    assert "Was changed: it is no seal any more." in text


def test_the_export_is_that_of_the_command(opened: Deployment, tmp_path: Path) -> None:
    """How to check it is in its README, whose shell commands ``tests/unit/test_audit.py`` runs."""
    opened.records.put(StoredObject(seal_key(2, "sig"), b"s"))
    export.write(opened.records, tmp_path / "audit.jsonl", export.lines(opened.records))
    answer = visitor(opened).get(f"{HOME}/proof/export.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        files = {name: found.read(name) for name in found.namelist()}
    assert files == {
        str(file.relative_to(tmp_path)): file.read_bytes() for file in tmp_path.rglob("*.*") if file.is_file()
    }
    assert {"audit.jsonl", "audit.jsonl.README.md", "audit.jsonl.seals/000002.sig"} <= set(files)
    assert visitor(opened).get(f"{HOME}/proof/export.zip").content == answer.content


def test_who_only_reads_may_verify_and_not_export(everything: Deployment) -> None:
    browser = visitor(everything, READER)
    assert "verdict" in verified(browser)[-1]
    assert browser.get(f"{HOME}/proof/export.zip").status_code == 403
    assert "export.zip" not in browser.get(f"{HOME}/proof").text


def test_one_verification_at_a_time_and_pages_go_on_meanwhile(everything: Deployment) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(RoomDoor):
        def act(self, group: str, body: str, **arguments: Any) -> Any:
            begun.set()
            assert go_on.wait(10)
            return bodies.body(body)(self.deployment, **arguments)

    first: list[dict[str, Any]] = []
    with TestClient(room(Slow(everything))) as browser:
        waiting = threading.Thread(target=lambda: first.extend(verified(browser)))
        waiting.start()
        assert begun.wait(10)
        assert browser.get(f"{HOME}/proof").status_code == 200
        (refused,) = verified(browser)
        assert refused["error"].startswith("Somebody is verifying the trail right now.")
        go_on.set()
        waiting.join(10)
    assert "verdict" in first[-1]
    assert "verdict" in verified(visitor(everything))[-1]


def test_what_stands_in_the_way_is_told(everything: Deployment) -> None:
    class Broken(RoomDoor):
        def act(self, group: str, body: str, **arguments: Any) -> Any:
            raise StoreError(AWAY)

    browser = TestClient(room(Broken(everything)))
    assert verified(browser) == [{"error": "The trail could not be verified: the bucket is away"}]
    assert browser.get(f"{HOME}/proof?verify=1").status_code == 409
