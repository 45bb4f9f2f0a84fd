"""The only writers of the list. Nobody is listed for being behind with repayment, nobody unheard, nobody without an end; no loan changes."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.integrity import sentence
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.beside import (
    BesideGoing,
    begin_beside,
    declare_tasks,
    finish_beside,
    first_beside,
    require_heard,
    served,
    stated,
    tell_person,
)
from zhubao.loans.models import FraudFinding, Loan
from zhubao.loans.states.fraud import FOUND
from zhubao.policies.claims import implements

from .course import KINDS_OF, LISTING, LISTING_KINDS
from .models import Listing

declare_tasks(LISTING)


@implements("jx-4.1a", "jx-4.2b", "tl-4.4", as_="action")
@transaction.atomic
def propose_listing(
    loan_id: int,
    kind: str,
    facts: str,
    evidence: str,
    amount_fen: int,
    found_on: date,
    *,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Listing:
    """Propose a borrower for the list: facts of a kind the document names, the papers that show them, the money they are about.

    Fraud needs a finding that finance agreed to. Raise E-LISTING-KIND (arrears are of no kind), E-LISTING-POLICY where the document
    has no list, E-LISTING-FACTS for missing facts or papers, E-LISTING-FRAUD without a finding, E-LISTING-OPEN.
    """
    loan = Loan.objects.select_for_update(of=("self",)).select_related("person").get(pk=loan_id)
    if loan.policy_id not in KINDS_OF:
        raise ZhubaoError(
            "E-LISTING-POLICY", Text("本文件没有列入失信名单的规定", "this document has no such list"), place=loan.number
        )
    if kind not in KINDS_OF[loan.policy_id]:
        raise ZhubaoError(
            "E-LISTING-KIND",
            Text("文件没有写明这类事实；欠款本身不列入名单", "the document names no such facts; arrears alone list nobody"),
            place=f"{loan.number} {kind}",
        )
    if not facts.strip() or not evidence.strip() or amount_fen < 0 or found_on > localdate(now):
        raise ZhubaoError(
            "E-LISTING-FACTS",
            Text("请写明事实、证据编号、金额和发现日期", "facts, evidence, amount and the day they were found are needed"),
            place=loan.number,
        )
    finding = FraudFinding.objects.filter(loan=loan, state__in=FOUND).first() if kind == "fraud" else None
    if kind == "fraud" and finding is None:
        raise ZhubaoError(
            "E-LISTING-FRAUD",
            Text("没有财政会签的骗取认定", "there is no finding of fraud that finance agreed to"),
            place=loan.number,
        )
    standing = Listing.objects.filter(loan=loan).exclude(state__in=LISTING.final).first()
    if standing is not None:
        if key and standing.steps.filter(key=key).exists():
            return standing
        raise ZhubaoError("E-LISTING-OPEN", Text("已有一项在办或在册", "one is under way or in force"), place=standing.number)
    listing = Listing(
        region_code=loan.region_code,
        number=f"{loan.number}-S{Listing.objects.filter(loan=loan).count() + 1}",
        loan=loan,
        person_id=loan.person_id,
        agency_id=loan.agency_id,
        finding=finding,
        kind=kind,
        facts=facts.strip(),
        evidence=evidence.strip()[:300],
        amount_fen=amount_fen,
        found_on=found_on,
        opened_at=now,
    )
    going = first_beside(LISTING, listing, "propose_listing", key=key, actor=actor, now=now)
    return finish_beside(going, kind=kind, amount_fen=amount_fen)


@transaction.atomic
def serve_notice(
    listing_id: int,
    served_on: date,
    proof: str,
    *,
    channel: str = "paper",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Listing:
    """Note that the notice of the intended listing reached the person, with its proof; the statement period begins."""
    going = _going(listing_id, "serve_notice", seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        listing = going.record
        text = f"拟将您列入严重失信人名单：{LISTING_KINDS[listing.kind].zh}。事实：{sentence(listing.facts)}您可以陈述和申辩。"
        served(going, served_on, proof, text, channel=channel)
        finish_beside(going, notified_on=str(served_on), statement_until=str(listing.statement_until))
    return going.record


@transaction.atomic
def take_statement(listing_id: int, text: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Listing:
    """Write down the person's side: by the person within the period, or at the counter."""
    going = _going(listing_id, "take_statement", seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        stated(going, text)
        finish_beside(going, how=going.record.stated_how)
    return going.record


@implements("jx-4.2b", "tl-4.4", as_="action")
@transaction.atomic
def decide_listing(
    listing_id: int,
    reasons: str,
    removal_on: date,
    *,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Listing:
    """Decide to list, with the reasons and the day it ends; another person than who proposed it.

    Raise E-NOT-HEARD before the person was heard, E-LISTING-REMOVAL unless the removal day lies ahead. The rules on the list say how
    long it lasts: the day is given and not guessed.
    """
    going = _going(listing_id, "decide_listing", reason=reasons, seen=seen, key=key, actor=actor, now=now)
    listing = going.record
    if going.done:
        return listing
    require_heard(going)
    if removal_on <= going.today:
        problem = Text("移出日应在今天之后", "the removal day lies after today")
        raise ZhubaoError("E-LISTING-REMOVAL", problem, place=listing.number)
    listing.decision, listing.decided_on, listing.removal_on = going.reason, going.today, removal_on
    finish_beside(going, removal_on=str(removal_on))
    tell_person(going, "listed", f"已决定将您列入严重失信人名单，至 {removal_on} 移出。理由：{listing.decision}")
    return listing


@transaction.atomic
def decline_listing(
    listing_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Listing:
    """Decide not to list; who was told of the intention is told of this too."""
    going = _going(listing_id, "decline_listing", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        finish_beside(going)
        if going.record.notified_on is not None:
            tell_person(going, "declined", f"决定不列入严重失信人名单。{going.reason}")
    return going.record


@transaction.atomic
def remove(listing_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Listing:
    """Remove somebody from the list on the removal day or after it; E-LISTING-REMOVAL before."""
    going = _going(listing_id, "remove", seen=seen, key=key, actor=actor, now=now)
    listing = going.record
    if going.done:
        return listing
    if listing.removal_on is None or going.today < listing.removal_on:
        problem = Text(f"移出日是 {listing.removal_on}", f"the removal day is {listing.removal_on}")
        raise ZhubaoError(
            "E-LISTING-REMOVAL",
            problem,
            place=listing.number,
            remedy=Text("已纠正的可提前移出", "who has put it right may be removed early"),
        )
    return _removed(going)


@transaction.atomic
def remove_early(listing_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Listing:
    """Remove somebody early because the matter was put right; another person than who decided the listing."""
    going = _going(listing_id, "remove_early", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if going.done:
        return going.record
    going.record.removed_because = going.reason
    return _removed(going)


def remove_expired(region_code: str, *, now: datetime) -> int:
    """Remove everybody of a region whose removal day has come; the system does it. Return how many; again: none."""
    actor = Actor.system("listing", region_code)
    due = Listing.objects.filter(region_code__startswith=region_code, state="listed", removal_on__lte=localdate(now))
    keys = list(due.values_list("pk", flat=True))
    for pk in keys:
        remove(pk, key="expired", actor=actor, now=now)
    return len(keys)


def _removed(going: BesideGoing[Listing]) -> Listing:
    going.record.removed_on = going.today
    listing = finish_beside(going)
    tell_person(going, "removed", f"您已于 {listing.removed_on} 移出严重失信人名单。")
    return listing


def _going(
    listing_id: int,
    verb: str,
    *,
    reason: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> BesideGoing[Listing]:
    return begin_beside(LISTING, Listing, listing_id, verb, reason=reason, seen=seen, key=key, actor=actor, now=now)
