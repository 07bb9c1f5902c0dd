"""A step of the product's code that stops where a test wants it, so that something can be done to it there."""

from __future__ import annotations

HOLDING = "holding"
"""A folder of the checkout: a file ``<lane>.<point>`` in it holds that step there, and becomes ``….reached``."""
# Part of the steps' code from the start. A step that is held waits until its file is gone, or its process is.
HOLDER = """

def _held_there(folder: str) -> None:
    import dataclasses, pathlib, time
    from executive_suite.run import services

    def hold(name):
        asked, reached = (pathlib.Path(folder) / one for one in (name, name + ".reached"))
        try:
            asked.rename(reached)
        except FileNotFoundError:
            return
        while reached.exists():
            time.sleep(0.05)

    plain, computed = services.for_reports, _compute

    def for_reports(deployment, trail):
        lane = trail.name.rsplit("/", 1)[1]
        made = plain(deployment, trail)

        def point(name):
            made.fail_point(name)
            hold(f"{{lane}}.{{name}}")

        return dataclasses.replace(made, fail_point=point)

    def compute(*given, **named):
        hold("compute.begun")
        return computed(*given, **named)

    services.for_reports = for_reports
    globals()["_compute"] = compute


_held_there({folder!r})
"""
