"""A citizen's resident pension on one page: what to do next, the account by who paid, this year's help, what is under way, what is paid."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhubao.access import clock
from zhubao.accounts.benefits.actions import apply
from zhubao.accounts.benefits.course import PROCESS as BENEFIT
from zhubao.accounts.benefits.models import Benefit
from zhubao.accounts.selectors import balance_of
from zhubao.accounts.statement import entries_of, paid_years, years_of
from zhubao.accounts.transfers.checklist import ITEMS
from zhubao.accounts.transfers.course import PROCESS as TRANSFER
from zhubao.accounts.transfers.models import CheckOutcome, Transfer
from zhubao.assistance.models import PlanRow
from zhubao.assistance.states import process_of
from zhubao.errors import ZhubaoError
from zhubao.evidence.selectors import assess
from zhubao.notices.selectors import notices_for_person
from zhubao.people.models import Person, Scheme
from zhubao.people.selectors import insured_record
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.web.accounts.mine import own_account
from zhubao.web.assistance.finding import STATE_TONES, UNSETTLED, category_said, payer_said
from zhubao.web.benefits.benefit import preview
from zhubao.web.benefits.finding import TONES
from zhubao.web.calculator.words import explained, said, span_said, yuan_said
from zhubao.web.clerk.people import clause_sheet
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens
from zhubao.web.transfers.listing import TONES as TRANSFER_TONES

from .told import foreign, told_of
from .words import day_said, deadline_said

PENSION_NOTICES = ("transfer", "benefit", "assistance.own_part")
MONTHS_SHOWN, NOTICES = 12, 10
LACKING = (CheckOutcome.UNKNOWN, CheckOutcome.BAD)


@dataclass(frozen=True)
class ToDo:
    """Something the person can do now: a sentence, and where to do it ("" where it is not done here)."""

    words: str
    link: str = ""
    address: str = ""


class ApplyForm(forms.Form):
    """What the person says about another pension when asking for the resident pension."""

    use_required_attribute = False
    other = forms.ChoiceField(
        label=gettext_lazy("Do you already draw another pension?"),
        choices=[
            ("no", gettext_lazy("No, none")),
            ("yes", gettext_lazy("Yes, I draw one")),
            ("unknown", gettext_lazy("I am not sure")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


@implements("gz-1d", as_="feature")
@never_cache
@require_http_methods(["GET"])
@for_citizens
def pension(request: CitizenRequest) -> HttpResponseBase:
    """Show everything on record about the person's resident pension."""
    return _shown(request, None)


@require_POST
@for_citizens
def ask(request: CitizenRequest) -> HttpResponseBase:
    """Apply for the pension of somebody who is of age; sent twice it is done once."""
    found = benefit_of(request.person)
    if found is None:
        raise Http404
    form = ApplyForm(request.POST)
    if form.is_valid():
        other = {"no": False, "yes": True}.get(form.cleaned_data["other"])
        try:
            apply(found.pk, other, key=form.cleaned_data["key"], actor=request.actor, now=request.now)
        except ZhubaoError as error:
            form.add_error(None, explained(error))
        else:
            messages.success(request, _("You have applied. The agency decides and tells you."))
            return redirect("citizen:pension")
    return _shown(request, form)


def benefit_of(person: Person) -> Benefit | None:
    """Return the person's pension record; None where nobody has found them of age yet."""
    return Benefit.objects.filter(person=person).select_related("person").first()


def help_of(person: Person) -> PlanRow | None:
    """Return the newest year of contributions on behalf in which the person stands, once its plan is published."""
    rows = PlanRow.objects.filter(person=person, plan__published_at__isnull=False).select_related("plan", "person")
    return rows.order_by("-plan__year", "-pk").first()


def anything_known(person: Person) -> bool:
    """Tell whether there is something to show: an account, a record, a plan, a pension."""
    return (
        insured_record(person, Scheme.RESIDENT) is not None
        or person.accounts.exists()
        or benefit_of(person) is not None
        or help_of(person) is not None
    )


def _shown(request: CitizenRequest, form: ApplyForm | None) -> HttpResponseBase:
    person = request.person
    account = _account(request)
    helped, transfers, drawn = _help(person), _transfers(person), _drawn(person)
    may_apply = drawn is not None and drawn["benefit"].state in {"found", "declined"}
    if may_apply and form is None:
        form = ApplyForm(initial={"key": uuid4().hex}, auto_id="apply_%s")
    context = {
        "account": account,
        "contributed": _contributed(person, account),
        "help": helped,
        "transfers": transfers,
        "drawn": drawn,
        "form": form if may_apply else None,
        "told": told_of(notices_for_person(person.pk).filter(kind__in=PENSION_NOTICES)[:NOTICES]),
        "foreign": foreign(),
        "to_do": _to_do(helped, transfers, drawn),
        "today": day_said(clock.today()),
        "known": anything_known(person),
    }
    return render(request, "citizen/pension.html", context, status=422 if form is not None and form.errors else 200)


def _account(request: CitizenRequest) -> dict[str, Any] | None:
    found = own_account(request)
    if found is None:
        return None
    balance, years = balance_of(found), paid_years(years_of(entries_of(found)))
    columns = [
        (name, label)
        for name, label in (
            ("own_fen", _("You paid")),
            ("loan_fen", _("By your loan")),
            ("on_behalf_fen", _("Paid on your behalf")),
            ("subsidy_fen", _("Government subsidy")),
            ("brought_fen", _("Brought in")),
            ("interest_fen", _("Interest")),
            ("left_fen", _("Paid out")),
        )
        if any(getattr(year, name) for year in years) or name == "own_fen"
    ]
    return {
        "fen": balance.fen,
        "parts": [(label, sum(getattr(year, name) for year in years)) for name, label in columns],
        "columns": [label for _name, label in columns],
        "years": [(year, [getattr(year, name) for name, _label in columns]) for year in years],
    }


def _contributed(person: Person, account: dict[str, Any] | None) -> dict[str, Any]:
    """Return for how long the person has paid by the register, with its source ("" while nothing says so), and by the account."""
    years = [year.year for year, _cells in account["years"] if year.contributed_fen] if account else []
    record = insured_record(person, Scheme.RESIDENT)
    if record is None:
        return {"span": "", "record": None, "years": years}
    span = span_said(record.paid_months) if record.paid_months is not None else ""
    return {"span": span, "record": record, "on": day_said(record.recorded_on), "years": years}


def _help(person: Person) -> dict[str, Any] | None:
    row = help_of(person)
    if row is None:
        return None
    policy_id, state = row.plan.policy_id, process_of(row.plan.policy_id).state(row.state)
    policy = judge_of(policy_id).policy
    try:
        sheet: dict[str, Any] = clause_sheet(assess(person, policy_id, row.reckoned_on, now=clock.now()))
    except ZhubaoError as error:
        sheet = {"clauses": [], "missing": [], "unjudged": explained(error)}
    rules = [each for each in sheet["clauses"] if not each["alternative"] or each["tone"] == "ok"]
    return {
        "row": row,
        "title": said(policy.title),
        "state": said(state.label),
        "tone": STATE_TONES.get(row.state, "info"),
        "waiting": said(state.waiting),
        "category": category_said(policy_id, row.category),
        "payer": payer_said(row.payer),
        "due": day_said(row.due_on) if row.due_on else "",
        "paid_on": day_said(row.self_paid_on) if row.self_paid_on and not row.own_part_due_fen else "",
        "credited_on": day_said(row.credited_on) if row.credited_on else "",
        "reckoned_on": day_said(row.reckoned_on),
        "against": sorted((each for each in rules if each["tone"] != "ok"), key=lambda each: each["tone"] != "bad"),
        "met": [each for each in rules if each["tone"] == "ok"],
        "missing": [(label, remedy) for label, remedy, _needed_by in sheet["missing"]] if row.state in UNSETTLED else [],
        "unjudged": sheet.get("unjudged", ""),
        "refused": row.state in {"excluded", "cancelled"},
        "owes": row.state == "planned" and row.own_part_due_fen > 0,
    }


def _transfers(person: Person) -> list[dict[str, Any]]:
    found = []
    for each in Transfer.objects.filter(person=person).open():
        asked = each.steps.filter(verb="ask_papers").order_by("number").last()
        found.append(
            {
                "transfer": each,
                "state": said(each.label),
                "tone": TRANSFER_TONES[each.state],
                "waiting": said(TRANSFER.state(each.state).waiting),
                "due": day_said(each.due_on) if each.due_on else "",
                "told": asked.reason if asked is not None and each.state == "incomplete" else "",
                "lacking": [said(ITEMS[check.item]) for check in each.checks.filter(outcome__in=LACKING)],
            }
        )
    return found


def _drawn(person: Person) -> dict[str, Any] | None:
    found = benefit_of(person)
    if found is None:
        return None
    expected, lacking = preview(found)
    due = found.amounts.filter(starts_on__lte=clock.today()).order_by("-starts_on").first() or found.amounts.last()
    told = found.steps.filter(verb="refuse").order_by("number").last()
    return {
        "benefit": found,
        "state": said(found.label),
        "tone": TONES[found.state],
        "waiting": said(BENEFIT.state(found.state).waiting),
        "since": day_said(found.starts_on) if found.starts_on else "",
        "of_age_on": day_said(found.of_age_on),
        "expected": expected,
        "lacking": lacking,
        "unknown_other": found.other_pension is None and found.state in {"found", "applied"},
        "due": due,
        "months": list(found.months.order_by("-month", "-pk")[:MONTHS_SHOWN]) if found.state in {"granted", "stopped"} else [],
        "reason": told.reason if told is not None and found.state == "refused" else "",
    }


def _to_do(helped: dict[str, Any] | None, transfers: list[dict[str, Any]], drawn: dict[str, Any] | None) -> list[ToDo]:
    """Return what the person can do now, the most pressing first; empty where others are at work or nothing is to be done."""
    found = []
    if drawn is not None and drawn["benefit"].state in {"found", "declined"}:
        found.append(ToDo(_("You have reached the age of the resident pension: apply for it."), _("Apply now"), "#apply"))
    if helped is not None and helped["owes"]:
        row = helped["row"]
        words = {"amount": yuan_said(row.own_part_due_fen), "day": deadline_said(row.due_on, clock.today()) if row.due_on else ""}
        late = row.due_on is not None and row.due_on < clock.today()
        if late:
            words_said = _("Your own part of %(amount)s was due on %(day)s. Ask at the village or township at once.") % words
        elif row.due_on:
            words_said = _("Pay your own part of %(amount)s by %(day)s. Then the rest is paid on your behalf.") % words
        else:
            words_said = _("Pay your own part of %(amount)s. Then the rest is paid on your behalf.") % words
        found.append(ToDo(words_said))
    if helped is not None and helped["missing"]:
        found.append(ToDo(_("Evidence is missing for the help with your contribution."), _("See which paper"), "#help"))
    if helped is not None and helped["refused"]:
        found.append(ToDo(_("Nobody pays for you this year. If the reason is wrong, say so."), _("See the reason"), "#help"))
    for each in transfers:
        if each["transfer"].state == "incomplete":
            found.append(ToDo(_("Bring what is missing for moving your pension."), _("To the request"), reverse("transfers:own")))
    return found
