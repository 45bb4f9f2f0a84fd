"""What the figures of a budget are called, on pages, workbooks and paper."""

from zhubao.language import Text

from .models import BudgetRun
from .reckoning import Item, Payer

ITEMS: dict[str, Text] = {
    Item.TRANCHE: Text("预计放款", "draws expected"),
    Item.INTEREST: Text("财政贴息", "interest subsidy"),
    Item.CLAIM: Text("贴息清单申报", "asked for by claim lists"),
    Item.BACKSTOP: Text("托底代偿", "backstop after deaths"),
    Item.SUBSIDY: Text("缴费补贴", "contribution subsidy"),
}
PAYERS: dict[str, Text] = {
    Payer.BANK: Text("合作银行", "bank"),
    Payer.COUNTY: Text("参保地财政", "finance of the insured place"),
    Payer.SUPERIOR: Text("上级财政", "higher level of finance"),
}


def assumed_words(run: BudgetRun) -> list[Text]:
    """Return in words what a budget assumes beside the loans on record; what is not assumed is said too."""
    said = []
    if run.growth_ppm:
        said.append(Text(f"缴费档次年增 {_percent(run.growth_ppm)}", f"tiers grow by {_percent(run.growth_ppm)} a year"))
    rates = list(run.rates.all())
    if rates:
        path_zh = "、".join(f"{rate.starts_on} 起 {_percent(rate.ppm)}" for rate in rates)
        path_en = ", ".join(f"{_percent(rate.ppm)} from {rate.starts_on}" for rate in rates)
        said.append(Text(f"公布利率设为：{path_zh}", f"published rates: {path_en}"))
    elif run.rate_shift_ppm:
        points = f"{run.rate_shift_ppm // 100:+d}"
        said.append(Text(f"公布利率 {points} 个基点", f"published rates {points} basis points"))
    if run.losing_ppm or run.regaining_ppm:
        said.append(
            Text(
                f"每年 {_percent(run.losing_ppm)} 失去、{_percent(run.regaining_ppm)} 取得困难身份",
                f"{_percent(run.losing_ppm)} lose and {_percent(run.regaining_ppm)} gain the status a year",
            )
        )
    if run.deaths_ppm is None:
        said.append(Text("未假设死亡，托底不计", "no deaths assumed: no backstop"))
    else:
        covered = Text(
            f"，账户可偿付放款的 {_percent(run.account_share_ppm)}",
            f", accounts cover {_percent(run.account_share_ppm)} of the draws",
        )
        said.append(
            Text(
                f"假设每年死亡 {_percent(run.deaths_ppm)}（{run.deaths_source}）{covered.zh}",
                f"{_percent(run.deaths_ppm)} assumed to die a year ({run.deaths_source}){covered.en}",
            )
        )
    if run.superior_share_ppm:
        said.append(
            Text(
                f"上级财政承担 {_percent(run.superior_share_ppm)}", f"{_percent(run.superior_share_ppm)} borne by a higher level"
            )
        )
    if run.subsidy_fen is not None:
        yuan = f"{run.subsidy_fen // 100:,}.{run.subsidy_fen % 100:02}"
        said.append(Text(f"缴费补贴每笔 {yuan} 元", f"contribution subsidy of {yuan} yuan a draw"))
    if run.new_loans is not None:
        yuan = f"{(run.new_yearly_fen or 0) // 100:,}.{(run.new_yearly_fen or 0) % 100:02}"
        said.append(
            Text(
                f"{run.new_from_year} 年起每年新增 {run.new_loans} 笔，距领取 {run.new_months} 个月，每年 {yuan} 元，"
                f"{_percent(run.new_certified_ppm or 0)} 为困难对象",
                f"from {run.new_from_year} on {run.new_loans} new loans a year, {run.new_months} months before the pension, "
                f"{yuan} yuan a year, {_percent(run.new_certified_ppm or 0)} certified",
            )
        )
    return said


def _percent(ppm: int) -> str:
    whole, rest = divmod(abs(ppm), 10_000)
    return f"{'-' if ppm < 0 else ''}{whole}.{rest:04}".rstrip("0").rstrip(".") + "%"
