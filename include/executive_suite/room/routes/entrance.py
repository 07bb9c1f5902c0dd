"""The ways in: the choice of a group, and from a run or a task of Airflow to the same place in the room."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from executive_suite.room import lanes, pages
from executive_suite.room.door import Door

router = APIRouter()


@router.get("/")
def enter(request: Request) -> Response:
    """The person's group, or the choice among several."""
    door: Door = request.app.state.door
    groups, home = door.groups(request), request.scope.get("root_path", "")
    if len(groups) == 1:
        return RedirectResponse(f"{home}/groups/{groups[0]}/", 303)
    return pages.groups(home, groups)


@router.get("/at")
def at(request: Request, dag: str, run: str, lane: str = "") -> Response:
    """The report date of a run, or the report of one of its lanes."""
    door: Door = request.app.state.door
    group = door.group_of(dag)
    if not group:
        raise HTTPException(404, "This DAG makes no reports. Those of executive_suite have a room.")
    door.person(request, group)
    runs, home = door.runs(request, group), f"{request.scope.get('root_path', '')}/groups/{group}"
    day, report = lanes.place_of(runs, run, int(lane) if lane.isdecimal() else -1)
    if not day:
        return RedirectResponse(f"{home}/", 303)  # a run that has not settled its date yet
    return RedirectResponse(f"{home}/reports/{day}/{report}" if report else f"{home}/dates/{day}", 303)
