"""Whether the trail is what it was: its seals, a verification on demand, an export for a stranger.

Whoever may enter the room may verify: the answer names chains and events, and no report's content. The export has every
event with the reasons that people gave, so only who may act gets it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Response, status
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from executive_suite.room import proof
from executive_suite.room.heard import heard
from executive_suite.room.pages import page
from executive_suite.room.visit import Visit, Visiting, ours
from executive_suite.trail import export

router = APIRouter(prefix="/proof")
SEALS = 25
"""Seals on one page."""
NAME = "audit.jsonl"
ANCHOR = r"^(\d+:[0-9a-f]{64})?$"
_one = threading.Lock()
"""Held by the verification at work: each reads the whole trail, and one at a time is enough."""

KeptAnchor = Annotated[str, StringConstraints(strip_whitespace=True, pattern=ANCHOR)]


class Verify(BaseModel):
    """What to check the trail against."""

    model_config = ConfigDict(extra="forbid")
    anchor: KeptAnchor = ""


@router.get("")
def show(
    visit: Visiting,
    *,
    before: Annotated[int, Query(ge=0)] = 0,
    verify: bool = False,
    anchor: Annotated[KeptAnchor, Query()] = "",
) -> Response:
    """The seals; with ``verify``, the verdict as well: for a browser without script, which waits for it."""
    verdict = None
    if verify:
        last = list(_told(visit, anchor))[-1]
        if "verdict" not in last:
            raise HTTPException(status.HTTP_409_CONFLICT, last["error"])
        verdict = last["verdict"]
    shown, count = proof.seals(visit.opened.records, before, SEALS)
    return page(
        visit,
        "proof.j2",
        title="Proof",
        seals=shown,
        count=count,
        before=before,
        size=SEALS,
        anchor=anchor,
        verdict=verdict,
    )


@router.post("", dependencies=[Depends(ours)])
def check(visit: Visiting, asked: Verify) -> StreamingResponse:
    """The verification as it goes: one JSON object per line, the last with the verdict and how the page shows it."""

    def lines() -> Iterator[bytes]:
        for told in _told(visit, asked.anchor):
            yield json.dumps({**told, **_shown(visit, told)}).encode() + b"\n"

    # A proxy that gathers answers would keep the progress back.
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


@router.get("/export.zip")
def exported(visit: Visiting) -> StreamingResponse:
    """The trail for somebody who trusts neither us nor this program: what ``audit export`` writes, in one file."""
    if not visit.person.may_act:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "The export has every event. Your role may verify, not export.")
    records = visit.opened.records
    files = export.files(records, NAME, export.lines(records))
    headers = {"Content-Disposition": 'attachment; filename="audit-trail.zip"'}
    return StreamingResponse(proof.zipped(files), media_type="application/zip", headers=headers)


def _shown(visit: Visit, told: Mapping[str, Any]) -> dict[str, str]:
    """The verdict as the page shows it, if that is what was told."""
    if "verdict" not in told:
        return {}
    return {"html": bytes(page(visit, "proof_verdict.j2", title="", verdict=told["verdict"]).body).decode()}


def _told(visit: Visit, anchor: str) -> Iterator[dict[str, Any]]:
    """``progress`` in words as it comes, then ``verdict``, or the ``error`` that prevents it."""
    if not _one.acquire(blocking=False):
        yield {"error": "Somebody is verifying the trail right now. Try again in a moment."}
        return
    said: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_work, args=(visit, anchor, said), daemon=True).start()
    while True:
        one = said.get()
        yield one
        if "progress" not in one:
            return


def _work(visit: Visit, anchor: str, said: SimpleQueue[dict[str, Any]]) -> None:
    """Verify in a process of its own, to the end even if nobody waits for it any more."""
    try:
        with heard("executive_suite.run.proof", lambda line: said.put({"progress": line})):
            said.put({"verdict": visit.door.act(visit.group, "proof", anchor=anchor)})
    except Exception as error:  # noqa: BLE001 - the person who waits is told
        said.put({"error": f"The trail could not be verified: {error}"})
    finally:
        _one.release()
