"""The indicators the system counts itself, each from the tables where the work is done. Days are inclusive, money is fen."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from zhubao.access.models import Organisation, Post, Region
from zhubao.access.roles import ROLES_OF, OrganisationKind, Role
from zhubao.accounts.transfers.models import Transfer
from zhubao.assistance.coverage import coverage, together
from zhubao.assistance.models import AssistancePlan, PlanRow
from zhubao.assistance.models.sponsor import SponsoredPerson, Sponsorship
from zhubao.cases.models import Agreement, Application, Case, Step
from zhubao.language import Text
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import Loan, LoanStep, SubsidyClaim, Tranche
from zhubao.loans.states import process_of
from zhubao.people.models import Identity, InsuredRecord, Scheme
from zhubao.policies.claims import implements
from zhubao.policies.measures import indicator
from zhubao.tasks.models import Task

from .indicators import Asked, Reading, counts, entrusted, returned
from .models import FundYear, MeasureEvent, RiskControl

# The state in which the public side (in Tongling the bank) has said yes, and the one in which the bank begins to review.
APPROVED = {"jiangxi-2020-7": "loan_qualified", "rugao-draft": "agency_approved", "tongling-2022-13": "bank_approved"}
REVIEW = {"jiangxi-2020-7": "bank_review", "rugao-draft": "agency_approved", "tongling-2022-13": "applied"}
PENSIONS = (Scheme.EMPLOYEE, Scheme.RESIDENT, Scheme.INSTITUTION)
HELP = ("enrolment.", "assistance.call", "benefit.help")


@counts("enrolled_of_rostered")
@implements("gz-12a", as_="feature")
def enrolled_of_rostered(asked: Asked) -> Iterator[Reading]:
    """People certified on the last day, and how many of them are insured anywhere: together, then group by group."""
    identities = Identity.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=asked.last),
        Q(ends_on=None) | Q(ends_on__gte=asked.last),
        region_code__startswith=asked.region_code,
        withdrawn_at=None,
        person__died_on=None,
    )
    insured = InsuredRecord.objects.filter(person_id=OuterRef("person_id"), scheme__in=PENSIONS, superseded_at=None)
    groups = dict(indicator("enrolled_of_rostered").parts)
    identities = identities.filter(category__in=groups).order_by()
    people = identities.values("person_id").distinct()
    yield Reading(people.filter(Exists(insured)).count(), people.count())
    rows = (
        identities.order_by()
        .values("category")
        .annotate(whole=Count("person_id", distinct=True), part=Count("person_id", distinct=True, filter=Exists(insured)))
    )
    found = {row["category"]: (row["part"], row["whole"]) for row in rows}
    for code, label in groups.items():
        part, whole = found.get(code, (0, 0))
        yield Reading(part, whole, code, label)


@counts("rostered_covered")
def rostered_covered(asked: Asked) -> Iterator[Reading]:
    """Those whose contribution of the year is complete, of those the year's plans name, less whom nobody pays for."""
    plans = AssistancePlan.objects.filter(Q(region_code__startswith=asked.region_code[:6]), year=asked.last.year)
    places = [place for plan in plans for place in coverage(plan, asked.region_code, digits=12)]
    total = together(places, asked.region_code, "")
    yield Reading(total.complete, total.due)


@counts("on_behalf_paid")
def on_behalf_paid(asked: Asked) -> Iterator[Reading]:
    """What was paid on behalf and credited in these days."""
    yield Reading(_sum(_rows(asked).filter(credited_on__range=(asked.first, asked.last)), "on_behalf_fen"))


@counts("contributions_by_tier")
def contributions_by_tier(asked: Asked) -> Iterator[Reading]:
    """People on the year's plans by the tier they really paid."""
    paid = _rows(asked).filter(plan__year=asked.last.year, tier_paid_fen__isnull=False)
    for tier, people in paid.order_by("tier_paid_fen").values_list("tier_paid_fen").annotate(Count("pk")):
        yuan = (tier or 0) // 100
        yield Reading(people, None, str(yuan), Text(f"{yuan} 元档", f"tier of {yuan} yuan"))


@counts("sponsored_persons")
def sponsored_persons(asked: Asked) -> Iterator[Reading]:
    """People whose contribution a sponsor paid in these days."""
    people = SponsoredPerson.objects.filter(sponsorship__in=_sponsored(asked), refused="")
    yield Reading(people.order_by().values("person_id").distinct().count())


@counts("sponsored_fen")
def sponsored_fen(asked: Asked) -> Iterator[Reading]:
    """What sponsors paid in these days."""
    yield Reading(_sum(_sponsored(asked), "paid_fen"))


@counts("overdue_transfers")
def overdue_transfers(asked: Asked) -> Iterator[Reading]:
    """Transfers past their day on the last day that had not reached their end by then."""
    late = Transfer.objects.filter(region_code__startswith=asked.region_code, due_on__lt=asked.last)
    final = [state.name for state in Transfer.PROCESS.states if state.final]
    done = Q(state__in=final, state_since__date__lte=asked.last)
    yield Reading(late.exclude(done).count())


@counts("points_without_person")
@implements("gz-11b", as_="feature")
def points_without_person(asked: Asked) -> Iterator[Reading]:
    """Villages and townships where nobody holds a post of the committee or the township office."""
    yield Reading(len(places_without_person(asked.region_code)))


def places_without_person(region_code: str) -> list[Region]:
    """Return the townships and villages without a responsible person, by code."""
    places = Region.objects.filter(code__startswith=region_code, code__regex=r"^([0-9]{9}|[0-9]{12})$")
    there = Post.objects.open().filter(role__in=(Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK), scope_id=OuterRef("code"))
    return list(places.exclude(Exists(there)).order_by("code"))


@counts("open_help_tasks")
def open_help_tasks(asked: Asked) -> Iterator[Reading]:
    """Help to enrol, to apply or to pay that was asked for and not given by the last day."""
    wanted = Q()
    for beginning in HELP:
        wanted |= Q(kind__startswith=beginning)
    yield Reading(_open_tasks(asked).filter(wanted).count())


@counts("overdue_tasks")
def overdue_tasks(asked: Asked) -> Iterator[Reading]:
    """Tasks whose day was before the last day and that were not done by then."""
    yield Reading(_open_tasks(asked).filter(due_on__lt=asked.last).count())


@counts("open_tasks_by_party")
@implements("rg-22", as_="feature")
def open_tasks_by_party(asked: Asked) -> Iterator[Reading]:
    """Open tasks of the last day by the party whose post owns them; each has one."""
    by_role = dict(_open_tasks(asked).order_by().values_list("role").annotate(Count("pk")))
    for kind in OrganisationKind:
        number = sum(by_role.get(role, 0) for role in ROLES_OF[kind])
        if number:
            yield Reading(number, None, kind, Text(_KINDS[kind], str(kind).replace("_", " ")))


_KINDS = {
    OrganisationKind.AGENCY: "经办机构",
    OrganisationKind.COMMITTEE: "居（村）委会",
    OrganisationKind.TOWNSHIP: "乡镇（街道）",
    OrganisationKind.CIVIL_AFFAIRS: "民政部门",
    OrganisationKind.RURAL_AFFAIRS: "乡村振兴部门",
    OrganisationKind.DISABLED_FEDERATION: "残联",
    OrganisationKind.HRSS: "人社部门",
    OrganisationKind.FINANCE: "财政部门",
    OrganisationKind.TAX: "税务部门",
    OrganisationKind.BANK: "合作银行",
    OrganisationKind.PBOC: "人民银行",
    OrganisationKind.AUDITOR: "审计部门",
}


@counts("campaign_events")
@implements("jx-5.2c", as_="feature")
def campaign_events(asked: Asked) -> Iterator[Reading]:
    """Publicity events held in these days under the document."""
    held = MeasureEvent.objects.filter(
        measure__region_code__startswith=asked.region_code,
        measure__policy_id=asked.policy_id,
        held_on__range=(asked.first, asked.last),
    )
    yield Reading(held.count())


@counts("risk_controls")
@implements("gz-10a", as_="feature")
def risk_controls(asked: Asked) -> Iterator[Reading]:
    """Controls in place on the last day, on each of the four sides."""
    controls = RiskControl.objects.filter(measure__region_code__startswith=asked.region_code, since__lte=asked.last)
    found = dict(controls.order_by().values_list("dimension").annotate(Count("pk")))
    for code, label in indicator("risk_controls").parts:
        yield Reading(found.get(code, 0), None, code, label)


@counts("applications")
@implements("jx-5.2a", "tl-5.2a", as_="feature")
def applications(asked: Asked) -> Iterator[Reading]:
    """Applications first filed in these days."""
    yield Reading(_cases(asked).filter(filed_on__range=(asked.first, asked.last)).count())


@counts("approvals")
def approvals(asked: Asked) -> Iterator[Reading]:
    """Applications approved in these days, each once: by the agency, in Tongling by the bank."""
    steps = Step.objects.filter(
        case__in=_cases(asked), end=APPROVED.get(asked.policy_id, ""), on__range=(asked.first, asked.last)
    ).exclude(start=F("end"))
    yield Reading(steps.order_by().values("case_id").distinct().count())


@counts("loans_open")
def loans_open(asked: Asked) -> Iterator[Reading]:
    """Loans signed by the last day that had not come to their end by then."""
    loans = _loans(asked).filter(signed_on__lte=asked.last)
    if asked.policy_id in APPROVED:
        ended = LoanStep.objects.filter(loan_id=OuterRef("pk"), on__lte=asked.last, end__in=process_of(asked.policy_id).final)
        loans = loans.exclude(Exists(ended))
    yield Reading(loans.count())


@counts("loans_drawn")
def loans_drawn(asked: Asked) -> Iterator[Reading]:
    """Draws banks paid out in these days."""
    yield Reading(_draws(asked).count())


@counts("loans_drawn_fen")
def loans_drawn_fen(asked: Asked) -> Iterator[Reading]:
    """What banks paid out in these days."""
    yield Reading(_sum(_draws(asked), "amount_fen"))


@counts("subsidy_paid_fen")
def subsidy_paid_fen(asked: Asked) -> Iterator[Reading]:
    """Interest subsidy finance paid to banks in these days."""
    paid = SubsidyClaim.objects.filter(
        region_code__startswith=asked.region_code, policy_id=asked.policy_id, paid_on__range=(asked.first, asked.last)
    )
    yield Reading(_sum(paid, "accepted_fen"))


@counts("tiers_before_and_after")
@implements("tl-0.2", as_="feature")
def tiers_before_and_after(asked: Asked) -> Iterator[Reading]:
    """The average tier of borrowers before the loan and with it; those whose tier before is not known are left out."""
    cases = _loans(asked).filter(signed_on__lte=asked.last).values("case_number")
    forms = Application.objects.filter(case__number__in=cases, tier_fen__isnull=False)
    pairs: list[tuple[int, int]] = []
    for person, signed, after in forms.values_list("case__person_id", "case__opened_at", "tier_fen"):
        records = InsuredRecord.objects.filter(person_id=person, chosen_tier_fen__isnull=False, recorded_on__lte=signed)
        before = records.order_by("-recorded_on", "-pk").values_list("chosen_tier_fen", flat=True).first()
        if before is not None and after is not None:
            pairs.append((before, after))
    if pairs:
        yield Reading(sum(before for before, _after in pairs) // len(pairs), None, "before", Text("贷款前", "before the loan"))
        yield Reading(sum(after for _before, after in pairs) // len(pairs), None, "after", Text("贷款后", "with the loan"))


@counts("bank_borrowers")
@implements("tl-5.1j", as_="feature")
def bank_borrowers(asked: Asked) -> Iterator[Reading]:
    """People with a loan signed by the last day, bank by bank."""
    rows = _loans(asked).filter(signed_on__lte=asked.last).order_by("bank__name").values("bank_id", "bank__name")
    for row in rows.annotate(people=Count("person_id", distinct=True)):
        yield of_bank(row["bank_id"], row["bank__name"], row["people"])


@counts("bank_average_rate")
def bank_average_rate(asked: Asked) -> Iterator[Reading]:
    """The average rate of the agreements signed by the last day, bank by bank."""
    signed = Agreement.objects.filter(case__in=_cases(asked), signed_on__lte=asked.last)
    for row in signed.order_by("bank__name").values("bank_id", "bank__name").annotate(rates=Sum("rate_ppm"), number=Count("pk")):
        yield of_bank(row["bank_id"], row["bank__name"], row["rates"] // row["number"], 1_000_000)


@counts("bank_review_days")
def bank_review_days(asked: Asked) -> Iterator[Reading]:
    """How many days banks took from getting an application to deciding on it, on average of the decisions of these days."""
    days: dict[int, list[int]] = defaultdict(list)
    decided = Step.objects.filter(case__in=_cases(asked), verb="bank_decide", on__range=(asked.first, asked.last))
    for case, bank, on in decided.exclude(case__bank=None).values_list("case_id", "case__bank_id", "on"):
        begun = Step.objects.filter(case_id=case, end=REVIEW.get(asked.policy_id, ""), on__lte=on).order_by("-number")
        start = begun.exclude(start=F("end")).values_list("on", flat=True).first()
        if start is not None and bank is not None:
            days[bank].append((on - start).days)
    names = dict(Organisation.objects.filter(pk__in=days).values_list("pk", "name"))
    for bank, taken in sorted(days.items(), key=lambda each: names[each[0]]):
        yield of_bank(bank, names[bank], sum(taken) // len(taken))


@counts("fund_entrusted")
@implements("gz-9a", as_="feature")
def fund_entrusted(asked: Asked) -> Iterator[Reading]:
    """What was entrusted in the last year entered, against the new surplus it is measured by."""
    for row in _fund(asked):
        yield entrusted(row)


@counts("fund_return")
@implements("gz-9c", as_="feature")
def fund_return(asked: Asked) -> Iterator[Reading]:
    """The gains of the last year entered, against its average assets."""
    for row in _fund(asked):
        reading = returned(row)
        if reading is not None:
            yield reading


def _fund(asked: Asked) -> list[FundYear]:
    rows = FundYear.objects.standing().filter(region_code=asked.region_code, year__lte=asked.last.year).order_by("-year")
    return list(rows[:1])


def _rows(asked: Asked) -> QuerySet[PlanRow]:
    return PlanRow.objects.filter(region_code__startswith=asked.region_code, plan__policy_id=asked.policy_id)


def _sponsored(asked: Asked) -> QuerySet[Sponsorship]:
    return Sponsorship.objects.filter(region_code__startswith=asked.region_code, paid_on__range=(asked.first, asked.last))


def _cases(asked: Asked) -> QuerySet[Case]:
    return Case.objects.filter(region_code__startswith=asked.region_code, policy_id=asked.policy_id, trial=False)


def _loans(asked: Asked) -> QuerySet[Loan]:
    return Loan.objects.filter(region_code__startswith=asked.region_code, policy_id=asked.policy_id)


def _draws(asked: Asked) -> QuerySet[Tranche]:
    return Tranche.objects.filter(loan__in=_loans(asked), state__in=PAID_OUT, drawn_on__range=(asked.first, asked.last))


def _open_tasks(asked: Asked) -> QuerySet[Task]:
    after = _following(asked.last)
    return Task.objects.filter(
        Q(closed_at=None) | Q(closed_at__date__gte=after), region_code__startswith=asked.region_code, opened_at__date__lt=after
    )


def _following(day: date) -> date:
    return day + timedelta(days=1)


def _sum(rows: QuerySet[PlanRow] | QuerySet[Sponsorship] | QuerySet[Tranche] | QuerySet[SubsidyClaim], column: str) -> int:
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def of_bank(pk: int, name: str, numerator: int, denominator: int | None = None) -> Reading:
    """Return a reading of one bank, told from the others by its number."""
    return Reading(numerator, denominator, f"bank-{pk}", Text(name, name))
