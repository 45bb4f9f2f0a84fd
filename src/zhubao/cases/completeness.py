"""What an application still lacks before it can be handed in, in plain words, with the page or desk where it is given."""

from dataclasses import dataclass
from datetime import date

from zhubao.language import Text
from zhubao.workflow import CITIZEN

from .models import Application, Case


@dataclass(frozen=True)
class Lack:
    """One thing still missing: the field it goes into, and what to say about it."""

    field: str
    label: Text


INABILITY = Lack("inability_declared_on", Text("无力缴费声明", "the declaration that you cannot pay"))
TRUTH = Lack("truth_declared_on", Text("情况属实的承诺", "the declaration that all is true"))
SHARING = Lack("sharing_agreed_on", Text("同意有关部门和银行核对信息", "your agreement that offices and the bank compare data"))
SIGNATURE = Lack("signed_on", Text("本人签字", "your signature"))
PHONE = Lack("phone", Text("联系电话", "a telephone number"))
CATEGORY = Lack("category", Text("困难类型", "your kind of hardship"))
COMMITTEE = Lack("committee", Text("居住地的社区（村）", "the committee where you live"))
BANK = Lack("bank", Text("办理贷款的银行", "the bank you apply to"))
YEARS = Lack("years_asked", Text("贷款年数", "the number of years"))
TIER = Lack("tier_fen", Text("缴费档次", "the contribution tier"))

WANTED: dict[str, tuple[Lack, ...]] = {
    "jiangxi-2020-7": (PHONE, INABILITY, TRUTH, SHARING, SIGNATURE),
    "rugao-draft": (PHONE, CATEGORY, COMMITTEE, INABILITY, TRUTH, SHARING, SIGNATURE),
    "tongling-2022-13": (PHONE, BANK, TIER, YEARS, TRUTH, SHARING, SIGNATURE),
}


def lacking(case: Case, application: Application) -> list[Lack]:
    """Return what is missing, in the order of the form."""
    return [lack for lack in WANTED[case.policy_id] if not _given(case, application, lack.field)]


def ready(case: Case, application: Application) -> bool:
    """Tell whether everything is there."""
    return not lacking(case, application)


def _given(case: Case, application: Application, field: str) -> bool:
    if field == "committee":
        return case.committee_id is not None
    if field == "bank":
        return case.bank_id is not None or application.bank_wanted_id is not None
    value: date | str | int | None = getattr(application, field)
    return value not in (None, "")


def where_to_bring(case: Case, role: str = CITIZEN) -> Text:
    """Return where papers are brought: the committee, the agency or the bank that receives the application."""
    office = case.committee or case.agency or case.bank
    if office is None:
        return Text("参保地经办机构窗口", "the counter of your agency")
    return Text(office.name, office.name)
