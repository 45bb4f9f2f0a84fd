"""`zhubao retirement` and `zhubao pension`: when a person retires, and what the first month brings."""

from datetime import date, datetime
from pathlib import Path

import click

from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook
from zhubao.pension import (
    CATEGORIES,
    EmployeeCase,
    Estimate,
    Retirement,
    estimate_employee,
    estimate_resident,
    read_case,
)
from zhubao.pension import retirement as retirement_of

from .output import output_options, print_json, read_json_object
from .words import percent


def today() -> date:
    """Return today's date in this machine's zone."""
    return datetime.now().astimezone().date()


@click.command()
@click.option(
    "--birth", required=True, metavar="MONTH", help="Month of birth, like 1971-04; a day is accepted, only its month counts."
)
@click.option("--category", required=True, metavar="NAME", help=f"One of {', '.join(CATEGORIES)}.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Use the tables in force on this day; today by default.")
@output_options
def retirement(birth: str, category: str, on: datetime | None, as_json: bool, lang: Language) -> int:
    """Say in which month a person reaches the statutory age, and how many months must be paid."""
    answer = retirement_of(birth, category, on.date() if on else today())
    if as_json:
        print_json(answer.as_json())
    else:
        click.echo(_retirement_text(answer, lang))
    return 0


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--parameters", type=click.Path(path_type=Path), help="Local values (csv) laid over the built-in tables.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Day for tables when the case has no award month; today by default."
)
@output_options
def pension(case: Path, parameters: Path | None, on: datetime | None, as_json: bool, lang: Language) -> int:
    """Estimate the first month's pension of a case, part by part."""
    book = ParameterBook.built_in()
    if parameters is not None:
        from zhubao.parameters.local import read_local_file

        book = book.over(read_local_file(parameters))
    read = read_case(read_json_object(case))
    day = on.date() if on else today()
    answer = estimate_employee(read, book) if isinstance(read, EmployeeCase) else estimate_resident(read, book, day)
    if as_json:
        print_json(answer.as_json())
    else:
        click.echo(_pension_text(answer, lang))
    return 0


def _lines(rows: list[tuple[Text, str | Text]], lang: Language) -> str:
    colon = "：" if lang == "zh" else ": "
    return "\n".join(f"{label.in_(lang)}{colon}{value.in_(lang) if isinstance(value, Text) else value}" for label, value in rows)


def _retirement_text(answer: Retirement, lang: Language) -> str:
    nothing = Text("无", "none").in_(lang)
    age = answer.age if lang == "en" else answer.age.replace("y", "岁").replace("m", "个月")
    return _lines(
        [
            (Text("类别", "category"), CATEGORIES[answer.category].in_(lang)),
            (Text("出生年月", "birth"), answer.birth),
            (Text("法定退休年月", "statutory month"), answer.statutory_month),
            (Text("法定退休年龄", "statutory age"), age),
            (Text("延迟月数", "months of delay"), str(answer.delay_months)),
            (Text("弹性提前最早", "earliest flexible month"), answer.earliest_flexible or nothing),
            (Text("弹性延迟最晚", "latest flexible month"), answer.latest_flexible or nothing),
            (Text("最低缴费月数", "months that must be paid"), str(answer.required_months)),
            (Text("依据", "source"), answer.source),
        ],
        lang,
    )


def _input_row(key: str, value: object) -> tuple[Text, str | Text]:
    shown = str(value)
    if isinstance(value, int) and key.endswith("_fen"):
        shown = f"{value // 100}.{value % 100:02d}"
    elif isinstance(value, int) and key.endswith("_ppm"):
        shown = percent(value)
    return _INPUTS.get(key, Text(key, key)), _PROVINCES.get(shown, Text(shown, shown))


def _pension_text(answer: Estimate, lang: Language) -> str:
    unknown = Text("不能确定", "not known").in_(lang)

    def yuan(fen: int | None) -> str:
        return unknown if fen is None else f"{fen // 100}.{fen % 100:02d}"

    rows: list[tuple[Text, str | Text]] = [
        (Text("基础养老金（元/月）", "basic part, yuan a month"), yuan(answer.basic_fen)),
        (Text("个人账户养老金（元/月）", "account part, yuan a month"), yuan(answer.account_fen)),
        (Text("过渡性养老金（元/月）", "transition part, yuan a month"), yuan(answer.transition_fen)),
        (Text("合计（元/月）", "total, yuan a month"), yuan(answer.total_fen)),
        (Text("计发月数", "divisor, months"), str(answer.divisor)),
    ]
    rows += [_input_row(key, value) for key, value in answer.inputs.items() if value is not None]
    for row in answer.marks.missing:
        rows.append(
            (
                Text("缺少", "missing"),
                f"{row['fact']}（{row['remedy_zh']}）" if lang == "zh" else f"{row['fact']} ({row['remedy']})",
            )
        )
    for row in answer.marks.provisional:
        rows.append(
            (
                Text("暂定", "provisional"),
                f"{row['question']}：{row['default_zh']}" if lang == "zh" else f"{row['question']}: {row['default']}",
            )
        )
    rows += [(Text("未核实", "unverified"), f"{row['parameter']} = {row['value']}") for row in answer.marks.unverified]
    return _lines(rows, lang)


# What an estimate was reckoned from; amounts in fen are shown in yuan, a rate in per cent.
_INPUTS = {
    "province": Text("省份", "province"),
    "award_month": Text("领取待遇年月", "award month"),
    "age_months": Text("领取时年龄（月）", "age in months"),
    "index": Text("平均缴费指数", "average index"),
    "transition_index": Text("过渡性养老金指数", "index of the transition part"),
    "paid_months": Text("累计缴费月数", "months paid"),
    "years": Text("缴费年限", "years paid"),
    "deemed_years": Text("视同缴费年限", "deemed years"),
    "account_fen": Text("个人账户储存额（元）", "balance of the account, yuan"),
    "calc_base_fen": Text("计发基数（元）", "calculation base, yuan"),
    "basic_pension_fen": Text("基础养老金标准（元）", "basic pension, yuan"),
    "transition_coefficient_ppm": Text("过渡系数", "transition coefficient"),
}
_PROVINCES = {
    "jiangxi": Text("江西", "Jiangxi"),
    "jiangsu": Text("江苏", "Jiangsu"),
    "anhui": Text("安徽", "Anhui"),
    "chongqing": Text("重庆", "Chongqing"),
}
