"""The names a parameter may have: what each means, its unit, the built-in table that holds it."""

from dataclasses import dataclass

from zhubao.language import Text

# Unit as written in a local file → (unit it is kept in, how many of the kept unit one of it is).
UNITS = {
    "fen": ("fen", 1),
    "分": ("fen", 1),
    "yuan": ("fen", 100),
    "元": ("fen", 100),
    "ppm": ("ppm", 1),
    "percent": ("ppm", 10_000),
    "%": ("ppm", 10_000),
    "times": ("ppm", 1_000_000),
    "倍": ("ppm", 1_000_000),
    "years": ("years", 1),
    "年": ("years", 1),
    "text": ("text", 1),
    "文本": ("text", 1),
}


@dataclass(frozen=True, slots=True)
class ParameterName:
    """One declared name. `table` is the built-in csv ("" when only local entries exist); `several` lets periods overlap."""

    name: str
    unit: str
    label: Text
    table: str = ""
    several: bool = False


def _declared(*names: ParameterName) -> dict[str, ParameterName]:
    return {name.name: name for name in names}


NAMES = _declared(
    ParameterName(
        "lowest_tier_monthly_fen", "fen", Text("灵活就业人员最低缴费档次（月）", "lowest flexible tier, a month"), "contribution"
    ),
    ParameterName(
        "lowest_tier_yearly_fen", "fen", Text("城乡居民最低缴费档次（年）", "lowest resident tier, a year"), "resident"
    ),
    ParameterName("tier_yearly_fen", "fen", Text("城乡居民缴费档次（年）", "resident tier, a year"), "resident", several=True),
    ParameterName(
        "calc_base_fen", "fen", Text("基本养老金计发基数（月）", "base for calculating pensions, a month"), "calc_base"
    ),
    ParameterName("floor_fen", "fen", Text("城镇居民最低生活保障标准（月）", "urban minimum-living standard, a month"), "floor"),
    ParameterName("lpr_1y_ppm", "ppm", Text("一年期贷款市场报价利率", "one-year loan prime rate"), "lpr"),
    ParameterName("lpr_5y_ppm", "ppm", Text("五年期以上贷款市场报价利率", "loan prime rate over five years"), "lpr"),
    ParameterName(
        "benchmark_ppm", "ppm", Text("贷款基准利率（五年以上）", "benchmark lending rate, over five years"), "benchmark"
    ),
    ParameterName(
        "benchmark_6m_ppm", "ppm", Text("贷款基准利率（六个月以内）", "benchmark lending rate, to six months"), "benchmark"
    ),
    ParameterName(
        "benchmark_1y_ppm", "ppm", Text("贷款基准利率（六个月至一年）", "benchmark lending rate, to one year"), "benchmark"
    ),
    ParameterName(
        "benchmark_3y_ppm", "ppm", Text("贷款基准利率（一至三年）", "benchmark lending rate, one to three years"), "benchmark"
    ),
    ParameterName(
        "benchmark_5y_ppm", "ppm", Text("贷款基准利率（三至五年）", "benchmark lending rate, three to five years"), "benchmark"
    ),
    ParameterName(
        "account_crediting_ppm", "ppm", Text("职工个人账户记账利率", "crediting rate of employee accounts"), "account_crediting"
    ),
    ParameterName(
        "resident_crediting_ppm", "ppm", Text("居民个人账户记账利率", "crediting rate of resident accounts"), "account_crediting"
    ),
    ParameterName(
        "basic_pension_fen", "fen", Text("城乡居民基础养老金标准（月）", "resident basic pension, a month"), "resident"
    ),
    ParameterName(
        "average_wage_fen",
        "fen",
        Text("全口径城镇单位就业人员平均工资（月）", "average wage of the base, a month"),
        "contribution",
    ),
    ParameterName(
        "statistical_wage_fen",
        "fen",
        Text("在岗职工平均工资（月）", "average wage of the statistical year, a month"),
        "contribution",
    ),
    ParameterName(
        "base_floor_fen", "fen", Text("缴费基数下限（月）", "lower limit of the contribution base, a month"), "contribution"
    ),
    ParameterName(
        "base_ceiling_fen", "fen", Text("缴费基数上限（月）", "upper limit of the contribution base, a month"), "contribution"
    ),
    ParameterName("base_floor_ratio_ppm", "ppm", Text("缴费基数下限比例", "lower limit as a share of the wage"), "contribution"),
    ParameterName(
        "base_ceiling_ratio_ppm", "ppm", Text("缴费基数上限比例", "upper limit as a share of the wage"), "contribution"
    ),
    ParameterName(
        "flexible_rate_ppm", "ppm", Text("灵活就业人员缴费比例", "contribution rate of flexible workers"), "contribution"
    ),
    ParameterName(
        "flexible_account_ppm", "ppm", Text("灵活就业人员计入个人账户比例", "part credited to the account"), "contribution"
    ),
    ParameterName("max_years_to_retirement", "years", Text("距法定退休年龄最长年数", "most years before the statutory age")),
    ParameterName("annual_cap_factor", "ppm", Text("年度贷款额度倍数", "multiple of the yearly loan cap")),
    ParameterName("borrower_deaths_ppm", "ppm", Text("借款人年死亡率（预算用）", "deaths of borrowers a year, for budgets")),
    ParameterName(
        "contribution_subsidy_fen", "fen", Text("每笔缴费补贴（预算用）", "contribution subsidy of a draw, for budgets")
    ),
    ParameterName("extra_categories", "text", Text("地方扩大的困难类别", "hardship categories added by the locality")),
)

SETTING_PREFIX = "setting."


def declared(name: str) -> ParameterName | None:
    """Return the declaration of `name`; any ``setting.<ID>`` of a known question or policy setting is text; None when unknown."""
    if name in NAMES:
        return NAMES[name]
    if name.startswith(SETTING_PREFIX):
        from .questions import questions, settings

        wanted = name.removeprefix(SETTING_PREFIX)
        if wanted in settings():
            return ParameterName(name, "text", settings()[wanted].label)
        if wanted in questions():
            return ParameterName(name, "text", questions()[wanted].question)
    return None
