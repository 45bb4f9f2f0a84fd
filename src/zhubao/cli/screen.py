"""`zhubao screen`: whole rosters checked, matched with the insured persons, decided and written back."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from zhubao.language import Language, Text
from zhubao.rules.policy import Policy

from .output import output_options, print_json
from .words import VERDICTS, code_words, missing_words, provisional_words, unverified_words


@click.command()
@click.argument("rosters", nargs=-1, required=True, metavar="ROSTER...")
@click.option(
    "--policy", "policy_id", required=True, help="jiangxi-2020-7, rugao-draft, tongling-2022-13, pengshui-2022, ganzhou-2021-7."
)
@click.option("--on", "day", required=True, help="The day asked about, e.g. 2022-03-01.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The result: .csv, .xlsx or .parquet.")
@click.option("--insured", type=click.Path(path_type=Path), help="File of insured persons.")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--parameters", type=click.Path(path_type=Path), help="csv of local figures and settings.")
@click.option("--other-region", is_flag=True, help="Accept a file none of whose people were registered in the policy's region.")
@output_options
def screen(
    rosters: tuple[str, ...],
    policy_id: str,
    day: str,
    out: Path,
    insured: Path | None,
    engine: Any,
    parameters: Path | None,
    other_region: bool,
    as_json: bool,
    lang: Language,
) -> int:
    """Screen department rosters: each ROSTER is a path, or kind=path where the kind cannot be told from the file."""
    from zhubao.parameters import ParameterBook
    from zhubao.policies.judging import parse_day
    from zhubao.screening import Request, run

    book = None
    if parameters is not None:
        from zhubao.parameters.local import read_local_file

        book = ParameterBook.built_in().over(read_local_file(parameters))
    request = Request(
        rosters=tuple(_roster(each) for each in rosters),
        policy=policy_id,
        on=parse_day(day),
        out=out,
        insured=insured,
        engine=engine,
        book=book,
        other_region=other_region,
        language=lang,
    )
    screening = run(request)
    if as_json:
        print_json(screening.summary)
    else:
        click.echo(_readable(screening.summary, request.on, lang))
    return screening.exit_status


def _roster(argument: str) -> tuple[Path, str | None]:
    """Return the path and the kind of ``kind=path``; a path that exists is taken as it stands, even with an equals sign in it."""
    kind, equals, path = argument.partition("=")
    if equals and not Path(argument).exists():
        return Path(path), kind
    return Path(argument), None


_DIFFERENCES = {
    "two_names": Text("同号不同名", "two names"),
    "twice": Text("重复", "twice"),
    "employee_scheme": Text("参加职工养老", "employee scheme"),
    "deceased": Text("已死亡", "deceased"),
}
_GROUPS = {
    "category": Text("按类别", "by category"),
    "township": Text("按乡镇", "by township"),
    "payer": Text("按支付单位", "by payer"),
}


def _readable(summary: dict[str, Any], on: date, lang: Language) -> str:
    """Return the summary as lines of text, words instead of codes."""
    from zhubao.policies import judge_of
    from zhubao.screening.headers import SYNONYMS
    from zhubao.screening.kinds import KINDS

    usual = {column: names[0] for column, names in SYNONYMS.items()} | {"id_number": "身份证号", "name": "姓名"}
    policy = judge_of(summary["policy"]).policy

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_(lang)

    trial = say("（试算）", " (trial)") if summary.get("trial") else ""
    lines = [f"{summary['policy']}{trial}  {on.isoformat()}  {summary['engine']}"]
    for each in summary["files"]:
        sheet = f" {each['sheet']}" if each["sheet"] else ""
        kind = say("未采用", "passed over")
        if each["kind"]:
            kind = KINDS[each["kind"]].label.in_(lang) if each["kind"] in KINDS else say("参保人员", "insured persons")
        lines.append(
            f"  {each['file']}{sheet}: {kind}, "
            + say(f"{each['rows']} 行，未采用 {each['rejected']} 行", f"{each['rows']} rows, {each['rejected']} rejected")
        )
        if each["mapping"]:
            # A column is named by its usual Chinese header; its own name serves a reader of English.
            shown = {at: usual[column] if lang == "zh" and column in usual else column for at, column in each["mapping"].items()}
            lines.append("    " + "  ".join(f"{letter}={column}" for letter, column in shown.items()))
    lines.append(
        say(
            f"名册 {summary['rows']} 行，未采用 {summary['rejected']} 行，共 {summary['persons']} 人",
            f"{summary['rows']} rows, {summary['rejected']} rejected, {summary['persons']} persons",
        )
    )
    lines.append("  ".join(f"{VERDICTS[word].in_(lang)} {count}" for word, count in summary["verdicts"].items()))
    for key, title in _GROUPS.items():
        lines.append(title.in_(lang))
        lines += [_group(row, key, policy, lang) for row in summary[f"by_{key}"]]
    found = "  ".join(f"{_DIFFERENCES[kind].in_(lang)} {count}" for kind, count in summary["differences"].items())
    lines.append(say("差异：", "differences: ") + found)
    for each in summary["missing"]:
        lines.append(
            f"{say('缺', 'missing')} {missing_words(each, policy, lang)} ({', '.join(each['needed_by'])}): {each['remedy']}"
        )
    for each in summary["provisional"]:
        lines.append(f"{provisional_words(each, policy, lang)} ({each['decider']})")
    lines += [unverified_words(each, policy, lang) for each in summary["unverified"]]
    lines.append(say("已写出：", "written: ") + ", ".join(summary["outputs"]))
    return "\n".join(lines)


def _group(row: dict[str, Any], key: str, policy: Policy, lang: Language) -> str:
    name = row[key] or Text("（无）", "(none)").in_(lang)
    if key != "township":
        name = code_words(name, policy, lang)
    counts = Text(f"{row['persons']} 人，符合 {row['met']}", f"{row['persons']} persons, {row['met']} met").in_(lang)
    if row["on_behalf_fen"] is None:
        return f"  {name}: {counts}"
    money = Text(
        f"代缴 {_yuan(row['on_behalf_fen'])} 元，自付 {_yuan(row['self_pay_fen'])} 元",
        f"on behalf {_yuan(row['on_behalf_fen'])}, self-pay {_yuan(row['self_pay_fen'])} yuan",
    ).in_(lang)
    return f"  {name}: {counts}, {money}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
