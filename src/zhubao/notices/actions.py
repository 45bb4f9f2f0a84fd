"""The only writers of notices. Each action is one transaction with its audit entry in it."""

from datetime import datetime

from django.db import transaction

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.models import Organisation
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .models import Channel, Notice

LONGEST_PROOF = 300


@transaction.atomic
def tell(
    subject: str,
    text: str,
    *,
    kind: str,
    channel: str,
    region_code: str,
    person_id: int | None = None,
    organisation_id: int | None = None,
    role: str = "",
    occasion: str = "",
    proof: str = "",
    actor: Actor,
    now: datetime,
) -> Notice:
    """Keep what was told to a person, or to an organisation's posts (`role` "" for all of them), and return it.

    The same kind about the same subject to the same addressee on the same `occasion` was told already and is returned unchanged.
    The post acts in or below the region, or above it. Raise OutOfScope, E-NOTICE-ADDRESSEE unless there is exactly one addressee,
    E-NOTICE-EMPTY without words, E-NOTICE-CHANNEL for a way there is not, E-NOTICE-PROOF for a proof of more than 300 characters.
    """
    if not (actor.covers(region_code) or actor.scope.startswith(region_code)):
        raise OutOfScope.of_region(region_code, actor.scope)
    if (person_id is None) == (organisation_id is None) or (role and organisation_id is None):
        raise ZhubaoError(
            "E-NOTICE-ADDRESSEE", Text("告知要有且只有一个对象", "a notice has exactly one addressee"), place=subject
        )
    if not text.strip():
        raise ZhubaoError("E-NOTICE-EMPTY", Text("没有告知内容", "the notice says nothing"), place=subject)
    if channel not in Channel.values:
        raise ZhubaoError("E-NOTICE-CHANNEL", Text(f"没有“{channel}”这种送达方式", f"there is no way {channel!r}"), place=subject)
    addressee = None if organisation_id is None else Organisation.objects.get(pk=organisation_id)
    notice, made = Notice.objects.get_or_create(
        region_code=region_code,
        subject=subject,
        kind=kind,
        occasion=occasion,
        person_id=person_id,
        organisation=addressee,
        role=role,
        defaults={
            "channel": channel,
            "text": text.strip(),
            "proof": _proof(proof, subject),
            "told_at": now,
            "told_by_id": actor.user_id,
            "told_by_name": actor.name,
        },
    )
    if made:
        after = {"subject": subject, "kind": kind, "channel": channel, "occasion": occasion, "organisation": organisation_id}
        record("notice.told", f"notice:{notice.pk}", actor=actor, now=now, region_code=region_code, after=after)
    return notice


@transaction.atomic
def prove_delivery(notice_id: int, proof: str, *, actor: Actor, now: datetime) -> Notice:
    """Keep the proof of delivery of a notice told before; the same proof again changes nothing.

    Raise DoesNotExist, OutOfScope for another region, E-NOTICE-PROOF when it is empty, too long, or another proof is kept already.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    _require_near(notice, actor)
    said = _proof(proof, str(notice))
    if not said or (notice.proof and notice.proof != said):
        problem = Text("没有写送达凭证，或已登记了另一凭证", "the proof is empty, or another one is kept already")
        raise ZhubaoError("E-NOTICE-PROOF", problem, place=str(notice))
    if not notice.proof:
        notice.proof = said
        notice.save(update_fields=["proof"])
        after = {"proof": said}
        record("notice.delivered", f"notice:{notice.pk}", actor=actor, now=now, region_code=notice.region_code, after=after)
    return notice


@transaction.atomic
def acknowledge(notice_id: int, *, actor: Actor, now: datetime) -> Notice:
    """Acknowledge a notice; a second time changes nothing.

    A notice to an organisation is acknowledged by one of its posts of that role. One to a person by the person (an actor with that
    `person_id`), or for the person, against a signature, by the agency, the bank or the committee in the region. Raise
    DoesNotExist, or OutOfScope for anybody else.
    """
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    _require_addressee(notice, actor)
    if notice.acknowledged_at is None:
        notice.acknowledged_at, notice.acknowledged_by_name = now, actor.name
        notice.save(update_fields=["acknowledged_at", "acknowledged_by_name"])
        record("notice.acknowledged", f"notice:{notice.pk}", actor=actor, now=now, region_code=notice.region_code)
    return notice


def _require_addressee(notice: Notice, actor: Actor) -> None:
    if actor.user_id is None:
        return
    if notice.organisation_id is not None:
        if actor.organisation_id != notice.organisation_id or notice.role not in ("", actor.role):
            raise OutOfScope(str(notice), Text("不是告知本岗位的", "not told to this post"))
        return
    if actor.person_id is not None:
        if actor.person_id != notice.person_id:
            raise OutOfScope(str(notice), Text("不是告知本人的", "not told to this person"))
        return
    actor.require_role(*AGENCY_ROLES, *BANK_ROLES, Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK)
    _require_near(notice, actor)


def _require_near(notice: Notice, actor: Actor) -> None:
    if not (actor.covers(notice.region_code) or actor.scope.startswith(notice.region_code)):
        raise OutOfScope.of_region(notice.region_code, actor.scope)


def _proof(proof: str, place: str) -> str:
    said = proof.strip()
    if len(said) > LONGEST_PROOF:
        problem = Text(f"送达凭证不超过 {LONGEST_PROOF} 字", f"a proof has at most {LONGEST_PROOF} characters")
        raise ZhubaoError("E-NOTICE-PROOF", problem, place=place)
    return said
