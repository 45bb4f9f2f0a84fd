"""Jiangxi's application sheet: what window and online channels ask, and the agency's two decisions."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from .amounts import amount_in_words, amount_in_yuan
from .sheets import Party, Seal, Section, field_row, sheet
from .typesetting import Printable, PrintedForm
from .wording import chinese_month, length_in_words

HARDSHIPS = {
    "urban_destitute": "城镇特困人员",
    "urban_dibao": "城镇低保对象",
    "urban_expenditure_poor": "城镇支出型贫困家庭",
    "urban_low_income": "城镇低收入家庭",
    "registered_poor": "建档立卡贫困户",
    "laid_off_soe_collective": "国有、集体企业下岗失业人员",
}
"""The kinds whose interest finance subsidises, in the order of section 1 (2); none ticked means an ordinary borrower."""

CHANNELS = {"window": "经办窗口", "platform": "人社服务平台", "app": "“江西人社”客户端", "ganfutong": "“赣服通”"}

_DECLARATION = (
    "本人目前无力缴纳企业职工基本养老保险费，自愿申请助保贷款，贷款只用于缴纳本人的养老保险费。",
    "本人填写的内容属实，同意经办机构向有关部门核对本人的参保、困难身份等信息，并把办理贷款所需的信息提供给合作银行。",
    "贷款须在本人社会保障卡金融账户所在银行办理；贷款还清之前，该账户原则上不变更。",
)


@dataclass(frozen=True, kw_only=True)
class JiangxiApplication(PrintedForm):
    """The application sheet. Months are any day of that month; None and "" leave room; the two decisions stand apart."""

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "企业职工基本养老保险助保贷款申请表"
    version: ClassVar[str] = "1"

    name: str
    sex: Literal["男", "女"]
    born: date
    citizen_number: str
    phone: str
    household_place: str
    insured_place: str
    address: str
    paid_months: int | None
    last_paid_month: date | None
    pension_month: date | None
    months_left: int | None
    first_pension_fen: int | None
    need_fen: int | None
    card_bank: str
    card_account: str
    channel: str
    hardships: frozenset[str] = frozenset()
    signed: date | None = None
    office: str = ""
    loan_qualified: bool | None = None
    subsidy_qualified: bool | None = None
    reasons: tuple[str, ...] = ()
    handler: str = ""
    decided: date | None = None

    def content(self) -> dict[str, Printable]:
        """Return the fields in the order of the sheet."""
        need = "" if self.need_fen is None else f"{amount_in_yuan(self.need_fen)} 元（人民币{amount_in_words(self.need_fen)}）"
        return sheet(
            "企业职工基本养老保险助保贷款申请表",
            [
                field_row(("姓名", self.name), ("性别", self.sex)),
                field_row(("出生年月", chinese_month(self.born)), ("身份证号", self.citizen_number)),
                field_row(("户籍所在地", self.household_place), ("联系电话", self.phone)),
                field_row(("居住地址", self.address)),
                field_row(("参保地", self.insured_place), ("参保身份", "灵活就业人员")),
                field_row(
                    ("累计缴费", "" if self.paid_months is None else length_in_words(self.paid_months)),
                    ("最后缴费年月", chinese_month(self.last_paid_month)),
                ),
                field_row(
                    ("预计领取年月", chinese_month(self.pension_month)),
                    ("尚需缴费月数", "" if self.months_left is None else f"{self.months_left} 个月"),
                ),
                field_row(
                    ("首月养老金测算", "" if self.first_pension_fen is None else f"{amount_in_yuan(self.first_pension_fen)} 元"),
                    ("申请渠道", CHANNELS.get(self.channel, self.channel)),
                ),
                field_row(("贷款需求", need)),
                field_row(("社会保障卡银行", self.card_bank), ("金融账户账号", self.card_account)),
            ],
            sections=(
                Section("困难身份", choices=tuple((name, key in self.hardships) for key, name in HARDSHIPS.items())),
                Section("申请声明", paragraphs=_DECLARATION, numbered=True),
                Section(
                    "贷款资格",
                    choices=(("符合", self.loan_qualified is True), ("不符合", self.loan_qualified is False)),
                ),
                Section(
                    "贴息资格",
                    choices=(
                        ("财政贴息", self.subsidy_qualified is True),
                        ("不贴息", self.subsidy_qualified is False),
                        ("待核验", self.loan_qualified is not None and self.subsidy_qualified is None),
                    ),
                ),
                Section(
                    "经办机构意见",
                    paragraphs=self.reasons,
                    seal=Seal(self.office, "经办人签字", self.handler, self.decided),
                ),
            ),
            parties=(Party("申请人", signed=self.signed),),
            notes=("贷款资格与贴息资格分别认定；暂不能认定贴息资格的，不影响办理贷款。",),
        )
