"""Every system call of everything that saves, made to fail with every error.

python benchmarks/failing_calls.py [part of a name]
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from savings import SAVINGS, outcomes, trials_of_all


def main(named: str = "") -> int:
    """Print how many calls failed and what was wrong after it; give 1 where anything was."""
    all_wrong = 0
    for what, saving in SAVINGS.items():
        if named not in what:
            continue
        failed: Counter[str] = Counter()
        for call, code, wrong in outcomes(saving, trials_of_all):
            failed[call.name] += 1
            all_wrong += bool(wrong)
            if wrong:
                print(f"{what}: {call.name} {call.nth}, {code}: {wrong}")
        by_name = ", ".join(f"{name} {count}" for name, count in failed.most_common())
        print(f"{what}: {failed.total():,} failures ({by_name})")
    print(f"{all_wrong:,} were not survived")
    return int(all_wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
