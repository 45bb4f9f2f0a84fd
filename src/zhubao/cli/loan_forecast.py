"""`zhubao loan forecast`: tranches, interest, pension, deductions, and whether the pension carries the loan."""

from pathlib import Path
from typing import Any

import click

from zhubao.cli.output import output_options, print_json, read_json_object
from zhubao.language import Language, Text
from zhubao.parameters import ParameterBook


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--compare", is_flag=True, help="Also: paying oneself, not paying, the resident scheme instead.")
@click.option("--parameters", type=click.Path(path_type=Path), help="Local figures and settings (csv).")
@output_options
def forecast(case: Path, compare: bool, parameters: Path | None, as_json: bool, lang: Language) -> int:
    """Forecast the loan of CASE.json; exit 1 when the pension does not carry it."""
    from zhubao.lending.forecast import as_json as forecast_json
    from zhubao.lending.forecast import forecast as forecast_of

    book = ParameterBook.built_in()
    if parameters is not None:
        from zhubao.parameters.local import read_local_file

        book = book.over(read_local_file(parameters))
    found = forecast_of(read_json_object(case), book=book)
    result = forecast_json(found, lang)
    if compare:
        from zhubao.lending.comparison import compare as comparison_of
        from zhubao.lending.comparison import comparison_json

        result |= comparison_json(comparison_of(found), lang)
        result |= _marks(found, lang)
    if as_json:
        print_json(result)
    else:
        click.echo("\n".join(readable_lines(result, lang)))
    return int(found.affordable is False)


def _marks(found: Any, lang: Language) -> dict[str, Any]:
    from zhubao.lending.forecast_figures import marks_json

    return marks_json(found.figures.marks, lang)


def readable_lines(result: dict[str, Any], language: Language) -> list[str]:
    """Return the result as lines for reading: dates, tranches, pension and deduction, verdict with its arithmetic, what it rests on."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    def yuan(fen: int | None) -> str:
        return say("不能确定", "not known") if fen is None else f"{fen // 100:,}.{fen % 100:02d}{say(' 元', ' yuan')}"

    verdict = {
        True: say("还得起", "affordable"),
        False: say("还不起", "not affordable"),
        None: say("资料不全，不能判断", "cannot be judged: an input is missing"),
    }[result["affordable"]]
    trial = say("（试运行，不作正式决定）", " (trial: decides nothing)") if result.get("trial") else ""
    lines = [f"{result['policy']}  {result['on']}  {verdict}{trial}"]
    months = result["retirement"]
    if months:
        lines.append(
            say(
                f"  到龄 {months['statutory_month']}，{months['pension_month']} 起领；需缴满 {months['required_months']} 个月",
                f"  of age {months['statutory_month']}, pension from {months['pension_month']}; {months['required_months']} months needed",
            )
        )
    for tranche in result["tranches"] or []:
        lines.append(f"  {tranche['date']}  {yuan(tranche['fen'])}  {tranche['months']}{say(' 个月', ' months')}")
    lines.append(f"  {say('贷款本金', 'principal')}: {yuan(result['principal_fen'])}")
    grace = result["grace_interest"]
    if grace:
        lines.append(
            f"  {say('领取前利息', 'interest before the pension')}: {yuan(grace['total_fen'])}"
            f"{say('，其中财政贴息 ', ', borne by the government ')}{yuan(grace['government_fen'])}"
        )
    if result["pension"]:
        lines.append(f"  {say('首月养老金', 'first pension')}: {yuan(result['pension']['total_fen'])}")
    taken = result["deduction"]
    if taken:
        lines.append(
            f"  {say('每月扣款', 'monthly deduction')}: {yuan(taken['monthly_fen'])}"
            f"{say('，扣后剩 ', ', left ')}{yuan(taken['left_fen'])}{say('，必须保留 ', ', protected ')}{yuan(taken['protected_fen'])}"
        )
    paid = result["repayment"]
    if paid and paid["months"] is not None:
        lines.append(
            say(
                f"  {paid['months']} 个月还清，最后一月 {paid['last_month']}",
                f"  repaid in {paid['months']} months, the last {paid['last_month']}",
            )
        )
    lines.append(
        f"  {say('本人共付', 'the borrower pays')}: {yuan(result['total_cost_fen'])}"
        f"{say('；财政贴息 ', '; the government ')}{yuan(result['government_fen'])}"
    )
    marks = {True: "✓", False: "✗", None: "–"}
    for reason in result["why"]:
        numbers = ", ".join(
            f"{key} = {yuan(value) if key.endswith('_fen') else value}"
            for key, value in reason["numbers"].items()
            if value is not None
        )
        lines.append(f"  {marks[reason['holds']]} {reason['label']} ({numbers})")
    lines.append(f"  {say('最多可承受的贷款', 'largest affordable loan')}: {yuan(result['largest_affordable_fen'])}")
    lines += _comparison_lines(result, language, yuan)
    for row in result["missing"]:
        lines.append(f"  {say('缺', 'missing')}: {row['fact']} — {row['remedy']}")
    for row in result["provisional"]:
        lines.append(f"  {say('暂按', 'provisional')}: {row['question']} {row['default']} ({row['decider']})")
    for row in result["unverified"]:
        lines.append(f"  {say('未经核实的数值', 'unverified')}: {row['parameter']} = {row['value']} ({row['source']})")
    return lines


def _comparison_lines(result: dict[str, Any], language: Language, yuan: Any) -> list[str]:
    lines = []
    for path in result.get("comparison", []):
        received = "  ".join(f"{age}: {yuan(fen)}" for age, fen in path["received_fen"].items())
        even = path["break_even_month"] or "–"
        lines.append(
            Text(
                f"  {path['label']}：共付 {yuan(path['paid_fen'])}；累计领取 {received}；回本月份 {even}",
                f"  {path['label']}: pays {yuan(path['paid_fen'])}; received by age {received}; break-even {even}",
            ).in_(language)
        )
    if "crediting" in result and result["crediting"]["label"]:
        lines.append(f"  {result['crediting']['label']}")
    return lines
