"""What comes of verbs, and of the screen while it starts, when they are interrupted at random.

python benchmarks/interrupts.py [runs]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from interrupting import FAULTS, Interrupter, Outcome
from killing import new_random


def main(runs: int) -> int:
    """Print what has come of verbs and starts; return 1 where one was not ended cleanly."""
    seed, chance = new_random()
    verbs, starts = Counter[Outcome](), Counter[Outcome]()
    with tempfile.TemporaryDirectory() as folder:
        interrupter = Interrupter(Path(folder), chance)
        for _ in range(runs // 2):
            verbs[interrupter.interrupt_verb()] += 1
            starts[interrupter.interrupt_start()] += 1
    print(f"{runs:,} processes interrupted, seed {seed}")
    print(f"{'':58}{'verbs':>8}{'starts':>8}")
    for outcome in Outcome:
        print(f"{outcome:58}{verbs[outcome]:8,}{starts[outcome]:8,}")
    return int(any(count[fault] for count in (verbs, starts) for fault in FAULTS))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
