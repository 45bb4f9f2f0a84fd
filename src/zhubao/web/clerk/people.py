"""One person of a screening, checked clause by clause."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.documents.amounts import amount_in_words
from zhubao.identity import mask_name, mask_number
from zhubao.policies.judging import provisional
from zhubao.rosters.actions import SCREENING_ROLES, record_unmasking
from zhubao.rosters.judged import judge_again
from zhubao.rosters.models import Screening, ScreeningState
from zhubao.rosters.results import Evidence, evidence_of
from zhubao.rosters.selectors import screening_for
from zhubao.rules.assessment import Assessment, ClauseRow
from zhubao.rules.policy import Policy
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import found
from .values import code_said, shown, unit_of
from .words import AMOUNTS, CLAUSE_KINDS, DECISIONS, VERDICTS, language, provisional_said, said, undecided_said


@require_GET
@for_posts(*SCREENING_ROLES)
def sheet(request: PostRequest, screening_id: int, number: int) -> HttpResponseBase:
    """Show what every clause says of a person, on which evidence; name and number stay masked."""
    screening = _done(request, screening_id)
    return render(request, "clerk/person.html", _sheet(screening, _evidence(screening, number), masked=True))


@require_POST
@for_posts(*SCREENING_ROLES)
def unmask(request: PostRequest, screening_id: int, number: int) -> HttpResponseBase:
    """Show name and number of one person in full, and note who asked."""
    screening = _done(request, screening_id)
    evidence = _evidence(screening, number)
    record_unmasking(screening, number, actor=request.actor, now=clock.now())
    context = _sheet(screening, evidence, masked=False)
    return render(request, "clerk/identity.html" if getattr(request, "htmx", False) else "clerk/person.html", context)


def _done(request: PostRequest, screening_id: int) -> Screening:
    screening = found(screening_for, request.actor, screening_id)
    if screening.state != ScreeningState.DONE:
        raise Http404
    return screening


def _evidence(screening: Screening, number: int) -> Evidence:
    evidence = evidence_of(screening, number)
    if evidence is None:
        raise Http404
    return evidence


def _sheet(screening: Screening, evidence: Evidence, *, masked: bool) -> dict[str, Any]:
    row = evidence.row
    return {
        **clause_sheet(judge_again(screening, evidence, language())),
        "screening": screening,
        "number": row["number"],
        "last": screening.persons,
        "masked": masked,
        "name": mask_name(row["name"]) if masked else row["name"],
        "id_number": mask_number(row["id_number"]) if masked else row["id_number"],
        "township": row["township"],
        "village": row["village"],
    }


def clause_sheet(assessment: Assessment) -> dict[str, Any]:
    """Return a verdict as the templates `clerk/clauses.html` and `clerk/reservations.html` show it, clause by clause."""
    policy = assessment.compiled.policy
    remedies = [(said(each.label), said(each.remedy), each.needed_by) for each in assessment.missing]
    counting = [clause for clause in assessment.clauses if clause.part_of is None]
    unconfirmed = provisional(assessment, language())
    return {
        "policy": policy,
        "verdict": VERDICTS[assessment.verdict],
        "decisions": _decisions(assessment),
        "category": code_said(assessment.category, policy) if assessment.category else "",
        "payer": code_said(assessment.payer, policy) if assessment.payer else "",
        "others": _other_identities(assessment),
        "clauses": [_clause(clause, policy, remedies) for clause in assessment.clauses],
        "tally": [
            (*VERDICTS[word], count) for word in VERDICTS if (count := sum(clause.verdict.word == word for clause in counting))
        ],
        "amounts": _amounts(assessment),
        "missing": remedies,
        "undecided": undecided_said(unconfirmed),
        "provisional": provisional_said(unconfirmed, policy),
        "unverified": [
            (said(policy.parameters[name].label), shown(figure.value, policy.parameters[name].unit, policy), figure.source)
            for name, figure in assessment.unverified
        ],
    }


def _decisions(assessment: Assessment) -> list[tuple[str, Any]]:
    """Return each decision with its words where a document has more than one."""
    decisions = assessment.decisions
    return [(DECISIONS[name], VERDICTS[word]) for name, word in decisions.items()] if len(decisions) > 1 else []


def _other_identities(assessment: Assessment) -> list[tuple[str, str]]:
    """Return the identities that did not decide, each with the departments that certify it."""
    policy = assessment.compiled.policy
    identities = [policy.identities[code] for code in assessment.categories if code != assessment.category]
    joined = "、" if language() == "zh" else ", "
    return [(said(each.label), joined.join(said(DEPARTMENTS[one]) for one in each.certifiers)) for each in identities]


def _clause(clause: ClauseRow, policy: Policy, remedies: list[tuple[str, str, tuple[str, ...]]]) -> dict[str, Any]:
    words, tone = VERDICTS[clause.verdict.word]
    if clause.part_of is not None and tone == "bad":
        tone = ""  # one of several: another may hold
    value = shown(clause.value, clause.unit, policy)
    if clause.kind == "exclusion" and isinstance(clause.value, bool):
        value = _("applies") if clause.value else _("does not apply")
    return {
        "id": clause.id,
        "anchor": clause.id.partition("/")[0],
        "article": clause.article,
        "kind": CLAUSE_KINDS[clause.kind],
        "label": said(clause.label),
        "value": value,
        "source": clause.source,
        "words": words,
        "tone": tone,
        "alternative": clause.part_of is not None,
        "remark": said(clause.remark) if clause.remark else "",
        "missing": [(label, remedy) for label, remedy, needed_by in remedies if clause.id in needed_by],
    }


def _amounts(assessment: Assessment) -> list[dict[str, Any]]:
    """Return every amount of the document with its name, its value, and money in words."""
    policy = assessment.compiled.policy
    return [
        {
            "name": AMOUNTS[key],
            "value": shown(value, unit_of(key), policy),
            "in_words": amount_in_words(value) if unit_of(key) == "fen" and value and language() == "zh" else "",
        }
        for key, value in assessment.amounts.items()
    ]
