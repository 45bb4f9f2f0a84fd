"""Application and renewal forms of the three programmes, filled as far as the case has come."""

from datetime import date, datetime
from typing import Literal

from django.utils import timezone

from zhubao.access.actors import Actor
from zhubao.cases.contract import JIANGXI
from zhubao.cases.models import Application, Case, Decision, Estimate, Renewal, Step
from zhubao.cases.models.review import DecisionKind, Outcome
from zhubao.documents.jiangxi_forms import HARDSHIPS as JIANGXI_HARDSHIPS
from zhubao.documents.jiangxi_forms import JiangxiApplication
from zhubao.documents.rugao_forms import (
    APPLICATION_COPIES,
    AgencyOpinion,
    BankOpinion,
    CommitteeOpinion,
    FamilyMember,
    RenewalOpinion,
    RugaoApplication,
    RugaoRenewal,
)
from zhubao.documents.rugao_forms import HARDSHIPS as RUGAO_HARDSHIPS
from zhubao.documents.typesetting import PrintedForm
from zhubao.identity import area_name
from zhubao.people.actions import account_for_print, number_for_print, phone_for_print
from zhubao.people.selectors import card_account, insured_record, phone_at
from zhubao.policies.claims import implements

CHANNEL = {"counter": "window", "online": "platform"}


@implements("rg-annex1-no", "rg-annex1-person", "rg-annex1-type", "rg-annex1-apply", "jx-annex-1", as_="feature")
def application(case: Case, *, actor: Actor, now: datetime) -> PrintedForm:
    """Return the application form of a case: Jiangxi's sheet, or Annex 1 in Rugao."""
    if case.policy_id == JIANGXI:
        return _jiangxi(case, actor=actor, now=now)
    return _rugao(case, actor=actor, now=now)


@implements("rg-annex2-person", "rg-annex2-type", "rg-annex2-amount", as_="feature")
def renewal(filed: Renewal, *, actor: Actor, now: datetime) -> RugaoRenewal:
    """Return Annex 2 of a renewal, with the opinions as far as they are given."""
    case = filed.case
    form = Application.objects.get(case=case)
    decided = filed.steps.filter(verb="decide").last()
    phone = phone_at(case.person, filed.steps.get(verb="file").at)
    return RugaoRenewal(
        date=filed.filed_on or timezone.localdate(now),
        number=f"{filed.loan_number}-{filed.nth}",
        sequence=filed.nth,
        name=case.person.name,
        sex=_sex(case),
        born=case.person.born,
        citizen_number=number_for_print(case.person, "续贷申请表", actor=actor, now=now),
        phone=phone_for_print(phone, "续贷申请表", actor=actor, now=now) if phone else form.phone,
        former_employer=form.former_employer,
        address=case.person.address or form.address,
        hardships=_known(filed.category, RUGAO_HARDSHIPS),
        amount_fen=filed.asked_fen,
        signed=filed.signed_on,
        committee=RenewalOpinion(
            office=case.committee.name if case.committee else "", reviewer=filed.reviewed_by, signed=filed.reviewed_on
        ),
        agency=RenewalOpinion(
            office=case.agency.name if case.agency else "",
            reviewer=decided.actor_name if decided else "",
            signed=decided.on if decided else None,
            amount_fen=filed.amount_fen if filed.state == "granted" else None,
        ),
    )


def _jiangxi(case: Case, *, actor: Actor, now: datetime) -> JiangxiApplication:
    form = Application.objects.get(case=case)
    record = insured_record(case.person, "employee_pension")
    estimate = Estimate.objects.filter(case=case).last()
    loan, subsidy = _decided(case, DecisionKind.LOAN), _decided(case, DecisionKind.SUBSIDY)
    card = card_account(case.person, case.bank_id) if case.bank_id else None
    handler = case.steps.filter(verb="decide").last()
    granted = bool(subsidy and subsidy.outcome == Outcome.GRANTED)
    return JiangxiApplication(
        date=case.filed_on or timezone.localdate(now),
        number=case.number,
        name=case.person.name,
        sex=_sex(case),
        born=case.person.born,
        citizen_number=number_for_print(case.person, "申请表", actor=actor, now=now),
        phone=form.phone,
        household_place=area_name(case.person.hukou_code) or "",
        insured_place=area_name(case.region_code[:6]) or "",
        address=form.address,
        paid_months=record.paid_months if record else None,
        last_paid_month=None,
        pension_month=estimate.pension_month if estimate else None,
        months_left=estimate.months_to_pay if estimate else None,
        first_pension_fen=estimate.pension_fen if estimate else None,
        need_fen=form.amount_asked_fen,
        card_bank=case.bank.name if case.bank and card else "",
        card_account=account_for_print(card, "申请表", actor=actor, now=now) if card else "",
        channel=CHANNEL.get(case.channel, case.get_channel_display()),
        hardships=_known(subsidy.category if subsidy and granted else form.category, JIANGXI_HARDSHIPS),
        signed=form.signed_on,
        office=case.agency.name if case.agency else "",
        loan_qualified=None if loan is None else loan.outcome == Outcome.GRANTED,
        subsidy_qualified=None if subsidy is None or subsidy.outcome == Outcome.PENDING else granted,
        reasons=tuple(each.reason for each in (loan, subsidy) if each and each.reason),
        handler=handler.actor_name if handler else "",
        decided=handler.on if handler else None,
    )


def _rugao(case: Case, *, actor: Actor, now: datetime) -> RugaoApplication:
    form = Application.objects.get(case=case)
    committee, loan = _decided(case, DecisionKind.COMMITTEE), _decided(case, DecisionKind.LOAN)
    category = committee.category if committee and committee.category else form.category
    return RugaoApplication(
        date=case.filed_on or timezone.localdate(now),
        number=case.number,
        copies=APPLICATION_COPIES if case.state == "agreed" else (),
        name=case.person.name,
        sex=_sex(case),
        born=case.person.born,
        citizen_number=number_for_print(case.person, "申请表", actor=actor, now=now),
        phone=form.phone,
        address=form.address,
        household_place=area_name(case.person.hukou_code) or "",
        former_employer=form.former_employer,
        family=tuple(
            FamilyMember(each.name, _age(each.born, timezone.localdate(now)), each.relation, each.employer, each.phone)
            for each in case.family.all()
        ),
        hardships=_known(category, RUGAO_HARDSHIPS),
        signed=form.signed_on,
        committee=_committee(case, committee),
        agency=_agency(case, loan),
        bank=_bank(case),
    )


@implements("rg-annex1-committee", as_="feature")
def _committee(case: Case, decided: Decision | None) -> CommitteeOpinion:
    office = case.committee.name if case.committee else ""
    signed = _last_step(case, "sign_opinion")
    if signed is None or decided is None:
        return CommitteeOpinion(office=office)
    return CommitteeOpinion(
        office=office, hardship=RUGAO_HARDSHIPS.get(decided.category, ""), handler=signed.actor_name, signed=signed.on
    )


@implements("rg-annex1-agency-a", "rg-annex1-agency-b", as_="feature")
def _agency(case: Case, decided: Decision | None) -> AgencyOpinion:
    office = case.agency.name if case.agency else ""
    if decided is None or decided.outcome != Outcome.GRANTED:
        return AgencyOpinion(office=office)
    return AgencyOpinion(
        office=office,
        pension_month=decided.pension_month,
        months_left=decided.months_left,
        amount_fen=decided.amount_fen,
        handler=decided.step.actor_name,
        signed=decided.step.on,
    )


@implements("rg-annex1-bank-a", as_="feature")
def _bank(case: Case) -> BankOpinion:
    office = case.bank.name if case.bank else ""
    decided = _decided(case, DecisionKind.BANK)
    if decided is None:
        return BankOpinion(office=office)
    return BankOpinion(
        office=office, lends=decided.outcome == Outcome.GRANTED, handler=decided.step.actor_name, signed=decided.step.on
    )


def _decided(case: Case, kind: str) -> Decision | None:
    return case.decisions.filter(kind=kind).select_related("step").last()


def _last_step(case: Case, verb: str) -> Step | None:
    return case.steps.filter(verb=verb).order_by("number").last()


def _known(category: str, hardships: dict[str, str]) -> frozenset[str]:
    """Return the category as the form ticks it; rural and urban registered poor share one box in Jiangxi."""
    key = category if category in hardships else category.rsplit("_", 1)[0]
    return frozenset({key}) if key in hardships else frozenset()


def _sex(case: Case) -> Literal["男", "女"]:
    return "女" if case.person.sex == "female" else "男"


def _age(born: date | None, on: date) -> int | None:
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
