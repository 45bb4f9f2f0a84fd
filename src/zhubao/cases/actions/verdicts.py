"""What a decision rests on: the case's own facts laid over the registers, frozen; and what may not be decided against them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.evidence.actions import freeze
from zhubao.evidence.facts import registered
from zhubao.evidence.models import Snapshot
from zhubao.evidence.selectors import differences
from zhubao.language import Text
from zhubao.policies import judge_of

from ..models import Application, Case, FamilyMember
from ..models.review import DecisionKind
from ..papers import CERTIFICATES
from ..selectors import agreement_of

FORM = "申请表"
WORDS = {
    "not_met": Text("不符合", "not met"),
    "evidence_missing": Text("证据不足", "evidence missing"),
    "to_be_decided": Text("待明确", "to be decided"),
}


def judged(case: Case, on: date, *, more: Mapping[str, Any] | None = None, actor: Actor, now: datetime) -> Snapshot:
    """Ask the case's policy about its person on a day, and freeze the facts with the answer.

    What the case states is laid over the registers, and `more` over that; None for a key of `more` takes it away. Raise what
    `evidence.actions.freeze` raises.
    """
    stated = {**stated_facts(case, on), **(more or {})}
    given = {key: value for key, value in stated.items() if value is not None}
    return freeze(case.person, case.policy_id, on, stated=given, region_code=case.region_code, actor=actor, now=now)


def stated_facts(case: Case, on: date, *, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what the case adds to the registers on a day: keys of a person's record, each with source and day.

    Declarations and figures of the form, a subsidy given up, the family it lists, deemed months decided or else claimed, a certificate
    whose original was seen. A field left empty states nothing: unknown, never no. `known` is what the registers have that day, for who
    has asked them already.
    """
    application = case.application
    facts: dict[str, Any] = {}
    if application.inability_declared_on:
        facts["inability_declaration"] = _fact(True, "本人声明", application.inability_declared_on)
    if application.subsidy_waived_on and application.subsidy_waived_on <= on:
        facts["social_insurance_subsidy"] = _fact(False, "本人签字放弃社保补贴", application.subsidy_waived_on)
    written = {
        "back_payable_months": application.back_payable_months,
        "requested_months": application.months_asked,
        "children": application.children,
        "chosen_tier_fen": application.tier_fen,
    }
    facts |= {key: _fact(value, FORM, application.signed_on) for key, value in written.items() if value is not None}
    family = _family(list(case.family.all()))
    if family:
        facts["family"] = family
    agreement = agreement_of(case)
    if agreement is not None:
        facts["open_loan"] = _fact(False, "本申请自己的贷款，不计", agreement.signed_on)
    return facts | _claimed(case, application, registered(case.person, case.policy_id, on) if known is None else known)


def require_grantable(snapshot: Snapshot, decision: str = "loan") -> None:
    """Raise E-VERDICT naming the clauses in the way, unless the policy's verdict for this decision is that it is met."""
    if snapshot.decisions[decision] == "met":
        return
    counted = _counted(snapshot, decision)
    rows = [row for row in snapshot.result["clauses"] if row["id"] in counted and row["verdict"] in WORDS]
    raise ZhubaoError(
        "E-VERDICT",
        Text(
            "不能核准：" + "；".join(f"{row['id']} {row['label']}（{WORDS[row['verdict']].zh}）" for row in rows),
            "cannot be granted: " + ", ".join(f"{row['id']} ({WORDS[row['verdict']].en})" for row in rows),
        ),
        remedy=Text("补充证据后再办，或依条款不予核准", "bring the evidence, or refuse with the clause"),
    )


def require_refusable(snapshot: Snapshot, clause: str, reason: str) -> None:
    """Raise E-REFUSAL unless a refusal names a reason and a clause that the facts do not meet; missing evidence is no ground."""
    if not reason.strip():
        raise ZhubaoError("E-REFUSAL", Text("不予核准须写明理由", "a refusal needs a reason"))
    row = clause_row(snapshot, clause)
    if row is None:
        raise ZhubaoError("E-REFUSAL", Text("不予核准须指明政策条款", "a refusal needs a clause of the policy"), place=clause)
    if row["verdict"] != "not_met":
        found = WORDS.get(row["verdict"], Text("符合", "met"))
        raise ZhubaoError(
            "E-REFUSAL",
            Text(f"该条结论是“{found.zh}”，不能作为不予核准的依据", f"the clause is “{found.en}”: no ground for a refusal"),
            place=f"{clause} {row['label']}",
            remedy=Text("补充或更正证据后再办", "complete or correct the evidence first"),
        )


def require_fresh(snapshot: Snapshot, place: str, now: datetime) -> None:
    """Raise E-STALE naming what is no longer as it was when the snapshot was frozen: facts, figures, the policy."""
    changed = differences(snapshot, now)
    if changed:
        raise ZhubaoError(
            "E-STALE",
            Text(
                "拟定之后有变化：" + "、".join(each.label.zh for each in changed),
                "changed since the proposal: " + ", ".join(each.label.en for each in changed),
            ),
            place=place,
            remedy=Text("退回重审", "have it reviewed again"),
        )


def clause_row(snapshot: Snapshot, clause: str) -> dict[str, Any] | None:
    """Return a clause of the answer by its id, None where the policy has none of it."""
    return next((row for row in snapshot.result["clauses"] if row["id"] == clause), None)


def deemed_facts(months: int, on: date) -> dict[str, Any]:
    """Return the facts of a decision on the deemed period."""
    source = "视同缴费年限认定"
    return {"deemed_months": _fact(months, source, on), "deemed_confirmed": _fact(True, source, on)}


def _fact(value: Any, source: str, on: date | None = None) -> dict[str, Any]:
    fact = {"value": value, "source": source}
    return fact if on is None else {**fact, "on": on.isoformat()}


def _family(members: list[FamilyMember]) -> dict[str, int]:
    """Return the counts a family without employment turns on; nothing while it is unknown of one member."""
    if not members or any(member.able is None for member in members):
        return {}
    able = [member for member in members if member.able]
    counts = {"able_members": len(able)}
    if all(member.employed is not None for member in able):
        counts["able_members_employed"] = sum(bool(member.employed) for member in able)
    return counts


def _claimed(case: Case, application: Application, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return deemed months as decided in the case, else as claimed where the register has none; and the certificate whose original
    was seen. Where a register speaks of the category, the paper only adds its number."""
    claimed: dict[str, Any] = {}
    deemed = (each for each in case.decisions.all() if each.kind == DecisionKind.DEEMED)
    decided = max(deemed, key=lambda each: each.pk, default=None)
    if decided is not None:
        claimed = deemed_facts(decided.months_confirmed or 0, decided.step.on)
    elif application.deemed_months_claimed and "deemed_months" not in known:
        claimed["deemed_months"] = _fact(application.deemed_months_claimed, FORM, application.signed_on)
    paper = CERTIFICATES.get(application.category)
    if paper is None or not application.certificate or application.category not in judge_of(case.policy_id).policy.identities:
        return claimed
    standing = (each for each in case.attachments.all() if each.kind == paper.kind and each.removed_at is None)
    seen_on = next((each.original_seen_on for each in standing if each.original_seen_on is not None), None)
    if seen_on is not None:
        certified = _certified(case, application, known, f"{paper.label.zh}原件", seen_on)
        if certified is not None:
            claimed["identities"] = {application.category: certified}
    return claimed


def _certified(case: Case, application: Application, facts: Mapping[str, Any], source: str, seen: date) -> dict[str, Any] | None:
    """Return the identity with the number of the certificate that was seen; None where a list says the person is not on it."""
    known = facts.get("identities", {}).get(application.category)
    if known is not None:
        return {**known, "certificate": known.get("certificate") or application.certificate} if known["value"] else None
    certifiers = judge_of(case.policy_id).policy.identities[application.category].certifiers
    return {
        "value": True,
        "certifier": certifiers[0],
        "certificate": application.certificate,
        "source": source,
        "on": seen.isoformat(),
    }


def _counted(snapshot: Snapshot, decision: str) -> frozenset[str]:
    compiled = judge_of(snapshot.policy_id).compiled(with_contract="loan" in snapshot.facts)
    mask = compiled.counting[decision]
    return frozenset(clause.id for bit, clause in enumerate(compiled.clauses) if mask >> bit & 1)
