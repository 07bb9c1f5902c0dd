"""The room as a web application, to be mounted in another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from executive_suite.archive.documents import ArchiveError
from executive_suite.config import ConfigError
from executive_suite.room import pages
from executive_suite.room.door import Door
from executive_suite.room.routes import acts, compare, delivery, entrance, proof, report, shelf, static, waiting
from executive_suite.settings import SettingsError
from executive_suite.stores.store import StoreError

SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": pages.OWN,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer that does not say otherwise."""
OUT_OF_ORDER = (ArchiveError, ConfigError, SettingsError, StoreError)
"""What keeps the room from showing anything; whoever runs it has to look."""


def room(door: Door) -> FastAPI:
    """The application; every route asks the door who comes in."""
    made = FastAPI(title="Report room", openapi_url=None, docs_url=None, redoc_url=None)
    made.state.door = door
    made.middleware("http")(_safe)
    made.add_exception_handler(HTTPException, _refused)
    for kind in OUT_OF_ORDER:
        made.add_exception_handler(kind, _out_of_order)
    made.include_router(entrance.router)
    for part in (static, shelf, report, delivery, waiting, compare, proof, acts):
        made.include_router(part.router, prefix="/groups/{group}")
    return made


async def _safe(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call(request)
    for name, value in SAFE.items():
        answer.headers.setdefault(name, value)
    return answer


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return pages.refusal(status, str(getattr(error, "detail", error)), html=_by_a_person(request))


async def _out_of_order(request: Request, error: Exception) -> Response:
    return pages.refusal(503, str(error), html=_by_a_person(request))


def _by_a_person(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")
