"""The Rugao agency's part: the yearly window, the deemed period, the opinion and its approval. Sending back is in `agency`."""

from datetime import date, datetime
from typing import Any

from zhubao.access.actors import Actor
from zhubao.calendars import FOURTH_QUARTER
from zhubao.errors import ZhubaoError
from zhubao.evidence.facts import gather
from zhubao.evidence.figures import book_at
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import assess
from zhubao.language import Text
from zhubao.parameters.questions import settle
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.judging import as_json
from zhubao.programmes.selectors import area_of_region, parameter_book

from ..contract import RUGAO
from ..models import Application, Case, Decision, Proposal
from ..models.case import Route
from ..models.review import DecisionKind, Outcome
from ..stepping import Request, step_of
from .verdicts import clause_row, deemed_facts, judged, require_fresh, require_grantable, require_refusable, stated_facts

PENSION_MONTH, SUBSIDISED = "rg-4.0c", "rg-5a"


@implements("rg-11", as_="action")
def check_window(case: Case, on: date) -> None:
    """Let a filing pass inside the fourth quarter, on the final-year route, or with a reason that an official accepted.

    Raise E-WINDOW otherwise, naming the next opening; E-ROUTE for the final-year route of somebody who does not reach the pension
    within the year.
    """
    if FOURTH_QUARTER.contains(on):
        return
    application = Application.objects.get(case=case)
    if application.late_reason.strip() and application.late_allowed_by_id:
        return
    if case.route == Route.FINAL_YEAR:
        if reaches_pension_within(case, on):
            return
        raise ZhubaoError(
            "E-ROUTE",
            Text(f"{on.year}年内不能领取养老金，不能走当年到龄通道", f"the pension does not begin in {on.year}"),
            place=case.number,
            remedy=Text("在第四季度申请，或补齐参保记录", "apply in the fourth quarter, or complete the record"),
        )
    opens = FOURTH_QUARTER.opening(on)
    raise ZhubaoError(
        "E-WINDOW",
        Text(f"不在受理期，下一次从{opens}开始", f"outside the window, which opens on {opens}"),
        place=case.number,
        remedy=Text("写明理由并由核定人员准予受理，或等到受理期", "give a reason an official accepts, or wait for the window"),
    )


@implements("rg-12.4d", as_="action")
def reaches_pension_within(case: Case, on: date) -> bool:
    """Tell whether the person's pension begins within the year of `on` and not before it; what is unknown does not."""
    facts = gather(case.person, RUGAO, on, stated=stated_facts(case, on))
    result = as_json(judge_of(RUGAO)(facts, on=on, book=parameter_book()))
    month = next(row["value"] for row in result["clauses"] if row["id"] == PENSION_MONTH)
    return month is not None and f"{on:%Y-%m}" <= month <= f"{on.year}-12"


@implements("rg-11", as_="action")
def allow_late(case_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Accept, by a named official, the applicant's reason for filing outside the window (A-ALL-12).

    Raise E-REASON when the applicant gave none, E-WINDOW-STRICT where the place has decided that nobody may.
    """
    with step_of(case_id, "allow_late", request, actor=actor, now=now) as going:
        if not going.repeated:
            case = going.case
            if settle(book_at(now), "A-ALL-12", going.today, area_of_region(case.region_code)).value == "strict":
                raise ZhubaoError(
                    "E-WINDOW-STRICT", Text("本地规定受理期外一律不受理", "this place takes nothing outside the window")
                )
            application = Application.objects.select_for_update().get(case=case)
            if not application.late_reason.strip():
                raise ZhubaoError("E-REASON", Text("申请人没有写明理由", "the applicant gave no reason"), place=case.number)
            application.late_allowed_by_id = actor.user_id
            application.save(update_fields=["late_allowed_by"])
            going.move(reason=reason)
        return going.case


@implements("rg-12.2c", as_="action")
def send_deemed(case_id: int, *, request: Request, actor: Actor, now: datetime) -> Case:
    """Send the deemed period to the pension section. Raise E-DEEMED when the register knows of none that is not confirmed."""
    with step_of(case_id, "send_deemed", request, actor=actor, now=now) as going:
        if not going.repeated:
            if not _deemed_open(going.case, going.today):
                raise ZhubaoError(
                    "E-DEEMED",
                    Text("没有待认定的视同年限", "no deemed period is waiting to be confirmed"),
                    place=going.case.number,
                )
            going.move()
        return going.case


@implements("rg-12.2c", "rg-4.0d", as_="action")
def confirm_deemed(case_id: int, months: int, *, reason: str = "", request: Request, actor: Actor, now: datetime) -> Case:
    """Decide how many deemed months count; 0 leaves the months paid, and the ten years are looked at again with what counts now.

    Raise E-DEEMED-MONTHS for more than were claimed, E-REASON for fewer without a reason.
    """
    with step_of(case_id, "confirm_deemed", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        facts = gather(case.person, case.policy_id, going.today, stated=stated_facts(case, going.today))
        claimed = facts.get("deemed_months", {}).get("value")
        if months < 0 or (claimed is not None and months > claimed):
            raise ZhubaoError(
                "E-DEEMED-MONTHS",
                Text(f"应在 0 至 {claimed} 个月之间", f"between 0 and {claimed} months"),
                place=str(months),
            )
        if not reason.strip() and months < (claimed or 1):
            raise ZhubaoError("E-REASON", Text("未全部认定，请写明理由", "say why not all were confirmed"), place=case.number)
        snapshot = judged(case, going.today, more=deemed_facts(months, going.today), actor=actor, now=now)
        step = going.move(reason=reason, months=months, verdict=snapshot.verdict)
        Decision.objects.create(
            case=case,
            step=step,
            kind=DecisionKind.DEEMED,
            outcome=Outcome.GRANTED if months else Outcome.REFUSED,
            snapshot=snapshot,
            months_confirmed=months,
            clause="" if months else "rg-12.2c",
            reason=step.reason,
            at=now,
        )
        return case


@implements("rg-12.2b", "rg-12.2d", "rg-annex1-agency-a", "rg-annex1-agency-b", as_="action")
def propose(case_id: int, *, reason: str = "", request: Request, actor: Actor, now: datetime) -> Case:
    """Prepare the agency's opinion on a frozen verdict: first pension month, months still to pay, amount; it confirms no retirement.

    Raise E-DEEMED-OPEN while deemed months are claimed that nobody has confirmed.
    """
    with step_of(case_id, "propose", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        if _deemed_open(case, going.today):
            raise ZhubaoError(
                "E-DEEMED-OPEN",
                Text("视同年限还没有认定", "the deemed period has not been confirmed"),
                place=case.number,
                remedy=Text("先送养老保险科审核工龄", "send it to the pension section first"),
            )
        snapshot = judged(case, going.today, actor=actor, now=now)
        outcome, clause = _leads_to(snapshot)
        step = going.move(reason=reason, snapshot=snapshot.pk, outcome=outcome)
        Proposal.objects.create(
            case=case,
            step=step,
            snapshot=snapshot,
            outcome=outcome,
            category=snapshot.result["category"] or "",
            clause=clause,
            reason=step.reason,
            at=now,
            **opinion_of(snapshot),
        )
        return case


@implements("rg-5a", "rg-annex1-agency-a", "rg-annex1-agency-b", as_="action")
def decide(
    case_id: int, outcome: str, *, clause: str = "", reason: str = "", request: Request, actor: Actor, now: datetime
) -> Case:
    """Decide the application: "granted", "refused" with clause and reason, or "blocked" while the insurance subsidy is drawn.

    Raise E-STALE when facts or figures changed since the proposal, E-VERDICT for a grant against the frozen verdict, E-REFUSAL for a
    refusal without ground, E-OUTCOME for another word and for blocking somebody who draws no subsidy.
    """
    with step_of(case_id, "decide", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        proposal = Proposal.objects.select_related("snapshot__person").filter(case=case).latest("pk")
        snapshot = proposal.snapshot
        require_fresh(snapshot, case.number, now)
        columns: dict[str, Any] = {"reason": reason.strip()}
        if outcome == Outcome.GRANTED:
            require_grantable(snapshot)
            _require_close_enough_when_filed(case, now)
            end, columns = "agency_approved", columns | opinion_of(snapshot) | _certified(snapshot)
        elif outcome == Outcome.REFUSED:
            require_refusable(snapshot, clause, reason)
            end, columns = "rejected", columns | {"clause": clause}
        else:
            if outcome != Outcome.BLOCKED or _verdict(snapshot, SUBSIDISED) != "not_met":
                raise ZhubaoError(
                    "E-OUTCOME",
                    Text("没有这种决定，或此人没有享受社保补贴", "no such outcome, or no subsidy is drawn"),
                    place=str(outcome),
                )
            end, columns = "blocked", columns | {"clause": SUBSIDISED}
        step = going.move(end, reason=reason, outcome=outcome, clause=columns.get("clause", ""))
        Decision.objects.create(
            case=case, step=step, kind=DecisionKind.LOAN, outcome=outcome, snapshot=snapshot, at=now, **columns
        )
        return case


@implements("rg-5a", as_="action")
def unblock(case_id: int, *, reason: str, waived_on: date | None = None, request: Request, actor: Actor, now: datetime) -> Case:
    """Go on with a blocked application once the subsidy has ended, or was given up by a choice signed on `waived_on` (A-RG-7).

    Raise E-SUBSIDY while it is still drawn or nothing shows its end, E-DAY for a choice dated ahead.
    """
    with step_of(case_id, "unblock", request, actor=actor, now=now) as going:
        case = going.case
        if going.repeated:
            return case
        if waived_on is not None:
            if waived_on > going.today:
                raise ZhubaoError("E-DAY", Text("签字日期晚于今天", "signed in the future"), place=waived_on.isoformat())
            Application.objects.filter(case=case).update(subsidy_waived_on=waived_on, changed_at=now)
        snapshot = judged(case, going.today, actor=actor, now=now)
        if _verdict(snapshot, SUBSIDISED) != "met":
            raise ZhubaoError(
                "E-SUBSIDY",
                Text("社保补贴仍在享受，或没有停发记录", "the subsidy is still drawn, or nothing shows its end"),
                place=case.number,
                remedy=Text("等补贴停发，或由本人签字放弃", "wait for its end, or have it given up by signature"),
            )
        going.move(reason=reason, snapshot=snapshot.pk, waived_on=waived_on.isoformat() if waived_on else None)
        return case


def opinion_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return the figures of the agency's box: first pension month (its first day), months still to pay, amount in fen; None unknown."""
    row = clause_row(snapshot, PENSION_MONTH)
    month = row["value"] if row else None
    amounts = snapshot.result["amounts"]
    return {
        "pension_month": date.fromisoformat(f"{month}-01") if month else None,
        "months_left": amounts["months"],
        "amount_fen": amounts["credit_line_fen"],
    }


def _verdict(snapshot: Snapshot, clause: str) -> str:
    row = clause_row(snapshot, clause)
    return str(row["verdict"]) if row else ""


def _leads_to(snapshot: Snapshot) -> tuple[str, str]:
    """Return the outcome a verdict proposes and the clause it rests on: a running subsidy alone blocks, it does not refuse."""
    if snapshot.verdict == "met":
        return Outcome.GRANTED, ""
    failed = [row["id"] for row in snapshot.result["clauses"] if row["verdict"] == "not_met" and row["part_of"] is None]
    others = [each for each in failed if each != SUBSIDISED]
    if others:
        return Outcome.REFUSED, others[0]
    return (Outcome.BLOCKED, SUBSIDISED) if failed else (Outcome.PENDING, "")


def _deemed_open(case: Case, on: date) -> bool:
    """Tell whether deemed months are on record or claimed that nobody has confirmed."""
    facts = gather(case.person, case.policy_id, on, stated=stated_facts(case, on))
    months, confirmed = (facts.get(key, {}).get("value") for key in ("deemed_months", "deemed_confirmed"))
    return bool(months) and confirmed is not True


def _require_close_enough_when_filed(case: Case, now: datetime) -> None:
    """Refuse a grant to somebody who was still five years away on the day of filing, though no longer today (A-RG-1)."""
    filed_on = case.filed_on
    if filed_on is None:
        return
    found = assess(case.person, case.policy_id, filed_on, stated=stated_facts(case, filed_on), now=now)
    if PENSION_MONTH in found.failed:
        raise ZhubaoError(
            "E-VERDICT",
            Text(
                f"申请日{filed_on}距领取养老金不少于五年（{PENSION_MONTH}）",
                f"five years or more on {filed_on} ({PENSION_MONTH})",
            ),
            place=case.number,
        )


def _certified(snapshot: Snapshot) -> dict[str, str]:
    """Return the hardship that decides, who certified it and where that stands."""
    category = snapshot.result["category"] or ""
    identity = snapshot.facts.get("identities", {}).get(category, {})
    return {
        "category": category,
        "certifier": str(identity.get("certifier") or ""),
        "certified_by": str(identity.get("source") or "")[:160],
    }
