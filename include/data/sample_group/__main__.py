"""Write the sample group: ``make sample``; Python needs ``include`` and the folder above this one on its path."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample_group import assumptions, build

DATA = Path(__file__).parents[1]


def main() -> None:
    """Write every table and the data package into a folder."""
    parser = argparse.ArgumentParser(prog="python -m sample_group", description=__doc__)
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to (default: the shipped data)")
    build.build(assumptions.load()).write(parser.parse_args().out)


if __name__ == "__main__":
    main()
