"""Reading a person's record: every key checked, sources kept, unknown left unknown."""

# ruff: noqa: E501  (one line a case)

from datetime import date
from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.policies.pengshui import law as pengshui
from zhubao.policies.person import read_person
from zhubao.policies.rugao import law as rugao

ON = date(2026, 10, 12)


def read(**person: Any) -> dict[str, Any]:
    """Return the facts of a person on 12 October 2026."""
    return dict(read_person(rugao, person, ON).values)


@pytest.mark.parametrize(
    ("person", "facts"),
    [
        pytest.param({}, {}, id="什么都不知道"),
        pytest.param({"hukou": None, "birth": None, "family": {"able_members": None}}, {}, id="null 就是不知道"),
        pytest.param({"birth": "1973-06-18"}, {"birth_first": 19730618, "birth_last": 19730618}, id="出生日"),
        pytest.param({"birth": "1976-02"}, {"birth_first": 19760201, "birth_last": 19760229}, id="只知道出生月（闰年二月）"),
        pytest.param({"birth": "1975-12"}, {"birth_first": 19751201, "birth_last": 19751231}, id="只知道出生月（十二月）"),
        pytest.param(
            {"id_number": "50024319801230004X"},
            {"birth_first": 19801230, "birth_last": 19801230, "sex": "female"},
            id="身份证号给出出生和性别，不给户籍",
        ),
        pytest.param(
            {"id_number": "50024319801230004X", "birth": "1980-12-29", "sex": "male"},
            {"birth_first": 19801229, "birth_last": 19801229, "sex": "male"},
            id="明说的出生和性别优先",
        ),
        pytest.param({"paid_months": {"value": 148, "source": "参保记录", "on": "2026-09-30"}}, {"paid_months": 148}, id="带来源的值"),
        pytest.param({"paid_months": {"value": None, "source": "参保记录"}}, {}, id="带来源的不知道"),
        pytest.param({"participation_type": "individual"}, {"participation_type": "flexible"}, id="个体就是灵活就业"),
        pytest.param({"elected_month": "2029-02"}, {"elected_month": 2029 * 12 + 2}, id="月份"),
        pytest.param({"disability_grade": 2}, {"disability_grade": 2, "identity_severe_disability": True}, id="二级残疾"),
        pytest.param({"disability_grade": 3}, {"disability_grade": 3, "identity_severe_disability": False}, id="三级残疾"),
        pytest.param(
            {"disability_grade": 1, "identities": {"severe_disability": False}},
            {"disability_grade": 1, "identity_severe_disability": False},
            id="名册比等级优先",
        ),
        pytest.param({"social_insurance_subsidy": False}, {"subsidised_now": False}, id="没有补贴"),
        pytest.param({"social_insurance_subsidy": []}, {"subsidised_now": False}, id="空的补贴列表也是知道"),
        pytest.param({"social_insurance_subsidy": [{"from": "2026-10", "to": "2026-10"}]}, {"subsidised_now": True}, id="当月享受"),
        pytest.param({"social_insurance_subsidy": [{"from": "2025-01"}]}, {"subsidised_now": True}, id="没有止月"),
        pytest.param({"name": "样例甲", "residence": "320682"}, {"residence": "320682"}, id="姓名不参与判断"),
        pytest.param({"loan": {"signed_on": "2026-03-01", "guarantor": True}}, {"loan_signed_on": 20260301, "loan_guarantor": True}, id="合同"),
    ],
)  # fmt: skip
def test_what_a_record_says(person: dict[str, Any], facts: dict[str, Any]) -> None:
    assert read(**person) == facts


@pytest.mark.parametrize(
    ("person", "code", "place"),
    [
        pytest.param({"paid_month": 1}, "E-KEY", "paid_month", id="写错的键"),
        pytest.param({"family": {"members": 1}}, "E-KEY", "family.members", id="家庭里写错的键"),
        pytest.param({"loan": {"rate": 1}}, "E-KEY", "loan.rate", id="合同里写错的键"),
        pytest.param({"identities": {"poor": True}}, "E-KEY", "identities.poor", id="没有的类别"),
        pytest.param({"paid_months": 148.0}, "E-VALUE", "paid_months", id="小数"),
        pytest.param({"paid_months": "148"}, "E-VALUE", "paid_months", id="文字数字"),
        pytest.param({"paid_months": True}, "E-VALUE", "paid_months", id="是否当作数字"),
        pytest.param({"paid_months": -1}, "E-VALUE", "paid_months", id="负月数"),
        pytest.param({"chosen_tier_fen": -10_000}, "E-VALUE", "chosen_tier_fen", id="负金额"),
        pytest.param({"chosen_tier_fen": 10**19}, "E-VALUE", "chosen_tier_fen", id="超出六十四位的金额"),
        pytest.param({"family": {"business_income_fen": 0.5}}, "E-VALUE", "family_business_income_fen", id="收入带小数"),
        pytest.param({"family": []}, "E-VALUE", "family", id="家庭不是对象"),
        pytest.param({"loan": {"amount_fen": 1.5}}, "E-VALUE", "loan_amount_fen", id="合同金额带小数"),
        pytest.param({"loan": True}, "E-VALUE", "loan", id="合同不是对象"),
        pytest.param({"hukou": "32068"}, "E-VALUE", "hukou", id="区划代码少一位"),
        pytest.param({"hukou": "３２０６８２"}, "E-VALUE", "hukou", id="区划代码全角"),
        pytest.param({"insured_locality": 320682}, "E-VALUE", "insured_locality", id="区划代码写成数字"),
        pytest.param({"sex": "女"}, "E-VALUE", "sex", id="性别写中文"),
        pytest.param({"scheme": ["employee_pension"]}, "E-VALUE", "scheme", id="险种写成列表"),
        pytest.param({"student": "是"}, "E-VALUE", "student", id="是否写中文"),
        pytest.param({"student": 1}, "E-VALUE", "student", id="是否写成 1"),
        pytest.param({"birth": "1973-13"}, "E-VALUE", "birth", id="十三月"),
        pytest.param({"birth": "1973-02-30"}, "E-VALUE", "birth", id="二月三十日"),
        pytest.param({"birth": "19730618"}, "E-VALUE", "birth", id="没有横线的日期"),
        pytest.param({"birth": "1973-W25-1"}, "E-VALUE", "birth", id="按周写的日期"),
        pytest.param({"birth": 1973}, "E-VALUE", "birth", id="出生写成数字"),
        pytest.param({"birth": "2026-10-13"}, "E-BIRTH-FUTURE", "birth", id="明天出生"),
        pytest.param({"birth": "2026-11"}, "E-BIRTH-FUTURE", "birth", id="下月出生"),
        pytest.param({"elected_month": "2029-2"}, "E-VALUE", "elected_month", id="月份少一位"),
        pytest.param({"disability_grade": 5}, "E-VALUE", "disability_grade", id="五级残疾"),
        pytest.param({"name": 5}, "E-VALUE", "name", id="姓名是数字"),
        pytest.param({"id_number": 500243}, "E-VALUE", "id_number", id="身份证号写成数字"),
        pytest.param({"id_number": "500243198012300041"}, "E-ID-CHECK", "id_number 500243…", id="校验码不对"),
        pytest.param({"id_number": "50024319801330004X"}, "E-ID-DATE", "id_number 500243…", id="身份证号里十三月"),
        pytest.param({"hukou": {"valu": "320682"}}, "E-VALUE", "hukou", id="来源对象缺值"),
        pytest.param({"hukou": {"value": "320682", "when": "2026"}}, "E-VALUE", "hukou", id="来源对象多键"),
        pytest.param({"hukou": {"value": "320682", "source": 3}}, "E-VALUE", "hukou.source", id="来源不是文字"),
        pytest.param({"hukou": {"value": "320682", "on": "2026"}}, "E-VALUE", "hukou.on", id="来源日期不是日期"),
        pytest.param({"identities": ["dibao"]}, "E-VALUE", "identities", id="类别写成列表"),
        pytest.param({"identities": {"dibao": "yes"}}, "E-VALUE", "identities.dibao", id="类别不是是否"),
        pytest.param({"identities": {"dibao": {"certifier": "hrss"}}}, "E-VALUE", "identities.dibao", id="类别缺值"),
        pytest.param({"identities": {"dibao": {"value": True, "certifier": "民政局"}}}, "E-VALUE", "identities.dibao.certifier", id="没有的认定部门"),
        pytest.param({"identities": {"dibao": {"value": True, "certifier": []}}}, "E-VALUE", "identities.dibao.certifier", id="认定部门是列表"),
        pytest.param({"identities": {"dibao": {"value": True, "certificate": 1}}}, "E-VALUE", "identities.dibao.certificate", id="证号写成数字"),
        pytest.param({"identities": {"dibao": {"value": True, "source": 1}}}, "E-VALUE", "identities.dibao.source", id="类别来源不是文字"),
        pytest.param({"identities": {"dibao": {"value": True, "from": "2026-05-01", "to": "2026-04-30"}}}, "E-VALUE", "identities.dibao.to", id="止日早于起日"),
        pytest.param({"identities": {"dibao": {"value": True, "from": "2026-05", "to": "2026-04"}}}, "E-VALUE", "identities.dibao.to", id="止月早于起月"),
        pytest.param({"identities": {"dibao": {"value": False, "from": "去年"}}}, "E-VALUE", "identities.dibao.from", id="起日不是日期"),
        pytest.param({"social_insurance_subsidy": "no"}, "E-VALUE", "social_insurance_subsidy", id="补贴写成文字"),
        pytest.param({"social_insurance_subsidy": [{"to": "2026-01"}]}, "E-VALUE", "social_insurance_subsidy[0]", id="补贴没有起月"),
        pytest.param({"social_insurance_subsidy": [{"from": "2026-02", "to": "2026-01"}]}, "E-VALUE", "social_insurance_subsidy[0].to", id="补贴止月早于起月"),
    ],
)  # fmt: skip
def test_what_is_refused(person: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(ZhubaoError) as refused:
        read(**person)
    assert (refused.value.code, refused.value.place) == (code, place)


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        pytest.param({}, True, id="没有起止"),
        pytest.param({"from": "2026-10-12"}, True, id="当天起"),
        pytest.param({"from": "2026-10-13"}, False, id="明天起"),
        pytest.param({"to": "2026-10-12"}, True, id="当天止"),
        pytest.param({"to": "2026-10-11"}, False, id="昨天止"),
        pytest.param({"from": "2026-10"}, True, id="本月起"),
        pytest.param({"from": "2026-11"}, False, id="下月起"),
        pytest.param({"to": "2026-10"}, True, id="本月止"),
        pytest.param({"to": "2026-09"}, False, id="上月止"),
        pytest.param({"from": "2026-10", "to": "2026-10-31"}, True, id="月和日混用"),
    ],
)
def test_a_category_is_in_force_from_its_first_to_its_last_day(dates: dict[str, str], holds: bool) -> None:
    assert read(identities={"dibao": {"value": True, **dates}})["identity_dibao"] is holds


def test_a_category_of_the_wrong_department_is_refused_and_the_source_says_why() -> None:
    known = read_person(pengshui, {"identities": {"dibao": {"value": True, "certifier": "federation", "source": "名单"}}}, ON)
    assert known.values["identity_dibao"] is False
    assert "残联不是该类别的认定部门" in known.sources["identities.dibao"]
    absent = read_person(pengshui, {"identities": {"dibao": {"value": True, "source": "名单"}}}, ON)
    assert (absent.values["identity_dibao"], absent.sources["identities.dibao"]) == (True, "名单")


def test_sources_go_along() -> None:
    person = {
        "id_number": {"value": "50024319801230004X", "source": "身份证"},
        "scheme": {"value": "resident_pension", "source": "参保记录 2026-09"},
        "hukou": {"value": "500243", "on": "2026-09-30"},
        "disability_grade": {"value": 1, "source": "残疾人证"},
        "family": {
            "able_members": {"value": 2, "source": "家庭申报", "on": "2026-10-08"},
            "business_income_fen": {"value": None},
        },
    }
    known = read_person(pengshui, person, ON)
    sources = known.sources
    assert sources["birth"] == "身份证"
    assert (sources["family"], known.values["family_able_members"]) == ("家庭申报", 2)
    assert "family_business_income_fen" not in known.values
    assert sources["scheme"] == "参保记录 2026-09"
    assert sources["hukou"] == "2026-09-30"
    assert sources["identities.severe_disability"] == "残疾人证"


def test_the_birth_of_a_plain_number_comes_from_the_number() -> None:
    assert read_person(pengshui, {"id_number": "50024319801230004X"}, ON).sources == {"birth": "身份证号"}


@pytest.mark.parametrize(
    ("person", "assumed"),
    [
        pytest.param({"sex": "female"}, ["retirement_category"], id="女性未定类别：按55"),
        pytest.param({"sex": "female", "retirement_category": "female50"}, [], id="女性已定类别"),
        pytest.param({"sex": "male"}, [], id="男性只有一种"),
    ],
)
def test_what_is_assumed(person: dict[str, Any], assumed: list[str]) -> None:
    assert [fact for fact, *_ in read_person(rugao, person, ON).assumed] == assumed


def test_a_category_a_locality_added_is_known_there_only() -> None:
    known = read_person(rugao, {"identities": {"severe_illness": True}}, ON, frozenset({"severe_illness"}))
    assert known.values["identity_extra"] is True
    with pytest.raises(ZhubaoError, match="E-KEY"):
        read(identities={"severe_illness": True})
