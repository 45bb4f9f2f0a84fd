"""A request that arrives twice is carried out once: after the second time every row of every table is as after the first."""

from collections.abc import Callable
from typing import Any

import pytest

from zhubao.access.roles import Role
from zhubao.cases.actions import agency, bank, objections, tongling
from zhubao.cases.models import Case

from . import loan_lives as lives
from .lives import at
from .offices import JIANGXI_COUNTY, TONGLING_COUNTY, Offices, ask, citizen, open_offices
from .refusals import all_rows

pytestmark = pytest.mark.django_db
NOW = at(lives.MONDAY)


def twice(action: Callable[..., Case], *arguments: Any, **named: Any) -> Case:
    """Do something twice under one request and return the case."""
    request = ask()
    first = action(*arguments, request=request, now=NOW, **named)
    rows = all_rows()
    second = action(*arguments, request=request, now=NOW, **named)
    assert all_rows() == rows
    assert (second.pk, second.state) == (first.pk, first.state)
    return second


def offices_of(area: str, policy: str) -> Offices:
    lives.figures()
    opened = open_offices(area)
    lives.cooperate(lives.the_bank(area), policy)
    return opened


def test_a_jiangxi_case_from_the_review_to_the_agreement() -> None:
    offices = offices_of(JIANGXI_COUNTY, lives.JIANGXI)
    person = lives.man(listed=False)
    case = lives.handed_in(offices, person)
    key, post = case.pk, offices.at
    twice(agency.propose, key, actor=post(Role.AGENCY_REVIEWER))
    twice(agency.send_back, key, reason="请核对户籍", actor=post(Role.AGENCY_APPROVER))
    twice(agency.propose, key, actor=post(Role.AGENCY_REVIEWER))
    twice(agency.decide, key, "granted", actor=post(Role.AGENCY_APPROVER))
    lives.put_on_roster(person)
    twice(agency.decide_subsidy, key, actor=post(Role.AGENCY_APPROVER))
    twice(agency.push, key, actor=post(Role.AGENCY_REVIEWER))
    twice(bank.bank_assess, key, lives.JIANGXI_TERMS, actor=post(Role.BANK_OFFICER))
    twice(bank.bank_decide, key, "refuse", ground="identity", reason="证件过期", actor=post(Role.BANK_REVIEWER))
    twice(bank.bank_again, key, reason="已换证", actor=post(Role.AGENCY_REVIEWER))
    twice(bank.bank_assess, key, lives.JIANGXI_TERMS, actor=post(Role.BANK_OFFICER))
    twice(bank.bank_decide, key, "approve", actor=post(Role.BANK_REVIEWER))
    case = twice(bank.sign, key, "A1", lives.DAY, lives.JIANGXI_PROMISES, actor=post(Role.BANK_OFFICER))
    assert (case.state, case.steps.count()) == ("agreed", 14)


def test_a_refusal_and_the_objection_against_it() -> None:
    offices = offices_of(JIANGXI_COUNTY, lives.JIANGXI)
    case = lives.proposed(offices, lives.man(scheme="resident_pension"))
    key, post = case.pk, offices.at
    twice(agency.decide, key, "refused", clause="jx-1.1b", reason="险种不符", actor=post(Role.AGENCY_APPROVER))
    twice(objections.object_to_refusal, key, "已转回职工养老保险", actor=citizen(case.person))
    twice(objections.hear_objection, key, "出示转移凭证", actor=post(Role.HRSS_SUPERVISOR))
    case = twice(objections.decide_objection, key, upheld=True, reason="属实", actor=post(Role.HRSS_SUPERVISOR))
    assert (case.state, case.objections.count()) == ("submitted", 1)


def test_a_tongling_case_from_the_estimate_to_the_contract_or_its_end() -> None:
    offices = offices_of(TONGLING_COUNTY, lives.TONGLING)
    case, son = lives.handed_in(offices, lives.resident(), lives.TONGLING), lives.child()
    key, post = case.pk, offices.at
    twice(tongling.estimate, key, actor=post(Role.AGENCY_REVIEWER))
    twice(bank.bank_assess, key, lives.TONGLING_TERMS, actor=post(Role.BANK_OFFICER))
    twice(tongling.add_co_borrower, key, son, "child", actor=post(Role.BANK_OFFICER))
    twice(tongling.record_consent, key, son.pk, lives.DAY, actor=post(Role.BANK_OFFICER))
    twice(bank.bank_decide, key, "refuse", reason="收入不足", actor=post(Role.BANK_REVIEWER))
    case = twice(bank.close, key, reason="不再申请", actor=post(Role.BANK_OFFICER))
    assert (case.state, case.co_borrowers.count()) == ("closed", 1)
