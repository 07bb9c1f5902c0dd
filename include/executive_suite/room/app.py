"""The room as a web application, to be mounted in another one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from executive_suite.room import pages
from executive_suite.room.door import Door
from executive_suite.room.routes import acts, delivery, proof, report, shelf, static, waiting

SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": pages.OWN,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer that does not say otherwise."""


def room(door: Door) -> FastAPI:
    """The application; every route asks the door who comes in."""
    made = FastAPI(title="Report room", openapi_url=None, docs_url=None, redoc_url=None)
    made.state.door = door

    @made.middleware("http")
    async def _safe(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        answer = await call(request)
        for name, value in SAFE.items():
            answer.headers.setdefault(name, value)
        return answer

    @made.exception_handler(HTTPException)
    async def _refused(request: Request, error: HTTPException) -> Response:
        return pages.refusal(
            error.status_code, str(error.detail), html="text/html" in request.headers.get("accept", "")
        )

    @made.get("/")
    def _enter(request: Request) -> Response:
        groups = door.groups(request)
        home = request.scope.get("root_path", "")
        if len(groups) == 1:
            return RedirectResponse(f"{home}/groups/{groups[0]}/", 303)
        return pages.groups(home, groups)

    for part in (static, shelf, report, delivery, waiting, proof, acts):
        made.include_router(part.router, prefix="/groups/{group}")
    return made
