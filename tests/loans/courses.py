"""What every step of a record beside a loan is put to: each post, other offices, the same hands, every state it does not fit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from tests.loans.lives import Life, nothing_written
from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.errors import ZhubaoError
from zhubao.workflow import CITIZEN, Process, Transition

EVERYBODY = (*Role.values, CITIZEN)
Take = Callable[[Actor, datetime], Any]


def refused(take: Take, actor: Actor, now: datetime) -> str:
    """Return the code of a refusal."""
    with pytest.raises(ZhubaoError) as error:
        take(actor, now)
    return error.value.code


def put_to_the_test(process: Process, row: Transition, record: Any, life: Life, take: Take, now: datetime) -> None:
    """Try a step as everybody, from elsewhere, by the hands it must be apart from, in every other state; then take it."""
    model, first = type(record), row.posts[0]
    with nothing_written():
        for role in EVERYBODY:
            if role not in row.posts:
                assert refused(take, life.by(role), now) == "E-SCOPE", role
        for role in row.posts:
            actor = life.by(role)
            if role == CITIZEN:
                assert refused(take, replace(actor, person_id=0), now) == "E-SCOPE"
            else:
                assert refused(take, replace(actor, scope="500243"), now) == "E-SCOPE", role
            if role in AGENCY_ROLES | BANK_ROLES:
                assert refused(take, replace(actor, organisation_id=0), now) == "E-SCOPE", role
        for step in record.steps.filter(verb__in=row.apart_from):
            assert refused(take, replace(life.by(first), user_id=step.user_id), now) == "E-SAME-PERSON", step.verb
    assert set(record.steps.filter(verb__in=row.apart_from).values_list("verb", flat=True)) == set(row.apart_from)
    for role in row.posts[1:]:
        with transaction.atomic():
            take(life.by(role), now)
            transaction.set_rollback(True)
    stood = model.objects.get(pk=record.pk)
    for state in process.states:
        if state.name not in row.start:
            with transaction.atomic():
                model.objects.filter(pk=record.pk).update(state=state.name, **_as_if_decided(stood))
                with nothing_written():
                    assert refused(take, life.by(first), now) == "E-STATE", state.name
                transaction.set_rollback(True)
    take(life.by(first), now)
    last = record.steps.order_by("number").last()
    assert (last.verb, last.user_id) == (row.verb, life.by(first).user_id)


def _as_if_decided(record: Any) -> dict[str, Any]:
    """What the database wants of a record that stands further on than it has come."""
    day = record.found_on
    values = {"notified_on": day, "statement_until": day, "decided_on": day, "notice_proof": "P", "decision": "D"}
    if hasattr(record, "removal_on"):
        values |= {"removal_on": day.replace(year=day.year + 1), "removed_on": day}
    return values
