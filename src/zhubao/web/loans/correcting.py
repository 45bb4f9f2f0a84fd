"""The forms that take a wrong entry back: one person says which and why, another looks at it and takes it back or leaves it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans import taking_back
from zhubao.loans.fraud.actions import settle_recovered
from zhubao.loans.fraud.claiming import claim_of
from zhubao.loans.models import FraudFinding, Loan, LoanEvent, Receipt, TakingBack, Tranche
from zhubao.loans.states import only_tax_records
from zhubao.loans.states.fraud import FOUND
from zhubao.web.calculator.fields import MoneyField
from zhubao.web.calculator.words import yuan_said
from zhubao.web.clerk.words import language, said

from .forms import PAGES, Asked, DayForm, LoanForm, LoanStepPage, Pair, ReasonForm, Values

DRAW, CONTRIBUTION, PENSION = Text("放款", "draw"), Text("缴费", "contribution"), Text("养老金", "pension")
Entry = Tranche | Receipt | LoanEvent


def entry_said(what: str, entry: Entry) -> str:
    """Return an entry in words: what it is, its day, its amount."""
    if isinstance(entry, Tranche):
        day = f" {entry.drawn_on}" if entry.drawn_on else ""
        which = f"{entry.year}/{entry.sequence}" if language() == "en" else f"{entry.year} 年第 {entry.sequence} 笔"
        return f"{said(DRAW)} {which}{day} · {yuan_said(entry.amount_fen)}"
    if isinstance(entry, Receipt):
        return f"{said(CONTRIBUTION)} {entry.number} {entry.on} · {yuan_said(entry.amount_fen)}"
    return f"{said(PENSION)} {entry.day} · {yuan_said(entry.amount)}"


def proposed_said(asked: TakingBack) -> str:
    """Return the entry a proposal is about in words."""
    entry = asked.receipt if asked.what == "contribution" else asked.event if asked.what == "pension" else asked.tranche
    assert entry is not None, asked
    return entry_said(asked.what, entry)


class ProposeTakingBack(ReasonForm):
    """Which entry is wrong, and why."""

    explains = _("Nothing is erased: another person takes it back, and the books follow by the difference.")
    entry = forms.ChoiceField(
        label=_("Which entry is wrong"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the entries."), "invalid_choice": _("Choose one of the entries.")},
    )
    reason = forms.CharField(label=_("What is wrong with it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    right_fen = MoneyField(
        label=_("The right pension (yuan)"), required=False, help_text=_("Only for a pension; empty: it is only taken back.")
    )
    right_basic_fen = MoneyField(label=_("Its basic part (yuan)"), required=False)
    field_order = ("entry", "reason", "right_fen", "right_basic_fen")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        entries = taking_back.entries_of(self.loan)
        fields: dict[str, Any] = self.fields
        fields["entry"].choices = [(f"{what}:{entry.pk}", entry_said(what, entry)) for what, entry in entries]
        if not any(what == "pension" for what, _entry in entries):
            del fields["right_fen"], fields["right_basic_fen"]


class TakeBack(LoanForm):
    """A second person takes it back."""

    explains = _("Compare it with the paper it should rest on. Taken back, the draw or contribution waits to be recorded anew.")

    @property
    def shown(self) -> list[Pair]:
        """The entry, why it is wrong, and who says so."""
        asked = open_proposal(self.loan)
        if asked is None:
            return []
        rows: list[Pair] = [(gettext("Entry"), proposed_said(asked)), (gettext("What is wrong with it"), asked.reason)]
        if asked.right_fen is not None:
            rows.append((gettext("The right pension (yuan)"), yuan_said(asked.right_fen)))
        if asked.proposed_post is not None:
            rows.append((gettext("Proposed by"), str(asked.proposed_post)))
        return rows


class LeaveStanding(TakeBack, ReasonForm):
    """A second person leaves it."""

    explains = _("The entry stays as it is. Whoever proposed it reads your reason in the history.")


class SettleRecovered(DayForm):
    """A loan of which fraud was found and nothing is owed."""

    explains = _("Everything claimed of this loan has been paid: it ends here.")


def open_proposal(loan: Loan) -> TakingBack | None:
    """Return what is proposed to be taken back of a loan and not answered; None for nothing."""
    found = TakingBack.objects.filter(loan=loan, state="proposed")
    return found.select_related("tranche", "receipt", "event", "proposed_post__organisation").first()


def _may_propose(loan: Loan) -> bool:
    return bool(taking_back.entries_of(loan)) and not TakingBack.objects.filter(loan=loan, state="proposed").exists()


def _is_proposed(loan: Loan) -> bool:
    return TakingBack.objects.filter(loan=loan, state="proposed").exists()


def _is_recovered(loan: Loan) -> bool:
    if not FraudFinding.objects.filter(loan=loan, state__in=FOUND).exists():
        return False
    return not claim_of(loan, clock.today()).bank_fen


def _propose(loan: Loan, draw: Any, values: Values, asked: Asked) -> None:
    what, _colon, pk = values["entry"].partition(":")
    if what == "contribution" and only_tax_records(loan.policy_id) and asked["actor"].role != Role.TAX_CLERK:
        raise ZhubaoError(
            "E-TAKE-BACK",
            Text("缴费由税务部门登记，请税务部门提出", "the tax office records contributions: it proposes this"),
            place=loan.number,
        )
    named: dict[str, Any] = {"key": asked["key"], "actor": asked["actor"], "now": asked["now"]}
    if what == "draw":
        taking_back.propose_taking_back_draw(int(pk), values["reason"], **named)
    elif what == "contribution":
        taking_back.propose_taking_back_contribution(int(pk), values["reason"], **named)
    else:
        right: dict[str, Any] = {name: values.get(name) for name in ("right_fen", "right_basic_fen")}
        taking_back.propose_taking_back_pension(int(pk), values["reason"], **right, **named)


PAGES["propose_taking_back"] = LoanStepPage(ProposeTakingBack, _propose, _may_propose)
PAGES["take_back"] = LoanStepPage(
    TakeBack, lambda loan, draw, values, asked: taking_back.take_back(loan.pk, **asked), _is_proposed
)
PAGES["leave_standing"] = LoanStepPage(
    LeaveStanding,
    lambda loan, draw, values, asked: taking_back.leave_standing(
        loan.pk, values["reason"], key=asked["key"], actor=asked["actor"], now=asked["now"]
    ),
    _is_proposed,
)
PAGES["settle_recovered"] = LoanStepPage(
    SettleRecovered, lambda loan, draw, values, asked: settle_recovered(loan.pk, values["day"], **asked), _is_recovered
)
