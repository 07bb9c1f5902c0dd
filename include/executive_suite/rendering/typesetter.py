"""One typesetter for paper and pictures, with fonts of its own: the same source, the same bytes, on any machine.

A converter that also takes the machine's fonts drew other pixels in a container without fonts than on a desk; then the
digest that was approved in one place could not be verified in another.

The typesetter keeps threads of its own, which a fork leaves behind: a process that is to fork must not set anything
before, or its children wait for ever. So what is loaded ahead of tasks (`preload/`) compiles templates and no more.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
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


class _Own(threading.local):
    """What a thread has to itself."""

    def __init__(self) -> None:
        """As every thread begins."""
        self.compiler = typst.Compiler(font_paths=_fonts())


@cache
def _fonts() -> typst.Fonts:
    """The locked fonts and no other, read once a process.

    The font package holds every style twice, in two file formats, and the compiler takes whichever the file system
    lists first. So it is shown one file a style, and reads all four at once: then the folder can go.
    """
    files = resources.files("font_source_sans_pro") / "files"
    with tempfile.TemporaryDirectory() as folder:
        for style in _STYLES:
            name = f"SourceSansPro-{style}.ttf"
            with resources.as_file(files / name) as path:
                shutil.copyfile(path, Path(folder) / name)
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        typst.Compiler(font_paths=fonts).compile(input=_SAMPLE.encode(), format="svg")
    return fonts


@cache
def _own() -> _Own:
    return _Own()


def compiler() -> typst.Compiler:
    """This thread's compiler: one sets one document at a time, and lets go of the interpreter while it does."""
    return _own().compiler


def literal(text: str) -> str:
    """``text`` as a Typst string literal; nothing in it can end it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{plain}"'
