"""A budget as a workbook and on paper, filled from its kept lines."""

from django.utils.timezone import localdate

from zhubao.documents.budgets import BudgetList, BudgetRow
from zhubao.oversight.budget.models import BudgetRun, Origin
from zhubao.oversight.budget.reckoning import COSTS, Item
from zhubao.oversight.budget.selectors import detailed, names_of, table_of, years_of
from zhubao.oversight.budget.words import ITEMS, PAYERS, assumed_words
from zhubao.policies import judge_of
from zhubao.policies.claims import implements


@implements("jx-5.2d", "rg-16", as_="feature")
def budget_list(run: BudgetRun, *, office: str, by_place: bool) -> BudgetList:
    """Return a budget that is reckoned as a list: place by place for the workbook, over all places for paper."""
    assert run.finished_at is not None, run
    names = names_of({run.region_code, *run.lines.order_by().values_list("region_code", flat=True).distinct()})
    region = names.get(run.region_code, run.region_code)
    if by_place:
        rows = [
            BudgetRow(
                names.get(line.region_code, line.region_code),
                _programme(line.policy_id),
                ITEMS[line.item].zh + ("（假设新增）" if line.origin == Origin.NEW else ""),
                PAYERS[line.payer].zh,
                fen,
                Item(line.item) in COSTS,
            )
            for line, fen in detailed(run)
        ]
    else:
        rows = [
            BudgetRow(
                region, _programme(row.policy_id), ITEMS[row.item].zh, PAYERS[row.payer].zh, row.fen, Item(row.item) in COSTS
            )
            for row in table_of(run)
        ]
    years = years_of(run)
    first = f"{years[0]}年" if run.as_of.month == 12 else f"{years[0]}年{run.as_of.month + 1}月起"
    assumed = "；".join(text.zh for text in assumed_words(run))
    return BudgetList(
        date=localdate(run.finished_at),
        number=run.number,
        office=office,
        heading=f"助保贷款贴息与托底预算测算表（{region}）",
        below=f"截至 {run.as_of}　存量贷款 {run.loans} 笔　{assumed}　合计为财政支出，不含放款和清单申报",
        years=(first, *(f"{year}年" for year in years[1:])),
        rows=tuple(rows),
    )


def _programme(policy_id: str) -> str:
    return judge_of(policy_id).policy.title.zh
