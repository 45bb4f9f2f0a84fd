"""One finding or listing: facts, notice, statement, decision, recovery; its papers, steps and history."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.access.uploads import LARGEST_BYTES
from zhubao.documents import typeset
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.fraud.claiming import open_of
from zhubao.loans.fraud.papers import add_paper, open_paper
from zhubao.loans.models import FraudFinding, FraudPaper
from zhubao.loans.states.fraud import FOUND
from zhubao.oversight.dishonesty.course import KINDS_OF
from zhubao.oversight.dishonesty.models import Listing
from zhubao.oversight.dishonesty.selectors import steps_open_to
from zhubao.parameters.questions import questions
from zhubao.policies import judge_of
from zhubao.procedures.printing.integrity import papers_of, print_paper
from zhubao.tasks.selectors import tasks_about
from zhubao.web.attempts import told_above
from zhubao.web.cases.due import due_of
from zhubao.web.cases.queue import title_said
from zhubao.web.clerk.words import language, said
from zhubao.web.documents.to_print import ToPrint
from zhubao.web.documents.views import PDF
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.workflow import CITIZEN, draw

from .finding import FINDING_ROLES, LISTING_ROLES, PROPOSERS, Matter, Record, found, matter_with
from .forms import STEPS
from .words import kind_said, state_said, state_tone

TYPES = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png"}
PAPERS: dict[tuple[str, str], Text] = {
    ("findings", "notice"): Text("事实告知书", "notice of facts"),
    ("findings", "decision"): Text("认定与追回决定书", "decision on fraud and recovery"),
    ("listings", "notice"): Text("拟列入名单告知书", "notice of the intended listing"),
    ("listings", "decision"): Text("列入名单决定书", "decision to list"),
}


@require_GET
@for_posts(*FINDING_ROLES)
def one(request: PostRequest, name: str, number: str) -> HttpResponseBase:
    """Show a record; name and number of the person stay masked."""
    record = found(request.actor, name, number)
    return render(request, "integrity/record.html", sheet(record, request.actor, clock.today()))


def sheet(record: Record, actor: Actor, today: date) -> dict[str, Any]:
    """Return what `integrity/record.html` shows of a record to a post."""
    matter = matter_with(record)
    history = list(record.steps.select_related("post__organisation").order_by("number"))
    tasks = [task for task in tasks_about(record.subject) if task.closed_at is None]
    question = questions().get(record.provisional)
    passed = frozenset(step.end for step in history)
    context: dict[str, Any] = {
        "matter": matter,
        "record": record,
        "loan": record.loan,
        "policy": judge_of(record.loan.policy_id).policy,
        "kind": kind_said(record),
        "state": state_said(record),
        "tone": state_tone(record),
        "waiting": said(matter.process.state(record.state).waiting),
        "steps": offered(matter, record, actor, today),
        "provisional": said(question.default) if question else "",
        "heard": record.heard_by(today),
        "diagram": mark_safe(draw(matter.process, record.state, language(), passed=passed)),
        "waits": [(task, title_said(task.kind), due_of(task, today)) for task in tasks],
        "history": [_step(matter, step) for step in reversed(history)],
        "to_print": [
            ToPrint(said(PAPERS[matter.name, paper]), reverse("integrity:paper", args=[matter.name, record.number, paper]))
            for paper in papers_of(record, actor)
        ],
        "today": today,
    }
    if isinstance(record, FraudFinding):
        context |= _recovery(record, actor, today)
    return context


def offered(matter: Matter, record: Record, actor: Actor, today: date) -> list[tuple[Text, str, bool, bool]]:
    """Return the steps a page offers: label, address, whether it is what waits, whether it turns the matter down."""
    pages = STEPS[matter.name]
    rows = [row for row in steps_open_to(matter.process, record, actor) if row.verb in pages]
    rows = [row for row in rows if pages[row.verb].fits(record, today)]
    return [
        (
            row.label,
            reverse("integrity:step", args=[matter.name, record.number, row.verb]),
            row.waits,
            row.reason and not row.waits,
        )
        for row in sorted(rows, key=lambda row: not row.waits)
    ]


def _recovery(finding: FraudFinding, actor: Actor, today: date) -> dict[str, Any]:
    """Return the papers kept with a finding, and once it is agreed what was claimed, what came back, what is open."""
    agreed = finding.state in FOUND
    listing = Listing.objects.filter(finding=finding).first()
    may_list = agreed and actor.role in PROPOSERS and listing is None and finding.loan.policy_id in KINDS_OF
    return {
        "papers": list(finding.papers.all()),
        "may_add": finding.state in ("opened", "notified") and actor.role in (Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT),
        "agreed": agreed,
        "claimed_fen": (finding.principal_fen or 0) + (finding.interest_fen or 0) + (finding.subsidy_fen or 0),
        "open": open_of(finding, today) if agreed else None,
        "recoveries": list(finding.recoveries.select_related("entered_by__user")) if agreed else [],
        "listing": listing if actor.role in LISTING_ROLES else None,
        "list_address": f"{reverse('integrity:new', args=['listings'])}?loan={finding.loan.number}" if may_list else "",
    }


def _step(matter: Matter, step: Any) -> dict[str, Any]:
    label = matter.process.transition(step.verb).label
    who = [step.actor_name]
    if step.post:
        who += [str(Role(step.post.role).label), step.post.organisation.name]
    end = matter.process.state(step.end).label if step.start != step.end else None
    return {"step": step, "label": label, "who": " · ".join(who), "end": end}


@never_cache
@require_POST
@for_posts(Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT)
def keep_paper(request: PostRequest, number: str) -> HttpResponseBase:
    """Keep a scanned paper with a finding; the same file twice is kept once."""
    record = found(request.actor, "findings", number)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose a file first."))
        return redirect("integrity:one", "findings", number)
    with told_above(request):
        add_paper(record.pk, file.name or "", file.read(LARGEST_BYTES + 1), actor=request.actor, now=clock.now())
        messages.success(request, _("The paper is kept with the finding."))
    return redirect("integrity:one", "findings", number)


@never_cache
@require_GET
@for_posts(*FINDING_ROLES)
def look(request: PostRequest, number: str, paper_id: int) -> HttpResponseBase:
    """Give a scanned paper of a finding; the look is noted."""
    record = found(request.actor, "findings", number)
    assert isinstance(record, FraudFinding), record
    return kept(record, paper_id, request.actor)


def kept(finding: FraudFinding, paper_id: int, actor: Actor) -> HttpResponseBase:
    """Answer with a paper kept with a finding, and note the look; Http404 for none."""
    try:
        paper = open_paper(finding, paper_id, actor=actor, now=clock.now())
    except FraudPaper.DoesNotExist as error:
        raise Http404 from error
    if not paper.path.exists():
        raise Http404
    suffix = paper.path.suffix
    answer = FileResponse(paper.path.open("rb"), content_type=TYPES.get(suffix, "application/octet-stream"))
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(finding.number)}-{paper.pk}{suffix}"
    return answer


@never_cache
@require_GET
@for_posts(*FINDING_ROLES)
def paper(request: PostRequest, name: str, number: str, paper: str) -> HttpResponseBase:
    """Give the notice or the decision as PDF; printing a citizen number is noted."""
    return printed(found(request.actor, name, number), paper, request.actor)


def printed(record: Record, name: str, actor: Actor) -> HttpResponseBase:
    """Answer with a paper of a record as PDF; Http404 where there is none for this reader."""
    if actor.role == CITIZEN and record.notified_on is None:
        raise Http404
    try:
        form = print_paper(record, name, actor=actor, now=clock.now())
    except ZhubaoError as error:
        if error.code == "E-PAPER-NONE":
            raise Http404(error.message("zh")) from error
        raise
    answer = HttpResponse(typeset(form), content_type=PDF)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(f'{form.kind}-{record.number}.pdf')}"
    return answer
