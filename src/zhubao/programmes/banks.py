"""Banks that lend: which may be sent a case, what an incomplete one still lacks, and what it offers. Reads only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from zhubao.access.models import Organisation
from zhubao.access.regions import around
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

from .models import BankBid, BankCooperation, BankCooperationQuerySet, BankOffer

JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"

NOT_COOPERATING = Text("没有有效的合作登记", "there is no cooperation in force")


@dataclass(frozen=True)
class Paper:
    """One thing a cooperation needs under a policy: what it is called when it is wanting, the clause, and whether it is there."""

    wanting: Text
    clause: str
    there: Callable[[BankCooperation, str, date], bool]


def _agreed(cooperation: BankCooperation, policy_id: str, on: date) -> bool:
    return cooperation.agreed_on is not None and cooperation.agreed_on <= on


def _confidential(cooperation: BankCooperation, policy_id: str, on: date) -> bool:
    return cooperation.confidential_from is not None and cooperation.confidential_from <= on


def _account(cooperation: BankCooperation, policy_id: str, on: date) -> bool:
    return bool(cooperation.pension_account)


def _partner(cooperation: BankCooperation, policy_id: str, on: date) -> bool:
    return cooperation.card_partner


def _chosen(cooperation: BankCooperation, policy_id: str, on: date) -> bool:
    """Tell whether a documented choice names the bank for the place and the policy."""
    return BankBid.objects.filter(
        bank=cooperation.bank_id,
        chosen=True,
        selection__region_code=cooperation.region_code,
        selection__policy_id=policy_id,
        selection__decided_on__lte=on,
    ).exists()


# Only Tongling writes of confidentiality; it is asked of every loan programme, because every one of them passes the same data on.
CONFIDENTIALITY = Paper(Text("没有保密协议", "no confidentiality agreement"), "tl-5.2d", _confidential)
PAPERS: dict[str, tuple[Paper, ...]] = {
    JIANGXI: (
        Paper(Text("不是社会保障卡合作银行", "not a partner bank of the social security card"), "jx-2.2a", _partner),
        CONFIDENTIALITY,
    ),
    RUGAO: (
        Paper(Text("没有确定合作银行的文件", "no document that designates the bank"), "rg-6", _chosen),
        CONFIDENTIALITY,
    ),
    TONGLING: (
        Paper(Text("没有择优确定的记录", "no record of the choice on merit"), "tl-3.3a", _chosen),
        Paper(Text("没有合作协议", "no cooperation agreement"), "tl-5.1d", _agreed),
        Paper(Text("没有养老金代发账户", "no pension-payment account"), "tl-5.1e", _account),
        CONFIDENTIALITY,
    ),
}


@implements("jx-2.2a", "rg-6", "tl-5.1d", "tl-5.1e", "tl-5.2d", as_="feature")
def missing_for(bank: Organisation, policy_id: str, on: date, *, region_code: str | None = None) -> tuple[Text, ...]:
    """Return what a bank lacks to be sent a case under a policy on a day, () when nothing.

    `region_code` is the place of the person (any place inside the cooperation's); None asks for the bank's own. Raise
    E-POLICY-UNKNOWN, E-POLICY-LOAN for a document without loans.
    """
    papers = _papers(policy_id)
    place = bank.region_id if region_code is None else region_code
    cooperation = _holding(policy_id, place, on).filter(bank=bank).first()
    if cooperation is None:
        return (NOT_COOPERATING,)
    return tuple(paper.wanting for paper in papers if not paper.there(cooperation, policy_id, on))


def require_cooperation(bank: Organisation, policy_id: str, on: date, *, region_code: str | None = None) -> None:
    """Raise E-BANK-COOPERATION, naming everything that is wanting, unless the bank may be sent a case."""
    missing = missing_for(bank, policy_id, on, region_code=region_code)
    if missing:
        raise ZhubaoError(
            "E-BANK-COOPERATION",
            Text("、".join(each.zh for each in missing), ", ".join(each.en for each in missing)),
            place=bank.name,
            remedy=Text("补齐登记后再发送", "complete the registration before sending anything"),
        )


@dataclass(frozen=True)
class CooperatingBank:
    """A bank a case may be sent to, and the lowest rate it offers under the policy that day (None where it made no offer)."""

    bank: Organisation
    offer: BankOffer | None


def banks_for(policy_id: str, region_code: str, on: date) -> list[CooperatingBank]:
    """Return the banks a person of a place may choose from under a policy: nothing wanting; the lowest offer first, then by name."""
    papers = _papers(policy_id)
    found = [
        CooperatingBank(cooperation.bank, best_offer(cooperation.bank_id, policy_id, region_code, on))
        for cooperation in _holding(policy_id, region_code, on).select_related("bank")
        if all(paper.there(cooperation, policy_id, on) for paper in papers)
    ]
    return sorted(found, key=lambda each: (each.offer is None, each.offer.rate_ppm if each.offer else 0, each.bank.name))


@implements("tl-3.3c", as_="feature")
def best_offer(bank_id: int, policy_id: str, region_code: str, on: date, *, term_months: int | None = None) -> BankOffer | None:
    """Return the lowest rate a bank offers under a policy in a place on a day, for a term where one is named; None without an offer.

    The most favourable rate is read as the bank's own lowest for this kind of loan on the day (open question A-TL-3).
    """
    offers = BankOffer.objects.filter(bank=bank_id, policy_id=policy_id, starts_on__lte=on, region_code__in=around(region_code))
    offers = offers.filter(Q(ends_on=None) | Q(ends_on__gte=on))
    if term_months is not None:
        offers = offers.filter(Q(longest_months=None) | Q(longest_months__gte=term_months))
    return offers.order_by("rate_ppm", F("starts_on").desc(), "pk").first()


def not_the_best_rate(
    rate_ppm: int, bank_id: int, policy_id: str, region_code: str, on: date, *, term_months: int | None = None
) -> Text | None:
    """Return the remark on an agreed rate (parts per million) above the bank's best offer of the day, None when it is not above."""
    best = best_offer(bank_id, policy_id, region_code, on, term_months=term_months)
    if best is None or rate_ppm <= best.rate_ppm:
        return None
    lowest, agreed = (f"{ppm / 10_000:g}%" for ppm in (best.rate_ppm, rate_ppm))
    return Text(f"约定利率 {agreed} 高于该行最优 {lowest}", f"the agreed {agreed} is above the bank's best offer {lowest}")


def _papers(policy_id: str) -> tuple[Paper, ...]:
    judge_of(policy_id)
    papers = PAPERS.get(policy_id)
    if papers is None:
        raise ZhubaoError("E-POLICY-LOAN", Text("这项政策没有助保贷款", "this policy has no loans"), place=policy_id)
    return papers


def _holding(policy_id: str, region_code: str, on: date) -> BankCooperationQuerySet:
    return BankCooperation.objects.holding(on).filter(policies__policy_id=policy_id, region_code__in=around(region_code))
