"""`python -m benchmarks [NAME…] [--loans N] [--postings N] [--people N]`: run the named benchmarks, or all.

Each prints its figures and ratios from one run.
"""

import argparse
import sys
from importlib import import_module
from types import ModuleType

NAMES = (
    "rules",
    "screening",
    "lending",
    "forecast",
    "verification",
    "claims",
    "month-end",
    "statements",
    "budget",
    "account-interest",
    "plan",
    "province",
    "load",
)


def main(arguments: list[str]) -> int:
    """Run each named benchmark (all without a name); 1 when one missed its floor, 2 for an unknown name, listing what there is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--loans", type=int, help="how many loans month-end closes; its floors go down with them")
    parser.add_argument("--postings", type=int, help="how many postings the ledger of statements holds")
    parser.add_argument("--people", type=int, help="how many insured people the province has; its floors are those of 45 million")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        print(f"{', '.join(unknown)}: there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    missed = 0
    for name in given.names or NAMES:
        module: ModuleType = import_module(f"benchmarks.{name.replace('-', '_')}")
        print(f"── {name} ──", flush=True)
        more = {"loans": given.loans} if name == "month-end" and given.loans else {}
        if name == "statements" and given.postings:
            more = {"postings": given.postings}
        if name == "province" and given.people:
            more = {"people": given.people}
        missed |= bool(module.main(**more))
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
