"""The facts of a person, each with its source, in the shape `policies.person.read_person` reads. What is not on record is absent: unknown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet

from zhubao.parameters.questions import settle
from zhubao.people.models import Person
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.policies.judging import area_of
from zhubao.policies.person import CATEGORIES
from zhubao.programmes.selectors import parameter_book

from .held import Held, Wanted, hold_many, hold_one
from .providers import PROVIDERS, family_of, identity_of

# Whatever a document asks, these say whom it is about and whether anything can be lent or paid at all.
ALWAYS = frozenset(("birth", "sex", "insured_locality", "receiving_pension", "deceased"))
HOUSEHOLD_QUESTION = "A-JX-6"
OBJECTS = frozenset(("identities", "family", "loan"))


def gather(person: Person, policy_id: str, on: date, *, stated: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what is on record of a person for a policy on a day, with `stated` laid over it.

    `stated` is what the asker knows and the registers do not: declaration, open loan, months asked for, the contract. An object in it
    (identities, family, loan) is laid over key by key. Raise E-POLICY-UNKNOWN.
    """
    return laid_over(registered(person, policy_id, on), stated or {})


def registered(person: Person, policy_id: str, on: date) -> dict[str, Any]:
    """Return what the registers have of a person for a policy on a day, before anything is laid over it. Raise E-POLICY-UNKNOWN."""
    return facts_of(hold_one(person, wanted_by(policy_id), on), policy_id, on)


def facts_of(held: Held, policy_id: str, on: date) -> dict[str, Any]:
    """Return what `registered` does, of a person whose tables have been read (`held.hold_one` with `wanted_by` the policy)."""
    wanted = wanted_by(policy_id)
    held = counted_with_household(held, policy_id, on)
    facts: dict[str, Any] = {}
    for key, provide in PROVIDERS.items():
        if key in wanted.keys:
            fact = provide(held, on)
            if fact is not None:
                facts[key] = fact.as_json()
    facts |= {key: fact.as_json() for key, fact in held.registered.items()}
    declared = judge_of(policy_id).policy.identities
    codes = [*declared, *_local_categories(held, policy_id, on)]
    told = {code: identity_of(held, code, on, declared.get(code)) for code in codes}
    if identities := {code: identity for code, identity in told.items() if identity is not None}:
        facts["identities"] = identities
    if "family" in wanted.keys and (family := family_of(held)):
        facts["family"] = family
    return facts


def laid_over(facts: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with what was stated laid over them: objects key by key, everything else whole."""
    laid = dict(facts)
    for key, value in stated.items():
        laid[key] = {**laid.get(key, {}), **value} if key in OBJECTS and isinstance(value, Mapping) else value
    return laid


def gather_many(people: QuerySet[Person], policy_id: str, on: date) -> Iterator[tuple[Person, dict[str, Any]]]:
    """Yield each person with what `gather` returns for them, in the order of their keys, with one query a table for all of them."""
    for held in hold_many(people, wanted_by(policy_id), on):
        yield held.person, facts_of(held, policy_id, on)


@cache
def wanted_by(policy_id: str) -> Wanted:
    """Return what a policy asks of a person: no more is read, and no more is kept in a snapshot."""
    policy = judge_of(policy_id).policy
    keys = {fact.subject.partition(".")[0] for fact in policy.facts.values()} | ALWAYS
    if "severe_disability" in policy.identities:
        keys.add("disability_grade")
    of_household = frozenset(code for code, identity in policy.identities.items() if identity.household)
    return Wanted(frozenset(keys), frozenset(policy.identities), "identity_extra" in policy.facts, of_household)


def _local_categories(held: Held, policy_id: str, on: date) -> list[str]:
    """Return the categories somebody has that the locality added to the document's own, as far as they stand on the day."""
    added = sorted(held.identities.keys() - CATEGORIES)
    if not added:
        return []
    policy = judge_of(policy_id).policy
    area = held.records[0].insured_area if held.records else ""
    entry = parameter_book().find("extra_categories", on, area_of(policy, area))
    standing = set(re.findall(r"[^\s,，;；、]+", str(entry.value))) if entry is not None else set()
    return [code for code in added if code in standing]


@implements("jx-1.2c", "jx-1.2d", as_="feature")
def counted_with_household(held: Held, policy_id: str, on: date) -> Held:
    """Return what is held, without what others of the household have where a place counts the certified member alone (A-JX-6)."""
    if not any(row.through for rows in held.identities.values() for row in rows):
        return held
    policy = judge_of(policy_id).policy
    area = held.records[0].insured_area if held.records else held.person.region_code[:6]
    if settle(parameter_book(), HOUSEHOLD_QUESTION, on, area_of(policy, area)).value != "head_only":
        return held
    own = {code: [row for row in rows if not row.through] for code, rows in held.identities.items()}
    return replace(held, identities={code: rows for code, rows in own.items() if rows})
