"""What is left of notes and drafts whose process is killed at a random moment of a save.

python benchmarks/killed_saves.py [runs]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from killing import Fate, killed_saver, new_random


def main(runs: int) -> int:
    """Print what has come of notes and drafts; give 1 where something was lost or damaged."""
    seed, chance = new_random()
    came: dict[str, Counter[Fate]] = {"notes": Counter(), "drafts": Counter()}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs):
            what = "drafts" if number % 5 == 4 else "notes"
            author = "--draft" if what == "drafts" else "jdoe"
            came[what] += killed_saver(Path(folder) / f"{number}", chance, author)
    print(f"{runs:,} processes killed, seed {seed}")
    print(f"{'':48}{'notes':>8}{'drafts':>8}")
    for kept in Fate:
        print(f"{kept:48}{came['notes'][kept]:8,}{came['drafts'][kept]:8,}")
    return int(any(count[kept] for count in came.values() for kept in (Fate.LOST, Fate.DAMAGED)))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
