"""The only writers of subsidy claims."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.calendars import WorkingCalendar
from zhubao.errors import ZhubaoError
from zhubao.exchange.files.subsidy_claim import CURRENT
from zhubao.exchange.lines import finish_whole
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.lending import terms_for
from zhubao.lending.claim_comparison import Cause
from zhubao.lending.government_days import claim_window
from zhubao.people.keys import keys
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book

from ..models import ClaimDetail, ClaimLine, SubsidyClaim
from ..states import JIANGXI, RUGAO, ways_of
from .checking import sums_of
from .deadlines import days_between, payment_due
from .stepping import Step, begin, course_of, finish, is_recomputed

RECEIVERS = {JIANGXI: OrganisationKind.AGENCY, RUGAO: OrganisationKind.HRSS}
TAKE_OURS, REFUSE = "take_ours", "refuse"
REFUSED_BY_HAND = "E-CLAIM-REFUSED"
REFERENCE_LENGTH = 60
Columns = Mapping[str, Sequence[Any]]


@implements("jx-annex-5a", "rg-17", "rg-annex1-bank-c", as_="action")
@transaction.atomic
def open_claim(
    envelope: Envelope, columns: Columns, year: int, *, calendar: WorkingCalendar | None = None, actor: Actor, now: datetime
) -> SubsidyClaim:
    """Keep a bank's file about a year as its claim, or as the corrected file of one returned; it waits to be recomputed.

    `columns` are the file's values by field. Raise OutOfScope, E-CLAIM-POLICY, E-CLAIM-ROUTE (handed to an office that does not verify
    it), E-CLAIM-EARLY, E-CLAIM-TAKEN (the year is claimed), E-CLAIM-YEAR and E-CLAIM-DAYS with the line.
    """
    course = course_of(envelope.policy_id)
    receiver, today = envelope.receiver, localdate(now)
    if receiver.kind != RECEIVERS[envelope.policy_id]:
        raise _wrong_route(receiver)
    start, end = (date.fromordinal(day) for day in claim_window(terms_for(envelope.policy_id).terms, year))
    if today < end:
        raise ZhubaoError(
            "E-CLAIM-EARLY",
            Text(f"{year} 年度到 {end} 才结束", f"the claim year {year} ends on {end} only"),
            place=str(year),
            remedy=Text("年度结束后再报送", "hand it in when the year is over"),
        )
    _check_lines(columns, year)
    Organisation.objects.select_for_update(no_key=True).get(pk=envelope.sender_id)
    known = SubsidyClaim.objects.filter(
        bank=envelope.sender, region_code=envelope.region_code, policy_id=envelope.policy_id, year=year
    ).first()
    if known is not None:
        return _resubmitted(known, envelope, columns, calendar, actor=actor, now=now)
    row = course.transition("receive")
    actor.require_role(*row.posts)
    actor.require_region(envelope.region_code)
    due = payment_due(envelope.policy_id, today, 0, area_of_region(envelope.region_code), parameter_book(), calendar=calendar)
    claim = SubsidyClaim(
        region_code=envelope.region_code,
        policy_id=envelope.policy_id,
        number=f"TX{year}-{envelope.region_code}-{envelope.sender_id}" + ways_of(envelope.policy_id).claim_mark,
        bank=envelope.sender,
        receiver=receiver,
        year=year,
        starts_on=start,
        ends_on=end,
        state=row.ends[0],
        state_since=now,
        envelope=envelope,
        received_on=today,
        due_on=due.due_on,
        due_arithmetic=due.arithmetic,
        provisional=due.provisional,
        file_lines=envelope.count,
        asked_fen=envelope.total_fen,
    )
    claim.save()
    _keep_details(claim, columns)
    claim.state = ""
    return finish(Step(claim, row, "", actor, now), year=year, lines=claim.file_lines, asked_fen=claim.asked_fen)


def _resubmitted(
    known: SubsidyClaim,
    envelope: Envelope,
    columns: Columns,
    calendar: WorkingCalendar | None,
    *,
    actor: Actor,
    now: datetime,
) -> SubsidyClaim:
    if known.state != "returned":
        raise ZhubaoError(
            "E-CLAIM-TAKEN",
            Text(f"{known.year} 年度已申报", f"the year {known.year} is claimed"),
            place=known.number,
            remedy=Text("差额列入下一次申请的补报或冲减", "put a difference into the next claim as a line added or taken back"),
        )
    step = begin(known.pk, "resubmit", actor=actor, now=now)
    claim, today = step.claim, localdate(now)
    assert claim.returned_on is not None
    claim.paused_days += days_between(claim.policy_id, claim.returned_on, today, calendar=calendar)
    claim.returned_on = None
    due = payment_due(
        claim.policy_id,
        claim.received_on,
        claim.paused_days,
        area_of_region(claim.region_code),
        parameter_book(),
        calendar=calendar,
    )
    claim.due_on, claim.due_arithmetic, claim.provisional = due.due_on, due.arithmetic, due.provisional
    claim.envelope, claim.file_lines, claim.asked_fen = envelope, envelope.count, envelope.total_fen
    claim.checked_at = None
    ClaimLine.objects.filter(claim=claim).delete()
    ClaimDetail.objects.filter(claim=claim).delete()
    claim.lines = claim.differing = claim.refused = claim.open_lines = claim.computed_fen = claim.accepted_fen = 0
    _keep_details(claim, columns)
    return finish(step, lines=claim.file_lines, asked_fen=claim.asked_fen, paused_days=claim.paused_days)


@transaction.atomic
def begin_check(claim_id: int, *, first: bool = False, actor: Actor, now: datetime) -> SubsidyClaim:
    """Say that a claim is being recomputed: until `finish_check` nobody settles, returns or verifies it. Safe to repeat.

    `first`: only if it was never recomputed; any other stays as it is. Raise OutOfScope, E-STATE.
    """
    claim = begin(claim_id, "check", actor=actor, now=now).claim
    if not first:
        claim.checked_at = None
        claim.save(update_fields=["checked_at"])
    return claim


@transaction.atomic
def finish_check(claim_id: int, *, actor: Actor, now: datetime) -> SubsidyClaim:
    """Add up the lines of a claim that was recomputed and let the agency go on with it. A second time changes nothing.

    Raise OutOfScope, E-STATE.
    """
    step = begin(claim_id, "check", actor=actor, now=now)
    claim = step.claim
    if not is_recomputed(claim):
        return claim
    _add_up(claim)
    claim.checked_at = now
    refused = ClaimLine.objects.filter(claim=claim).exclude(refused="").values_list("details", flat=True)
    taken = claim.file_lines - sum(len(details) for details in refused)
    fen = max(0, min(claim.accepted_fen, claim.envelope.total_fen))
    finish_whole(claim.envelope_id, taken, fen, actor=actor, now=now)
    return finish(step, **_figures(claim))


@implements("jx-annex-5b", as_="action")
@transaction.atomic
def settle_lines(
    claim_id: int,
    how: str,
    reason: str,
    *,
    cause: str = "",
    line_ids: Sequence[int] = (),
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> SubsidyClaim:
    """Decide on lines that differ, those of a cause or those named: the smaller of both figures, or nothing. Each has the one reason.

    Raise OutOfScope, E-STATE, E-REASON, E-CLAIM-CHOICE (no line so named is open).
    """
    step = begin(claim_id, "settle_lines", reason=reason, seen=seen, actor=actor, now=now)
    claim = step.claim
    lines = ClaimLine.objects.filter(claim=claim, accepted_fen=None)
    if line_ids:
        lines = lines.filter(pk__in=list(line_ids))
    elif cause in set(Cause):
        lines = lines.filter(cause=cause)
    elif cause:
        lines = lines.none()
    if how == TAKE_OURS:
        changed = lines.update(accepted_fen=Least(F("asked_fen"), F("computed_fen")))
    elif how == REFUSE:
        changed = lines.update(accepted_fen=0, refused=REFUSED_BY_HAND)
    else:
        changed = 0
    if not changed:
        raise ZhubaoError(
            "E-CLAIM-CHOICE", Text("没有选中待处理的差异", "no open difference is chosen"), place=f"{claim.number} {cause or how}"
        )
    _add_up(claim)
    return finish(step, how=how, cause=cause, changed=changed, **_figures(claim))


@transaction.atomic
def return_claim(claim_id: int, reason: str, *, seen: str | None = None, actor: Actor, now: datetime) -> SubsidyClaim:
    """Return a claim to the bank for correction; the days to payment stand still. Raise OutOfScope, E-STATE, E-REASON."""
    step = begin(claim_id, "return_claim", reason=reason, seen=seen, actor=actor, now=now)
    step.claim.returned_on = localdate(now)
    return finish(step)


@implements("jx-annex-5b", "rg-17", "rg-annex1-bank-c", as_="action")
@transaction.atomic
def verify(claim_id: int, *, seen: str | None = None, actor: Actor, now: datetime) -> SubsidyClaim:
    """Verify a claim and pass it to finance; raise OutOfScope, E-STATE, E-SAME-PERSON, E-CLAIM-OPEN while a difference is open."""
    step = begin(claim_id, "verify", seen=seen, actor=actor, now=now)
    claim = step.claim
    if claim.open_lines:
        raise ZhubaoError(
            "E-CLAIM-OPEN",
            Text(f"还有 {claim.open_lines} 笔差异没有处理", f"{claim.open_lines} differences are not settled"),
            place=claim.number,
            remedy=Text("逐笔或按原因处理差异，或退回银行", "settle them by line or by cause, or return the claim"),
        )
    if claim.accepted_fen < 0:
        raise ZhubaoError(
            "E-CLAIM-NEGATIVE",
            Text("核实金额为负，没有可拨付的贴息", "the accepted amount is below nothing: there is nothing to pay"),
            place=claim.number,
            remedy=Text("退回银行，冲减列入下一次申请", "return it; what is taken back goes into the next claim"),
        )
    return finish(step, **_figures(claim))


@transaction.atomic
def send_back(claim_id: int, reason: str, *, seen: str | None = None, actor: Actor, now: datetime) -> SubsidyClaim:
    """Have a claim verified again; raise OutOfScope, E-STATE, E-REASON."""
    return finish(begin(claim_id, "send_back", reason=reason, seen=seen, actor=actor, now=now))


@implements("jx-annex-5c", "rg-16", as_="action")
@transaction.atomic
def prepare_payment(claim_id: int, *, seen: str | None = None, actor: Actor, now: datetime) -> SubsidyClaim:
    """Prepare the payment of a verified claim at finance; raise OutOfScope, E-STATE."""
    step = begin(claim_id, "prepare_payment", seen=seen, actor=actor, now=now)
    return finish(step, accepted_fen=step.claim.accepted_fen)


@implements("jx-annex-5c", "jx-5.1c", "rg-17", as_="action")
@transaction.atomic
def approve(claim_id: int, *, seen: str | None = None, actor: Actor, now: datetime) -> SubsidyClaim:
    """Approve a prepared payment, by another person than prepared it; raise OutOfScope, E-STATE, E-SAME-PERSON."""
    step = begin(claim_id, "approve", seen=seen, actor=actor, now=now)
    return finish(step, accepted_fen=step.claim.accepted_fen)


@implements("jx-annex-5c", "jx-5.1c", "rg-16", "rg-17", as_="action")
@transaction.atomic
def record_payment(
    claim_id: int, on: date, reference: str, *, seen: str | None = None, actor: Actor, now: datetime
) -> SubsidyClaim:
    """Record that finance paid an approved claim to its bank on a day; the loans' books follow in `payment.book_payment`.

    Raise OutOfScope, E-STATE, E-CLAIM-PAYMENT without a reference, for a day to come or before the approval.
    """
    step = begin(claim_id, "pay", seen=seen, actor=actor, now=now)
    claim, said = step.claim, reference.strip()[:REFERENCE_LENGTH]
    approved_on = localdate(claim.state_since)
    if not said or not approved_on <= on <= localdate(now):
        raise ZhubaoError(
            "E-CLAIM-PAYMENT",
            Text(
                "须填支付凭证号，拨付日在审批之后、不晚于今天",
                "a voucher number is needed, and a day since the approval, not after today",
            ),
            place=claim.number,
        )
    claim.paid_on, claim.payment_reference = on, said
    return finish(step, accepted_fen=claim.accepted_fen, paid_on=str(on), reference=said)


def require_may_hand_in(policy_id: str, region_code: str, actor: Actor) -> None:
    """Raise OutOfScope unless an actor may hand claims of a programme in; E-CLAIM-POLICY."""
    actor.require_role(*course_of(policy_id).transition("receive").posts)
    actor.require_region(region_code)


def claim_year(columns: Columns) -> int:
    """Return the year a file claims: that of its current lines, or the one after the latest it puts right; E-EXCHANGE-EMPTY for no line."""
    if not columns["year"]:
        raise ZhubaoError("E-EXCHANGE-EMPTY", Text("文件里没有明细", "the file has no lines"))
    current: list[int] = [of_year for kind, of_year in zip(columns["kind"], columns["year"], strict=True) if kind == CURRENT]
    return max(current) if current else int(max(columns["year"])) + 1


def receiver_of(policy_id: str, region_code: str) -> Organisation:
    """Return the office that verifies the claims of a programme in a county; E-CLAIM-POLICY, E-CLAIM-ROUTE where there is none."""
    course_of(policy_id)
    offices = Organisation.objects.filter(kind=RECEIVERS[policy_id], region_id=region_code).order_by("pk")
    found = offices.first()
    if found is None:
        raise ZhubaoError(
            "E-CLAIM-ROUTE",
            Text("本地没有受理贴息申请的单位", "no office here takes such claims in"),
            place=region_code,
            remedy=Text("请管理员先登记单位", "the administrator registers the office first"),
        )
    return found


def _figures(claim: SubsidyClaim) -> dict[str, int]:
    names = ("lines", "differing", "refused", "open_lines", "asked_fen", "computed_fen", "accepted_fen")
    return {name: getattr(claim, name) for name in names}


def _add_up(claim: SubsidyClaim) -> None:
    for name, value in sums_of(claim).items():
        setattr(claim, name, value)


def _wrong_route(receiver: Organisation) -> ZhubaoError:
    return ZhubaoError(
        "E-CLAIM-ROUTE",
        Text(f"“{receiver.name}”不受理这类申请", f"{receiver.name} does not take such claims in"),
        place=receiver.name,
        remedy=Text("江西报社保经办机构，如皋报人社部门", "in Jiangxi to the agency, in Rugao to the HRSS bureau"),
    )


def _check_lines(columns: Columns, year: int) -> None:
    """Refuse lines whose year or days cannot be; the place is the line's number."""
    names = ("kind", "year", "starts_on", "ends_on")
    for number, (kind, of_year, start, end) in enumerate(zip(*(columns[name] for name in names), strict=True), 1):
        if (of_year == year) != (kind == CURRENT) or of_year > year:
            raise ZhubaoError(
                "E-CLAIM-YEAR",
                Text(
                    f"第 {number} 行计息年度 {of_year} 与类型或申报年度 {year} 不符",
                    f"line {number}: year {of_year} does not go with its kind in a claim of {year}",
                ),
                place=str(number),
                remedy=Text(
                    "本期填申报年度，补报、冲减填以前年度", "current lines bear the claim's year, corrections an earlier one"
                ),
            )
        if start >= end:
            raise ZhubaoError(
                "E-CLAIM-DAYS",
                Text(f"第 {number} 行止息日不在起息日之后", f"line {number} ends before it begins"),
                place=str(number),
            )


def _keep_details(claim: SubsidyClaim, columns: Columns) -> None:
    """Write the lines of a file as they came, with the blind index in the place of the citizen number."""
    held = keys()
    names = (
        "loan_number",
        "kind",
        "year",
        "draw",
        "principal_fen",
        "rate_ppm",
        "starts_on",
        "ends_on",
        "days",
        "interest_fen",
        "subsidy_fen",
    )
    statement = f"COPY loans_claimdetail (claim_id, number, person_index, {', '.join(names)}) FROM STDIN"
    rows = zip(*(columns[name] for name in names), strict=True)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, (person, row) in enumerate(zip(columns["id_number"], rows, strict=True), 1):
            copy.write_row((claim.pk, number, held.digest(person), *row))
