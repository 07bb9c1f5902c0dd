"""One Chromium for all screens, spoken to over a pipe: no port, no driver, nothing to download."""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

TILE = 4096
"""Pixels of height that are fetched at once: a canvas holds no picture of 16,384 and more."""
CELL = 8
"""Pixels of a cell's side: in larger ones a changed digit is lost."""

_HOW_TO_GET_IT = "no Chromium on PATH: install your system's package (chromium, chromium-browser or google-chrome)"
_NAMES = ("chromium", "chromium-browser", "google-chrome")

_CELLS = """
(async (data, cell) => {
  const picture = await createImageBitmap(await (await fetch(data)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  pen.drawImage(picture, 0, 0);
  const pixels = pen.getImageData(0, 0, picture.width, picture.height).data;
  const rows = [];
  for (let top = 0; top < picture.height; top += cell) {
    const row = [];
    for (let left = 0; left < picture.width; left += cell) {
      let sum = 0, count = 0;
      for (let y = top; y < Math.min(top + cell, picture.height); y++)
        for (let x = left; x < Math.min(left + cell, picture.width); x++, count++) {
          const at = 4 * (y * picture.width + x);
          sum += 0.5 * pixels[at] + 0.35 * pixels[at + 1] + 0.15 * pixels[at + 2];
        }
      row.push(Math.min(63, Math.floor(sum / count / 4)));
    }
    rows.push(row);
  }
  return rows;
})
"""
_MARKED = """
(async (data, boxes) => {
  const picture = await createImageBitmap(await (await fetch(data)).blob());
  const canvas = document.createElement("canvas");
  canvas.width = picture.width; canvas.height = picture.height;
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  pen.fillStyle = "rgba(255, 0, 120, 0.35)";
  for (const [x, y, size] of boxes) pen.fillRect(x, y, size, size);
  return canvas.toDataURL("image/png").split(",")[1];
})
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a browser shows of a file.

    Attributes:
        cells: Rows of cells, each from 0 (black) to 63 (white); red and green of the same lightness differ.
        tiles: The picture in PNG, base64, ``TILE`` pixels high each.
        wide: Whether something stands out of the window on the right.
    """

    cells: tuple[tuple[int, ...], ...]
    tiles: tuple[str, ...]
    wide: bool


class Browser:
    """A headless Chromium; use as a context."""

    def __init__(self, profile: Path) -> None:
        """Find the program; ``profile`` is a folder that it may fill."""
        program = next(filter(None, map(shutil.which, _NAMES)), None)
        if program is None:
            raise SystemExit(_HOW_TO_GET_IT)
        self._profile = profile
        self._program = program
        self._numbers = itertools.count(1)
        self._rest = b""

    def __enter__(self) -> Self:
        """Start it with one blank page."""
        theirs_in, self._write = os.pipe()
        self._read, theirs_out = os.pipe()
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (theirs_in, theirs_out)]

        def hand_over() -> None:
            os.dup2(high[0], 3)  # where --remote-debugging-pipe reads
            os.dup2(high[1], 4)  # and where it writes

        command = [self._program, "--headless", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe"]
        command += [f"--user-data-dir={self._profile}", "--no-first-run", "--font-render-hinting=none"]
        command += ["--force-color-profile=srgb", "--disable-lcd-text"]
        command += ["--no-sandbox"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(
            command,
            close_fds=False,
            preexec_fn=hand_over,  # noqa: PLW1509 - one thread; only so do the pipes get their numbers
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (theirs_in, theirs_out, *high):
            os.close(end)
        made = self._call("Target.createTarget", url="about:blank")
        attached = self._call("Target.attachToTarget", targetId=made["targetId"], flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable", self._session)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait(timeout=20)
        os.close(self._read)
        os.close(self._write)

    @property
    def version(self) -> str:
        """As ``Chrome/140.0.7339.80``."""
        return str(self._call("Browser.getVersion")["product"])

    def show(self, path: Path, width: int, *, dark: bool) -> Screen:
        """The whole height of a file in a window of ``width`` pixels."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._call("Emulation.setEmulatedMedia", self._session, features=scheme)
        self._call(
            "Emulation.setDeviceMetricsOverride",
            self._session,
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.open(path)
        size = self._call("Page.getLayoutMetrics", self._session)["cssContentSize"]
        tiles = []
        for top in range(0, int(size["height"]), TILE):
            clip = {"x": 0, "y": top, "width": width, "height": min(TILE, int(size["height"]) - top), "scale": 1}
            shot = self._call("Page.captureScreenshot", self._session, clip=clip, captureBeyondViewport=True)
            tiles.append(shot["data"])
        cells = [tuple(row) for tile in tiles for row in self.run(f"({_CELLS})('{_url(tile)}', {CELL})")]
        return Screen(tuple(cells), tuple(tiles), int(size["width"]) > width)

    def open(self, path: Path) -> None:
        """Load a file and wait until it is whole, its fonts included."""
        self._call("Page.navigate", self._session, url=path.resolve().as_uri())
        self._wait("Page.loadEventFired")
        self.run("document.fonts.ready.then(() => 1)")

    def marked(self, tile: str, boxes: list[tuple[int, int, int]]) -> str:
        """A tile with boxes (left, top, side) laid over it, as base64."""
        return str(self.run(f"({_MARKED})('{_url(tile)}', {json.dumps(boxes)})"))

    def run(self, script: str) -> Any:
        """What a script in the page gives.

        Raises:
            RuntimeError: it failed; with its words.
        """
        done = self._call("Runtime.evaluate", self._session, expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(json.dumps(done["exceptionDetails"])[:2000])
        return done["result"].get("value")

    def _call(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        body = json.dumps(message).encode() + b"\0"
        while body:
            body = body[os.write(self._write, body) :]
        while True:
            answer = self._message()
            if answer.get("id") != number:
                continue
            if "error" in answer:
                msg = f"{method}: {answer['error']}"
                raise RuntimeError(msg)
            return dict(answer["result"])

    def _wait(self, event: str) -> None:
        while self._message().get("method") != event:
            pass

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._read, 1 << 20)
            if not part:
                msg = "Chromium has gone"
                raise RuntimeError(msg)
            self._rest += part
        head, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(head))


def _url(tile: str) -> str:
    return f"data:image/png;base64,{tile}"
