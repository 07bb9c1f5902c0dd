"""Two pictures compared, pixel by pixel, and the page that shows what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image, ImageChops

_SHADE = (255, 0, 120)
_STYLE = (
    "body{font:16px sans-serif;margin:24px;background:#ddd}div{display:flex;gap:16px;align-items:flex-start}"
    "figure{margin:0}img{max-width:100%;border:1px solid #888}"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One screen that is not what it was.

    Attributes:
        name: The picture's file name, in the folders ``then``, ``now`` and ``difference``.
        what: What happened to it.
        sides: Which of the folders have it.
    """

    name: str
    what: str
    sides: tuple[str, ...]

    def __str__(self) -> str:
        """As it is printed."""
        return f"{self.name}: {self.what}"


def difference(folder: Path, name: str) -> Difference | None:
    """How a picture differs between the folders ``then`` and ``now``; the shaded picture goes to ``difference``."""
    sides = tuple(side for side in ("then", "now") if (folder / side / name).exists())
    if len(sides) == 1:
        return Difference(name, f"only {sides[0]}", sides)
    then, now = (Image.open(folder / side / name).convert("RGB") for side in sides)
    size = (max(then.width, now.width), max(then.height, now.height))
    red, green, blue = ImageChops.difference(_on_canvas(then, size), _on_canvas(now, size)).split()
    changed = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(_ANY)
    box = changed.getbbox()
    if box is None and then.size == now.size:
        return None
    shaded = _on_canvas(now, size)
    shaded.paste(_SHADE, (0, 0, *size), changed)
    (folder / "difference").mkdir(exist_ok=True)
    shaded.save(folder / "difference" / name)
    taller = now.height - then.height
    what = f"differs from {box[1] if box else min(then.height, now.height)} pixels down"
    return Difference(name, what + (f", {taller:+} pixels tall" if taller else ""), (*sides, "difference"))


_ANY = [0] + [255] * 255
"""The smallest difference of a color shades the pixel."""


def _on_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "white")
    canvas.paste(picture)
    return canvas


def gallery(folder: Path, names: Sequence[str], differences: Sequence[Difference] | None) -> Path:
    """Write ``index.html``: the screens that differ, or all of them if there is nothing to compare with."""
    rows = [(one.name, str(one), one.sides) for one in differences or ()]
    if differences is None:
        rows = [(name, name, ("now",)) for name in names]
    body = "".join(
        f"<h2>{escape(title)}</h2><div>"
        + "".join(f'<figure><figcaption>{side}</figcaption><img src="{side}/{name}"></figure>' for side in sides)
        + "</div>"
        for name, title, sides in rows
    )
    page = folder / "index.html"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title><style>{_STYLE}</style>'
    page.write_text(f"{head}<h1>Screens</h1>{body or '<p>No screen differs.</p>'}</html>\n", encoding="utf-8")
    return page
