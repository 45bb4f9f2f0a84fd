"""How a loan ends before its last deduction: early payment, death, transfer; and the card account it is bound to. Money in fen."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post

from .loan import Loan

PAYMENT_STATES = ("reported", "confirmed", "dropped")
CHOICES = ("", "shorter_term", "lower_instalment")
PAYERS = ("account", "finance", "bank")
CLAIMED_ON = ("estate", "co_borrower", "guarantor")
CHECKLIST = ("proof", "balance", "deductions", "heirs")
TRANSFER_KINDS = ("transfer", "pension_elsewhere")
CARD_REASONS = ("lost", "damaged", "other")


class PayoffQuote(models.Model):
    """What pays a loan off on one day, by its number; of use on that day only, and only once.

    `principal_fen` and `interest_fen` are the borrower's, nothing is added to them; `government_fen` is interest finance still owes the
    bank, which the borrower does not pay.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="payoff_quotes")
    number = models.CharField(_("quote number"), max_length=60, unique=True)
    valid_on = models.DateField(_("valid on"))
    principal_fen = models.BigIntegerField(_("principal"))
    interest_fen = models.BigIntegerField(_("interest"))
    total_fen = models.BigIntegerField(_("to be paid"))
    government_fen = models.BigIntegerField(_("interest borne by finance"))
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=60)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payoff_quote_adds_nothing",
                condition=Q(principal_fen__gte=0, interest_fen__gte=0, total_fen=F("principal_fen") + F("interest_fen")),
            ),
            models.CheckConstraint(name="payoff_quote_above_zero", condition=Q(total_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number


class Prepayment(models.Model):
    """Money a borrower paid early, in part or all of it: reported by one, confirmed by another, or dropped when it never came.

    `quote`: what all of it rests on. `choice`: what a part payment changes, with the instalment agreed for afterwards. Once confirmed,
    `interest_fen` and `principal_fen` say what it paid.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="prepayments")
    quote = models.OneToOneField(PayoffQuote, models.PROTECT, null=True, related_name="payment")
    state = models.CharField(_("state"), max_length=12, default="reported")
    paid_on = models.DateField(_("paid on"))
    amount_fen = models.BigIntegerField(_("amount"))
    choice = models.CharField(_("what it changes"), max_length=20, blank=True)
    instalment_fen = models.BigIntegerField(_("instalment afterwards"), null=True)
    reference = models.CharField(_("bank reference"), max_length=100)
    interest_fen = models.BigIntegerField(_("interest"), null=True)
    principal_fen = models.BigIntegerField(_("principal"), null=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="prepayment_state_known", condition=Q(state__in=PAYMENT_STATES)),
            models.CheckConstraint(name="prepayment_choice_known", condition=Q(choice__in=CHOICES)),
            models.CheckConstraint(name="prepayment_above_zero", condition=Q(amount_fen__gt=0)),
            models.UniqueConstraint(fields=["loan"], condition=Q(state="reported"), name="prepayment_one_at_a_time"),
            models.UniqueConstraint(fields=["loan", "reference"], name="prepayment_once"),
            models.CheckConstraint(
                name="prepayment_all_goes_to_the_debt",
                condition=~Q(state="confirmed")
                | Q(confirmed_at__isnull=False, amount_fen=F("interest_fen") + F("principal_fen"), interest_fen__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.paid_on} {self.amount_fen}"


class SettlementCertificate(models.Model):
    """The bank's word that nothing is owed any more; one a loan, never changed."""

    loan = models.OneToOneField(Loan, models.PROTECT, related_name="certificate")
    number = models.CharField(_("certificate number"), max_length=60, unique=True)
    settled_on = models.DateField(_("settled on"))
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.number


class DeathSettlement(models.Model):
    """Who pays what is owed when a borrower dies; the amounts stay empty until the debt is divided.

    `account_fen`: balance of the personal account on the day of death, `loan_formed_fen`: the part of it that the loan formed, both with
    the source. The debt is from_account + finance + bank + unrecovered, in the order of the document; `heirs_fen` is what the account
    leaves; `returned_fen` what was deducted after the death and goes back. `unconfirmed`: it rests on a default nobody confirmed.
    """

    loan = models.OneToOneField(Loan, models.PROTECT, related_name="death_settlement")
    died_on = models.DateField(_("died on"))
    proof = models.CharField(_("proof of death"), max_length=200)
    opened_at = models.DateTimeField()
    account_fen = models.BigIntegerField(_("account balance"), null=True)
    loan_formed_fen = models.BigIntegerField(_("of it formed by the loan"), null=True)
    account_source = models.CharField(_("source of the balance"), max_length=200, blank=True)
    fault = models.TextField(_("finding that the loss is the bank's own"), blank=True)
    fault_found_at = models.DateTimeField(null=True)
    fault_agreed_at = models.DateTimeField(null=True)
    divided_at = models.DateTimeField(null=True)
    certified = models.BooleanField(_("certified on the day of death"), default=False)
    debt_fen = models.BigIntegerField(_("debt on the day of death"), null=True)
    from_account_fen = models.BigIntegerField(_("paid by the account"), null=True)
    finance_fen = models.BigIntegerField(_("paid by finance"), null=True)
    bank_fen = models.BigIntegerField(_("borne by the bank"), null=True)
    unrecovered_fen = models.BigIntegerField(_("not covered"), null=True)
    heirs_fen = models.BigIntegerField(_("left to the heirs"), null=True)
    returned_fen = models.BigIntegerField(_("deductions to be returned"), null=True)
    returned_on = models.DateField(_("returned on"), null=True)
    unconfirmed = models.BooleanField(_("rests on an unconfirmed default"), default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="death_debt_has_its_payers",
                condition=Q(divided_at=None)
                | Q(
                    debt_fen=F("from_account_fen") + F("finance_fen") + F("bank_fen") + F("unrecovered_fen"),
                    from_account_fen__gte=0,
                    finance_fen__gte=0,
                    bank_fen__gte=0,
                    unrecovered_fen__gte=0,
                    returned_fen__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="death_account_pays_what_it_has",
                condition=Q(divided_at=None) | Q(account_fen=F("from_account_fen") + F("heirs_fen"), heirs_fen__gte=0),
            ),
            models.CheckConstraint(
                name="death_bank_fault_is_not_finances",
                condition=Q(fault_agreed_at=None) | Q(divided_at=None) | Q(finance_fen=0),
            ),
            models.CheckConstraint(
                name="death_loan_formed_within_account",
                condition=Q(account_fen=None)
                | Q(account_fen__gte=0)
                & (Q(loan_formed_fen=None) | Q(loan_formed_fen__gte=0, loan_formed_fen__lte=F("account_fen"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.died_on}"

    @property
    def bank_at_fault(self) -> bool:
        """Whether agency and finance found together that the loss is the bank's own."""
        return self.fault_agreed_at is not None


class DeathCheck(models.Model):
    """One line of the check-list of a death that is done: what, by whom, when, and what was found."""

    settlement = models.ForeignKey(DeathSettlement, models.PROTECT, related_name="checks")
    item = models.CharField(max_length=12)
    note = models.CharField(max_length=200)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=60)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "item"], name="death_check_once"),
            models.CheckConstraint(name="death_check_known", condition=Q(item__in=CHECKLIST)),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.item}"


class DeathPayer(models.Model):
    """One payer of a dead borrower's debt: what is claimed of it, and when the money was there.

    `approved_at`: finance has agreed to pay its part.
    """

    settlement = models.ForeignKey(DeathSettlement, models.PROTECT, related_name="payers")
    payer = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField(_("amount"))
    claimed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    paid_on = models.DateField(_("paid on"), null=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "payer"], name="death_payer_once"),
            models.CheckConstraint(name="death_payer_known", condition=Q(payer__in=PAYERS, amount_fen__gt=0)),
            models.CheckConstraint(
                name="death_finance_agrees_before_it_pays",
                condition=~Q(payer="finance") | Q(paid_on=None) | Q(approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.payer}"


class EstateClaim(models.Model):
    """What the bank claims of the estate, or of who signed beside the borrower, because nobody else pays it."""

    settlement = models.OneToOneField(DeathSettlement, models.PROTECT, related_name="claim")
    claimed_on = models.CharField(_("claimed on"), max_length=12)
    amount_fen = models.BigIntegerField(_("claim"))
    opened_at = models.DateTimeField()
    written_off_fen = models.BigIntegerField(_("written off"), null=True)
    written_off_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="estate_claim_known", condition=Q(claimed_on__in=CLAIMED_ON, amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.claimed_on}"


class EstatePayment(models.Model):
    """Money that came in on a claim after death; added, never changed."""

    claim = models.ForeignKey(EstateClaim, models.PROTECT, related_name="payments")
    paid_on = models.DateField(_("paid on"))
    amount_fen = models.BigIntegerField(_("amount"))
    paid_by = models.CharField(_("paid by"), max_length=60)
    reference = models.CharField(_("bank reference"), max_length=100)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["paid_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "reference"], name="estate_payment_once"),
            models.CheckConstraint(name="estate_payment_above_zero", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.reference}"


class TransferRequest(models.Model):
    """A pension relation that is to move away, or a pension claimed at another place, while there is a loan.

    Blocked with what is owed until the loan is settled; released on the settlement certificate, named in `certificate`.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="transfers")
    kind = models.CharField(max_length=20, default="transfer")
    to_place = models.CharField(_("to"), max_length=100)
    requested_on = models.DateField(_("requested"))
    state = models.CharField(_("state"), max_length=12, default="blocked")
    owed_fen = models.BigIntegerField(_("owed"))
    reason_zh = models.CharField(max_length=200, blank=True)
    reason_en = models.CharField(max_length=200, blank=True)
    certificate = models.ForeignKey(SettlementCertificate, models.PROTECT, null=True, related_name="transfers")
    requested_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="transfer_request_known", condition=Q(kind__in=TRANSFER_KINDS, state__in=("blocked", "released", "dropped"))
            ),
            models.CheckConstraint(
                name="transfer_released_on_certificate",
                condition=~Q(state="released") | Q(owed_fen=0, certificate__isnull=False, released_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["loan", "kind"], condition=Q(state="blocked"), name="transfer_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.to_place}"


class CardChange(models.Model):
    """Another card account asked for while the loan is open; the present one stays in use until it is applied.

    The new number is sealed for its row. `decision`: why a named official allowed or refused what the rule blocks.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="card_changes")
    reason = models.CharField(_("reason"), max_length=10)
    told = models.CharField(_("in words"), max_length=300, blank=True)
    sealed = models.BinaryField()
    last_four = models.CharField(_("last four digits"), max_length=4)
    starts_on = models.DateField(_("from"))
    state = models.CharField(_("state"), max_length=12, default="pending")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(_("decision"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="card_change_known", condition=Q(reason__in=CARD_REASONS, state__in=("pending", "applied", "refused"))
            ),
            models.CheckConstraint(name="card_change_other_says_why", condition=~Q(reason="other") | ~Q(told="")),
            models.UniqueConstraint(fields=["loan"], condition=Q(state="pending"), name="card_change_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} *{self.last_four}"
