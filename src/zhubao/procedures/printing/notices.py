"""What a committee posts, and what goes to a borrower whose qualification ends."""

from datetime import datetime

from django.utils import timezone

from zhubao.access.actors import Actor
from zhubao.cases.models import PublicNotice
from zhubao.documents.decisions import CommitteeNotice, PublishedPerson, TerminationDecision
from zhubao.documents.rugao_forms import HARDSHIPS
from zhubao.loans.models import Tranche
from zhubao.loans.replaying import outcome
from zhubao.people.actions import number_for_print
from zhubao.people.sealing import open_number
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

REMEDY = "您对本决定有异议的，可在收到之日起向作出决定的机构书面提出，也可依法申请行政复议。"
BASIS = "本省助保贷款办法第三条关于及时缴费的规定"


@implements("rg-12.1d", as_="feature")
def public_notice(notice: PublicNotice) -> CommitteeNotice:
    """Return the notice as it hangs: names and numbers leave the typesetting masked."""
    lines = notice.lines.select_related("case__person")
    return CommitteeNotice(
        date=notice.posted_on,
        number=f"{notice.committee_id}-{notice.pk}",
        programme=judge_of(notice.policy_id).policy.title.zh,
        people=tuple(
            PublishedPerson(line.case.person.name, open_number(line.case.person), HARDSHIPS.get(line.category, line.category))
            for line in lines
        ),
        first_day=notice.first_day,
        last_day=notice.last_day,
        office=notice.committee.name,
        phone=notice.phone,
        address=notice.place,
    )


@implements("jx-3.1b", "jx-3.1c", as_="feature")
def termination(draw: Tranche, *, actor: Actor, now: datetime) -> TerminationDecision:
    """Return the decision that ends a qualification, with the debt that stays."""
    loan = draw.loan
    ended = loan.steps.filter(verb="end_qualification", tranche=draw).order_by("number").last()
    reminders = tuple(loan.steps.filter(verb="remind", tranche=draw).order_by("number").values_list("on", flat=True))
    assert ended is not None, draw
    assert draw.drawn_on is not None, draw
    left = outcome(loan, max(ended.on, timezone.localdate(now)))
    return TerminationDecision(
        date=ended.on,
        number=f"{loan.number}-T",
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, "终止资格决定书", actor=actor, now=now),
        loan_number=loan.number,
        drawn=draw.drawn_on,
        drawn_fen=draw.amount_fen,
        due=draw.pay_by or draw.drawn_on,
        reminders=reminders,
        basis=BASIS,
        ends=ended.on,
        principal_left_fen=left.principal,
        remedy=REMEDY,
        office=loan.agency.name,
    )


__all__ = ["public_notice", "termination"]
