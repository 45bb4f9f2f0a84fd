"""What is kept beside a result gives everybody the same verdict again, and says where each value came from."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.screening.making import number, text
from zhubao.demonstration.county import Manifest, write_county
from zhubao.demonstration.regions import DEMONSTRATION_DAY, REGIONS, RegionKey
from zhubao.parameters import ParameterBook
from zhubao.parameters.local import read_local_file
from zhubao.policies import judge_of
from zhubao.policies.judging import parse_day
from zhubao.rules.assessment import Known
from zhubao.screening import Request, run
from zhubao.screening.evidence import sources_of

DAYS = {"pengshui": "2022-03-01", "ganzhou": "2022-03-01"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return write_county(tmp_path_factory.mktemp("county"), 600, 5)


@pytest.mark.parametrize("region", REGIONS)
def test_judged_again_from_what_was_kept(county: Manifest, tmp_path: Path, region: RegionKey) -> None:
    book = ParameterBook.built_in().over(read_local_file(county.folder / region / "parameters.csv"))
    on = parse_day(DAYS.get(region, DEMONSTRATION_DAY.isoformat()))
    judge = judge_of(REGIONS[region].policy)
    request = Request(
        tuple((path, None) for path in county.files(region)),
        REGIONS[region].policy,
        on,
        tmp_path / "result.parquet",
        insured=county.files(region, "insured")[0],
        book=book,
        also=("facts.parquet", "rows.parquet", "result.csv"),
    )
    files = run(request).summary["files"]
    result = pq.read_table(tmp_path / "result.parquet").to_pylist()
    facts = pq.read_table(tmp_path / "facts.parquet").to_pylist()
    rows = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert [row["id_number"] for row in result] == [row["id_number"] for row in facts]
    assert result
    for row, fact in zip(result, facts, strict=True):
        origins = [each for each in rows if each["id_number"] == row["id_number"]]
        known = {name: fact[name] for name in judge.policy.columns if fact[name] is not None}
        sources = sources_of(judge.policy, origins, files, "zh")
        binding = judge.binding(on, fact["place_of_insurance"] or "", book)
        judged = judge.judge(Known(known, sources), binding)
        assert (judged.verdict, judged.category) == (row["verdict"], row["category"])
        assert ";".join(judged.failed) == (row["failed"] or "")
        assert {key: row[key] for key in judged.amounts if key in row} == {
            key: value for key, value in judged.amounts.items() if key in row
        }
        for name, value in known.items():
            assert value is None or judge.policy.facts[name].subject in sources, name


def test_what_an_applicant_says_of_the_subsidy_has_its_row(tmp_path: Path) -> None:
    header = ["姓名", "身份证号", "户籍地代码", "参保险种", "缴费月数", "享受社保补贴"]
    ding = ["丁一", number("19730618", area="320682", order="002"), "320682", "企业职工", "148", "否"]
    roster = text(tmp_path / "申请.csv", [header, ding])
    request = Request(
        ((roster, None),), "rugao-draft", date(2026, 10, 12), tmp_path / "结果.csv", also=("facts.parquet", "rows.parquet")
    )
    files = run(request).summary["files"]
    rows = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    sources = sources_of(judge_of("rugao-draft").policy, rows, files, "zh")
    assert sources["social_insurance_subsidy"] == "申请.csv · 第 2 行"
