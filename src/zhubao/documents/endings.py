"""Papers of a loan's end: what pays it off on a day, the settlement certificate, the sheet after a death, the letter to who is left."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from .amounts import amount_in_words, amount_in_yuan
from .sheets import Party, Section, field_row, sheet, ticked
from .typesetting import Printable, PrintedForm
from .wording import chinese_date


@dataclass(frozen=True, kw_only=True)
class PayoffSheet(PrintedForm):
    """What a borrower pays on `valid_on` to be free of the debt, fen; of use on that day only.

    `government_fen` is None in a programme in which finance bears no interest.
    """

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "助保贷款提前结清金额单"
    version: ClassVar[str] = "1"

    loan_number: str
    borrower: str
    citizen_number: str
    bank: str
    valid_on: date
    principal_fen: int
    interest_fen: int
    government_fen: int | None

    def content(self) -> dict[str, Printable]:
        """Return the sum in its parts, and what holds for it."""
        borne = "" if self.government_fen is None else f"{_yuan(self.government_fen)}（不向借款人收取）"
        return sheet(
            "提前结清金额单",
            [
                field_row(("贷款编号", self.loan_number), ("贷款银行", self.bank)),
                field_row(("借款人", self.borrower), ("身份证号", self.citizen_number)),
                field_row(("还款日（仅当日有效）", chinese_date(self.valid_on))),
                field_row(("应还本金", _yuan(self.principal_fen)), ("应还利息", _yuan(self.interest_fen))),
                field_row(("应还合计", _yuan_and_words(self.principal_fen + self.interest_fen))),
                *([field_row(("财政负担的未结利息", borne))] if borne else []),
            ],
            date_label="出具日期",
            sections=(
                Section(
                    "说明",
                    paragraphs=(
                        "利息按实际使用天数和约定利率计算，计至还款日，除本金和利息外不收任何费用。",
                        "当日未还的，请重新申请计算；还清后由银行出具结清证明，尚未发放的贷款不再发放。",
                    ),
                    numbered=True,
                ),
            ),
            parties=(Party("借款人", self.borrower), Party("贷款银行", self.bank, sealed=True)),
        )


@dataclass(frozen=True, kw_only=True)
class SettlementCertificateSheet(PrintedForm):
    """The bank's word that principal and interest are repaid."""

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "助保贷款结清证明"
    version: ClassVar[str] = "1"

    loan_number: str
    programme: str
    borrower: str
    citizen_number: str
    bank: str
    signed: date
    lent_fen: int
    settled: date

    def content(self) -> dict[str, Printable]:
        """Return the loan and the certification."""
        return sheet(
            "助保贷款结清证明",
            [
                field_row(("借款人", self.borrower), ("身份证号", self.citizen_number)),
                field_row(("贷款编号", self.loan_number), ("签约日期", chinese_date(self.signed))),
                field_row(("适用项目", self.programme)),
                field_row(("累计发放", _yuan_and_words(self.lent_fen))),
                field_row(("结清日期", chinese_date(self.settled))),
            ],
            date_label="出具日期",
            sections=(
                Section(
                    "证明事项",
                    paragraphs=(
                        f"上述贷款的本金和利息已于{chinese_date(self.settled)}全部还清，借款人对本行不再负有本笔贷款的债务。",
                        "凭本证明可以办理养老保险关系转移。",
                    ),
                ),
            ),
            parties=(Party("贷款银行", self.bank, sealed=True),),
        )


@dataclass(frozen=True, kw_only=True)
class DeathSheet(PrintedForm):
    """Who pays a dead borrower's debt, fen; amounts as fixed. `basis`: articles in our words; `undertaking`: what the borrower agreed to.

    `claimed_on` names on whom the bank claims what nobody pays; `provisional`: that rests on a default not confirmed yet.
    """

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "助保贷款身故清偿单"
    version: ClassVar[str] = "1"

    loan_number: str
    programme: str
    borrower: str
    citizen_number: str
    bank: str
    agency: str
    died: date
    proof: str
    account_fen: int
    account_source: str
    loan_formed_fen: int | None
    debt_fen: int
    from_account_fen: int
    finance_fen: int
    bank_fen: int
    unrecovered_fen: int
    heirs_fen: int
    returned_fen: int
    claimed_on: str
    fault: str
    provisional: str
    basis: tuple[str, ...]
    checks: tuple[str, ...]
    with_finance: bool

    def content(self) -> dict[str, Printable]:
        """Return debt, payers, basis and check-list."""
        formed = [] if self.loan_formed_fen is None else [field_row(("其中贷款形成部分", _yuan(self.loan_formed_fen)))]
        finance = [("财政代偿", _yuan(self.finance_fen))] if self.with_finance else []
        rest = f"{_yuan(self.unrecovered_fen)}（向{self.claimed_on}追偿）" if self.unrecovered_fen else _yuan(0)
        return sheet(
            "助保贷款身故清偿单",
            [
                field_row(("借款人", self.borrower), ("身份证号", self.citizen_number)),
                field_row(("贷款编号", self.loan_number), ("适用项目", self.programme)),
                field_row(("身故停息日", chinese_date(self.died)), ("死亡证明", self.proof)),
                field_row(("身故日欠款本息", _yuan_and_words(self.debt_fen))),
                field_row(("个人账户余额", _yuan(self.account_fen)), ("余额来源", self.account_source)),
                *formed,
                field_row(("个人账户清偿", _yuan(self.from_account_fen)), *finance),
                field_row(("银行自担", _yuan(self.bank_fen)), ("未受偿", rest)),
                field_row(("账户余额归继承人", _yuan(self.heirs_fen)), ("身故后扣款退回", _yuan(self.returned_fen))),
            ],
            date_label="核定日期",
            sections=(
                Section("依据", paragraphs=self.basis, numbered=True),
                Section("清单", paragraphs=self.checks, numbered=True),
                *((Section("认定", paragraphs=(self.fault,)),) if self.fault else ()),
                *((Section("待确认", paragraphs=(self.provisional,)),) if self.provisional else ()),
            ),
            parties=(
                Party("经办机构", self.agency, sealed=True),
                *((Party("财政部门", sealed=True),) if self.finance_fen or self.fault else ()),
                Party("贷款银行", self.bank, sealed=True),
            ),
        )


@dataclass(frozen=True, kw_only=True)
class LetterAfterDeath(PrintedForm):
    """What heirs, a co-borrower or a guarantor are told of a dead borrower's loan, fen.

    `citizen_number`: the borrower's, masked; the number of whoever the letter goes to does not stand in it.
    """

    template: ClassVar[str] = "decision.typ"
    kind: ClassVar[str] = "助保贷款身故清偿告知书"
    version: ClassVar[str] = "1"

    addressee: str
    borrower: str
    citizen_number: str
    loan_number: str
    died: date
    debt_fen: int
    from_account_fen: int
    others_fen: int
    claim_fen: int
    heirs_fen: int
    returned_fen: int
    office: str

    def content(self) -> dict[str, Printable]:
        """Return what was owed, who paid, what is left to pay or to receive."""
        left = (
            f"尚有 {_yuan_and_words(self.claim_fen)} 未受偿，由贷款银行依法向您追偿，请与贷款银行联系。利息已停止计算，不再增加。"
            if self.claim_fen
            else "债务已有各方负担，您不需要为这笔贷款付款。"
        )
        others = f"，其他方负担 {_yuan(self.others_fen)}" if self.others_fen else ""
        heirs = f"账户余下的 {_yuan(self.heirs_fen)} 归继承人。" if self.heirs_fen else ""
        back = f"身故后误扣的 {_yuan(self.returned_fen)} 退回其社会保障卡账户。" if self.returned_fen else ""
        return {
            "title": "身故清偿告知书",
            "addressee": self.addressee,
            "citizen_number": "",
            "paragraphs": [
                f"{self.borrower}（身份证号 {self.citizen_number}）于{chinese_date(self.died)}去世。"
                f"其助保贷款（编号 {self.loan_number}）自该日起停止计息，当日欠本息合计 {_yuan(self.debt_fen)}。",
                f"按规定先以其养老保险个人账户余额清偿 {_yuan(self.from_account_fen)}{others}。{heirs}{back}",
                left,
                "对以上金额有异议的，可在收到之日起向经办机构书面提出。",
            ],
            "office": self.office,
            "delivery": ticked((("当面送达", False), ("邮寄送达", False), ("留置送达", False))),
        }


def _yuan(fen: int) -> str:
    return f"{amount_in_yuan(fen)} 元"


def _yuan_and_words(fen: int) -> str:
    return f"{_yuan(fen)}（人民币{amount_in_words(fen)}）"
