"""``make look``: every report as a browser shows it, compared with the screens that a person has approved.

Each report of the sample, its page at 380 and 800 pixels in light and in dark, its mail at 600 in light and at 380 in
dark, is drawn by Chromium with the locked fonts and compared, cell by cell, with the text under
``tests/snapshots/screens``. Pictures of all of them, and of each difference, go to ``out/look``. ``ACCEPT=1`` writes
the approved screens anew: look at the pictures first. It is no part of ``make test``, which needs nothing but Python.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from browser import CELL, TILE, Browser, Screen
from cells import different, from_text, to_text

from executive_suite import config, reports
from executive_suite.cli.build import with_pictures
from executive_suite.run import pipeline

ROOT = Path(__file__).parents[2]
INCLUDE = ROOT / "include"
APPROVED = ROOT / "tests" / "snapshots" / "screens"
PICTURES = ROOT / "out" / "look"
SCREENS = {
    "page": ((380, False), (380, True), (800, False), (800, True)),
    "mail": ((380, True), (600, False)),
}
"""Width in pixels, and whether in the dark, of what is drawn of each report."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen: which report, page or mail, how wide, in which light."""

    report: str
    part: str
    width: int
    dark: bool

    @property
    def name(self) -> str:
        """As its files are called."""
        return f"{self.report}-{self.part}-{self.width}-{'dark' if self.dark else 'light'}"


def main() -> int:
    """Draw, compare, tell; 0 when every screen is as it was approved."""
    parser = argparse.ArgumentParser(prog="make look", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="write the approved screens anew")
    parser.add_argument("--report", action="append", default=[], help="only this report")
    given = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    APPROVED.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, Browser(Path(folder) / "profile") as browser:
        for shot, path in _files(Path(folder), given.report):
            wrong += not _compared(browser, shot, path, accept=given.accept)
        sys.stdout.write(f"{wrong} screens to look at, in {PICTURES.relative_to(ROOT)} ({browser.version})\n")
    return 1 if wrong else 0


def _files(folder: Path, chosen: list[str]) -> Iterator[tuple[Shot, Path]]:
    configured = config.load(INCLUDE / "config")
    if configured.schedule.sample_report_date is None:
        sys.exit("schedule.yaml: sample_report_date is not set; set it to the date to draw")
    figures = pipeline.figures_of(INCLUDE / "data", configured.schedule.sample_report_date, INCLUDE / "config")
    for report in configured.reports:
        if chosen and report.report not in chosen:
            continue
        document = reports.build(figures, report)
        parts = {"page": document.files["html"].decode(), "mail": with_pictures(document)}
        for part, html in parts.items():
            path = folder / f"{report.report}-{part}.html"
            path.write_text(html.replace("</head>", f"{_faces()}</head>", 1), encoding="utf-8")
            for width, dark in SCREENS[part]:
                yield Shot(report.report, part, width, dark), path


def _faces() -> str:
    """A style that shows every letter in the locked font: screens of two machines differ in nothing else."""
    folder = Path(str(resources.files("font_source_sans_pro"))) / "files"
    files = {
        weight: (folder / f"SourceSansPro-{name}.ttf").as_uri()
        for weight, name in (("400", "Regular"), ("700", "Bold"))
    }
    faces = "".join(
        f'@font-face{{font-family:Locked;font-weight:{weight};src:url("{address}")}}'
        for weight, address in files.items()
    )
    return f"<style>{faces}*{{font-family:Locked,sans-serif !important}}</style>"


def _compared(browser: Browser, shot: Shot, path: Path, *, accept: bool) -> bool:
    screen = browser.show(path, shot.width, dark=shot.dark)
    approved = APPROVED / f"{shot.name}.txt"
    _draw(shot.name, screen.tiles)
    if screen.wide:
        sys.stdout.write(f"{shot.name}: something stands out on the right\n")
    if accept:
        approved.write_text(to_text(screen.cells), encoding="ascii")
        return not screen.wide
    if not approved.exists():
        sys.stdout.write(f"{shot.name}: not approved yet\n")
        return False
    then = from_text(approved.read_text(encoding="ascii"))
    changed = list(different(screen.cells, then))
    if changed:
        first = min(row for _, row in changed) * CELL
        sys.stdout.write(f"{shot.name}: {len(changed)} cells differ, the first {first} pixels from the top\n")
        _draw(f"{shot.name}-difference", _marked(browser, screen, changed))
    return not changed and not screen.wide


def _marked(browser: Browser, screen: Screen, changed: list[tuple[int, int]]) -> list[str]:
    boxes: dict[int, list[tuple[int, int, int]]] = {}
    for column, row in changed:
        tile, top = divmod(row * CELL, TILE)
        boxes.setdefault(tile, []).append((column * CELL, top, CELL))
    return [browser.marked(tile, boxes.get(number, [])) for number, tile in enumerate(screen.tiles)]


def _draw(name: str, tiles: tuple[str, ...] | list[str]) -> None:
    for number, tile in enumerate(tiles, start=1):
        (PICTURES / f"{name}-{number}.png").write_bytes(base64.b64decode(tile))


if __name__ == "__main__":
    sys.exit(main())
