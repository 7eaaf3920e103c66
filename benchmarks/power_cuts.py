"""What is left of everything that saves when the power goes at any moment of it.

python benchmarks/power_cuts.py [part of a name]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from cutting import cuts, record, wrong_after
from power_saves import SAVINGS

MOST = 100_000
"""The most choices of what has reached the disk at one moment; no saving comes near."""


def main(named: str = "") -> int:
    """Print the number of states and what was wrong in them; return 1 if anything was."""
    states = all_wrong = 0
    for name in SAVINGS:
        if named not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            recorded = record(name, Path(folder))
        found = [*cuts(recorded, MOST)]
        wrong = Counter(what for cut in found if (what := wrong_after(recorded, cut)))
        print(f"{name}: {len(found):,} states after {len(recorded.steps):,} calls")
        for what, count in wrong.most_common():
            print(f"  in {count:,}: {what}")
        states += len(found)
        all_wrong += wrong.total()
    print(f"{states:,} states, {all_wrong:,} of them wrong")
    return int(all_wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
