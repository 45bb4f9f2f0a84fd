"""Recognising what a roster is and which column is which."""

import pytest

from zhubao.screening.headers import canonical, find_header, letters
from zhubao.screening.kinds import kinds_named, read_hardship


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("彭水县特困人员名册", ("special_hardship",)),
        ("2022年最低生活保障对象", ("dibao",)),
        ("城乡低保和特困供养", ("special_hardship", "dibao")),
        ("特困职工", ("poor_worker",)),
        ("低保边缘家庭", ("low_income",)),
        ("边缘易致贫户", ("monitored",)),
        ("防止返贫监测对象", ("monitored",)),
        ("返贫致贫人口", ("returned_to_poverty",)),
        ("建档立卡脱贫户", ("lifted_out",)),
        ("脱贫不稳定户", ("monitored",)),
        ("下岗失业人员", ("unemployed",)),
        ("享受社会保险补贴人员", ("subsidised",)),
        ("通讯录", ()),
    ],
)
def test_kinds_named(words: str, kinds: tuple[str, ...]) -> None:
    assert kinds_named(words) == kinds


def test_hardship_of_an_applicant() -> None:
    assert read_hardship("城镇低保") == ";dibao;urban;"
    assert read_hardship("零就业家庭") == ";zero_employment;"
    assert read_hardship("其他") is None


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("身份证号", "id_number"),
        ("公民 身份\n号码", "id_number"),
        ("　姓　名　", "name"),
        ("乡镇（街道）", "township"),
        ("村／社区", "village"),
        ("户主身份证号", "head_id_number"),
        ("选择档次（元）", "chosen_tier_fen"),
        ("身份证号*", "id_number"),
        ("开户银行", None),
    ],
)
def test_canonical(header: str, column: str | None) -> None:
    found = canonical(header)
    assert (found[0] if found else None) == column


def test_header_below_titles() -> None:
    header = find_header([["低保名册", None], [None, "2022年1月"], ["姓名", "身份证号"], ["张三", "1"]])
    assert header is not None
    assert (header.row, header.places) == (2, {"name": (0,), "id_number": (1,)})


def test_the_head_stands_for_the_person_only_alone() -> None:
    alone = find_header([["户主姓名", "户主身份证号"]])
    assert alone is not None
    assert alone.places == {"name": (0,), "id_number": (1,)}
    with_member = find_header([["户主姓名", "户主身份证号", "成员姓名", "成员身份证号"]])
    assert with_member is not None
    assert with_member.places == {"head_name": (0,), "head_id_number": (1,), "name": (2,), "id_number": (3,)}


def test_the_certificate_number_serves_where_nothing_better_does() -> None:
    alone = find_header([["姓名", "残疾人证号"]])
    beside = find_header([["姓名", "残疾人证号", "身份证号"]])
    assert alone is not None
    assert beside is not None
    assert (alone.first("id_number"), beside.first("id_number")) == (1, 2)


def test_no_header_in_twenty_rows() -> None:
    assert find_header([["甲", "乙"]] * 20 + [["姓名", "身份证号"]]) is None


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters(place: int, name: str) -> None:
    assert letters(place) == name
