"""`zhubao loan`: the life of a loan from its events, and what a person may expect of one."""

from pathlib import Path
from typing import Any

import click

from zhubao.errors import ZhubaoError
from zhubao.language import Language, Text

from .lazy import LazyGroup
from .output import output_options, print_json, read_json_object

# Subcommand → module that defines it.
COMMANDS = {
    "replay": "zhubao.cli.loan:replay",
    "forecast": "zhubao.cli.loan_forecast:forecast",
    "export": "zhubao.cli.loan_export:export",
}


@click.group(cls=LazyGroup, modules=COMMANDS)
def loan() -> None:
    """Loans for pension contributions (助保贷款)."""


@click.command("replay")
@click.argument("life", type=click.Path(path_type=Path))
@output_options
def replay(life: Path, as_json: bool, lang: Language) -> int:
    """Replay a whole loan from the JSON file LIFE: every interest period, every deduction, the totals (整笔贷款重算)."""
    from zhubao.lending import replay_life

    data = read_json_object(life)
    try:
        result = replay_life(data)
    except ZhubaoError as error:
        place = f"{life}: {error.place}" if error.place else str(life)
        raise ZhubaoError(error.code, error.problem, place=place, remedy=error.remedy) from error
    if as_json:
        print_json(result)
    else:
        click.echo("\n".join(readable(result, lang)))
    return 0


PERIOD_HEADS = (
    Text("起", "from"),
    Text("止", "to"),
    Text("利息", "interest"),
    Text("财政", "government"),
    Text("个人", "borrower"),
)
SCHEDULE_HEADS = (
    Text("日期", "date"),
    Text("事项", "what"),
    Text("金额", "amount"),
    Text("付息", "interest"),
    Text("还本", "principal"),
    Text("剩余本金", "principal left"),
    Text("剩余欠息", "interest left"),
)
KINDS = {"deduct": Text("扣款", "deducted"), "prepay": Text("提前还款", "prepaid"), "maturity": Text("到期还款", "matured")}
TOTALS = {
    "total_interest": Text("利息合计", "interest in all"),
    "subsidy_total": Text("财政贴息", "borne by the government"),
    "borrower_interest_total": Text("个人利息", "borne by the borrower"),
    "last_instalment": Text("末次扣款", "last deduction"),
    "principal_outstanding": Text("未还本金", "principal still owed"),
    "interest_outstanding": Text("未还利息", "interest still owed"),
}
DEATH = {
    "debt": Text("去世日欠款", "owed on the day of death"),
    "from_account": Text("个人账户偿还", "paid by the personal account"),
    "government": Text("财政承担", "paid by the government"),
    "unrecovered": Text("未受偿", "not covered"),
}


def readable(result: dict[str, Any], lang: Language) -> list[str]:
    """Return the result as lines of text: two tables, then the totals; amounts in yuan."""
    lines = ["  ".join(head.in_(lang) for head in PERIOD_HEADS)]
    lines += [
        "  ".join([row["from"], row["to"], *(yuan(row[key]) for key in ("interest", "government", "borrower"))])
        for row in result["periods"]
    ]
    lines += ["", "  ".join(head.in_(lang) for head in SCHEDULE_HEADS)]
    amounts = ("amount", "interest", "principal", "principal_after", "interest_due_after")
    lines += [
        "  ".join([row["date"], KINDS[row["kind"]].in_(lang), *(yuan(row[key]) for key in amounts)]) for row in result["schedule"]
    ]
    lines.append("")
    lines += [f"{label.in_(lang)}: {yuan(result[key])}" for key, label in TOTALS.items() if result[key] is not None]
    lines.append(f"{Text('扣款月数', 'months of deduction').in_(lang)}: {result['deduction_months']}")
    if result["closed_on"]:
        lines.append(f"{Text('结清日', 'closed on').in_(lang)}: {result['closed_on']}")
    lines += [f"{label.in_(lang)}: {yuan(result['death'][key])}" for key, label in DEATH.items() if "death" in result]
    return lines


def yuan(fen: int) -> str:
    """Return an amount of fen in yuan with two decimals."""
    return f"{fen // 100:,}.{fen % 100:02d}"
