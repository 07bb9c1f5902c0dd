"""Letters that the fonts of paper and pictures lack, spelled in Latin letters instead.

The fonts are locked, so that the same report has the same bytes on any machine, and no package has fonts for every
script in the world. A name in Chinese or an emoji would show as empty boxes on paper, and a screen reader would skip
it. Text, page and mail show every name as it was written.
"""

from __future__ import annotations

import re
from functools import cache

import typst
from anyascii import anyascii

from executive_suite.rendering.typesetter import STACK, compiler, literal

_SURE = re.compile(r"[^\n -~\u00a0-\u017f\u2010-\u2026\u2212]+")
"""Runs of anything but Latin letters and signs that the font is known to have."""


_JOINING = re.compile(r"[\u200c\u200d\ufe00-\ufe0f]")
"""Joiners and selectors of variants: they show nothing, and choose among shapes that the fonts lack."""


def spelled(text: str) -> str:
    r"""``text`` with what the fonts lack spelled in Latin letters, and nothing that only joins such letters.

    >>> spelled("Café Ωμέγα"), spelled("株式会社"), spelled("\U0001f6a4 tours")
    ('Café Ωμέγα', 'ZhuShiHuiShe', ':speedboat: tours')
    """
    return _SURE.sub(lambda run: _shown(run.group()), _JOINING.sub("", text))


@cache
def _shown(run: str) -> str:
    if _readable(run):
        return run
    return "".join(letter if _readable(letter) else anyascii(letter) for letter in run)


@cache
def _readable(letters: str) -> bool:
    """Whether the fonts have all of these letters: if one is missing, the typesetter refuses to claim PDF/UA."""
    source = f'#set document(title: "t")\n#set text(font: {STACK}, lang: "en")\n#text({literal(letters)})'
    try:
        compiler().compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True
