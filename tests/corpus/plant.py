#!/usr/bin/env python3
"""Writes the planted corpus: one file per case, and a manifest of what a scan must say of each."""

import argparse
import importlib
import random
from pathlib import Path

from planting.bed import Bed
from planting.forge import Forge

# Each is a package with a list of modules. Only the one that is asked for is imported, since
# containers need the libraries of `tests/requirements.txt`.
BEDS = {"text": "planting", "containers": "planting.containers"}


def plant(out: Path, name: str, seed: int) -> Bed:
    bed = Bed(out)
    for module in importlib.import_module(BEDS[name]).MODULES:
        # A module draws from its own stream, so that a new one does not change the others.
        module.plant(bed, Forge(random.Random(f"{seed}:{module.__name__}")))
    bed.close()
    return bed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="a new or empty directory")
    parser.add_argument("--seed", type=int, default=1, help="where the tokens are drawn from")
    parser.add_argument("--bed", choices=BEDS, default="text", help="which corpus")
    args = parser.parse_args()
    if args.out.exists() and any(args.out.iterdir()):
        parser.error(f"{args.out} is not empty")
    bed = plant(args.out, args.bed, args.seed)
    for expect, count in bed.tally().items():
        print(f"{expect}: {count}")


if __name__ == "__main__":
    main()
