"""The open questions: what the documents leave to somebody, what is in force, and the form by which an official settles one."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access.actors import OutOfScope
from zhubao.language import Text
from zhubao.parameters.names import SETTING_PREFIX, declared
from zhubao.parameters.questions import Question, Setting, Settled, questions, settings, settle
from zhubao.policies import MODULES, judge_of
from zhubao.policies.claims import implements
from zhubao.policies.register import Clause, clause, clauses, documents
from zhubao.programmes.selectors import parameter_book
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.figures import word
from zhubao.web.templatetags.zhubao import said

from .deciding import area_choices, enter_from
from .forms import AnswerForm
from .places import decides, place_of
from .sheets import Line, lines_of, segments, withdrawn

SHARED = Text("各文件共有", "shared by several documents")
STATES = {"open": _("default, confirmed by nobody"), "confirmed": _("confirmed"), "changed": _("decided otherwise")}


@dataclass(frozen=True)
class QuestionSheet:
    """A question as it stands in a place on a day, with the row its answer was entered in."""

    settled: Settled
    line: Line | None

    @property
    def state(self) -> str:
        """Return open, confirmed (as the default has it) or changed."""
        if not self.settled.confirmed:
            return "open"
        return "confirmed" if self.settled.question.is_default(self.settled.value) else "changed"

    @property
    def state_word(self) -> object:
        """Return the state in words."""
        return STATES[self.state]

    @property
    def tone(self) -> str:
        """Return the tone of the state's tag."""
        return {"open": "wait", "confirmed": "ok", "changed": "info"}[self.state]

    @property
    def answer(self) -> str:
        """Return the answer in force in words: the default's own unless something else was decided."""
        question = self.settled.question
        return word(self.settled.value) if self.state == "changed" else said(question.default)

    @property
    def alternatives(self) -> list[str]:
        """Return the other answers the rules know, in words."""
        return [word(each) for each in self.settled.question.alternatives]


@require_GET
@for_posts()
def questions_page(request: PostRequest) -> HttpResponseBase:
    """List every question by document, with default, answer in force and who confirmed it."""
    place, book = place_of(request), parameter_book()
    sheets = sheets_of(settle(book, each, place.on, place.area) for each in questions())
    state, document = request.GET.get("state", ""), request.GET.get("document", "")
    titles = {"all": SHARED, **{each.prefix: each.title for each in documents()}}
    shown = [each for each in sheets if state in ("", each.state) and document in ("", prefix_of(each.settled.question))]
    groups = [(title, [each for each in shown if prefix_of(each.settled.question) == prefix]) for prefix, title in titles.items()]
    context = {
        "place": place,
        "groups": [(title, inside) for title, inside in groups if inside],
        "shown": shown,
        "open": sum(each.state == "open" for each in sheets),
        "total": len(sheets),
        "states": STATES.items(),
        "titles": titles.items(),
        "state": state,
        "document": document,
    }
    return render(request, "parameters/questions.html", context)


@implements("rg-24", "tl-5.1b", as_="feature")
@require_http_methods(["GET", "POST"])
@for_posts()
def question(request: PostRequest, question_id: str) -> HttpResponseBase:
    """Show one question: default, alternatives, what rests on it, past answers; deciding posts confirm or change it here."""
    asked = questions().get(question_id)
    known = declared(SETTING_PREFIX + question_id)
    if asked is None or known is None:
        raise Http404
    place, book = place_of(request), parameter_book()
    may = decides(request.actor)
    if request.method == "POST" and not may:
        raise OutOfScope(request.actor.role, Text("本岗位不办理此事", "this post does not do this"))
    (sheet,) = sheets_of([settle(book, question_id, place.on, place.area)])
    form = None
    if may:
        initial = {"area_code": place.area, "effective_from": place.on, "decided_by": request.actor.name}
        areas = area_choices(request, place)
        form = AnswerForm(
            request.POST or None, name=known, areas=areas, question=asked, answer=sheet.settled.value, initial=initial
        )
        if request.method == "POST" and form.is_valid():
            entry = form.answer()
            if entry and enter_from(form, entry, request):
                return redirect(f"{reverse('parameters:question', args=[question_id])}?area={entry.area_code}")
    context = {
        "place": place,
        "sheet": sheet,
        "name": known,
        "form": form,
        "rests": resting_on(question_id),
        "named": named_settings(asked),
        "lines": segments(known.name, place, book),
        "withdrawn": withdrawn(known.name, place),
    }
    return render(request, "parameters/question.html", context, status=422 if form and form.is_bound else 200)


def sheets_of(settled: Iterable[Settled]) -> list[QuestionSheet]:
    """Return questions beside the rows of their answers, read in one query."""
    listed = list(settled)
    lines = {line.entry: line for line in lines_of(each.entry for each in listed if each.entry)}
    return [QuestionSheet(each, lines.get(each.entry) if each.entry else None) for each in listed]


def prefix_of(asked: Question) -> str:
    """Return the prefix of the document a question belongs to, "all" for those that several share: A-JX-3 → jx."""
    return asked.id.split("-")[1].lower()


@cache
def resting_on(question_id: str) -> tuple[Clause, ...]:
    """Return the clauses that rest on a question: those it names, and those whose rules ask for its answer."""
    touched = set(questions()[question_id].clauses)
    for policy_id in MODULES:
        for rule in judge_of(policy_id).policy.clauses:
            if any(name == question_id for name, _when in rule.questions):
                touched |= {each.partition("/")[0] for each in rule.ids if not each.startswith("A-")}
    return tuple(clause(each.id) for each in clauses() if each.id in touched)


def named_settings(asked: Question) -> list[tuple[str, Setting]]:
    """Return the named settings of loans that treat the same question."""
    return [
        (SETTING_PREFIX + each.name, each)
        for each in settings().values()
        if asked.lending and set(each.lending) & set(asked.lending)
    ]
