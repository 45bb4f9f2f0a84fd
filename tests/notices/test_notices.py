"""What was told once stays told once, has one addressee, and only the addressee acknowledges it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Post
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.notices.actions import acknowledge, prove_delivery, tell
from zhubao.notices.models import Channel, Notice
from zhubao.notices.selectors import notices_about, notices_for_person, notices_for_post

NOW = datetime(2026, 3, 11, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(days=3)
RUGAO = "320682"
SYSTEM = Actor.system("test")
WORDS = "2026 年度养老保险费尚未缴入，请于 3 月 26 日前缴费。"
PostOf = Callable[[str], Post]


def told(person: int | None = 7, *, actor: Actor = SYSTEM, **more: Any) -> Notice:
    named: dict[str, Any] = {"kind": "contribution_reminder", "channel": Channel.SMS, "region_code": RUGAO, "now": NOW}
    return tell("loan:1", more.pop("text", WORDS), person_id=person, actor=actor, **(named | more))


@pytest.mark.django_db
def test_the_same_thing_is_told_once() -> None:
    notice = told()
    assert told(now=LATER, text="别的话").pk == notice.pk
    assert Notice.objects.get().told_at == NOW
    assert AuditEntry.objects.filter(action="notice.told").count() == 1


@pytest.mark.django_db
def test_a_second_reminder_is_another_occasion() -> None:
    told(occasion="1")
    told(occasion="2", now=LATER)
    told(8, occasion="1")
    assert [notice.occasion for notice in notices_for_person(7)] == ["2", "1"]
    assert len(notices_about("loan:1")) == 3


@pytest.mark.django_db
def test_the_database_refuses_the_same_notice_twice() -> None:
    notice = told()
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_refused_notices(post_of: PostOf) -> None:
    bank = post_of(Role.BANK_OFFICER).organisation_id
    for code, given in {
        "E-NOTICE-ADDRESSEE": {"person": None},
        "E-NOTICE-EMPTY": {"text": "  "},
        "E-NOTICE-CHANNEL": {"channel": "smoke"},
        "E-NOTICE-PROOF": {"proof": "x" * 301},
    }.items():
        with pytest.raises(ZhubaoError, match=code):
            told(**given)  # type: ignore[arg-type]
    for given in ({"organisation_id": bank}, {"role": Role.BANK_OFFICER}):
        with pytest.raises(ZhubaoError, match="E-NOTICE-ADDRESSEE"):
            told(**given)  # type: ignore[arg-type]
    assert not Notice.objects.exists()


def test_who_may_tell(post_of: PostOf) -> None:
    told(actor=post_of(Role.COMMITTEE_MEMBER).actor())
    with pytest.raises(OutOfScope):
        told(region_code="360702", actor=post_of(Role.AGENCY_REVIEWER).actor())


def test_the_person_acknowledges_or_staff_against_a_signature(post_of: PostOf) -> None:
    notice = told()
    citizen = Actor("陈桂芳", RUGAO, role="citizen", user_id=post_of(Role.AUDITOR).user_id, person_id=8)
    for stranger in (citizen, post_of(Role.FINANCE_CLERK).actor()):
        with pytest.raises(OutOfScope):
            acknowledge(notice.pk, actor=stranger, now=LATER)
    clerk = post_of(Role.AGENCY_INTAKE).actor()
    assert acknowledge(notice.pk, actor=clerk, now=LATER).acknowledged_by_name == clerk.name
    own = Actor("陈桂芳", RUGAO, role="citizen", user_id=citizen.user_id, person_id=7)
    assert acknowledge(notice.pk, actor=own, now=LATER + timedelta(days=1)).acknowledged_at == LATER
    assert AuditEntry.objects.filter(action="notice.acknowledged").count() == 1


def test_an_office_acknowledges_what_was_told_to_its_posts(post_of: PostOf) -> None:
    reviewer, officer = post_of(Role.BANK_REVIEWER), post_of(Role.BANK_OFFICER)
    notice = told(None, organisation_id=reviewer.organisation_id, role=Role.BANK_REVIEWER, channel=Channel.ONLINE)
    to_all = told(None, organisation_id=reviewer.organisation_id, channel=Channel.ONLINE)
    assert set(notices_for_post(reviewer.actor())) == {notice, to_all}
    assert list(notices_for_post(officer.actor())) == [to_all]
    for stranger in (officer, post_of(Role.AGENCY_REVIEWER)):
        with pytest.raises(OutOfScope):
            acknowledge(notice.pk, actor=stranger.actor(), now=LATER)
    acknowledge(notice.pk, actor=reviewer.actor(), now=LATER)
    assert list(notices_for_post(reviewer.actor())) == [to_all]


def test_proof_of_delivery_is_kept_once(post_of: PostOf) -> None:
    notice, clerk = told(channel=Channel.POST), post_of(Role.AGENCY_INTAKE).actor()
    for _ in range(2):
        assert prove_delivery(notice.pk, "EMS 1234567890123", actor=clerk, now=LATER).proof == "EMS 1234567890123"
    for proof in ("EMS 9", " "):
        with pytest.raises(ZhubaoError, match="E-NOTICE-PROOF"):
            prove_delivery(notice.pk, proof, actor=clerk, now=LATER)
    assert AuditEntry.objects.filter(action="notice.delivered").count() == 1
