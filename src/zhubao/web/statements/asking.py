"""What an address of a statement asks for, and what its page shows of the answer."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from django.http import Http404, HttpResponse, QueryDict

from zhubao.documents import PrintedForm, typeset
from zhubao.language import Text
from zhubao.ledger.models import Posting
from zhubao.loans.models import Loan, Statement
from zhubao.loans.statements.figures import FIGURES, OPEN_LABELS, Figures
from zhubao.loans.statements.reading import postings_behind
from zhubao.loans.states.claim import bears_interest
from zhubao.web.clerk.words import said
from zhubao.web.navigation import Label

# What a statement says first, then what moved, then what is left; a movement of nothing is left out where it is seldom needed.
OPENING = ("opening_principal", "opening_interest")
MOVEMENTS = (
    "draws", "interest_borrower", "repaid_principal", "repaid_interest", "capitalised", "taken_over", "returned", "other",
)  # fmt: skip
CLOSING = ("closing_principal", "closing_interest")
SUBSIDY = ("interest_finance", "subsidy_paid", "subsidy_owed")
SELDOM = frozenset({"capitalised", "taken_over", "returned", "other"})


@dataclass(frozen=True)
class Shown:
    """One figure on a page: its words, fen, and the question that opens its postings ("" where there is none)."""

    name: str
    label: Label
    fen: int
    query: str


def asked_period(asked: QueryDict, today: date) -> tuple[date, date]:
    """Return first and last day an address asks for, both counted: the present year up to today where it names none or nonsense."""
    try:
        starts_on, ends_on = date.fromisoformat(asked.get("from", "")), date.fromisoformat(asked.get("to", ""))
    except ValueError:
        return date(today.year, 1, 1), today
    return (starts_on, ends_on) if starts_on <= ends_on <= today else (date(today.year, 1, 1), today)


def groups(
    loan: Loan, figures: Figures, starts_on: date, ends_on: date, statement: Statement | None = None
) -> dict[str, list[Shown]]:
    """Return the figures by part of the page; those a kept `statement` gave open the postings it knew.

    A programme in which finance bears no interest has no such part.
    """
    values = figures.as_dict()
    more = {"statement": str(statement.pk)} if statement else {}

    def shown(name: str) -> Shown:
        query = urlencode({"figure": name, "from": starts_on.isoformat(), "to": ends_on.isoformat(), **more})
        return Shown(name, said(FIGURES[name].label), values[name] or 0, query)

    parts = {"opening": OPENING, "movements": MOVEMENTS, "closing": CLOSING}
    unbooked = [("closing", "open_borrower")]
    if bears_interest(loan.policy_id):
        parts["subsidy"] = SUBSIDY
        unbooked.append(("subsidy", "open_finance"))
    found = {part: [shown(name) for name in names if values[name] or name not in SELDOM] for part, names in parts.items()}
    for part, name in unbooked:
        if values[name]:
            found[part].append(Shown(name, said(OPEN_LABELS[name]), values[name] or 0, ""))
    return found


def asked_postings(loan: Loan, asked: QueryDict, today: date) -> tuple[Text, date, date, list[tuple[Posting, int]]]:
    """Return the figure an address names, its period, and its postings with what each adds to it; Http404 for no figure."""
    figure = FIGURES.get(asked.get("figure", ""))
    if figure is None:
        raise Http404
    starts_on, ends_on = asked_period(asked, today)
    known = kept_statement(loan, asked.get("statement", "")) if asked.get("statement") else None
    last = known.last_posting if known else None
    rows = postings_behind(loan, figure, starts_on, ends_on, last_posting=last)
    signed = [
        (row, figure.sign * row.amount_fen * ((row.debit in figure.accounts) - (row.credit in figure.accounts))) for row in rows
    ]
    return figure.label, starts_on, ends_on, signed


def kept_statement(loan: Loan, statement_id: int | str) -> Statement:
    """Return a kept statement of a loan; Http404 for none, or another loan's."""
    found = None
    if str(statement_id).isascii() and str(statement_id).isdecimal() and len(str(statement_id)) < 16:
        found = Statement.objects.select_related("loan__person", "loan__bank").filter(loan=loan, pk=int(statement_id)).first()
    if found is None:
        raise Http404
    return found


def sent_paper(form: PrintedForm) -> HttpResponse:
    """Answer with a paper as PDF."""
    return sent_file(typeset(form), "application/pdf", f"{form.kind}-{form.number}.pdf")


def sent_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Answer with a file to look at."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return answer
