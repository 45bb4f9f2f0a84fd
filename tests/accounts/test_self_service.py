"""Enrolment and proof of life asked for from home or at the counter, and how much of the use is online."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.accounts.hands import SYSTEM, VILLAGE, at, by, resident
from zhubao.access.actors import OutOfScope
from zhubao.access.models import Post
from zhubao.accounts.benefits import actions as benefits
from zhubao.accounts.benefits.models import Ground
from zhubao.accounts.self_service.actions import ask, settle, withdraw
from zhubao.accounts.self_service.models import ServiceRequest
from zhubao.accounts.self_service.selectors import online_use
from zhubao.errors import ZhubaoError
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
DAY = at(2022, 3, 10)
OTHER_TOWNSHIP = "360702103201"


@pytest.mark.clauses("ps-3.2e")
def test_the_share_of_online_use_by_township_and_service(post_of: Callable[[str], Post]) -> None:
    """Village 1: enrolment 2 of 3 online, proof of life 1 of 1, claims 1 of 2; another township: one enrolment at the counter."""
    clerk = replace(by("township_clerk"), post_id=post_of("township_clerk").pk)
    for serial, online in ((21, True), (22, True), (23, False)):
        person = resident("19900310", serial, scheme="none")
        ask(person, "enrol", key="k", actor=by("citizen", person, hands=f"c{serial}") if online else clerk, now=DAY)
    pensioner = resident("19500310", 24, receiving_pension=True)
    ask(pensioner, "authenticate", key="k", actor=by("citizen", pensioner, hands="c24"), now=DAY)
    for serial, online in ((25, True), (26, False)):
        person = resident("19620310", serial)
        found = benefits.find(person, Ground.AGE, actor=SYSTEM, now=DAY)
        benefits.apply(found.pk, False, actor=by("citizen", person, hands=f"c{serial}") if online else clerk, now=DAY)
    ask(resident("19900310", 27, scheme="none", region=OTHER_TOWNSHIP), "enrol", key="k", actor=clerk, now=DAY)
    back = resident("19900310", 28, scheme="none")
    taken_back = ask(back, "enrol", key="k", actor=by("citizen", back, hands="c28"), now=DAY)
    withdraw(taken_back.pk, actor=by("citizen", back, hands="c28"), now=DAY)

    told = [
        (each.code, [(used.online, used.asked, used.share) for used in (*each.services.values(), each.all)])
        for each in online_use(clerk, date(2022, 1, 1), date(2022, 12, 31))
    ]
    assert told == [
        (VILLAGE[:9], [(2, 3, "66.6%"), (1, 2, "50.0%"), (1, 1, "100.0%"), (4, 6, "66.6%")]),
        (OTHER_TOWNSHIP[:9], [(0, 1, "0.0%"), (0, 0, "—"), (0, 0, "—"), (0, 1, "0.0%")]),
    ]
    assert online_use(clerk, date(2021, 1, 1), date(2021, 12, 31)) == []
    assert online_use(by("township_clerk", scope="320682"), date(2022, 1, 1), date(2022, 12, 31)) == []


@pytest.mark.parametrize(
    "service",
    [pytest.param("enrol", id="已参保 in a scheme already"), pytest.param("authenticate", id="未领待遇 draws no pension")],
)
def test_what_does_not_fit_the_record_is_not_asked_for(service: str) -> None:
    person = resident("19900310", 21)
    with pytest.raises(ZhubaoError, match="E-SERVICE-UNFIT"):
        ask(person, service, key="k", actor=by("citizen", person), now=DAY)
    assert not ServiceRequest.objects.exists()


def test_a_request_waits_for_the_township_and_is_settled_with_words() -> None:
    person = resident("19500310", 21, receiving_pension=True)
    citizen, clerk = by("citizen", person), by("township_clerk")
    made = ask(person, "authenticate", key="k", actor=citizen, now=DAY)
    assert ask(person, "authenticate", key="later", actor=clerk, now=DAY) == made
    task = Task.objects.get(subject=made.subject, closed_at=None)
    assert (task.role, task.due_on) == ("township_clerk", date(2022, 3, 20))
    for outcome, proof, words, code in (
        ("done", "", "上门", "E-OUTCOME"),
        ("gone", "face", "上门", "E-OUTCOME"),
        ("done", "fingerprint", " ", "E-REASON"),
    ):
        with pytest.raises(ZhubaoError, match=code), transaction.atomic():
            settle(made.pk, outcome, words, proof=proof, actor=clerk, now=DAY)
    with pytest.raises(OutOfScope), transaction.atomic():
        settle(made.pk, "done", "自己办", proof="face", actor=citizen, now=DAY)
    done = settle(made.pk, "done", "带终端上门采集", proof="fingerprint", actor=clerk, now=DAY)
    assert (done.state, done.proof) == ("done", "fingerprint")
    assert not Task.objects.filter(subject=made.subject, closed_at=None).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=made.pk).update(proof="")
    assert ask(person, "authenticate", key="k2", actor=citizen, now=at(2023, 3, 10)).pk != made.pk


def test_nobody_asks_for_another() -> None:
    person, other = resident("19900310", 21, scheme="none"), resident("19900310", 22, scheme="none")
    with pytest.raises(OutOfScope):
        ask(person, "enrol", key="k", actor=by("citizen", other), now=DAY)
    with pytest.raises(OutOfScope):
        ask(person, "enrol", key="k", actor=by("township_clerk", scope="320682"), now=DAY)
    with pytest.raises(ZhubaoError, match="E-SERVICE"):
        ask(person, "dance", key="k", actor=by("citizen", person), now=DAY)
