"""`python -m benchmarks [NAME…]`: run the named benchmarks, or all of them; each prints its figures and ratios from one run."""

import sys
from importlib import import_module
from types import ModuleType

NAMES = ("rules", "screening", "lending", "forecast", "verification", "load")


def main(names: list[str]) -> int:
    """Run each named benchmark (all without a name); 1 when one missed its floor, 2 for an unknown name, listing what there is."""
    if any(name not in NAMES for name in names):
        print(f"python -m benchmarks [NAME…]; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    missed = 0
    for name in names or NAMES:
        module: ModuleType = import_module(f"benchmarks.{name}")
        print(f"── {name} ──", flush=True)
        missed |= bool(module.main())
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
