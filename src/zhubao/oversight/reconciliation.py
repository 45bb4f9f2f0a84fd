"""Three-way reconciliation of a year's draws: what the agency asked for, what the bank drew, what arrived at the tax office.

Each source is read from its own records: the agency's request files and draws, the bank's return files, the tax office's receipts,
and the postings. None of them is corrected here.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Sum

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import TAKEN, EnvelopeLine
from zhubao.language import Text
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.models import Receipt, Tranche
from zhubao.policies.claims import implements

from .models import Cause, Difference

CLOSING_ROLES = (Role.AGENCY_ACCOUNTANT, Role.FINANCE_CLERK)
RUNNING_ROLES = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER, Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR)
ASKED = ("released", "confirmed", *PAID_OUT, "not_drawn")


@dataclass(frozen=True)
class Found:
    """One disagreement as the sources stand now; `subject` is ``draw:LOAN/YEAR/SEQUENCE`` or ``receipt:NUMBER``."""

    region_code: str
    subject: str
    loan_number: str
    cause: str
    agency_fen: int | None
    bank_fen: int | None
    tax_fen: int | None
    detail: str = ""


class Reconciliation(NamedTuple):
    """What a run found: draws compared, sums of the three sources in fen, differences open after it, and how many it closed."""

    draws: int
    agency_fen: int
    bank_fen: int
    tax_fen: int
    open: int
    closed: int


@implements("jx-5.1e", "tl-5.1f", "tl-5.1l", as_="action")
@transaction.atomic
def reconcile(region_code: str, year: int, *, actor: Actor, now: datetime) -> Reconciliation:
    """Compare the sources of a region and year, open what is new, and close what has come to agree. Safe to repeat.

    Raise OutOfScope for another region or post.
    """
    actor.require_role(*RUNNING_ROLES)
    actor.require_region(region_code)
    compared = _draws(region_code, year)
    found = {(each.subject, each.cause): each for each in (*_of_draws(compared), *_refused_receipts(region_code, year))}
    standing = Difference.objects.open().filter(region_code__startswith=region_code, year=year)
    before = {(each.subject, each.cause): each for each in standing.select_for_update()}
    gone = [each.pk for key, each in before.items() if key not in found]
    Difference.objects.filter(pk__in=gone).update(closed_at=now)
    explained = _explained(region_code, year)
    for key, each in found.items():
        figures = {"agency_fen": each.agency_fen, "bank_fen": each.bank_fen, "tax_fen": each.tax_fen, "detail": each.detail[:300]}
        if key in before:
            Difference.objects.filter(pk=before[key].pk).update(seen_at=now, **figures)
        elif (*key, each.agency_fen, each.bank_fen, each.tax_fen) not in explained:
            Difference.objects.create(
                region_code=each.region_code,
                year=year,
                subject=each.subject,
                loan_number=each.loan_number,
                cause=each.cause,
                found_at=now,
                seen_at=now,
                **figures,
            )
    result = Reconciliation(
        draws=len(compared),
        agency_fen=sum(draw.asked_fen or 0 for draw in compared),
        bank_fen=sum(draw.bank_fen or 0 for draw in compared),
        tax_fen=sum(draw.tax_fen for draw in compared),
        open=Difference.objects.open().filter(region_code__startswith=region_code, year=year).count(),
        closed=len(gone),
    )
    record(
        "reconciliation.run",
        f"reconciliation:{region_code}/{year}",
        actor=actor,
        now=now,
        region_code=region_code,
        after=result._asdict(),
    )
    return result


@transaction.atomic
def explain(difference_id: int, explanation: str, *, actor: Actor, now: datetime) -> Difference:
    """Close a difference with an explanation; it stays closed while the figures stay as they are. Done already: nothing changes.

    Raise DoesNotExist, OutOfScope, E-REASON.
    """
    actor.require_role(*CLOSING_ROLES)
    difference = Difference.objects.select_for_update().get(pk=difference_id)
    actor.require_region(difference.region_code)
    said = explanation.strip()
    if not said:
        raise ZhubaoError("E-REASON", Text("请写明原因和依据", "say why, and what shows it"), place=str(difference.year))
    if difference.closed_at is None:
        difference.closed_at, difference.closed_by_id, difference.explanation = now, actor.user_id, said
        difference.save(update_fields=["closed_at", "closed_by", "explanation"])
        record(
            "difference.explained",
            f"difference:{difference.pk}",
            actor=actor,
            now=now,
            region_code=difference.region_code,
            before={"subject": difference.subject, "cause": difference.cause},
            reason=said,
        )
    return difference


@dataclass
class _Draw:
    """What each source says of one draw, fen."""

    region_code: str
    loan_number: str
    key: str
    state: str
    recorded_fen: int
    drawn_on: date | None
    asked_fen: int | None = None
    bank_fen: int | None = None
    bank_refused: str = ""
    bank_taken: bool = False
    tax_fen: int = 0
    booked_fen: int = 0


def _draws(region_code: str, year: int) -> list[_Draw]:
    tranches = Tranche.objects.filter(loan__region_code__startswith=region_code, year=year, state__in=ASKED)
    draws: dict[int, _Draw] = {}
    by_key: dict[str, _Draw] = {}
    columns = ("pk", "loan__region_code", "loan__number", "year", "sequence", "state", "amount_fen", "drawn_on")
    for pk, region, number, of_year, sequence, state, amount, drawn_on in tranches.values_list(*columns):
        draw = _Draw(region, number, f"{number}/{of_year}/{sequence}", state, amount if drawn_on else 0, drawn_on)
        draws[pk] = by_key[draw.key] = draw
    _read_files(by_key, region_code, year)
    for pk, fen in Receipt.objects.filter(tranche__in=draws).values_list("tranche").annotate(fen=Sum("amount_fen")):
        draws[pk].tax_fen = fen
    _read_books(list(draws.values()), region_code)
    for draw in draws.values():
        # A draw recorded at the bank's own desk, without a file, speaks for the bank itself.
        draw.asked_fen = draw.recorded_fen if draw.asked_fen is None else draw.asked_fen
        if draw.bank_fen is None and draw.state in PAID_OUT:
            draw.bank_fen = draw.recorded_fen
        if draw.bank_fen is None and draw.state == "not_drawn":
            draw.bank_fen = 0
    return list(draws.values())


def _read_files(by_key: dict[str, _Draw], region_code: str, year: int) -> None:
    """Lay the request files and the bank's return files over the draws; the last answer to a draw counts."""
    lines = EnvelopeLine.objects.filter(
        envelope__region_code__startswith=region_code, envelope__kind__in=("draw_request", "draw_return"), year=year
    ).order_by("envelope_id", "number")
    for kind, key, amount, result, message in lines.values_list("envelope__kind", "key", "amount_fen", "result_code", "message"):
        draw = by_key.get(key)
        if draw is None:
            continue
        if kind == "draw_request":
            draw.asked_fen = amount
        else:
            taken = result == TAKEN
            # The same draw named again in a later file is refused; the answer that was taken stays the bank's word.
            if taken or not draw.bank_taken:
                draw.bank_fen, draw.bank_taken = amount, taken
                draw.bank_refused = "" if taken or not result else f"{result} {message}"


def _read_books(draws: list[_Draw], region_code: str) -> None:
    """Lay the bank's books over the draws: what was lent on a loan and day, less what was taken back.

    Two draws of one loan on one day share their posting: where their sum agrees, so does each.
    """
    lent: dict[tuple[str, date], int] = defaultdict(int)
    postings = Posting.objects.filter(
        region_code__startswith=region_code, party=Party.BANK.value, source="loan", kind__startswith="tranche."
    )
    for account, sign in (("debit", 1), ("credit", -1)):
        rows = postings.filter(**{account: "loan_principal"}).values_list("subject", "on").annotate(fen=Sum("amount_fen"))
        for subject, on, fen in rows:
            lent[subject.partition(":")[2], on] += sign * fen
    recorded: dict[tuple[str, date], int] = defaultdict(int)
    for draw in draws:
        if draw.drawn_on is not None:
            recorded[draw.loan_number, draw.drawn_on] += draw.recorded_fen
    for draw in draws:
        if draw.drawn_on is not None:
            of_day = draw.loan_number, draw.drawn_on
            draw.booked_fen = draw.recorded_fen - recorded[of_day] + lent[of_day]


def _of_draws(draws: list[_Draw]) -> Iterator[Found]:
    for draw in draws:
        for cause, detail in _causes(draw):
            yield Found(
                draw.region_code,
                f"draw:{draw.key}",
                draw.loan_number,
                cause,
                draw.asked_fen,
                draw.bank_fen,
                draw.tax_fen or None,
                detail,
            )


def _causes(draw: _Draw) -> Iterator[tuple[str, str]]:
    if draw.bank_refused:
        yield Cause.BANK_REFUSED, draw.bank_refused
    elif draw.bank_fen is None:
        yield Cause.BANK_SILENT, ""
    elif (draw.state != "not_drawn" and draw.bank_fen not in (draw.asked_fen, 0)) or draw.bank_fen != draw.recorded_fen:
        yield Cause.BANK_AMOUNT, ""
    if draw.recorded_fen and not draw.tax_fen:
        yield Cause.TAX_SILENT, ""
    elif draw.recorded_fen != draw.tax_fen:
        yield Cause.TAX_AMOUNT, ""
    if draw.recorded_fen != draw.booked_fen:
        yield Cause.BOOKS, f"{draw.booked_fen}"


def _refused_receipts(region_code: str, year: int) -> Iterator[Found]:
    """Yield receipts of the tax office that could not be booked and that no later file brought."""
    lines = EnvelopeLine.objects.filter(
        envelope__region_code__startswith=region_code, envelope__kind="contribution_receipts", year=year
    )
    taken = set(lines.filter(result_code=TAKEN).values_list("subject", flat=True))
    refused = lines.exclude(result_code__in=("", TAKEN)).order_by("pk")
    for region, subject, amount, code, message in refused.values_list(
        "envelope__region_code", "subject", "amount_fen", "result_code", "message"
    ):
        if subject not in taken:
            yield Found(region, subject, "", Cause.TAX_REFUSED, None, None, amount, f"{code} {message}")


def _explained(region_code: str, year: int) -> set[tuple[str, str, int | None, int | None, int | None]]:
    """Return what somebody explained, with the figures of that time: the same again is not opened a second time."""
    closed = Difference.objects.filter(region_code__startswith=region_code, year=year).exclude(explanation="")
    return set(closed.values_list("subject", "cause", "agency_fen", "bank_fen", "tax_fen"))
