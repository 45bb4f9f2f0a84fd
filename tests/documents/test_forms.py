"""Every form as it comes out: fields in the paper's order, boxes, digest, pages, the same bytes again."""

from dataclasses import replace
from datetime import date

import pytest

from zhubao.documents import PrintedForm, data_digest, typeset
from zhubao.documents.lists import ROSTER_COPIES
from zhubao.documents.rugao_forms import APPLICATION_COPIES, AgencyOpinion, BankOpinion, CommitteeOpinion
from zhubao.errors import ZhubaoError

from .people import (
    AGREEMENT,
    APPLICATION,
    DRAW,
    EVERY_FORM,
    FAMILY,
    JIANGXI,
    LEAFLET,
    LONG_NAME,
    NOTICE,
    NUMBER,
    RARE_NAME,
    RENEWAL,
    ROSTER,
    TERMINATION,
    YEARLY,
)
from .reading import pages, read


def _in_order(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(one in rest for one in wanted)


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        pytest.param(
            APPLICATION,
            "编号 姓名 性别 出生年月 身份证号 联系电话 家庭住址 户籍所在地 原工作单位 姓名 年龄 关系 工作单位 联系电话 "
            "困难类型 贷款申请 申请人签名（按指模） 本人承诺 承诺人签名（按指模） 居（村）委会意见 困难类型 经办人签字 盖章处 "
            "社保经办机构意见 预计领取养老金年月 尚需缴费月数 初核贷款额度 经办人签字 盖章处 合作银行意见 经办人签字 盖章处",
            id="rugao-annex-1",
        ),
        pytest.param(
            RENEWAL,
            "第次 姓名 性别 出生年月 身份证号 联系电话 原工作单位 家庭住址 续贷理由 申请续贷金额 申请人签名 居（村）委会\n意见 审核人签字 盖章处 "
            "社保经办机构\n意见 本年度贷款额度 审批人签字 盖章处",
            id="rugao-annex-2",
        ),
        pytest.param(
            JIANGXI, "姓名 参保地 累计缴费 首月养老金测算 贷款需求 社会保障卡银行 困难身份 贷款资格 贴息资格", id="jiangxi"
        ),
        pytest.param(AGREEMENT, "贷款需求 贷款额度 发放年限 发放方式 年利率 计息天数 还款方式 还款额度 扣划限额", id="agreement"),
        pytest.param(DRAW, "缴费年度 缴费月数 核定缴费金额 本次放款金额 收款账号 放款日期 缴费凭证号", id="draw"),
        pytest.param(ROSTER, "姓名 身份证号 贷款金额（元） 年利率 期限（月） 贷款编号 放款日期 人员类别", id="roster"),
        pytest.param(YEARLY, "姓名 身份证号 年度 缴费月数 月缴费基数 档次 核定金额（元） 划入账户 合计大写", id="yearly"),
    ],
)
def test_labels_stand_in_the_order_of_the_paper(form: PrintedForm, labels: str) -> None:
    assert _in_order(labels.split(" "), read(form).labels)


@pytest.mark.clauses("rg-annex1-type", "rg-annex1-apply", "rg-annex1-bank-a")
def test_application_prints_every_field_filled_from_the_case() -> None:
    printed = read(APPLICATION)
    wanted = ["RG-2021-00001", "沈志远", "女", "1971年6月", NUMBER, "13800000000", "第二棉纺厂", "家人0", "家人1", "家人2"]
    assert _in_order(wanted, printed.values)
    assert _in_order(["城乡最低生活保障对象", "周某", "2021年10月19日"], printed.values)
    assert _in_order(["2026年3月", "48", "3.84", "叁万捌仟肆佰元整", "吴某", "2021年10月26日"], printed.values)
    assert printed.boxes["城乡最低生活保障对象"]
    assert printed.boxes["一、二级重度残疾人"]
    assert not printed.boxes["下岗失业人员"]
    assert {"特困职工家庭成员", "零就业家庭成员"} < set(printed.boxes)
    assert printed.boxes["同意发放贷款"]
    assert not printed.boxes["不同意发放贷款"]
    assert "本人承诺" in printed.labels


def test_blank_opinions_leave_room_to_write() -> None:
    blank = replace(APPLICATION, number="", committee=CommitteeOpinion(), agency=AgencyOpinion(), bank=BankOpinion())
    printed = read(blank)
    assert "3.84" not in printed.values
    assert printed.values.count("　　　年　　月　　日") == 3
    assert not printed.boxes["同意发放贷款"]
    assert not printed.boxes["不同意发放贷款"]


def test_third_renewal_says_so_and_carries_both_amounts() -> None:
    values = read(RENEWAL).values
    assert _in_order(["3", "9,600.00", "玖仟陆佰元整", "9,500.00", "玖仟伍佰元整"], values)


def test_notice_prints_masked_people_only() -> None:
    values = read(NOTICE).values
    assert _in_order(["沈**", "3206**********2043", "城乡最低生活保障对象", "龚**"], values)
    assert "2021年10月12日至2021年10月18日（共 7 天）" in values
    everything = "".join(values)
    assert "沈志远" not in everything
    assert NUMBER not in everything


def test_subsidy_decision_may_stay_open_while_the_loan_goes_on() -> None:
    boxes = read(JIANGXI).boxes
    assert boxes["符合"]
    assert boxes["待核验"]
    assert not boxes["财政贴息"]


def test_termination_says_what_happened_and_what_stays_owed() -> None:
    text = "".join(read(TERMINATION).values)
    for said in (
        "2027年3月22日、2027年4月20日提醒您 2 次",
        "赣人社规〔2020〕7号三（一）",
        "8,400.00 元（人民币捌仟肆佰元整）",
        RARE_NAME,
    ):
        assert said in text


def test_list_sums_its_amounts_and_roster_may_have_exactly_five_columns() -> None:
    assert "48,000.50" in read(ROSTER).values
    assert "肆万捌仟元伍角整" in read(ROSTER).values
    five = read(replace(ROSTER, with_additions=False))
    assert five.labels[2:8] == ["序号", "姓名", "身份证号", "贷款金额（元）", "年利率", "期限（月）"]
    assert "人员类别" not in five.labels


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda form: form.kind)
def test_same_data_same_bytes_and_digest_in_the_footer(form: PrintedForm) -> None:
    first = typeset(form)
    assert first.startswith(b"%PDF-")
    assert typeset(form) == first
    assert set(read(form).digests) == {data_digest(form)[:16]}


@pytest.mark.parametrize(
    "changed",
    [
        replace(APPLICATION, phone="13800000001"),
        replace(APPLICATION, number="RG-2021-00002"),
        replace(APPLICATION, date=date(2021, 10, 9)),
    ],
    ids=["电话", "编号", "日期"],
)
def test_any_change_changes_the_digest(changed: PrintedForm) -> None:
    assert data_digest(changed) != data_digest(APPLICATION)


def test_copies_are_the_same_document() -> None:
    assert data_digest(replace(APPLICATION, copies=APPLICATION_COPIES)) == data_digest(APPLICATION)


@pytest.mark.parametrize(
    ("form", "sheets"),
    [
        pytest.param(APPLICATION, 2, id="申请表"),
        pytest.param(replace(APPLICATION, family=()), 2, id="申请表，无家庭成员"),
        pytest.param(replace(APPLICATION, family=FAMILY, name=LONG_NAME), 3, id="申请表，十二名家庭成员"),
        pytest.param(replace(APPLICATION, copies=APPLICATION_COPIES), 10, id="申请表五份"),
        pytest.param(RENEWAL, 1, id="续贷表"),
        pytest.param(JIANGXI, 1, id="江西申请表"),
        pytest.param(AGREEMENT, 1, id="协议要点，四方签字"),
        pytest.param(DRAW, 1, id="放款确认书"),
        pytest.param(TERMINATION, 1, id="终止决定书"),
        pytest.param(NOTICE, 1, id="公示"),
        pytest.param(replace(ROSTER, copies=ROSTER_COPIES), 4, id="花名册四份"),
        pytest.param(replace(ROSTER, borrowers=ROSTER.borrowers * 30), 4, id="花名册六十人"),
        pytest.param(LEAFLET, 1, id="测算单，六条说不准"),
    ],
)
def test_number_of_sheets(form: PrintedForm, sheets: int) -> None:
    assert pages(form) == sheets


@pytest.mark.parametrize(
    "name", ["#panic()", "*粗* _斜_ $x$ <label> @ref", "\\u{1F600}\"'`", "[未闭合"], ids=["code", "markup", "escapes", "bracket"]
)
def test_data_is_never_markup(name: str) -> None:
    assert name in read(replace(DRAW, borrower=name)).values


def test_hardship_that_is_none_of_the_six_is_refused() -> None:
    with pytest.raises(ZhubaoError, match="E-PRINT-HARDSHIP"):
        typeset(replace(APPLICATION, hardships=frozenset({"poor"})))
