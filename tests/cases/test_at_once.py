"""Two people at the same step at the same moment: one takes it, the other is told who was faster."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from zhubao.access.roles import Role
from zhubao.cases.actions import committee
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.models import Decision, Step
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError

from .lives import applicant, at, figures, post, reviewed
from .offices import ask, open_offices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("same_request", [False, True], ids=["两人同时 two members", "同一请求 one request twice"])
def test_an_opinion_is_signed_once(same_request: bool) -> None:
    figures()
    offices = open_offices()
    case = reviewed(offices, applicant())
    post(offices, case)
    one, other = ask(), ask()
    takers = [
        (offices.at(Role.COMMITTEE_MEMBER), one),
        (offices.at(Role.COMMITTEE_MEMBER, not same_request), one if same_request else other),
    ]
    gate = Barrier(2)

    def sign(number: int) -> str:
        actor, request = takers[number]
        gate.wait()
        try:
            return committee.sign_opinion(
                case.pk,
                category="dibao",
                signature=Signature(actor.name, True, at("2026-10-17").date()),
                request=Request(request.key),
                actor=actor,
                now=at("2026-10-17"),
            ).state
        except ZhubaoError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(sign, range(2)))
    assert told == (["committee_approved"] * 2 if same_request else ["E-STATE", "committee_approved"])
    assert Step.objects.filter(case=case, verb="sign_opinion").count() == 1
    assert Decision.objects.filter(case=case, step__verb="sign_opinion").count() == 1
