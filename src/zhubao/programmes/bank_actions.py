"""The only writers of the bank registry. Each action is one transaction with its audit entry in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements

from .actions import DECIDING_ROLES
from .banks import PAPERS
from .models import BankBid, BankCooperation, BankOffer, BankSelection, CooperationPolicy


@dataclass(frozen=True)
class Bid:
    """One bank that offered: its score in points, and whether it was chosen."""

    bank_id: int
    score: int
    chosen: bool


@implements("tl-3.3a", as_="action")
@transaction.atomic
def record_selection(
    policy_id: str,
    bids: Sequence[Bid],
    *,
    region_code: str,
    decided_on: date,
    document: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> BankSelection:
    """Record how banks were chosen or designated: every bank that offered with its score, the document, the reason.

    A single bidder may be chosen; the reason then says so. The same document again changes nothing. Raise OutOfScope, E-POLICY-LOAN,
    E-BANK for an organisation that is no bank, E-BANK-CHOICE when no bank is chosen, one stands twice, or document or reason is empty.
    """
    _require_deciding(actor, region_code, [policy_id])
    known = BankSelection.objects.filter(region_code=region_code, policy_id=policy_id, document=document.strip()).first()
    if known is not None:
        return known
    banks = {bid.bank_id for bid in bids}
    if not any(bid.chosen for bid in bids) or len(banks) != len(bids) or not document.strip() or not reason.strip():
        problem = Text(
            "要写明文件、理由，每家银行一行，至少确定一家",
            "a document, a reason, one row for each bank and one chosen are needed",
        )
        raise ZhubaoError("E-BANK-CHOICE", problem, place=document)
    for bank_id in sorted(banks):
        _bank(bank_id)
    selection = BankSelection.objects.create(
        region_code=region_code,
        policy_id=policy_id,
        decided_on=decided_on,
        document=document.strip(),
        reason=reason.strip(),
    )
    BankBid.objects.bulk_create(
        BankBid(selection=selection, bank_id=bid.bank_id, score=bid.score, chosen=bid.chosen) for bid in bids
    )
    after = {"document": selection.document, "bids": [[bid.bank_id, bid.score, bid.chosen] for bid in bids]}
    _record("banks.chosen", f"bank-selection:{selection.pk}", region_code, actor, now, after=after, reason=selection.reason)
    return selection


@implements("jx-2.2a", "rg-6", "tl-5.1d", "tl-5.1e", "tl-5.2d", as_="action")
@transaction.atomic
def record_cooperation(
    bank_id: int,
    policy_ids: Iterable[str],
    *,
    region_code: str,
    starts_on: date,
    ends_on: date | None = None,
    card_partner: bool = False,
    agreement: str = "",
    agreed_on: date | None = None,
    confidentiality: str = "",
    confidential_from: date | None = None,
    pension_account: str = "",
    actor: Actor,
    now: datetime,
) -> BankCooperation:
    """Record a bank's cooperation with the papers there are so far, or bring the one that began on the same day up to date.

    What is recorded may be incomplete; `banks.missing_for` then keeps cases from the bank. The same again changes nothing. Raise
    OutOfScope, E-POLICY-LOAN, E-BANK for no bank, E-BANK-PAPER for an agreement without its day or a day without its agreement,
    E-BANK-PERIOD for dates in disorder or over another cooperation of the bank in this place.
    """
    policies = sorted(set(policy_ids))
    _require_deciding(actor, region_code, policies)
    bank = _bank(bank_id)
    if not policies or bool(agreement) != bool(agreed_on) or bool(confidentiality) != bool(confidential_from):
        problem = Text(
            "协议要同时有编号和日期，并写明适用的政策", "an agreement has its number and its day, and a policy it is for"
        )
        raise ZhubaoError("E-BANK-PAPER", problem, place=bank.name)
    wanted = {
        "ends_on": ends_on,
        "card_partner": card_partner,
        "agreement": agreement.strip(),
        "agreed_on": agreed_on,
        "confidentiality": confidentiality.strip(),
        "confidential_from": confidential_from,
        "pension_account": pension_account.strip(),
    }
    cooperation = (
        BankCooperation.objects.select_for_update().filter(region_code=region_code, bank=bank, starts_on=starts_on).first()
    )
    before = None
    if cooperation is None:
        cooperation = BankCooperation(region_code=region_code, bank=bank, starts_on=starts_on)
    else:
        before = _words(cooperation)
        same = all(getattr(cooperation, field) == value for field, value in wanted.items())
        if same and before["policies"] == policies:
            return cooperation
    for field, value in wanted.items():
        setattr(cooperation, field, value)
    _save(cooperation, bank)
    cooperation.policies.exclude(policy_id__in=policies).delete()
    for policy_id in policies:
        CooperationPolicy.objects.get_or_create(cooperation=cooperation, policy_id=policy_id)
    after = _words(cooperation, policies)
    _record("bank.cooperation", f"cooperation:{cooperation.pk}", region_code, actor, now, before=before, after=after)
    return cooperation


@transaction.atomic
def end_cooperation(cooperation_id: int, on: date, reason: str, *, actor: Actor, now: datetime) -> BankCooperation:
    """End a cooperation with `on` as its last day, with a reason; loans already made go on. A second time changes nothing.

    Raise DoesNotExist, OutOfScope, E-REASON without a reason of at most 300 characters, E-BANK-PERIOD for a day before it began.
    """
    cooperation = BankCooperation.objects.select_for_update(of=("self",)).select_related("bank").get(pk=cooperation_id)
    _require_deciding(actor, cooperation.region_code, [])
    said = reason.strip()
    if not 0 < len(said) <= 300:
        problem = Text("请写明终止原因，不超过 300 字", "a reason is needed, at most 300 characters")
        raise ZhubaoError("E-REASON", problem, place=str(cooperation))
    if (cooperation.ends_on, cooperation.ended_because) == (on, said):
        return cooperation
    before = _words(cooperation)
    cooperation.ends_on, cooperation.ended_because = on, said
    _save(cooperation, cooperation.bank)
    subject = f"cooperation:{cooperation.pk}"
    after = _words(cooperation)
    _record("bank.ended", subject, cooperation.region_code, actor, now, before=before, after=after, reason=said)
    return cooperation


@implements("tl-3.3c", as_="action")
@transaction.atomic
def record_offer(
    bank_id: int,
    policy_id: str,
    rate_ppm: int,
    *,
    region_code: str,
    starts_on: date,
    ends_on: date | None = None,
    longest_months: int | None = None,
    source: str,
    actor: Actor,
    now: datetime,
) -> BankOffer:
    """Record the yearly rate (parts per million) a bank offers for a policy's loans from a day on; the same again changes nothing.

    A post of the bank itself does this, or a deciding post of the place. Raise OutOfScope, E-POLICY-LOAN, E-BANK, E-BANK-OFFER for a
    rate that is none, dates in disorder, or no source.
    """
    if actor.role in (Role.BANK_OFFICER, Role.BANK_REVIEWER):
        if actor.organisation_id != bank_id:
            raise OutOfScope(str(bank_id), Text("只能登记本行的利率", "a bank records its own rates alone"))
        actor.require_region(region_code)
        _require_loans([policy_id])
    else:
        _require_deciding(actor, region_code, [policy_id])
    bank = _bank(bank_id)
    if not 0 < rate_ppm < 1_000_000 or not source.strip() or (ends_on is not None and ends_on < starts_on):
        problem = Text("利率、起止日期或来源不对", "the rate, its dates or its source cannot be right")
        raise ZhubaoError("E-BANK-OFFER", problem, place=bank.name)
    offer, made = BankOffer.objects.get_or_create(
        region_code=region_code,
        bank=bank,
        policy_id=policy_id,
        longest_months=longest_months,
        starts_on=starts_on,
        rate_ppm=rate_ppm,
        defaults={"ends_on": ends_on, "source": source.strip(), "entered_at": now, "entered_by_id": actor.user_id},
    )
    if made:
        after = {"bank": bank_id, "policy": policy_id, "rate_ppm": rate_ppm, "from": str(starts_on), "to": str(ends_on or "")}
        _record("bank.offer", f"offer:{offer.pk}", region_code, actor, now, after=after)
    return offer


def _require_deciding(actor: Actor, region_code: str, policy_ids: Sequence[str]) -> None:
    actor.require_role(*DECIDING_ROLES)
    actor.require_region(region_code)
    _require_loans(policy_ids)


def _require_loans(policy_ids: Sequence[str]) -> None:
    for policy_id in policy_ids:
        if policy_id not in PAPERS:
            raise ZhubaoError("E-POLICY-LOAN", Text("这项政策没有助保贷款", "this policy has no loans"), place=policy_id)


def _bank(bank_id: int) -> Organisation:
    bank = Organisation.objects.filter(pk=bank_id, kind=OrganisationKind.BANK).first()
    if bank is None:
        raise ZhubaoError("E-BANK", Text("不是登记的银行", "not a bank that is registered"), place=str(bank_id))
    return bank


def _save(cooperation: BankCooperation, bank: Organisation) -> None:
    try:
        with transaction.atomic():
            cooperation.save()
    except IntegrityError as error:
        if "one_cooperation_a_day" not in str(error) and "cooperation_dates_in_order" not in str(error):
            raise
        problem = Text(
            "起止日期颠倒，或与该行已有的合作重叠", "the dates are in disorder or overlap another cooperation of the bank"
        )
        raise ZhubaoError("E-BANK-PERIOD", problem, place=bank.name) from error


def _words(cooperation: BankCooperation, policies: Sequence[str] | None = None) -> dict[str, Any]:
    """Return what the audit keeps of a cooperation; the account by its last four digits."""
    listed = policies if policies is not None else sorted(cooperation.policies.values_list("policy_id", flat=True))
    return {
        "bank": cooperation.bank_id,
        "policies": list(listed),
        "from": str(cooperation.starts_on),
        "to": str(cooperation.ends_on or ""),
        "card_partner": cooperation.card_partner,
        "agreement": cooperation.agreement,
        "agreed_on": str(cooperation.agreed_on or ""),
        "confidentiality": cooperation.confidentiality,
        "confidential_from": str(cooperation.confidential_from or ""),
        "pension_account": cooperation.pension_account[-4:],
    }


def _record(action: str, subject: str, region_code: str, actor: Actor, now: datetime, **what: Any) -> None:
    record(action, subject, actor=actor, now=now, region_code=region_code, **what)
