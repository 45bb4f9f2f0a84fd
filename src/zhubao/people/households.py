"""The writer of households: the booklet and what the family declared about its work and income."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.identity import CitizenNumber
from zhubao.language import Text

from .actions import KEEPING_ROLES
from .keys import keys
from .models import Household, HouseholdMember, Person
from .sealing import citizen_number, context_of, number_columns, row_keys
from .statements import MemberStatement, readable

DECLARING_ROLES = (*KEEPING_ROLES, Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK)


@transaction.atomic
def record_household(
    number: str,
    members: Sequence[MemberStatement],
    *,
    region_code: str,
    business_income_fen: int | None = None,
    investment_income_fen: int | None = None,
    declared_on: date | None = None,
    source: str,
    actor: Actor,
    now: datetime,
) -> Household:
    """Keep a household with its members as they stand; the members before have left, whoever is still there enters again.

    Incomes are fen a year, None = not declared. A member registered as a person is linked by the number and leaves another household. The
    same again changes nothing. Raise E-HOUSEHOLD for no member or one twice, E-SOURCE without a source, E-ID-… for a wrong number.
    """
    actor.require_role(*DECLARING_ROLES)
    actor.require_region(region_code)
    if not source.strip():
        raise ZhubaoError("E-SOURCE", Text("要写明来源", "say where this comes from"))
    numbers = [citizen_number(member.id_number, localdate(now)) if member.id_number else None for member in members]
    given = [found.text for found in numbers if found]
    if not members or len(set(given)) < len(given):
        raise ZhubaoError("E-HOUSEHOLD", Text("没有成员，或同一人写了两次", "no member, or one twice"), place=number)
    declared = {
        "business_income_fen": business_income_fen,
        "investment_income_fen": investment_income_fen,
        "declared_on": declared_on,
        "source": source,
    }
    household, made = Household.objects.select_for_update().get_or_create(
        region_code=region_code, number=number, defaults=declared
    )
    wanted = [_content(member, found.text if found else "") for member, found in zip(members, numbers, strict=True)]
    present = list(household.members.filter(left_at=None).order_by("pk"))
    same_members = [_kept(member) for member in present] == wanted
    changed = {name: value for name, value in declared.items() if getattr(household, name) != value}
    if not made and same_members and not changed:
        return household
    before = None if made else readable({name: getattr(household, name) for name in changed} | {"members": len(present)})
    for name, value in changed.items():
        setattr(household, name, value)
    household.save()
    if not same_members:
        household.members.filter(left_at=None).update(left_at=now)
        _enter(household, members, numbers, now)
    after = readable({**declared, "members": len(members)})
    record(
        "household.recorded",
        f"household:{household.pk}",
        actor=actor,
        now=now,
        region_code=region_code,
        before=before,
        after=after,
    )
    return household


def _enter(
    household: Household, members: Sequence[MemberStatement], numbers: Sequence[CitizenNumber | None], now: datetime
) -> None:
    held = keys()
    digests = [held.digest(found.text) if found else None for found in numbers]
    listed = Person.objects.filter(id_number_index__in=[digest for digest in digests if digest])
    known = {bytes(person.id_number_index): person for person in listed}
    HouseholdMember.objects.filter(person__in=known.values(), left_at=None).update(left_at=now)
    rows = []
    for member, found, digest, key in zip(members, numbers, digests, row_keys(HouseholdMember, len(members)), strict=True):
        columns: dict[str, Any] = number_columns(HouseholdMember, key, found.text) if found else {}
        if member.phone:
            columns["phone_sealed"] = held.seal(member.phone, context_of(HouseholdMember, "phone_sealed", key))
        rows.append(
            HouseholdMember(
                pk=key,
                household=household,
                person=known.get(digest) if digest else None,
                name=member.name,
                relation=member.relation,
                born=found.birth if found else member.born,
                employer=member.employer,
                able=member.able,
                employed=member.employed,
                monthly_income_fen=member.monthly_income_fen,
                **columns,
            )
        )
    HouseholdMember.objects.bulk_create(rows)


def _content(member: MemberStatement, number: str) -> tuple[Any, ...]:
    digest = keys().digest(number) if number else None
    work = (member.employer, member.able, member.employed, member.monthly_income_fen)
    return (digest, member.name, member.relation, member.phone, *work)


def _kept(member: HouseholdMember) -> tuple[Any, ...]:
    digest = bytes(member.id_number_index) if member.id_number_index is not None else None
    context = context_of(HouseholdMember, "phone_sealed", member.pk)
    phone = keys().open(member.phone_sealed, context) if member.phone_sealed is not None else ""
    work = (member.employer, member.able, member.employed, member.monthly_income_fen)
    return (digest, member.name, member.relation, phone, *work)
