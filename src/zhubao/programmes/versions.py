"""Versions of a policy: the document itself, then each later text of those above that takes its place. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from zhubao.access.regions import around

from .models import BankCooperation, PolicyVersion


@dataclass(frozen=True)
class Standing:
    """Which version of a policy holds: its number, 1 for the document itself, and the later text where there is one."""

    number: int
    text: PolicyVersion | None


def versions_of(policy_id: str, region_code: str) -> QuerySet[PolicyVersion]:
    """Return the later texts that hold in a place, by the day they take effect."""
    return PolicyVersion.objects.filter(policy_id=policy_id, region_code__in=around(region_code)).select_related("entered_by")


def version_on(policy_id: str, region_code: str, on: date, known_at: datetime | None = None) -> Standing:
    """Return the version that holds in a place on a day; `known_at` asks for what was on record at a moment, as a decision of it was."""
    begun = versions_of(policy_id, region_code).filter(effective_from__lte=on)
    if known_at is not None:
        begun = begun.filter(entered_at__lte=known_at)
    texts = list(begun)
    return Standing(len(texts) + 1, texts[-1] if texts else None)


def to_review(cooperation: BankCooperation) -> list[PolicyVersion]:
    """Return the later texts under which one bank's agreement has to be looked at again; see `agreements_to_review`."""
    return agreements_to_review([cooperation]).get(cooperation.pk, [])


def agreements_to_review(cooperations: Iterable[BankCooperation]) -> dict[int, list[PolicyVersion]]:
    """Return cooperation id → the later texts under which its agreement has to be looked at again, by the day they take effect.

    That is every text whose day comes after the agreement's and that nobody has reviewed it for; a new agreement needs no review. Those
    without an agreement, and those with nothing to review, are left out.
    """
    signed = [each for each in cooperations if each.agreed_on is not None]
    if not signed:
        return {}
    places = {place for each in signed for place in around(each.region_code)}
    texts = list(PolicyVersion.objects.filter(region_code__in=places))
    found = {}
    for each in signed:
        policies = {one.policy_id for one in each.policies.all()}
        done = {one.version_id for one in each.reviews.all()}
        mine = [
            text
            for text in texts
            if text.policy_id in policies
            and each.region_code.startswith(text.region_code)
            and each.agreed_on is not None
            and text.effective_from > each.agreed_on
            and text.pk not in done
        ]
        if mine:
            found[each.pk] = mine
    return found
