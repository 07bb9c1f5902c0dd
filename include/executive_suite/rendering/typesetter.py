"""One typesetter for paper and pictures, with locked fonts: the same source gives the same bytes on any machine.

A converter that also uses the machine's fonts draws other pixels in a container without fonts than on a desktop; a
digest approved on one machine could then not be verified on another.

The typesetter keeps threads, which a fork leaves behind: a process that will fork must not typeset anything before, or
its children wait forever. So the code loaded ahead of tasks (`run/ready.py`) compiles templates and nothing else.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path

import typst

FACE = "Source Sans Pro"
"""The font of text and charts; Hebrew, Greek and signs come from the fonts bundled with the typesetter."""

STACK = f'("{FACE}", "Libertinus Serif", "DejaVu Sans Mono")'
"""The fonts of printed reports in order of preference, as Typst source."""

_STYLES = ("Regular", "It", "Bold", "BoldIt")
_SAMPLE = f'#set text(font: "{FACE}")\na _a_ *a* *_a_*'


_OWN = threading.local()
"""Each thread's compiler."""


@cache
def _fonts() -> typst.Fonts:
    """The locked fonts and no others, read once per process.

    The font package has every style in two file formats, and the compiler takes whichever the file system lists first.
    So it is given one file per style in a folder, which can be deleted once it has read all four.
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


def started() -> bool:
    """Whether this process has typeset, so that it must not fork any more."""
    return _fonts.cache_info().currsize > 0


def compiler() -> typst.Compiler:
    """This thread's compiler: it sets one document at a time and releases the interpreter lock meanwhile."""
    if not hasattr(_OWN, "compiler"):
        _OWN.compiler = typst.Compiler(font_paths=_fonts())
    own: typst.Compiler = _OWN.compiler
    return own


@contextmanager
def document(source: str) -> Iterator[typst.Compiler]:
    """A document of its own: what it was asked about is not set again when it is written.

    That holds for files only, so it is one as long as it is needed.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.typ"
        path.write_text(source, encoding="utf-8")
        yield typst.Compiler(path, font_paths=_fonts())


def literal(text: str) -> str:
    """``text`` as a Typst string literal; nothing in it can end it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{plain}"'
