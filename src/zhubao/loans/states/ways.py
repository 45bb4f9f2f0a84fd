"""Where the documents deal with loans differently: one row a programme, so that no step asks which document it is."""

from dataclasses import dataclass
from typing import Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .common_ground import JIANGXI, RUGAO, TONGLING


@dataclass(frozen=True, slots=True)
class Ways:
    """How a programme's loans are dealt with.

    Draws: `payee`, where their money goes (`draws.PAYEES`); `by_card`, through the borrower's card account; `counted_by`, whether a
    year's amount is counted by months at the lowest tier or is what the contract leaves; `exact`, whether the bank pays out what was
    released and no less; `renewed`, whether every further year needs a granted renewal; `back_payment`, whether earlier years may be
    paid by one draw.
    The agreement: `rate`, whether the LPR is a ceiling, the benchmark is the rate, or the benchmark is a ceiling; `term_limited`,
    whether the document bounds its months; `signed_with`, whether a child or a guarantor signs too; `capped`, whether it names a sum
    for all years.
    Repayment and death: `consent`, whether a deduction needs the borrower's written consent; `loan_formed`, whether only the part of
    the account that the loan formed pays a dead borrower's debt; `finance_covers`, whether finance takes over what is left.
    The year: `verifies`, what the yearly verification decides on, "" where there is none, by the clause `hardship`, for loans in the
    states `verified_in`; `statement_from`, the month in which a year's statement begins; `claimed_in_year`, whether the subsidy is
    claimed by the end of the year; `claim_mark`, what a claim's number ends with; `backstop`, whether a claim shows the debts that
    finance took over.
    The pension: `resident`, whether what the loan pays in is a lot of the borrower's resident account (tl-3.5d), which is kept here;
    `matched`, whether finance adds a contribution subsidy to a draw (tl-5.1h).
    """

    payee: str
    by_card: bool
    counted_by: Literal["months", "contract"]
    exact: bool
    renewed: bool
    back_payment: bool
    rate: Literal["lpr_ceiling", "benchmark", "benchmark_ceiling"]
    term_limited: bool
    signed_with: bool
    capped: bool
    consent: bool
    loan_formed: bool
    finance_covers: bool
    verifies: Literal["subsidy", "draws", ""]
    hardship: str
    verified_in: tuple[str, ...]
    statement_from: int
    claimed_in_year: bool
    claim_mark: str
    backstop: bool
    resident: bool
    matched: bool


WAYS: dict[str, Ways] = {
    JIANGXI: Ways(
        payee="card_account",
        by_card=True,
        counted_by="months",
        exact=False,
        renewed=False,
        back_payment=True,
        rate="lpr_ceiling",
        term_limited=False,
        signed_with=False,
        capped=True,
        consent=False,
        loan_formed=False,
        finance_covers=True,
        verifies="subsidy",
        hardship="jx-1.2h",
        verified_in=("draw_due", "not_drawn", "drawn", "contributed", "qualification_ended"),
        statement_from=1,
        claimed_in_year=False,
        claim_mark="",
        backstop=False,
        resident=False,
        matched=False,
    ),
    RUGAO: Ways(
        payee="fund_income_account",
        by_card=False,
        counted_by="months",
        exact=True,
        renewed=True,
        back_payment=False,
        rate="benchmark",
        term_limited=True,
        signed_with=False,
        capped=True,
        consent=False,
        loan_formed=False,
        finance_covers=True,
        verifies="draws",
        hardship="rg-4.0f",
        verified_in=("recorded", "renewal"),
        # The review begins on 1 October (its art. 21), and the statement given then ends the day before.
        statement_from=10,
        claimed_in_year=True,
        claim_mark="R",
        backstop=True,
        resident=False,
        matched=False,
    ),
    TONGLING: Ways(
        payee="collection_account",
        by_card=True,
        counted_by="contract",
        exact=True,
        renewed=False,
        back_payment=False,
        rate="benchmark_ceiling",
        term_limited=False,
        signed_with=True,
        capped=False,
        consent=True,
        loan_formed=True,
        finance_covers=False,
        verifies="",
        hardship="",
        verified_in=(),
        statement_from=1,
        claimed_in_year=False,
        claim_mark="",
        backstop=False,
        resident=True,
        matched=True,
    ),
}


def ways_of(policy_id: str) -> Ways:
    """Return how a programme's loans are dealt with; E-LOAN-POLICY where the programme lends nothing."""
    if policy_id not in WAYS:
        raise ZhubaoError("E-LOAN-POLICY", Text("这个文件不办贷款", "this document has no loans"), place=policy_id)
    return WAYS[policy_id]
