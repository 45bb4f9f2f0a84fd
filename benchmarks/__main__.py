"""`python -m benchmarks NAME…`: run the named benchmarks, or list them; each prints its figures and ratios from one run."""

import sys
from importlib import import_module
from pathlib import Path


def main(names: list[str]) -> int:
    """Run each named module's `main`; return 2 and list what there is when no or an unknown name is given."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))
    if not names or any(name not in known for name in names):
        print(f"python -m benchmarks NAME…; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names:
        import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
