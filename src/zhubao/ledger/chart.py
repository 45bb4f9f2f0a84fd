"""Whose books there are, and the accounts each of them keeps. Pure: no database."""

from enum import StrEnum

from zhubao.errors import ZhubaoError
from zhubao.language import Text


class Party(StrEnum):
    """A kind of party that keeps books; which office or person it is stands beside it in a posting."""

    BANK = "bank"
    BORROWER = "borrower"
    AGENCY = "agency"
    FUND = "fund"
    TAX = "tax"
    FINANCE = "finance"
    DEPARTMENT = "department"
    PERSON = "person"
    SPONSOR = "sponsor"


PARTIES: dict[Party, Text] = {
    Party.BANK: Text("银行", "bank"),
    Party.BORROWER: Text("借款人", "borrower"),
    Party.AGENCY: Text("经办机构", "agency"),
    Party.FUND: Text("养老保险基金", "pension fund"),
    Party.TAX: Text("税务部门", "tax"),
    Party.FINANCE: Text("财政", "finance"),
    Party.DEPARTMENT: Text("主管部门", "department"),
    Party.PERSON: Text("参保人", "insured person"),
    Party.SPONSOR: Text("资助方", "sponsor"),
}

# Party → account → its name. An account that is not here cannot be posted to.
CHART: dict[Party, dict[str, Text]] = {
    Party.BANK: {
        "loan_principal": Text("应收贷款本金", "loans receivable"),
        "card_deposit": Text("社保卡账户存款", "deposits on card accounts"),
        "settlement": Text("资金清算", "settlement"),
        "interest_receivable_borrower": Text("应收借款人利息", "interest receivable from borrowers"),
        "interest_receivable_government": Text("应收财政贴息", "interest receivable from finance"),
        "interest_income": Text("利息收入", "interest income"),
        "receivable_estate": Text("应收遗产、共同借款人或担保人款", "claims on estates, co-borrowers and guarantors"),
        "bank_loss": Text("银行自担损失", "losses the bank bears itself"),
        "returnable_deductions": Text("应退多扣款", "deductions to be returned"),
    },
    Party.BORROWER: {
        "card_deposit": Text("社保卡账户存款", "deposit on the card account"),
        "loan_payable": Text("应还贷款本金", "loan payable"),
        "contribution": Text("养老保险缴费", "pension contributions"),
        "interest_expense": Text("利息支出", "interest expense"),
        "interest_payable": Text("应付利息", "interest payable"),
        "own_money": Text("自有资金", "own money"),
        "debt_taken_over": Text("由他方清偿的债务", "debt paid by others"),
        "returnable_deductions": Text("应收退回扣款", "deductions to come back"),
        "recovery_loss": Text("被追回的贴息", "subsidy recovered from the borrower"),
        "recovery_payable": Text("应退贴息", "subsidy to be returned"),
    },
    Party.AGENCY: {
        "account_memo": Text("个人账户登记", "personal accounts, memorandum"),
        "account_memo_loan": Text("个人账户：贷款缴入", "personal accounts: paid in by loan"),
        "account_memo_subsidy": Text("个人账户：缴费补贴", "personal accounts: contribution subsidy"),
        "personal_account_liability": Text("个人账户应付款", "owed on personal accounts"),
        "cash": Text("银行存款", "cash at bank"),
    },
    Party.FUND: {
        "income_account": Text("基金收入户", "fund income account"),
        "contribution_income": Text("保险费收入", "contribution income"),
        "collection_account": Text("居民养老征缴专户", "residents' collection account"),
        "contributions": Text("居民养老缴费", "residents' contributions"),
        "subsidy_receivable": Text("应收缴费补贴", "contribution subsidy receivable"),
        "subsidy_income": Text("缴费补贴收入", "contribution subsidy income"),
        "pending_account": Text("待缴账户存款", "pending-remittance account"),
        "pending_contributions": Text("待确认代缴款", "contributions on behalf, pending"),
        "contributions_receivable": Text("应收代缴款", "contributions on behalf receivable"),
        "interest_cost": Text("个人账户计息支出", "interest on personal accounts"),
        "personal_account_liability": Text("个人账户应付款", "owed on personal accounts"),
        "entrusted_assets": Text("委托投资资产", "entrusted assets"),
        "fund_cash": Text("基金存款", "fund cash"),
        "benefit_expense": Text("养老金支出", "benefits paid"),
        "transfer_clearing": Text("关系转移清算", "transfers between schemes and places"),
    },
    Party.TAX: {
        "collection_account": Text("税务代收专户", "tax collection account"),
        "contributions_collected": Text("代收保险费", "contributions collected"),
    },
    Party.FINANCE: {
        "interest_subsidy_expense": Text("贷款贴息支出", "interest subsidy expense"),
        "interest_subsidy_payable": Text("应付贷款贴息", "interest subsidy payable"),
        "interest_subsidy_commitment": Text("贴息承诺登记", "interest subsidy committed, memorandum"),
        "interest_subsidy_commitment_contra": Text("贴息承诺对应登记", "counter-entry of interest subsidy committed"),
        "subsidy_recovery_receivable": Text("应收追回贴息", "subsidy to be recovered"),
        "contribution_subsidy_expense": Text("缴费补贴支出", "contribution subsidy expense"),
        "backstop_expense": Text("兜底代偿支出", "backstop expense"),
        "treasury_cash": Text("国库存款", "treasury cash"),
        "assistance_expense": Text("代缴资助支出", "contributions on behalf, expense"),
        "assistance_appropriation": Text("代缴资金拨款", "appropriation for contributions on behalf"),
    },
    Party.DEPARTMENT: {
        "assistance_expense": Text("代缴资助支出", "contributions on behalf, expense"),
        "fiscal_appropriation": Text("财政拨款", "fiscal appropriation"),
        "cash": Text("银行存款", "cash at bank"),
    },
    Party.PERSON: {
        "contribution": Text("养老保险缴费", "pension contributions"),
        "cash": Text("自有资金", "own money"),
    },
    Party.SPONSOR: {
        "donation": Text("资助缴费支出", "contributions sponsored"),
        "cash": Text("银行存款", "cash at bank"),
    },
}


def require_account(party: str, account: str) -> None:
    """Raise E-LEDGER-ACCOUNT unless the party keeps an account of this name."""
    if party not in CHART or account not in CHART[Party(party)]:
        raise ZhubaoError("E-LEDGER-ACCOUNT", Text("没有这个账户", "there is no such account"), place=f"{party}/{account}")


def account_name(party: str, account: str) -> Text:
    """Return the name of an account in words; E-LEDGER-ACCOUNT where there is none."""
    require_account(party, account)
    return CHART[Party(party)][account]
