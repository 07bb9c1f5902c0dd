"""The room's own style and script."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

from executive_suite.room.pages import STATIC
from executive_suite.room.visit import Visiting

router = APIRouter()
TYPES = {"room.css": "text/css", "room.js": "text/javascript"}


@router.get("/static/{name}")
def static(_visit: Visiting, name: str) -> FileResponse:
    """A file by its name."""
    if name not in TYPES:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(STATIC / name, media_type=TYPES[name], headers={"Cache-Control": "private, max-age=300"})
