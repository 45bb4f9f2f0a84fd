"""The terms of a loan on their way from the bank's offer to the signed agreement: what must be written, and what the policy allows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.evidence.models import Snapshot
from zhubao.language import Text
from zhubao.lending.days import settlement_days
from zhubao.lending.terms import Terms as Conventions
from zhubao.policies import judge_of

from .models import Application, BankOffer, Case, CoBorrower
from .models.case import Route

JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
ADULT = 18
METHODS = {
    "pension_monthly": Text("从养老金按月扣还", "monthly from the pension"),
    "lump_sum": Text("到期一次还清", "all at the end"),
    "early": Text("提前分次归还", "early, in parts"),
    "equal_instalment": Text("等额分期", "equal instalments"),
    "interest_first": Text("先息后本", "interest first"),
}
DISBURSEMENTS = {
    JIANGXI: ("card_account", Text("发放至社保卡金融账户，现场缴费", "to the card account, paid in on the spot")),
    RUGAO: ("fund_account", Text("直接划入社保基金收入户", "straight to the fund's income account")),
    TONGLING: ("card_to_collection", Text("经社保卡账户划入征集账户", "through the card account to the collection account")),
}


@dataclass(frozen=True, slots=True)
class Contracting:
    """What a programme leaves to bank and borrower, and what it asks of them: one row each, so that no step asks which document it is.

    Terms: `methods`, the ways to repay; `instalment`, whether the parties settle an amount a month; `basic_pension`, whether the
    borrower may let the basic pension be used; `tier_chosen`, whether the borrower chooses the tier that is borrowed; `signed_beside`,
    whether a child or a guarantor signs too.
    The bank: `estimated`, whether the agency's estimate comes before its offer; `credit_report`, whether it needs a credit report;
    `grounds_listed`, whether it refuses on listed grounds only and asks nothing beside the terms; `same_bank`, whether a refused
    case comes to the bank of the card account again and not to another; `bank_judges`, whether the bank alone judges the borrower.
    """

    methods: Mapping[str, Text]
    instalment: bool
    basic_pension: bool
    tier_chosen: bool
    signed_beside: bool
    estimated: bool
    credit_report: bool
    grounds_listed: bool
    same_bank: bool
    bank_judges: bool


_FROM_THE_PENSION = {"pension_monthly": METHODS["pension_monthly"]}
CONTRACTING: dict[str, Contracting] = {
    JIANGXI: Contracting(
        methods=_FROM_THE_PENSION,
        instalment=True,
        basic_pension=False,
        tier_chosen=False,
        signed_beside=False,
        estimated=True,
        credit_report=False,
        grounds_listed=True,  # jx-2.2e
        same_bank=True,  # jx-3.5a
        bank_judges=False,
    ),
    RUGAO: Contracting(
        methods=_FROM_THE_PENSION,
        instalment=False,  # rg-14.1a fixes the share of the pension
        basic_pension=False,
        tier_chosen=False,
        signed_beside=False,
        estimated=False,
        credit_report=True,  # rg-12.2e
        grounds_listed=False,
        same_bank=False,
        bank_judges=False,
    ),
    TONGLING: Contracting(
        methods=METHODS,  # tl-4.1a
        instalment=True,
        basic_pension=True,  # tl-4.2c
        tier_chosen=True,
        signed_beside=True,  # tl-3.1b
        estimated=True,
        credit_report=False,
        grounds_listed=False,
        same_bank=False,
        bank_judges=True,  # tl-2b
    ),
}
LABELS = {
    "need_fen": Text("资金需求", "the amount needed"),
    "amount_fen": Text("贷款额度", "the credit line"),
    "years": Text("贷款年限", "the years"),
    "rate_ppm": Text("年利率", "the rate"),
    "disbursement": Text("放款方式", "how it is paid out"),
    "method": Text("还款方式", "how it is repaid"),
    "instalment_fen": Text("每月还款额", "the monthly instalment"),
    "repay_months": Text("还款月数", "the months of repayment"),
    "day_count": Text("计息天数", "the day count"),
    "settlement": Text("结息日", "the settlement days"),
    "basic_pension_agreed_on": Text("基础养老金还款约定", "the consent to use the basic pension"),
}
SIGNED_LATER = frozenset(("tl-3.1b", "tl-3.1c"))  # who signs beside the borrower is looked at when all sign
YEARLY_CAP = "jx-annex-4b"


@dataclass(frozen=True)
class Terms:
    """What bank and borrower settle: money in fen for the whole term (`instalment_fen` a month), rate in ppm a year, months whole.

    `basic_pension_agreed_on`: the day the borrower let the basic pension be used, None where it stays untouched.
    """

    need_fen: int
    amount_fen: int
    years: int
    rate_ppm: int
    disbursement: str
    method: str
    grace_months: int = 0
    repay_months: int = 0
    instalment_fen: int | None = None
    day_count: str = "act360"
    settlement: str = "yearly-12-20"
    basic_pension_agreed_on: date | None = None

    @classmethod
    def of(cls, offer: BankOffer) -> "Terms":
        """Return the terms of an offer."""
        return cls(**{each.name: getattr(offer, each.name) for each in fields(cls)})

    def columns(self) -> dict[str, Any]:
        """Return the terms as the columns of an offer or an agreement."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def yearly_fen(self) -> int:
        """The largest yearly draw of the credit line spread over its years, rounded up to the fen."""
        return -(-self.amount_fen // self.years)


def require_terms(policy_id: str, terms: Terms) -> None:
    """Raise E-TERMS naming the first field that is missing or cannot be agreed in this programme; E-TERMS-VALUE for conventions."""
    for name in ("need_fen", "amount_fen", "years", "rate_ppm"):
        if getattr(terms, name) <= 0:
            raise _missing(name)
    for name in ("disbursement", "method"):
        if not getattr(terms, name):
            raise _missing(name)
    asked = CONTRACTING[policy_id]
    if terms.instalment_fen is None and asked.instalment:
        raise _missing("instalment_fen")
    if terms.instalment_fen is not None and terms.instalment_fen <= 0:
        raise _missing("instalment_fen")
    if terms.amount_fen > terms.need_fen:
        raise _refused("amount_fen", Text("不能超过资金需求", "must not exceed the amount needed"))
    if terms.disbursement != DISBURSEMENTS[policy_id][0]:
        raise _refused("disbursement", Text(f"应为：{DISBURSEMENTS[policy_id][1].zh}", f"{DISBURSEMENTS[policy_id][1].en}"))
    if terms.method not in asked.methods:
        known = Text("应为：" + "、".join(each.zh for each in asked.methods.values()), f"one of {', '.join(asked.methods)}")
        raise _refused("method", known)
    if terms.basic_pension_agreed_on is not None and not asked.basic_pension:
        raise _refused("basic_pension_agreed_on", Text("本政策没有此项约定", "this programme has no such consent"))
    Conventions(day_count=terms.day_count, settlement=terms.settlement)
    settlement_days(terms.settlement, date(2026, 1, 1), date(2026, 12, 31))


def contract_facts(case: Case, terms: Terms, signed_on: date | None = None) -> dict[str, Any]:
    """Return what a contract adds to the facts of a person. Who signs beside the borrower counts from the day of signing on; before
    it stays unknown."""
    loan: dict[str, Any] = {
        "rate_ppm": terms.rate_ppm,
        "term_months": terms.grace_months + terms.repay_months,
        "grace_months": terms.grace_months,
        "repay_months": terms.repay_months,
        "amount_fen": terms.amount_fen,
        "instalment_fen": terms.instalment_fen,
        "basic_pension_consent": terms.basic_pension_agreed_on is not None,
    }
    if case.route != Route.BACK_PAYMENT:
        # Past gaps are paid in one draw; the yearly cap is for the years still to come.
        loan["tranche_fen"] = terms.yearly_fen
    if signed_on is not None:
        signing = [each for each in case.co_borrowers.select_related("person") if signs(each, signed_on)]
        loan["signed_on"] = signed_on.isoformat()
        loan["coborrower_children"] = sum(each.relation == "child" for each in signing)
        loan["guarantor"] = any(each.relation == "guarantor" for each in signing)
    facts: dict[str, Any] = {"loan": {name: value for name, value in loan.items() if value is not None}}
    if CONTRACTING[case.policy_id].signed_beside:
        children = Application.objects.values_list("children", flat=True).get(case=case)
        if children is not None:
            facts["children"] = {"value": children, "source": f"申请表 {case.number}"}
    return facts


def require_contract(case: Case, snapshot: Snapshot, *, signing: bool) -> None:
    """Raise E-CONTRACT naming every clause that the terms break, or that nobody can check yet.

    Where the bank alone judges the borrower, the clauses on the borrower are looked at too. Before the day of signing, who signs
    beside the borrower stays open.
    """
    policy = judge_of(case.policy_id).policy
    about = {clause.id for clause in policy.clauses if clause.about_contract or CONTRACTING[case.policy_id].bank_judges}
    passed_over = set() if signing else set(SIGNED_LATER)
    if case.route == Route.BACK_PAYMENT:
        passed_over.add(YEARLY_CAP)
    rows = [row for row in snapshot.result["clauses"] if row["id"] in about - passed_over and row["part_of"] is None]
    broken = [row for row in rows if row["verdict"] == "not_met"]
    unknown = [row for row in rows if row["verdict"] in ("evidence_missing", "to_be_decided")]
    if not broken and not unknown:
        return
    said = [f"{row['id']} {row['label']}（{row['value']}）" for row in broken] + [
        f"{row['id']} {row['label']}（无法核对）" for row in unknown
    ]
    named = [f"{row['id']} ({row['value']})" for row in broken] + [f"{row['id']} (cannot be checked)" for row in unknown]
    raise ZhubaoError(
        "E-CONTRACT",
        Text("合同条件不符合：" + "；".join(said), "the terms do not stand: " + ", ".join(named)),
        place=case.number,
        remedy=Text("改条件，或补齐资料", "change the terms, or complete the papers"),
    )


def signs(one: CoBorrower, on: date) -> bool:
    """Tell whether somebody named beside the borrower is of age, capable and has consented by a day (A-TL-2)."""
    return one.capable and one.consented_on is not None and one.consented_on <= on and of_age(one.person.born, on)


def of_age(born: date, on: date) -> bool:
    """Tell whether somebody has turned eighteen by a day."""
    return (on.year - born.year, (on.month, on.day) >= (born.month, born.day)) >= (ADULT, True)


def _missing(name: str) -> ZhubaoError:
    return ZhubaoError(
        "E-TERMS",
        Text(f"缺{LABELS[name].zh}", f"{LABELS[name].en} is missing"),
        place=name,
        remedy=Text("填写后再提交", "enter it"),
    )


def _refused(name: str, why: Text) -> ZhubaoError:
    return ZhubaoError("E-TERMS", Text(f"{LABELS[name].zh}：{why.zh}", f"{LABELS[name].en}: {why.en}"), place=name)
