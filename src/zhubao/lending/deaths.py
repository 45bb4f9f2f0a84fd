"""Who pays what is owed on the day of death, in the order of each document."""

from typing import NamedTuple

from .terms import Terms


class DeathSettlement(NamedTuple):
    """The debt of a dead borrower and its payers, fen: `debt` = account + government + bank + unrecovered; `heirs` get the rest."""

    debt: int
    from_account: int
    government: int
    bank: int
    unrecovered: int
    heirs: int


def settle_death(
    terms: Terms,
    debt: int,
    account: int,
    *,
    loan_formed: int | None = None,
    certified: bool = False,
    ever_certified: bool = False,
    bank_at_fault: bool = False,
) -> DeathSettlement:
    """Divide `debt` among the personal account, the government, the bank and nobody.

    The account pays first, whole or only the part that the loan formed (`account_part`). What is left goes to the government as
    `death_cover` says, or to the bank where the loss is its own doing and the document says so; the remainder is a claim on the
    estate, a co-borrower or a guarantor. Clauses jx-3.4, rg-15, tl-4.3b.
    """
    usable = account if terms.account_part == "all" or loan_formed is None else min(account, loan_formed)
    from_account = min(debt, usable)
    rest = debt - from_account
    government = bank = 0
    covered = {
        "none": False,
        "certified_at_death": certified,
        "ever_certified": ever_certified,
        "all": True,
    }[terms.death_cover]
    if bank_at_fault and terms.bank_bears_own_fault:
        bank = rest
    elif covered:
        government = rest
    return DeathSettlement(debt, from_account, government, bank, rest - government - bank, account - from_account)
