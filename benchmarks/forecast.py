"""How long the bank officer's sheet takes: `python -m benchmarks forecast`, or `python -m benchmarks.forecast 2000` for fewer."""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from zhubao.lending.forecast import forecast_many

CANDIDATES = 10_000
LIMIT_SECONDS = 5.0


def candidates(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Yield synthetic cases of Jiangxi and Rugao: people of every age near the pension, with and without hardship."""
    draw = random.Random(seed)
    for number in range(count):
        jiangxi = number % 2 == 0
        woman = draw.random() < 0.6
        born = draw.randrange(1970, 1974) if woman else draw.randrange(1965, 1969)
        yield {
            "id": number,
            "policy": "jiangxi-2020-7" if jiangxi else "rugao-draft",
            "on": "2026-10-12",
            "person": {
                "birth": f"{born}-{draw.randrange(1, 13):02d}",
                "retirement_category": "female55" if woman else "male60",
                "paid_months": draw.randrange(100, 180),
                "account_fen": draw.randrange(1_000_000, 6_000_000),
                "index": f"0.{draw.randrange(4, 10)}",
            },
            "hardship": draw.random() < 0.7,
            "bank": {"rate_ppm": draw.choice([30_000, 35_000, 49_000]), "deduction_day": draw.choice([15, 20])},
            "parameters": {
                "lowest_tier_monthly_fen": [{"from": "2026-01-01", "value": draw.randrange(70_000, 95_000)}],
                "floor_fen": [{"from": "2026-01-01", "value": draw.randrange(60_000, 95_000)}],
                "pension_growth_ppm": draw.choice([0, 20_000]),
                "floor_growth_ppm": draw.choice([0, 20_000]),
            },
        }


def main(arguments: Sequence[str] = ()) -> int:
    """Forecast the candidates and print the time; 1 when ten thousand took longer than allowed."""
    count = int(arguments[0]) if arguments else CANDIDATES
    cases = list(candidates(count))
    start, worked = time.perf_counter(), time.process_time()
    rows = list(forecast_many(cases))
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    affordable = sum(row["affordable"] is True for row in rows)
    print(f"{count} candidates in {seconds:.2f} s ({worked:.2f} s of one core); {affordable} affordable")
    return int(seconds > LIMIT_SECONDS * count / CANDIDATES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
