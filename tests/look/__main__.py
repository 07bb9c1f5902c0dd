"""``make look``: every report as a browser shows it, next to the same report of another commit where one is named.

Each report of the sample is drawn by the system's Chromium with the locked fonts: its page at 380 and 800 pixels in
light and dark, its mail at 380 in the dark and at 600 in light. The pictures go to ``out/look``, with a page that shows
them. ``BASE=<commit>`` builds that commit too, with its own code and its own locks, and the page shows each screen that
differs: then, now, and what changed. ``make test`` draws nothing: it needs no browser.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from builds import previews, unpacked
from pictures import Difference, difference, gallery
from screens import drawn

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "out" / "look"


def main() -> int:
    """Draw, compare, write the page; 1 if something is wider than its screen, else 0."""
    parser = argparse.ArgumentParser(prog="make look", description=__doc__.partition(",")[0])
    parser.add_argument("--base", help="a commit to compare with")
    parser.add_argument("--report", help="only this report")
    given = parser.parse_args()
    shutil.rmtree(PICTURES, ignore_errors=True)
    now = drawn(previews(ROOT, given.report), PICTURES / "now")
    differences: list[Difference] = []
    if given.base:
        tree = unpacked(ROOT, given.base, ROOT / ".local" / "look")
        then = drawn(previews(tree, given.report, like=ROOT), PICTURES / "then")
        for name in sorted(now.keys() | then.keys()):
            found = difference(PICTURES, name)
            if found:
                differences.append(found)
                sys.stdout.write(f"  {found}\n")
        sys.stdout.write(f"{len(differences)} of {len(now)} screens differ from {given.base}\n")
    page = gallery(PICTURES, list(now), differences if given.base else None)
    sys.stdout.write(f"{len(now)} screens: open {page.relative_to(ROOT)}\n")
    wide = [name for name, fits in now.items() if not fits]
    sys.stdout.writelines(f"  {name} is wider than its screen\n" for name in wide)
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
