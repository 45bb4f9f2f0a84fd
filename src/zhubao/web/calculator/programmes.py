"""What the public pages say of each document: which questions are asked, and the clause behind every statement."""

from dataclasses import dataclass

from zhubao.language import Text


@dataclass(frozen=True)
class LoanPage:
    """One loan document. `statements` are what the result says in general, each with the clause it rests on.

    `reasons` name the clause behind each row of `why`; a reason without one rests on the law of pensions. `figures` are the
    parameters shown with their source.
    """

    id: str
    title: Text
    place: Text
    area_code: str
    asks_hardship: bool
    resident: bool
    statements: tuple[tuple[str, Text], ...]
    reasons: dict[str, str]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class OnBehalfPage:
    """One document on contributions on behalf. `asks` are the flags a person may have to answer for."""

    id: str
    title: Text
    place: Text
    area_code: str
    asks: tuple[str, ...]
    elsewhere: bool


_OWN = ("lowest_tier_monthly_fen", "calc_base_fen", "account_crediting_ppm")

LOANS = {
    page.id: page
    for page in (
        LoanPage(
            "jiangxi-2020-7",
            Text("江西 · 困难人员助保贷款", "Jiangxi · contribution loan"),
            Text("江西省", "Jiangxi"),
            "360000",
            True,
            False,
            (
                ("jx-2.3b", Text("每年最多贷当年最低档的缴费", "a year's loan is at most the year's lowest tier")),
                (
                    "jx-2.4b",
                    Text(
                        "困难助保对象：领养老金之前的利息由财政补", "in hardship: the state bears the interest before the pension"
                    ),
                ),
                ("jx-2.4d", Text("非困难人员：利息全由自己付", "not in hardship: all interest is the borrower's")),
                ("jx-3.2a", Text("从第一个月养老金起，每月从账户扣款", "deducted each month, from the first pension on")),
                (
                    "jx-3.2c",
                    Text("扣完后剩下的不能少于城镇低保标准", "what is left may not be below the urban minimum-living standard"),
                ),
                ("jx-3.3b", Text("可以提前还，只算实际天数的利息", "early repayment is free; interest counts actual days")),
                ("jx-3.4a", Text("贷款人去世：先用个人账户余额还", "after a death the personal account repays first")),
            ),
            {"enough_months": "jx-1.1d", "covers_interest": "jx-3.2c"},
            (*_OWN, "lpr_1y_ppm", "floor_fen"),
        ),
        LoanPage(
            "rugao-draft",
            Text("如皋 · “阳光扶贫”助保贷款（征求意见稿）", "Rugao · “sunshine” contribution loan (draft)"),
            Text("如皋市", "Rugao"),
            "320682",
            False,
            False,
            (
                ("rg-8a", Text("按本市灵活就业最低档贷", "lent at the city's lowest tier for flexible workers")),
                ("rg-5b", Text("原有的加上贷款缴的，合计不超过 15 年", "months paid and lent together are at most 15 years")),
                ("rg-13a", Text("领养老金之前的利息由政府出", "the government bears the interest before the pension")),
                (
                    "rg-13b",
                    Text("领养老金之后的本金和利息由自己还", "from the pension on principal and interest are the borrower's"),
                ),
                ("rg-14.1a", Text("每月最多扣养老金的一半", "at most half the pension is deducted each month")),
                ("rg-9c", Text("领养老金后最多还 10 年", "repaid within ten years of the first pension")),
                ("rg-14.2b", Text("可以提前还，不收手续费", "early repayment costs no fee")),
                (
                    "rg-15.2",
                    Text("去世：先用余额还，不够的财政补足", "after a death the balance repays, the state makes up the rest"),
                ),
            ),
            {"enough_months": "rg-4.0e", "covers_interest": "rg-14.1a", "ends_in_term": "rg-9c"},
            (*_OWN, "benchmark_ppm"),
        ),
        LoanPage(
            "tongling-2022-13",
            Text("铜陵 · 居民养老保险助保贷款", "Tongling · residents' contribution loan"),
            Text("铜陵市", "Tongling"),
            "340700",
            False,
            True,
            (
                ("tl-3.1b", Text("至少一名子女共同借款", "at least one child borrows jointly")),
                ("tl-3.1c", Text("没有子女的要有一名担保人", "without children a guarantor is needed")),
                ("tl-3.3b", Text("利率不超过同期基准利率", "the rate is at most the benchmark")),
                ("tl-4.2a", Text("有困难的可以约定从养老金按月还", "in difficulty: by agreement repaid from the pension")),
                ("tl-4.2b", Text("基础养老金一般不用来还贷", "the basic pension is as a rule not used to repay")),
                ("tl-4.1b", Text("提倡早还、一次还清", "early repayment at once is encouraged")),
            ),
            {"covers_interest": "tl-4.2b"},
            ("basic_pension_fen", "resident_crediting_ppm", "benchmark_ppm"),
        ),
    )
}
ON_BEHALF = {
    page.id: page
    for page in (
        OnBehalfPage(
            "pengshui-2022",
            Text("彭水 · 居民养老保险困难群体代缴", "Pengshui · residents' contributions on behalf"),
            Text("彭水县", "Pengshui"),
            "500243",
            ("student", "military", "imprisoned"),
            True,
        ),
        OnBehalfPage(
            "ganzhou-2021-7",
            Text("赣州 · 居民养老保险困难群体代缴", "Ganzhou · residents' contributions on behalf"),
            Text("赣州市", "Ganzhou"),
            "360700",
            ("receiving_pension", "imprisoned"),
            False,
        ),
    )
}
