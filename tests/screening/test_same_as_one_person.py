"""A roster screened gives everybody the verdict, the money and the clauses that the same facts give one person."""

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from zhubao.policies import judge_of
from zhubao.screening import Request, run

from .making import number, text

ROSTERS = {
    "pengshui-2022": {
        "special_hardship": "tekun",
        "dibao": "dibao",
        "returned_to_poverty": "return_to_poverty",
        "disabled": "severe_disability",
    },
    "ganzhou-2021-7": {
        "special_hardship": "tekun",
        "dibao": "dibao",
        "lifted_out": "escaped_poverty",
        "monitored": "monitored",
        "disabled": "severe_disability",
    },
}
SCHEMES = {
    "城乡居民": "resident_pension",
    "企业职工": "employee_pension",
    "机关事业": "institution_pension",
    "未参保": "none",
    "": None,
}
STATUSES = {"正常": None, "在校学生": "student", "现役军人": "military", "服刑": "imprisoned", "死亡": "deceased", "": None}
FLAGS = ("student", "military", "imprisoned", "deceased")
ON = date(2022, 3, 1)


def people(seed: int, area: str, count: int = 150) -> list[str]:
    """Return numbers of people of all ages, thick around the ages that decide."""
    rng = Random(seed)
    days = [ON.replace(year=ON.year - age) + timedelta(days=shift) for age in (16, 60) for shift in (-1, 0, 1)]
    days += [date(1940, 1, 1) + timedelta(days=rng.randrange(29_000)) for _ in range(count - len(days))]
    return [number(day.strftime("%Y%m%d"), area=area, order=f"{at:03d}") for at, day in enumerate(days)]


@pytest.mark.parametrize(("policy", "area"), [("pengshui-2022", "500243"), ("ganzhou-2021-7", "360703")])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_as_one(tmp_path: Path, policy: str, area: str, seed: int) -> None:
    rng = Random(seed)
    known: dict[str, dict[str, Any]] = {each: {"id_number": each, "identities": {}} for each in people(seed, area)}
    rosters = {kind: code for kind, code in ROSTERS[policy].items() if rng.random() < 0.8} or {"dibao": "dibao"}
    files: list[tuple[Path, str | None]] = []
    named = set()
    for kind, code in rosters.items():
        listed = []
        for each, facts in known.items():
            on_it, grade = rng.random() < 0.4, rng.choice(["一级", "二级", "三级"])
            facts["identities"][code] = on_it and (kind != "disabled" or grade != "三级")
            if on_it:
                named.add(each)
                listed.append(["某某", each, grade])
        files.append((text(tmp_path / f"{kind}.csv", [["姓名", "身份证号", "残疾等级"], *listed]), kind))
    insured = [["身份证号", "姓名", "参保险种", "参保地代码", "缴费档次", "人员状态"]]
    for each, facts in known.items():
        if rng.random() < 0.9:
            scheme, status = rng.choice(list(SCHEMES)), rng.choice(list(STATUSES))
            place, tier = rng.choice([area, "440300", ""]), rng.choice(["100", "500", ""])
            insured.append([each, "某某", scheme, place, tier, status])
            facts |= {"scheme": SCHEMES[scheme], "insured_locality": place or None}
            if tier and SCHEMES[scheme] == "resident_pension":
                facts["chosen_tier_fen"] = int(tier) * 100
            if status:
                facts |= {flag: flag == STATUSES[status] for flag in FLAGS}
    out = tmp_path / "result.csv"
    run(Request(tuple(files), policy, ON, out, insured=text(tmp_path / "insured.csv", insured)))
    judge = judge_of(policy)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = {row["id_number"]: row for row in csv.DictReader(stream)}
    assert set(rows) == named
    for each, row in rows.items():
        alone = judge(known[each], on=ON)
        amounts = {
            name: "" if alone.amounts[name] is None else str(alone.amounts[name]) for name in ("on_behalf_fen", "self_pay_fen")
        }
        assert row == {
            **row,
            **amounts,
            "verdict": alone.verdict,
            "category": alone.category or "",
            "payer": alone.payer or "",
            "failed": ";".join(alone.failed),
            "unknown": ";".join(alone.unknown),
        }, known[each]
