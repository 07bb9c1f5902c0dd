"""One typesetter for paper and pictures, with fonts of its own: the same source, the same bytes, on any machine.

A converter that also takes the machine's fonts drew other pixels in a container without fonts than on a desk; then the
digest that was approved in one place could not be verified in another.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path

import typst

FACE = "Source Sans Pro"
"""Of the text and the charts; Hebrew, Greek and signs come from the fonts that the typesetter brings along."""

STACK = f'("{FACE}", "Libertinus Serif", "DejaVu Sans Mono")'
"""The fonts of paper in order, as Typst source."""

_STYLES = ("Regular", "It", "Bold", "BoldIt")
_SAMPLE = f'#set text(font: "{FACE}")\na _a_ *a* *_a_*'


@cache
def compiler() -> typst.Compiler:
    """The compiler, made once a process; it sees the locked fonts and no other.

    The font package holds every style twice, in two file formats, and the compiler takes whichever the file system
    lists first. So it is shown one file a style, and reads all four at once: then the folder can go.
    """
    files = resources.files("font_source_sans_pro") / "files"
    with tempfile.TemporaryDirectory() as folder:
        for style in _STYLES:
            name = f"SourceSansPro-{style}.ttf"
            with resources.as_file(files / name) as path:
                shutil.copyfile(path, Path(folder) / name)
        made = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=[folder]))
        made.compile(input=_SAMPLE.encode(), format="svg")
    return made


def literal(text: str) -> str:
    """``text`` as a Typst string literal; nothing in it can end it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{plain}"'
