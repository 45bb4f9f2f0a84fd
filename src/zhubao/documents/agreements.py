"""Sheets signed with the bank: the summary of a loan agreement, and the confirmation of one draw."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from .amounts import amount_in_words, amount_in_yuan
from .sheets import Party, Section, field_row, sheet
from .typesetting import Printable, PrintedForm
from .wording import chinese_date, percent

SUBSIDY_TERM = "领取养老金之前，符合贴息条件的利息由财政负担；自开始领取养老金之日起，利息由借款人承担。"
STANDARD_TERMS = (
    "贷款只用于缴纳借款人本人的基本养老保险费，不得提取现金或改作他用。",
    SUBSIDY_TERM,
    "自领取养老金首月起，由银行从养老金账户按约定金额扣划还款，扣划受本表所列限额约束。",
    "借款人可随时提前归还部分或全部贷款，利息按实际天数计算，不另收费用。",
    "借款人身故的，先以养老保险个人账户余额归还，不足部分按所在项目的规定处理。",
)
"""Common ground of the programmes in our words; an office hands in its own terms where its programme differs."""


@dataclass(frozen=True, kw_only=True)
class LoanAgreementSummary(PrintedForm):
    """What both sides agreed, on one sheet: amounts in fen, `rate_ppm` a year, `years` whole years of disbursement.

    `limit` says in words what bounds a deduction (half the pension, or the minimum living standard left over);
    `co_borrower` and `guarantor` are printed where the programme asks for one; `subsidised` is None where it knows no interest subsidy,
    and the sheet then says nothing of one.
    """

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "助保贷款协议要点"
    version: ClassVar[str] = "1"

    programme: str
    borrower: str
    citizen_number: str
    phone: str
    address: str
    bank: str
    card_account: str
    need_fen: int
    amount_fen: int
    years: int
    disbursement: str
    rate_ppm: int
    rate_basis: str
    day_count: str
    method: str
    instalment_fen: int | None
    limit: str
    subsidised: bool | None
    co_borrower: str = ""
    guarantor: str = ""
    terms: tuple[str, ...] = STANDARD_TERMS
    signed: date | None = None

    def content(self) -> dict[str, Printable]:
        """Return the agreed figures, the terms and the parties."""
        instalment = "按领取养老金时商定" if self.instalment_fen is None else f"每月 {amount_in_yuan(self.instalment_fen)} 元"
        days = ("计息天数", self.day_count)
        subsidy = ("贴息", "领取养老金前由财政贴息" if self.subsidised else "不享受贴息")
        known = self.subsidised is not None
        others = [field_row(("共同借款人", self.co_borrower), ("担保人", self.guarantor))]
        return sheet(
            "助保贷款协议要点",
            [
                field_row(("适用项目", self.programme)),
                field_row(("借款人", self.borrower), ("身份证号", self.citizen_number)),
                field_row(("联系电话", self.phone), ("社会保障卡账户", self.card_account)),
                field_row(("地址", self.address)),
                *(others if self.co_borrower or self.guarantor else []),
                field_row(("贷款银行", self.bank)),
                field_row(("贷款需求", _yuan_and_words(self.need_fen))),
                field_row(("贷款额度", _yuan_and_words(self.amount_fen))),
                field_row(("发放年限", f"{self.years} 年"), ("发放方式", self.disbursement)),
                field_row(("年利率", percent(self.rate_ppm)), ("利率依据", self.rate_basis)),
                field_row(days, subsidy) if known else field_row(days),
                field_row(("还款方式", self.method), ("还款额度", instalment)),
                field_row(("扣划限额", self.limit)),
            ],
            date_label="签订日期",
            sections=(
                Section(
                    "主要约定", paragraphs=tuple(each for each in self.terms if known or each != SUBSIDY_TERM), numbered=True
                ),
            ),
            parties=(
                Party("借款人", self.borrower, signed=self.signed),
                *((Party("共同借款人", self.co_borrower, signed=self.signed),) if self.co_borrower else ()),
                *((Party("担保人", self.guarantor, signed=self.signed),) if self.guarantor else ()),
                Party("贷款银行", self.bank, sealed=True, signed=self.signed),
            ),
        )


@dataclass(frozen=True, kw_only=True)
class DrawConfirmation(PrintedForm):
    """The borrower's word on one draw: `amount_fen` lent for `months` of `year`, at most `cap_fen` (the year's contribution)."""

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "助保贷款放款确认书"
    version: ClassVar[str] = "1"

    loan_number: str
    borrower: str
    citizen_number: str
    year: int
    sequence: int
    months: int
    cap_fen: int
    amount_fen: int
    rate_ppm: int
    payee: str
    payee_account: str
    bank: str
    drawn: date
    receipt_number: str = ""

    def content(self) -> dict[str, Printable]:
        """Return the draw, where the money goes, and who confirms."""
        return sheet(
            "助保贷款放款确认书",
            [
                field_row(("贷款编号", self.loan_number), ("放款次序", f"第 {self.sequence} 次")),
                field_row(("借款人", self.borrower), ("身份证号", self.citizen_number)),
                field_row(("缴费年度", f"{self.year} 年"), ("缴费月数", f"{self.months} 个月")),
                field_row(("核定缴费金额", f"{amount_in_yuan(self.cap_fen)} 元"), ("年利率", percent(self.rate_ppm))),
                field_row(("本次放款金额", _yuan_and_words(self.amount_fen))),
                field_row(("收款账户名称", self.payee), ("收款账号", self.payee_account)),
                field_row(("放款日期", chinese_date(self.drawn)), ("缴费凭证号", self.receipt_number)),
            ],
            date_label="确认日期",
            sections=(
                Section(
                    "借款人确认",
                    paragraphs=(
                        "本人确认上述金额、年度和收款账户无误，同意按本确认书放款并缴纳本人的养老保险费。",
                        "本次贷款自放款当日起计息。",
                    ),
                ),
            ),
            parties=(Party("借款人", self.borrower), Party("银行经办人"), Party("贷款银行", self.bank, sealed=True)),
        )


def _yuan_and_words(fen: int) -> str:
    return f"{amount_in_yuan(fen)} 元（人民币{amount_in_words(fen)}）"
