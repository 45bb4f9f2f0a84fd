"""The yearly renewal of a Rugao loan on the second form: filed in the window, reviewed by the committee, decided by the agency.

The loan is named by its number alone; whoever keeps loans writes the permit a granted renewal gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.calendars import FOURTH_QUARTER
from zhubao.errors import ZhubaoError
from zhubao.evidence.figures import book_at
from zhubao.evidence.selectors import assess
from zhubao.language import Text
from zhubao.people.actions import change_person, set_phone
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.judging import as_json
from zhubao.programmes.selectors import area_of_region

from ..contract import RUGAO
from ..models import Case, Renewal, RenewalStep
from ..models.review import Suspension
from ..states import RENEWAL
from ..stepping import Going, Request, check_who, renewal_step_of
from .rugao import PENSION_MONTH
from .signatures import Signature
from .verdicts import judged, require_fresh, require_grantable, stated_facts

# A renewal asks again whether the person may borrow, not whether the months of the first form still fit.
ASKED_ONCE: dict[str, Any] = {"requested_months": None}
TIER = "lowest_tier_monthly_fen"


@dataclass(frozen=True)
class Need:
    """What a year's contribution takes: months, fen a month, whether that tier is carried on from a year before, amount in fen."""

    months: int
    monthly_fen: int
    carried: bool

    @property
    def amount_fen(self) -> int:
        """Months times the lowest tier."""
        return self.months * self.monthly_fen


@implements("rg-19a", "rg-19b", "rg-annex2-seq", "rg-annex2-person", "rg-annex2-type", "rg-annex2-amount", as_="action")
@transaction.atomic
def file_renewal(
    case_id: int,
    loan_number: str,
    year: int,
    *,
    category: str,
    asked_fen: int,
    signed_on: date | None,
    late_reason: str = "",
    phone: str = "",
    address: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Renewal:
    """File the loan's next renewal for the draw of `year`, and return it; its number follows from those filed before.

    `phone` and `address` as the form has them go to the person's record, where the number before keeps its days; "" leaves them.

    In the fourth quarter for the next year; at another time, or for the running year, only with `late_reason` (E-WINDOW). Raise E-STATE
    for a case without an agreement, E-RENEWAL-TWICE for a year filed already, E-CATEGORY for no kind of hardship of the form,
    E-AMOUNT for more than the year needs, E-OPINION unsigned, E-PHONE for no telephone number, OutOfScope for somebody else's loan.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
    row = RENEWAL.transition("file")
    check_who(case, row, actor)
    earlier = RenewalStep.objects.filter(key=request.key).select_related("renewal").first()
    if earlier is not None:
        if (earlier.verb, earlier.renewal.case_id, earlier.user_id) != (row.verb, case.pk, actor.user_id):
            raise ZhubaoError("E-KEY-USED", Text("该请求编号已用于别的操作", "the request was used for something else"))
        return earlier.renewal
    today = timezone.localdate(now)
    _require_running(case, loan_number, year)
    _require_window(today, year, late_reason)
    if category not in judge_of(RUGAO).policy.identities:
        raise ZhubaoError("E-CATEGORY", Text("请勾选困难类型", "tick a kind of hardship"), place=category)
    if signed_on is None or signed_on > today:
        raise ZhubaoError("E-OPINION", Text("缺本人签字日期，或日期晚于今天", "no day of signature, or one in the future"))
    _require_amount(asked_fen, need_of(case, year, today, now))
    renewal = Renewal.objects.create(
        region_code=case.region_code,
        case=case,
        loan_number=loan_number,
        year=year,
        nth=Renewal.objects.filter(loan_number=loan_number).exclude(state="withdrawn").count() + 1,
        state="",
        state_since=today,
        category=category,
        late_reason=late_reason.strip(),
        asked_fen=asked_fen,
        filed_on=today,
        signed_on=signed_on,
    )
    if phone.strip():
        set_phone(case.person_id, phone, actor=actor, now=now)
    if address.strip():
        change_person(case.person_id, address=address.strip(), reason=f"续贷申请表 {loan_number}", actor=actor, now=now)
    going: Going[Renewal] = Going(renewal, RENEWAL, row, request, actor, now)
    step = going.move(reason=late_reason, year=year, nth=renewal.nth, asked_fen=asked_fen)
    record(
        "renewal.file", renewal.subject, actor=actor, now=now, region_code=case.region_code, after=going.after, reason=step.reason
    )
    return renewal


@implements("rg-19c", "rg-annex2-committee", as_="action")
def review(
    renewal_id: int,
    *,
    agrees: bool,
    signature: Signature,
    opinion: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Renewal:
    """Write the committee's opinion: whether the reason is true and the loan should go on; reviewer, seal and day.

    Raise E-OPINION naming what the box lacks, E-REASON for a disagreement without words.
    """
    with renewal_step_of(renewal_id, "review", request, actor=actor, now=now) as going:
        renewal = going.subject
        if not going.repeated:
            renewal.reviewed_on = signature.complete(going.today)
            renewal.reviewed_by, renewal.committee_agrees = signature.handler.strip()[:60], agrees
            if not agrees and not opinion.strip():
                raise ZhubaoError(
                    "E-REASON", Text("不同意续贷须写明理由", "say why the loan should not go on"), place=str(renewal)
                )
            going.move(reason=opinion, agrees=agrees)
        return renewal


@implements("rg-19c", "rg-annex2-amount", as_="action")
def propose(renewal_id: int, *, reason: str = "", request: Request, actor: Actor, now: datetime) -> Renewal:
    """Prepare the agency's opinion on a frozen verdict: months of the year and amount, at most what was asked for. What cannot be
    known stays empty and is not granted."""
    with renewal_step_of(renewal_id, "propose", request, actor=actor, now=now) as going:
        renewal = going.subject
        if not going.repeated:
            snapshot = judged(renewal.case, going.today, more=ASKED_ONCE, actor=actor, now=now)
            need = _need(snapshot.result, renewal.case, renewal.year, going.today, now)
            renewal.snapshot = snapshot
            renewal.months = need.months if need else None
            renewal.amount_fen = min(renewal.asked_fen, need.amount_fen) or None if need else None
            going.move(
                reason=reason,
                snapshot=snapshot.pk,
                verdict=snapshot.verdict,
                amount_fen=renewal.amount_fen,
                tier_carried=bool(need and need.carried),
            )
        return renewal


@implements("rg-19d", "rg-20a", "rg-annex2-agency", as_="action")
def decide(
    renewal_id: int,
    outcome: str,
    *,
    because: str = "",
    reason: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Renewal:
    """Decide a renewal, "granted" for the amount proposed or "suspended" for one of the document's reasons; both are somebody's choice.

    Raise E-STALE when something changed since the proposal, E-VERDICT and E-CATEGORY for a grant that the facts do not carry, E-AMOUNT
    without an amount, E-REASON for a suspension, or a grant against the committee, without words, E-OUTCOME for another word.
    """
    with renewal_step_of(renewal_id, "decide", request, actor=actor, now=now) as going:
        renewal = going.subject
        if not going.repeated:
            if outcome == "granted":
                _require_renewable(renewal, now)
            elif outcome != "suspended" or because not in Suspension.values:
                raise ZhubaoError(
                    "E-OUTCOME",
                    Text("应为准予续贷，或写明原因的暂停", "renewed, or suspended for one of the reasons"),
                    place=f"{outcome} {because}".strip(),
                )
            if not reason.strip() and (outcome == "suspended" or not renewal.committee_agrees):
                raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=str(renewal))
            renewal.suspended_because = because if outcome == "suspended" else ""
            going.move(outcome, reason=reason, amount_fen=renewal.amount_fen, because=renewal.suspended_because)
        return renewal


def withdraw(renewal_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Renewal:
    """Take a renewal back before it is decided; the year may be filed for again."""
    with renewal_step_of(renewal_id, "withdraw", request, actor=actor, now=now) as going:
        if not going.repeated:
            going.move(reason=reason)
        return going.subject


def need_of(case: Case, year: int, on: date, now: datetime) -> Need | None:
    """Return what the contribution of a year takes as things stand on a day, None while it cannot be known."""
    stated = {key: value for key, value in stated_facts(case, on).items() if key not in ASKED_ONCE}
    return _need(as_json(assess(case.person, case.policy_id, on, stated=stated, now=now)), case, year, on, now)


def _need(result: Mapping[str, Any], case: Case, year: int, on: date, now: datetime) -> Need | None:
    """Count the months of the year before the pension, from this month on in the running year, within the fifteen years."""
    month = next(row["value"] for row in result["clauses"] if row["id"] == PENSION_MONTH)
    room = result["amounts"]["months"]
    tier = book_at(now).latest(TIER, date(year, 1, 1), area_of_region(case.region_code))
    if month is None or room is None or tier is None:
        return None
    pension = int(month[:4]) * 12 + int(month[5:])
    first = year * 12 + (on.month if year == on.year else 1)
    months = max(0, min(year * 12 + 13, pension) - first)
    return Need(min(months, room), tier.number(), not tier.holds_on(date(year, 1, 1)))


def _require_running(case: Case, loan_number: str, year: int) -> None:
    if case.policy_id != RUGAO or case.state != "agreed":
        raise ZhubaoError(
            "E-STATE", Text("没有已签协议的如皋贷款，不能续贷", "there is no signed Rugao loan to renew"), place=case.number
        )
    standing = Renewal.objects.filter(loan_number=loan_number).exclude(state="withdrawn")
    if standing.exclude(case=case).exists():
        raise ZhubaoError("E-STATE", Text("该贷款属于另一个申请", "the loan belongs to another application"), place=loan_number)
    there = standing.filter(year=year).first()
    if there is not None:
        raise ZhubaoError(
            "E-RENEWAL-TWICE",
            Text(f"{year}年的续贷已于{there.filed_on}提交", f"the renewal for {year} was filed on {there.filed_on}"),
            place=loan_number,
        )


def _require_window(today: date, year: int, late_reason: str) -> None:
    in_time = FOURTH_QUARTER.contains(today) and year == today.year + 1
    if in_time or (late_reason.strip() and year in (today.year, today.year + 1)):
        return
    opens = FOURTH_QUARTER.opening(today)
    raise ZhubaoError(
        "E-WINDOW",
        Text(
            f"续贷在第四季度申请次年额度（{opens}起），其他时间须写明理由",
            f"renewals for the next year are filed in the fourth quarter, from {opens}; at another time give the reason",
        ),
        place=str(year),
    )


def _require_amount(asked_fen: int, need: Need | None) -> None:
    if asked_fen <= 0:
        raise ZhubaoError("E-AMOUNT", Text("请填写续贷金额", "an amount is needed"), place=str(asked_fen))
    if need is not None and asked_fen > need.amount_fen:
        yuan = f"{need.amount_fen // 100}.{need.amount_fen % 100:02d}"
        raise ZhubaoError(
            "E-AMOUNT",
            Text(
                f"超过当年所需的 {yuan} 元（{need.months} 个月）", f"above the {yuan} yuan the year needs ({need.months} months)"
            ),
            place=f"{asked_fen // 100}.{asked_fen % 100:02d}",
        )


def _require_renewable(renewal: Renewal, now: datetime) -> None:
    snapshot = renewal.snapshot
    if snapshot is None or renewal.amount_fen is None:
        raise ZhubaoError("E-AMOUNT", Text("没有核出续贷金额", "no amount was worked out"), place=str(renewal))
    require_fresh(snapshot, str(renewal), now)
    require_grantable(snapshot)
    if renewal.category not in snapshot.result["categories"]:
        raise ZhubaoError(
            "E-CATEGORY",
            Text("名册和证件都没有证明所填的困难类型", "nothing shows the hardship on the form"),
            place=renewal.category,
        )
