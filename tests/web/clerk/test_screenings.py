"""Screening what was handed in: results, filters, one person's sheet, downloads, and what can go wrong."""

from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from tests.policies.test_judging import RUGAO
from tests.screening.making import number
from zhubao.access.models import AuditEntry
from zhubao.identity import mask_number
from zhubao.policies import judge_of
from zhubao.procedures import screening_run
from zhubao.rosters.judged import judge_again
from zhubao.rosters.models import RosterFile, Screening, ScreeningState
from zhubao.rosters.results import evidence_of
from zhubao.web.clerk.people import clause_sheet

from .conftest import BOTH, DIBAO, OLD, STUDENT, TEKUN, Office, enter_lowest_tier

Rosters = dict[str, tuple[str, bytes]]
IN_ORDER = sorted((TEKUN, DIBAO, STUDENT, BOTH, OLD))


@pytest.fixture
def ask(offices: dict[str, Office]) -> Callable[..., Any]:
    """Return a function that asks for a screening of every file that was read and returns the page that follows."""

    def asking(policy: str = "pengshui-2022", on: str = "2022-03-01", **more: str) -> Any:
        chosen = [file.pk for file in RosterFile.objects.filter(state="read")]
        asked = {"policy": policy, "on": on, "chosen": chosen, **more}
        return offices["agency"].client.post("/clerk/screenings/new/", asked, follow=True)

    return asking


@pytest.fixture
def screening(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int], lowest_tier: None, ask: Callable[..., Any]
) -> Screening:
    """Return a finished screening of the four files."""
    offices["agency"].hand_in(*rosters.values())
    work()
    ask()
    work()
    return Screening.objects.get()


def page(office: Office, screening: Screening, rest: str = "") -> str:
    return unescape(office.client.get(f"/clerk/screenings/{screening.pk}/{rest}").content.decode())


def at(id_number: str) -> int:
    """Return the row of a person in the result."""
    return IN_ORDER.index(id_number) + 1


def test_what_came_out(offices: dict[str, Office], screening: Screening) -> None:
    assert screening.state == ScreeningState.DONE
    assert screening.summary["verdicts"] == {"met": 2, "not_met": 2, "evidence_missing": 1, "to_be_decided": 0}
    assert (screening.persons, screening.rejected) == (5, 1)
    shown = page(offices["agency"], screening)
    assert "谢**" in shown
    assert not [each for each in ("谢长河", "冉小梅", *IN_ORDER) if each in shown]
    assert all(mask_number(each) in shown for each in IN_ORDER)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param("verdict=met", {TEKUN, DIBAO}, id="符合"),
        pytest.param("verdict=not_met", {OLD, STUDENT}, id="不符合"),
        pytest.param("category=dibao", {OLD, STUDENT, DIBAO}, id="低保"),
        pytest.param("township=郁水镇&verdict=not_met", {STUDENT}, id="乡镇与结论"),
        pytest.param("clause=ps-1d", {STUDENT, BOTH}, id="条款不符合或待核实"),
        pytest.param("payer=federation", {BOTH}, id="支付单位"),
        pytest.param(f"search={TEKUN[-4:]}", {TEKUN}, id="后四位"),
        pytest.param("search=小梅", {DIBAO}, id="姓名"),
        pytest.param("search=' OR 1=1 --", set(), id="不是查询语句"),
        pytest.param("verdict=nonsense&page=99", set(IN_ORDER), id="不认识的筛选"),
    ],
)
def test_filters(offices: dict[str, Office], screening: Screening, asked: str, expected: set[str]) -> None:
    shown = page(offices["agency"], screening, f"?{asked}")
    assert {each for each in IN_ORDER if mask_number(each) in shown} == expected


def test_searching_a_whole_number_leads_to_the_sheet_without_it_in_the_address(
    offices: dict[str, Office], screening: Screening
) -> None:
    client = offices["agency"].client
    answer = client.post(f"/clerk/screenings/{screening.pk}/search/", {"search": f" {STUDENT} "})
    assert answer.headers["Location"] == f"/clerk/screenings/{screening.pk}/people/{at(STUDENT)}/"
    nobody = client.post(f"/clerk/screenings/{screening.pk}/search/", {"search": number("19990909")}, follow=True)
    assert "没有这个号码的人" in nobody.content.decode()


def test_a_sheet_says_article_value_source_and_verdict(offices: dict[str, Office], screening: Screening) -> None:
    shown = page(offices["agency"], screening, f"people/{at(STUDENT)}/")
    for words in ("2(一)", "不是在校学生", "有此情形", "居保参保.csv · 第 4 行", "民政低保.csv · 第 4 行", "不符合"):
        assert words in shown
    assert "特困人员.csv：没有此人" in shown
    assert 'href="/policies/pengshui-2022/#ps-1d"' in shown


def test_a_sheet_says_what_is_missing_and_who_can_show_it(offices: dict[str, Office], screening: Screening) -> None:
    shown = page(offices["agency"], screening, f"people/{at(BOTH)}/")
    assert "缺：参保险种。请补：参保记录" in shown
    assert "其他身份" in shown
    assert "民政部门" in shown
    met = page(offices["agency"], screening, f"people/{at(TEKUN)}/")
    for words in ("100.00 元", "壹佰元整", "400.00 元", "肆佰元整", "暂按默认", "A-PS-4"):
        assert words in met


def test_a_sheet_has_the_verdict_of_the_list(screening: Screening) -> None:
    for row in range(1, 6):
        evidence = evidence_of(screening, row)
        assert evidence is not None
        judged = judge_again(screening, evidence, "zh")
        assert judged.verdict == evidence.row["verdict"]
        assert ";".join(judged.failed) == (evidence.row["failed"] or "")
        assert judged.amounts["on_behalf_fen"] == evidence.row["on_behalf_fen"]


def test_a_sheet_in_english(offices: dict[str, Office], screening: Screening) -> None:
    offices["agency"].speaks("en")
    shown = page(offices["agency"], screening, f"people/{at(STUDENT)}/")
    for words in ("not a student", "applies", "row 4", "not met", "decided by county HRSS"):
        assert words in shown


def test_what_waits_for_a_decision_is_asked_and_not_taken_for_granted(db: None) -> None:
    """A man of 1969 needs more than fifteen years, and the draft caps at fifteen: nobody has said what then."""
    person = RUGAO | {"birth": "1969-01-10", "sex": "male", "retirement_category": "male60", "social_insurance_subsidy": False}
    sheet = clause_sheet(judge_of("rugao-draft")(person, on="2026-10-12"))
    assert [question for _, question, _ in sheet["undecided"]] == ["A-RG-8"]
    assert "A-RG-8" not in [question for _, question, _ in sheet["provisional"]]
    shown = unescape(render_to_string("clerk/reservations.html", sheet))
    assert "法定最低年限超过十五年后，十五年上限怎么办" in shown
    assert "上限按日期设定" not in shown


def test_names_in_full_only_when_asked_and_noted(offices: dict[str, Office], screening: Screening) -> None:
    office = offices["agency"]
    assert STUDENT not in page(office, screening, f"people/{at(STUDENT)}/")
    answer = office.client.post(f"/clerk/screenings/{screening.pk}/people/{at(STUDENT)}/identity/")
    assert STUDENT in answer.content.decode()
    assert "田大山" in answer.content.decode()
    entry = AuditEntry.objects.get(action="person.unmasked")
    assert (entry.subject, entry.user_id) == (f"screening:{screening.pk}:{at(STUDENT)}", office.post.user_id)
    assert office.client.get(f"/clerk/screenings/{screening.pk}/people/{at(STUDENT)}/identity/").status_code == 405


def test_downloads_are_noted(offices: dict[str, Office], screening: Screening, tmp_path: Path) -> None:
    client = offices["agency"].client
    names = ["result.xlsx", "result.csv", "result.rejected.xlsx", "result.differences.xlsx", "result.mapping.json"]
    for name in names:
        answer = client.get(f"/clerk/screenings/{screening.pk}/files/{name}")
        assert b"".join(answer.streaming_content) == (screening.folder / name).read_bytes()
    listed = client.get(f"/clerk/screenings/{screening.pk}/list.xlsx?verdict=met")
    (tmp_path / "list.xlsx").write_bytes(b"".join(listed.streaming_content))
    rows = fastexcel.read_excel(tmp_path / "list.xlsx").load_sheet(0, dtypes="string").to_arrow()
    assert sorted(rows.column(0).to_pylist()) == sorted((TEKUN, DIBAO))
    noted = AuditEntry.objects.filter(action="screening.downloaded").order_by("id")
    assert [entry.after["file"] for entry in noted] == [*names, "list.xlsx"]
    for name in ("facts.parquet", "rows.parquet", "../../secret", "result.parquet"):
        assert client.get(f"/clerk/screenings/{screening.pk}/files/{name}").status_code == 404
    assert {path.stat().st_mode & 0o777 for path in screening.folder.iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("asked", "zh", "en"),
    [
        pytest.param({"on": "2024-03-01"}, "不在施行期内", "not in force", id="不在施行期"),
        pytest.param({"policy": "tongling-2022-13"}, "有效的选项", "valid choice", id="别处的政策"),
        pytest.param({"policy": "nonsense"}, "有效的选项", "valid choice", id="没有的政策"),
        pytest.param({"on": "昨天"}, "有效的日期", "valid date", id="不是日期"),
        pytest.param({"chosen": []}, "至少勾选一份名册", "Tick at least one roster", id="没有勾选"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_wrong_question_is_answered_on_the_form(
    offices: dict[str, Office],
    rosters: Rosters,
    work: Callable[[], int],
    ask: Callable[..., Any],
    asked: dict[str, Any],
    zh: str,
    en: str,
    language: str,
) -> None:
    office = offices["agency"]
    office.speaks(language)
    office.hand_in(rosters["dibao"])
    work()
    answer = ask(**asked)
    assert answer.status_code == 422
    assert (zh if language == "zh-hans" else en) in unescape(answer.content.decode())
    assert not Screening.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "像是别处的名册"), ("en", "another region's roster")])
def test_another_regions_roster(
    offices: dict[str, Office], work: Callable[[], int], ask: Callable[..., Any], language: str, words: str
) -> None:
    office = offices["agency"]
    office.speaks(language)
    row = f"郑成,{number('19700102', area='410102')}"
    office.hand_in(("低保.csv", f"姓名,身份证号\r\n{row}\r\n".encode()))
    work()
    ask()
    work()
    first = Screening.objects.get()
    assert first.state == ScreeningState.FAILED
    assert words in page(office, first)
    assert "--other-region" not in page(office, first)
    ask(other_region="on")
    work()
    assert Screening.objects.first().state == ScreeningState.DONE


def test_two_files_of_insured_persons(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int], ask: Callable[..., Any]
) -> None:
    name, content = rosters["insured"]
    offices["agency"].hand_in(rosters["dibao"], rosters["insured"], (f"旧{name}", content + b"\r\n"))
    work()
    assert "一次审核只用一份参保人员文件" in ask().content.decode()


def test_a_killed_run_is_done_again(
    screening: Screening, offices: dict[str, Office], ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    second = Screening.objects.first()

    class Killed(BaseException):
        pass

    def killed(request: Any, progress: Callable[[str, int, int], None]) -> None:
        (request.out.parent / ".zhubao-left").mkdir()
        progress("reading", 1, 4)
        raise Killed

    with monkeypatch.context() as while_killed:
        while_killed.setattr(screening_run, "run", killed)
        with pytest.raises(Killed):
            screening_run.run_screening(second.pk, clock=timezone.now)
    second.refresh_from_db()
    assert (second.state, second.stage, second.percent) == ("running", "reading", 25)
    assert "正在读取文件" in page(offices["agency"], second)
    again = screening_run.run_screening(second.pk, clock=timezone.now)
    assert again.state == ScreeningState.DONE
    assert again.summary["verdicts"] == screening.summary["verdicts"]
    assert sorted(path.name for path in again.folder.iterdir()) == sorted(path.name for path in screening.folder.iterdir())
    screening_run.run_screening(second.pk, clock=timezone.now)
    assert AuditEntry.objects.filter(action="screening.done", subject=f"screening:{second.pk}").count() == 1


def test_a_fault_of_the_program_is_said_and_not_hidden(
    screening: Screening, offices: dict[str, Office], ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    second = Screening.objects.first()

    def broken(request: Any, progress: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(screening_run, "run", broken)
    with pytest.raises(RuntimeError):
        screening_run.run_screening(second.pk, clock=timezone.now)
    assert "请把时间告诉系统管理员" in page(offices["agency"], second)


def test_figures_entered_later_change_nothing(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int], ask: Callable[..., Any]
) -> None:
    offices["agency"].hand_in(*rosters.values())
    work()
    ask()
    enter_lowest_tier(fen=20_000)
    work()
    ask()
    work()
    later, before = Screening.objects.all()
    for screening, fen in ((before, 10_000), (later, 20_000)):
        evidence = evidence_of(screening, at(TEKUN))
        assert evidence is not None
        assert evidence.row["on_behalf_fen"] == fen
        assert judge_again(screening, evidence, "zh").amounts["on_behalf_fen"] == fen


@pytest.mark.parametrize(
    ("address", "most"),
    [("", 12), ("people/1/", 12), ("?verdict=met", 12)],
    ids=["results", "person", "filtered"],
)
def test_pages_ask_the_database_little(
    offices: dict[str, Office], screening: Screening, django_assert_max_num_queries: Any, address: str, most: int
) -> None:
    page(offices["agency"], screening, address)
    with django_assert_max_num_queries(most):
        page(offices["agency"], screening, address)


def test_lists_ask_no_more_for_more_rows(
    offices: dict[str, Office], work: Callable[[], int], ask: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    office = offices["agency"]
    for count in range(4):
        office.hand_in((f"低保{count}.csv", f"姓名,身份证号\r\n某人,{number('19700102', order=f'{count:03d}')}\r\n".encode()))
        work()
        ask()
    for address in ("/clerk/rosters/", "/clerk/screenings/", "/clerk/screenings/new/"):
        with django_assert_max_num_queries(12):
            assert office.client.get(address).status_code == 200
