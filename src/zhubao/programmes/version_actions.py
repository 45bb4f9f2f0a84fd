"""The only writers of versions of policies, of starts of programmes, and of agreements looked at again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import Parameter
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

from .actions import DECIDING_ROLES, enter_figures
from .models import AgreementReview, BankCooperation, PolicyVersion, ProgrammeStart
from .parties import missing_parties
from .selectors import area_of_region
from .versions import to_review, versions_of


@implements("jx-5.4c", "tl-5.4b", as_="action")
@transaction.atomic
def enter_version(
    policy_id: str,
    document: str,
    issued_by: str,
    effective_from: date,
    summary: str,
    figures: Iterable[Parameter] = (),
    *,
    region_code: str,
    actor: Actor,
    now: datetime,
) -> PolicyVersion:
    """Record a later text that takes a policy's place from a day on, with the figures it sets from that day.

    What was decided before that day, or before the text was entered, keeps what it was judged with. Banks' agreements signed earlier
    are to be reviewed from now on. The same document again changes nothing. Raise OutOfScope, E-POLICY-UNKNOWN, E-VERSION when document,
    issuer or summary is missing, E-VERSION-DAY for a day not after the policy's first or not after the last text's, and what
    `enter_figures` raises.
    """
    actor.require_role(*DECIDING_ROLES)
    actor.require_region(region_code)
    policy = judge_of(policy_id).policy
    known = PolicyVersion.objects.filter(region_code=region_code, policy_id=policy_id, document=document.strip()).first()
    if known is not None:
        return known
    if not document.strip() or not issued_by.strip() or not summary.strip():
        problem = Text("要写明新文件的文号、发文机关和改了什么", "the new document, who issued it and what it changes are needed")
        raise ZhubaoError("E-VERSION", problem, place=policy_id)
    last = versions_of(policy_id, region_code).last()
    before = last.effective_from if last is not None else policy.in_force[0]
    if before is not None and effective_from <= before:
        problem = Text(
            f"新文件的施行日期 {effective_from} 应晚于现行文件的 {before}",
            f"the day {effective_from} must come after {before}, when the present text took effect",
        )
        raise ZhubaoError("E-VERSION-DAY", problem, place=document)
    version = PolicyVersion.objects.create(
        region_code=region_code,
        policy_id=policy_id,
        document=document.strip(),
        issued_by=issued_by.strip(),
        effective_from=effective_from,
        summary=summary.strip(),
        entered_at=now,
        entered_by_id=actor.user_id,
    )
    entries = [
        replace(
            each,
            area_code=area_of_region(region_code),
            effective_from=effective_from,
            effective_to=None,
            source=version.document,
            decided_by=version.issued_by,
        )
        for each in figures
    ]
    enter_figures(entries, actor=actor, now=now, following=True, version=version)
    after = {"policy": policy_id, "document": version.document, "from": str(effective_from), "figures": [e.name for e in entries]}
    record("policy.version", f"version:{version.pk}", actor=actor, now=now, region_code=region_code, after=after)
    return version


@implements("tl-5.4b", as_="action")
@transaction.atomic
def review_agreement(cooperation_id: int, version_id: int, conclusion: str, *, actor: Actor, now: datetime) -> AgreementReview:
    """Record what came of looking at a bank's agreement again under a later text; a second time changes nothing.

    Raise DoesNotExist, OutOfScope, E-REASON without a conclusion of at most 300 characters, E-REVIEW where nothing is to be reviewed.
    """
    cooperation = BankCooperation.objects.select_for_update(of=("self",)).select_related("bank").get(pk=cooperation_id)
    actor.require_role(*DECIDING_ROLES)
    actor.require_region(cooperation.region_code)
    known = AgreementReview.objects.filter(cooperation=cooperation, version_id=version_id).first()
    if known is not None:
        return known
    said = conclusion.strip()
    if not 0 < len(said) <= 300:
        problem = Text("请写明复核结论，不超过 300 字", "a conclusion is needed, at most 300 characters")
        raise ZhubaoError("E-REASON", problem, place=cooperation.bank.name)
    if version_id not in {each.pk for each in to_review(cooperation)}:
        raise ZhubaoError("E-REVIEW", Text("这份协议不需要复核", "there is nothing to review here"), place=cooperation.bank.name)
    review = AgreementReview.objects.create(
        cooperation=cooperation, version_id=version_id, conclusion=said, reviewed_at=now, reviewed_by_id=actor.user_id
    )
    after = {"version": version_id, "conclusion": said}
    record(
        "bank.reviewed",
        f"cooperation:{cooperation.pk}",
        actor=actor,
        now=now,
        region_code=cooperation.region_code,
        after=after,
        reason=said,
    )
    return review


@implements("jx-0.2", as_="action")
@transaction.atomic
def start_programme(
    policy_id: str, starts_on: date, document: str, *, region_code: str, actor: Actor, now: datetime
) -> ProgrammeStart:
    """Let a programme take applications in a place from a day on. Once started it stays; the same again changes nothing.

    Raise OutOfScope, E-POLICY-UNKNOWN, E-PROGRAMME-TRIAL for a draft, E-PROGRAMME-PARTIES naming every party that is not registered,
    E-PROGRAMME-START without a document or for a day before the policy's first.
    """
    actor.require_role(*DECIDING_ROLES)
    actor.require_region(region_code)
    policy = judge_of(policy_id).policy
    known = ProgrammeStart.objects.filter(region_code=region_code, policy_id=policy_id).first()
    if known is not None:
        return known
    if policy.trial:
        problem = Text("征求意见稿只作试办，不能启用", "a draft is tried out, it cannot be started")
        raise ZhubaoError("E-PROGRAMME-TRIAL", problem, place=policy.title.zh)
    missing = missing_parties(policy_id, region_code)
    if missing:
        raise ZhubaoError(
            "E-PROGRAMME-PARTIES",
            Text("还没有登记：" + "、".join(each.label.zh for each in missing),
                 "not registered yet: " + ", ".join(each.label.en for each in missing)),
            place=region_code,
            remedy=Text("先登记这些单位，再启用", "register these offices first"),
        )  # fmt: skip
    first = policy.in_force[0]
    if not document.strip() or (first is not None and starts_on < first):
        problem = Text(f"要写明启用的文件，启用日期不早于 {first}", f"a document is needed, and a day not before {first}")
        raise ZhubaoError("E-PROGRAMME-START", problem, place=policy.title.zh)
    start = ProgrammeStart.objects.create(
        region_code=region_code,
        policy_id=policy_id,
        starts_on=starts_on,
        document=document.strip(),
        entered_at=now,
        entered_by_id=actor.user_id,
    )
    after = {"policy": policy_id, "from": str(starts_on), "document": start.document}
    record("programme.started", f"programme:{start.pk}", actor=actor, now=now, region_code=region_code, after=after)
    return start
